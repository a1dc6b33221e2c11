"""The environment and the signals of every process that the suite starts."""

from __future__ import annotations

import os
import signal

SETTINGS = frozenset(
    {
        *("CBC_API_URL", "cbc_api_url", "CBC_BASE_URL", "BASE_URL"),
        *("CBC_ACCESS_KEY", "cbc_access_key", "ACCESS_KEY"),
        *("CBC_SECRET_KEY", "cbc_secret_key", "SECRET_KEY"),
    }
)
# Without cached bytecode, each of some 400 Python processes compiles all sources again: 17 of its 57 ms. A
# stream without a buffer hides that a program fails to flush it.
REMOVED = SETTINGS | {"PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"}


def environment(**more: str) -> dict[str, str]:
    """Return the current environment with `more`, but without the user's settings of the examples."""
    return {name: value for name, value in os.environ.items() if name not in REMOVED} | more


def reset_interrupts() -> None:
    """Let child processes start with the default action for SIGINT, even if it is ignored here.

    A shell's `&` starts programs with SIGINT ignored, and children inherit that. A handler is not inherited.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, lambda *_: None)
