"""Code that the commands share: output on stdout and stderr, and the error for wrong usage."""

from __future__ import annotations

import contextlib
import errno
import os
import select

_STDOUT, _STDERR = 1, 2


class UsageError(Exception):
    """Raised for a command line that cannot be run. The message is one line, and contains no secret key."""


def say(line: str) -> None:
    """Write a line to stderr. A stderr that is closed or full is ignored.

    It goes to the descriptor directly: the buffer of ``sys.stderr`` would keep a line that cannot be written,
    and Python would then exit with 120.
    """
    with contextlib.suppress(OSError):
        os.write(_STDERR, f"mock_server: {line}\n".encode(errors="backslashreplace"))


def write_stdout(content: bytes) -> None:
    """Write to stdout. A reader that has gone, such as ``head``, is no error.

    It goes to the descriptor directly: Python would report what its buffer still has at exit a second time.

    Raises:
        OSError: stdout is closed, or cannot be written to.
    """
    rest = memoryview(content)
    try:
        while rest:
            rest = rest[os.write(_STDOUT, rest) :]
    except OSError as error:
        if error.errno != errno.EPIPE:
            raise


class Reports:
    """Writes lines about requests to stderr, and never waits for its reader.

    A program that starts the mock and does not read its stderr would otherwise stop it once the pipe is full.
    Lines that the pipe has no room for are left out; the next line says how many. Not thread-safe.
    """

    def __init__(self) -> None:
        """Nothing is left out yet."""
        self._left_out = 0

    def say(self, line: str) -> None:
        """Write a line of at most 4,000 characters to stderr, or leave it out."""
        if not _has_room():
            self._left_out += 1
            return
        if self._left_out:
            say(f"{self._left_out} lines were left out here, because nothing read them")
            self._left_out = 0
        if _has_room():
            say(line if len(line) <= _LONGEST_REPORT else f"{line[:_LONGEST_REPORT]}...")
        else:
            self._left_out += 1


_LONGEST_REPORT = 4000  # bytes: a pipe that is ready takes 4,096 of them without waiting


def _has_room() -> bool:
    """Return whether stderr takes a line at once. Where that cannot be known, it is assumed."""
    try:
        return bool(select.select([], [_STDERR], [], 0)[1])
    except (OSError, ValueError):  # stderr is closed, or the system selects among sockets only
        return True


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
