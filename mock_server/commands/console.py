"""Code that the commands share: lines on stderr, and the error for wrong usage."""

from __future__ import annotations

import contextlib
import os

_STDERR = 2


class UsageError(Exception):
    """Raised for a command line that cannot be run. The message is one line, and contains no secret key."""


def say(line: str) -> None:
    """Write a line to stderr. A stderr that is closed or full is ignored.

    It goes to the descriptor directly: the buffer of ``sys.stderr`` would keep a line that cannot be written,
    and Python would then exit with 120.
    """
    with contextlib.suppress(OSError):
        os.write(_STDERR, f"mock_server: {line}\n".encode(errors="backslashreplace"))


def ensure_stderr() -> None:
    """Open the null device as stderr if the parent process has closed it.

    Otherwise the next file or socket would become descriptor 2.
    """
    try:
        os.fstat(_STDERR)
    except OSError:
        null = os.open(os.devnull, os.O_WRONLY)
        if null != _STDERR:
            os.dup2(null, _STDERR)
            os.close(null)
