"""The environment of every process the suite starts: somebody's real keys are not in it."""

from __future__ import annotations

import os

SETTINGS = frozenset(
    {
        *("CBC_API_URL", "cbc_api_url", "CBC_BASE_URL", "BASE_URL"),
        *("CBC_ACCESS_KEY", "cbc_access_key", "ACCESS_KEY"),
        *("CBC_SECRET_KEY", "cbc_secret_key", "SECRET_KEY"),
    }
)


def environment(**more: str) -> dict[str, str]:
    """Return the current environment without the settings of the examples, and with `more`."""
    return {name: value for name, value in os.environ.items() if name not in SETTINGS} | more
