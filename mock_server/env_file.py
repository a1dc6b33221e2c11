"""The settings that a client needs: as environment variables, and in a dotenv file.

The file is written whole or not at all, and replaces only a file that the mock has written.
"""

from __future__ import annotations

import os
import re
import stat
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

MARKER: Final = "# Written by mock_server, which may replace this file: settings of a mock, not real keys."
"""The first line of the file. Only a file that begins with it is ever replaced."""

NAMES: Final = {
    "url": ("CBC_API_URL", "cbc_api_url", "CBC_BASE_URL", "BASE_URL"),
    "access_key": ("CBC_ACCESS_KEY", "cbc_access_key", "ACCESS_KEY"),
    "secret_key": ("CBC_SECRET_KEY", "cbc_secret_key", "SECRET_KEY"),
}
"""The environment variables of each setting; the first one that is set and not empty counts."""

_LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")
# python-dotenv and godotenv disagree on a quoted value with a single quote, two backslashes together, or
# a backslash at the end. No line of the file can contain a line break or a NUL.
_UNWRITABLE: Final = re.compile(r"['\r\n\0]|\\\\|\\$")


class EnvFileError(Exception):
    """Raised if the file cannot be written. The message is one line, and does not contain the value."""


def settings(url: str, access_key: str, secret_key: str) -> dict[str, str]:
    """Return every setting under every name that a client may read it from."""
    values = {"url": url, "access_key": access_key, "secret_key": secret_key}
    return {name: values[setting] for setting, names in NAMES.items() for name in names}


def first_set(setting: str, environment: Mapping[str, str]) -> str:
    """Return the first name of a setting that has a value, or an empty string."""
    return next((name for name in NAMES[setting] if environment.get(name)), "")


def no_proxy(environment: Mapping[str, str]) -> dict[str, str]:
    """Return `NO_PROXY` and `no_proxy`: the hosts that either has in an environment, and loopback."""
    values = [environment.get(name, "").split(",") for name in ("NO_PROXY", "no_proxy")]
    hosts = [host.strip() for part in values for host in part if host.strip()]
    # Many HTTP libraries recognise "*", all hosts, only as the whole value.
    value = "*" if "*" in hosts else ",".join(dict.fromkeys([*hosts, *_LOOPBACK]))
    return {"NO_PROXY": value, "no_proxy": value}


def check_value(name: str, value: str) -> None:
    """Check that python-dotenv and godotenv read the same value from the file.

    Raises:
        EnvFileError: they do not.
    """
    if _UNWRITABLE.search(value):
        raise EnvFileError(
            f"{name} cannot be written to a .env file: it contains a single quote, two backslashes together,"
            " a backslash at the end, or a line break, which .env readers read differently"
        )


def check_path(path: Path) -> None:
    """Check that the file can be created, or is one that the mock has written.

    Raises:
        EnvFileError: another file has this path, or its directory does not exist.
    """
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        if not path.parent.is_dir():
            raise EnvFileError(f"{path}: there is no directory {path.parent}") from None
        return
    except OSError as error:
        raise EnvFileError(f"{path}: {error.strerror}") from None
    if not stat.S_ISREG(mode):
        raise EnvFileError(f"{path} is not a regular file, and was not changed: name another file")
    try:
        with path.open("rb") as file:
            has_marker = file.read(len(MARKER) + 1) == f"{MARKER}\n".encode()
    except OSError as error:
        raise EnvFileError(f"{path}: {error.strerror}") from None
    if not has_marker:
        raise EnvFileError(
            f"{path} was not written by this mock and may contain real keys; it was not changed:"
            " name another file"
        )


def write(path: Path, values: Mapping[str, str]) -> None:
    """Write the values to a file that only its owner can read. An error leaves the old file unchanged.

    Raises:
        EnvFileError: `check_path` or `check_value` raised it, or the file system reported an error.
    """
    check_path(path)
    for name, value in values.items():
        check_value(name, value)
    lines = [MARKER, *(f"{name}='{value}'" for name, value in values.items()), ""]
    try:
        # mkstemp creates the file with mode 0600.
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".tmp")
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
                file.write("\n".join(lines))
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise EnvFileError(f"{path}: {error.strerror}") from None
