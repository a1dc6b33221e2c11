"""Starts a program with pipes, reads its stderr, and ends it together with the programs that it started.

Threads and pipes work on every system; selectors do not watch pipes on Windows.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING

from .answers import ProgramFailure

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

CHUNK = 65_536  # bytes
LAST_STDERR = 1.0  # seconds to wait for the end of stderr after the program was killed


def start(
    command: Sequence[str], folder: Path, environment: Mapping[str, str] | None
) -> subprocess.Popen[bytes] | ProgramFailure:
    """Start a program in a folder, without a shell, or return why it does not start."""
    try:
        return subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            start_new_session=True,  # a process group of its own; Windows ignores it
        )
    except FileNotFoundError:
        return ProgramFailure("not-found", f"there is no program {command[0]!r} in {folder} or on PATH")
    except OSError as error:
        return ProgramFailure("not-startable", f"{command[0]!r}: {error.strerror}")
    except ValueError as error:  # a NUL in the command
        return ProgramFailure("not-startable", f"{command[0]!r}: {error}")


def kill(process: subprocess.Popen[bytes]) -> None:
    """Kill the process and its group; without process groups, the process and on Windows its descendants."""
    if hasattr(os, "killpg"):
        with suppress(ProcessLookupError, PermissionError):  # the group has ended; macOS reports EPERM then
            os.killpg(process.pid, signal.SIGKILL)
        return
    if sys.platform == "win32":
        command = ["taskkill", "/F", "/T", "/PID", str(process.pid)]
        with suppress(OSError, subprocess.TimeoutExpired):
            subprocess.run(command, capture_output=True, check=False, timeout=10)
    process.terminate()  # on Windows this kills; it does nothing if the process has ended


def is_stopped(process: subprocess.Popen[bytes]) -> bool:
    """Return whether a signal has stopped the process, as SIGSTOP does; always False if /proc is missing."""
    try:
        status = Path(f"/proc/{process.pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return status.rpartition(") ")[2].startswith("T")


def write(stdin: IO[bytes], data: bytes) -> None:
    """Write everything, then close; a program that stops reading is reported by its missing answers."""
    unsent = memoryview(data)
    with suppress(OSError), stdin:
        while unsent:
            unsent = unsent[stdin.write(unsent[:CHUNK]) :]


def in_thread(target: Callable[..., None], *arguments: object) -> threading.Thread:
    """Run a function in a thread that does not keep the interpreter from ending."""
    thread = threading.Thread(target=target, args=arguments, daemon=True)
    thread.start()
    return thread


class Stderr:
    """Reads a program's stderr in a thread, and keeps the beginning and the end."""

    def __init__(self, pipe: IO[bytes], kept: int) -> None:
        """Keep at most `kept` bytes of each."""
        self._kept = kept
        self._head = b""
        self._tail = b""
        self._size = 0
        self._thread = in_thread(self._read, pipe)

    def _read(self, pipe: IO[bytes]) -> None:
        with pipe:
            while chunk := pipe.read(CHUNK):
                self._head += chunk[: self._kept - len(self._head)]
                self._tail = (self._tail + chunk)[-self._kept :]
                self._size += len(chunk)

    def _wait(self) -> None:
        """Wait for the end; a process that survived and still has the pipe open is not waited for."""
        self._thread.join(LAST_STDERR)

    def first(self, lines: int) -> tuple[str, ...]:
        """Return the first lines, and the number of the others if there are any."""
        self._wait()
        text = self._head.decode(errors="backslashreplace").split("\n")
        found = [line.rstrip("\r") for line in text if line.strip()]
        more = len(found) - lines
        if self._size > len(self._head):
            return (*found[:lines], "... and more")
        return (*found[:lines], f"... and {more} more lines") if more > 0 else tuple(found)

    def last(self, lines: int) -> tuple[str, ...]:
        """Return the last lines."""
        self._wait()
        text = self._tail.decode(errors="backslashreplace").split("\n")
        return tuple([line.rstrip("\r") for line in text if line.strip()][-lines:])

    def text(self) -> str:
        """Return the end."""
        self._wait()
        return self._tail.decode(errors="backslashreplace")
