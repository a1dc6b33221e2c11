"""Run programs in tests: with pipes, without the caller's settings, with default signals and a time limit.

`run` runs a program to its end. `started` starts a program that a test talks to or interrupts. Both put the
program into a process group of its own where the system has process groups. They kill that group at the end
or at the time limit, so no test waits for a program, or for a child of that program, without a limit.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import threading
from contextlib import contextmanager, suppress
from typing import IO, TYPE_CHECKING, Final

import pytest

from tests.support.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

LIMIT: Final = 60.0
"""Seconds that a program may run. Only a program that hangs reaches this limit."""

SETTINGS: Final = frozenset(
    {
        *("CBC_API_URL", "cbc_api_url", "CBC_BASE_URL", "BASE_URL"),
        *("CBC_ACCESS_KEY", "cbc_access_key", "ACCESS_KEY"),
        *("CBC_SECRET_KEY", "cbc_secret_key", "SECRET_KEY"),
        "CBC_DATABASE_PASSWORD",
    }
)
"""The variables that hold settings of the examples. The caller's real keys may be in them."""

_NEEDED = frozenset(
    {
        "PATH",
        "SYSTEMROOT",  # Windows opens no socket without it
        "PYTHONPATH",  # blocks the network in Python programs: see tests/support/loopback
        "PYTHONPYCACHEPREFIX",  # where the session keeps bytecode
        "COVERAGE_PROCESS_CONFIG",  # measures Python programs when the session `coverage` runs
    }
)

_DEFAULTS = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT") if hasattr(signal, name)
)


def environment(**more: str) -> dict[str, str]:
    """Return the current environment without the settings of the examples, and with `more`.

    A Python program gets a buffer for stdout: without one, a failing flush would be hidden.
    """
    removed = SETTINGS | {"PYTHONUNBUFFERED"}
    return {name: value for name, value in os.environ.items() if name not in removed} | more


def minimal_environment(**more: str) -> dict[str, str]:
    """Return an environment with PATH, the variables of the test session, a UTF-8 locale, and `more`."""
    kept = {name: value for name, value in os.environ.items() if name in _NEEDED}
    return kept | {"LC_ALL": "C.UTF-8"} | more


def default_signals() -> None:
    """Let the programs that this process starts begin with default signals. Call it in the main thread.

    A shell's `&` starts a process with SIGINT ignored, and `nohup` with SIGHUP ignored. Every child inherits
    an ignored signal, but a signal with a handler is set to its default in a child. So this function gives
    each ignored signal a handler that does nothing.
    """
    for number in _DEFAULTS:
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, lambda *_: None)


def run(  # noqa: PLR0913  # the parameters of subprocess.run that tests need
    *command: str | Path,
    cwd: Path | str = ROOT,
    env: Mapping[str, str] | None = None,
    stdin: str | bytes | IO[bytes] = b"",
    stdout: int | IO[str] = subprocess.PIPE,
    stderr: int | IO[str] = subprocess.PIPE,
    limit: float = LIMIT,
) -> subprocess.CompletedProcess[str]:
    """Run a program to its end and return its exit code and output. A non-zero exit code is no error.

    Args:
        command: The program and its arguments.
        cwd: The working directory.
        env: The whole environment; `environment()` if not given.
        stdin: The input of the program: bytes, text that is encoded as UTF-8, or an open file.
        stdout: Where the output goes, as for `subprocess.run`; a pipe if not given.
        stderr: The same for errors; `subprocess.STDOUT` joins both.
        limit: Seconds until the program is killed.

    Raises:
        subprocess.TimeoutExpired: The program ran longer than `limit`. It carries the output so far.
    """
    text = stdin.encode() if isinstance(stdin, str) else stdin
    with subprocess.Popen(
        command,
        cwd=cwd,
        env=environment() if env is None else env,
        stdin=subprocess.PIPE if isinstance(text, bytes) else text,
        stdout=stdout,
        stderr=stderr,
        start_new_session=True,
    ) as process:
        try:
            out, err = process.communicate(text if isinstance(text, bytes) else None, limit)
        finally:
            kill_group(process.pid)
    return subprocess.CompletedProcess(command, process.returncode, _text(out), _text(err))


class Running:
    """A program that runs, with a pipe for each of its three streams."""

    def __init__(self, process: subprocess.Popen[str], limit: float) -> None:
        """Take a process whose streams are pipes."""
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        self.process = process
        self.pid = process.pid
        self.stdin = process.stdin
        self.stdout = process.stdout
        self.stderr = process.stderr
        self._limit = limit

    def send_signal(self, number: int) -> None:
        """Send a signal to the program, not to its children."""
        self.process.send_signal(number)

    def wait(self) -> int:
        """Wait for the end and return the exit code; -N if signal N killed the program."""
        return self.process.wait(self._limit)

    def end(self) -> subprocess.CompletedProcess[str]:
        """Close stdin, read the rest of both outputs, wait for the end, and return all three."""
        out, err = self.process.communicate(timeout=self._limit)
        return subprocess.CompletedProcess(self.process.args, self.process.returncode, out, err)


@contextmanager
def started(
    *command: str | Path,
    cwd: Path | str = ROOT,
    env: Mapping[str, str] | None = None,
    limit: float = LIMIT,
) -> Iterator[Running]:
    """Start a program and yield it; kill it and its children when the block ends.

    The parameters are those of `run`. At the limit the program is killed, so that a read from its pipes ends.

    Raises:
        subprocess.TimeoutExpired: The block took longer than `limit`.
    """
    expired = threading.Event()

    def expire() -> None:
        expired.set()
        kill_group(process.pid)

    with subprocess.Popen(
        command,
        cwd=cwd,
        env=environment() if env is None else env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="backslashreplace",
        start_new_session=True,
    ) as process:
        timer = threading.Timer(limit, expire)
        timer.daemon = True
        timer.start()
        try:
            yield Running(process, limit)
        finally:
            timer.cancel()
            kill_group(process.pid)
            with suppress(BrokenPipeError):
                process.stdin.close()  # type: ignore[union-attr]  # it is a pipe
            if expired.is_set():
                raise subprocess.TimeoutExpired(command, limit)


def kill_group(pid: int) -> None:
    """Kill the process group of a program, or only the program on a system without process groups."""
    with suppress(ProcessLookupError, PermissionError):  # it has ended; macOS reports EPERM for that
        if hasattr(os, "killpg"):
            os.killpg(pid, signal.SIGKILL)
        else:
            os.kill(pid, signal.SIGTERM)  # Windows: the same as TerminateProcess


def _text(output: bytes | None) -> str:
    return "" if output is None else output.decode(errors="backslashreplace").replace(os.linesep, "\n")


def require(*tools: str) -> None:
    """Skip the test if one of these programs is missing; fail it in CI, where nothing may be missing."""
    missing = [tool for tool in tools if shutil.which(tool) is None]
    if missing and os.environ.get("CI"):
        pytest.fail(f"not run: {' and '.join(missing)} missing")
    if missing:
        pytest.skip(f"not run: {' and '.join(missing)} missing")
