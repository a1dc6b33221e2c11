"""Reads the file of ``--state``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_server.commands.console import UsageError
from mock_server.documents import DocumentError, parse_json_or_yaml
from mock_server.framing import STATE_LIMIT
from mock_server.terminal import one_line

if TYPE_CHECKING:
    from pathlib import Path


def read(path: Path) -> object:
    """Return the JSON value in a JSON or YAML file.

    Raises:
        UsageError: the file cannot be read, is too large, or is malformed.
    """
    name = one_line(str(path))
    try:
        with path.open("rb") as file:
            data = file.read(STATE_LIMIT + 1)
    except OSError as error:
        raise UsageError(f"--state: {name}: {error.strerror}") from None
    if len(data) > STATE_LIMIT:
        raise UsageError(f"--state: {name} is larger than {STATE_LIMIT:,} bytes")
    try:
        state = parse_json_or_yaml(data)
    except DocumentError as error:
        raise UsageError(f"--state: {name} {error}") from None
    if state is None:
        raise UsageError(f"--state: {name} is empty: --empty starts without any resource")
    return state
