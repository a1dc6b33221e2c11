"""The settings a client needs: in an environment, and in a dotenv file that is safe to write."""

from __future__ import annotations

import os
import re
import stat
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

MARKER: Final = (
    "# Written by mock_server, which may replace this file: settings of a mock, nobody's real keys."
)
"""First line of the file. Only a file that begins with it is ever replaced."""

_NAMES: Final = {
    "url": ("CBC_API_URL", "cbc_api_url", "CBC_BASE_URL", "BASE_URL"),
    "access_key": ("CBC_ACCESS_KEY", "cbc_access_key", "ACCESS_KEY"),
    "secret_key": ("CBC_SECRET_KEY", "cbc_secret_key", "SECRET_KEY"),
}
# Where python-dotenv and godotenv disagree about a single-quoted value: a quote, two backslashes together, a
# backslash at the end; and what no line can hold.
_UNWRITABLE: Final = re.compile(r"['\r\n\0]|\\\\|\\$")


class EnvFileError(Exception):
    """The file cannot be written. The text is one line that says why, without the value at fault."""


def settings(url: str, access_key: str, secret_key: str) -> dict[str, str]:
    """Every name a client may read its settings from, with its value."""
    values = {"url": url, "access_key": access_key, "secret_key": secret_key}
    return {name: values[setting] for setting, names in _NAMES.items() for name in names}


def beside_proxies(environment: Mapping[str, str]) -> dict[str, str]:
    """NO_PROXY in both its spellings: what either held before, and loopback."""
    before = [environment.get(name, "").split(",") for name in ("NO_PROXY", "no_proxy")]
    hosts = [host.strip() for part in before for host in part if host.strip()]
    everything = "*" in hosts  # which many readers know only when it stands alone
    value = "*" if everything else ",".join(dict.fromkeys([*hosts, "127.0.0.1", "localhost", "::1"]))
    return {"NO_PROXY": value, "no_proxy": value}


def check_value(name: str, value: str) -> None:
    """See that a value can stand in the file.

    Raises:
        EnvFileError: the readers of Python and Go would not both give it back.
    """
    if _UNWRITABLE.search(value):
        raise EnvFileError(
            f"{name} cannot be written to a .env file: no reader-independent way exists for a single quote,"
            " two backslashes together, a backslash at the end, or a line break"
        )


def check_path(path: Path) -> None:
    """See that writing to this path would harm nobody's file.

    Raises:
        EnvFileError: there is something that we have not written, or no directory to write in.
    """
    try:
        kind = path.lstat().st_mode
    except FileNotFoundError:
        if not path.parent.is_dir():
            raise EnvFileError(f"{path}: there is no directory {path.parent}") from None
        return
    except OSError as error:
        raise EnvFileError(f"{path}: {error.strerror}") from None
    if not stat.S_ISREG(kind):
        raise EnvFileError(f"{path} is not a regular file: it is left alone")
    try:
        with path.open("rb") as file:
            ours = file.read(len(MARKER) + 1) == f"{MARKER}\n".encode()
    except OSError as error:
        raise EnvFileError(f"{path}: {error.strerror}") from None
    if not ours:
        raise EnvFileError(f"{path} is not ours and may hold real keys: it is left alone, name another file")


def write(path: Path, values: Mapping[str, str]) -> None:
    """Write the values, readable by the owner alone: whole, or, when it fails, not at all.

    Raises:
        EnvFileError: see ``check_path`` and ``check_value``, or the file system said no.
    """
    check_path(path)
    for name, value in values.items():
        check_value(name, value)
    lines = [MARKER, *(f"{name}='{value}'" for name, value in values.items()), ""]
    try:
        descriptor, temporary = tempfile.mkstemp(
            dir=path.parent, prefix=path.name, suffix=".tmp"
        )  # mode 0600
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
                file.write("\n".join(lines))
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise EnvFileError(f"{path}: {error.strerror}") from None
