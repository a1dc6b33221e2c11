"""Runs the examples as what they are, programs: Python's as scripts, Go's built once."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Lock
from typing import TYPE_CHECKING, Literal, Self

from tests.conformance.programs.environment import environment
from tests.support.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Language = Literal["python", "go"]
LANGUAGES: tuple[Language, ...] = ("python", "go")
LIMIT = 60  # seconds for one example, waiting included; then it is killed, as by an alarm
# What the examples import, and what that imports later; what is not there costs time and nothing else.
PRELOADED = ("requests", "typer", "typer._adapters", "tenacity", "dotenv", "rich.console", "rich.table")


@dataclass(frozen=True)
class Ran:
    """How a program ended; `command` as one would type it, settings left out."""

    command: str
    code: int
    out: str
    err: str
    seconds: float


def _build_go(directory: Path) -> None:
    """Build all Go examples into a directory, or bring those there up to date.

    Without debugging information, which nothing here reads: linking then takes two thirds of the time.

    Raises:
        RuntimeError: Go cannot build them; the text says why.
    """
    command = ["go", "build", "-ldflags=-s -w", "-o", f"{directory}/", "./examples/..."]
    done = subprocess.run(
        command, cwd=ROOT / "go", env=environment(), check=False, capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr}")


@dataclass
class Programs:
    """The examples of both languages: a directory to build Go's in, and an empty one to run all in.

    A context manager: in the end it ends the processes that fork for it.
    """

    built: Path
    nowhere: Path
    limit: int = LIMIT
    _is_built: bool = False
    _building: Lock = field(default_factory=Lock)
    _forkers: SimpleQueue[subprocess.Popen[str]] = field(default_factory=SimpleQueue)
    _stack: ExitStack = field(default_factory=ExitStack)

    def __enter__(self) -> Self:
        """Return the programs themselves."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the forking processes by the end of their stdin."""
        self._stack.close()

    def run(
        self,
        language: Language,
        name: str,
        arguments: Sequence[str],
        settings: Mapping[str, str],
        *,
        forked: bool = False,
    ) -> Ran:
        """Run an example, `create_bucket` in either language, with nothing on stdin.

        `forked` spares a Python example the start of Python and its libraries' imports: see fork_server.py.
        """
        folder = name.replace("_", "")
        script = str(ROOT / "python" / f"{name}.py")
        shown = f"python python/{name}.py" if language == "python" else f"go run ./{folder}"
        with tempfile.TemporaryDirectory() as directory:
            out, err = Path(directory, "out"), Path(directory, "err")
            start = time.perf_counter()
            if language == "python" and forked:
                job = {
                    "script": script,
                    "arguments": list(arguments),
                    "environment": environment(**settings),
                    "folder": str(self.nowhere),
                    "out": str(out),
                    "err": str(err),
                    "limit": self.limit,
                }
                code = self._fork(job)
            else:
                command = [sys.executable, script] if language == "python" else [self._go(folder)]
                code = self._start([*command, *arguments], environment(**settings), out, err)
            seconds = time.perf_counter() - start
            return Ran(" ".join((shown, *map(repr, arguments))), code, _text(out), _text(err), seconds)

    def _go(self, folder: str) -> str:
        """Return the path of a Go example; the first who asks for one has all of them built."""
        with self._building:
            if not self._is_built:
                _build_go(self.built)
                self._is_built = True
        return str(self.built / folder)

    def _start(self, command: Sequence[str], environment: Mapping[str, str], out: Path, err: Path) -> int:
        with out.open("wb") as stdout, err.open("wb") as stderr:
            try:
                return subprocess.run(
                    command,
                    cwd=self.nowhere,
                    env=environment,
                    stdin=subprocess.DEVNULL,
                    stdout=stdout,
                    stderr=stderr,
                    check=False,
                    timeout=self.limit,
                ).returncode
            except subprocess.TimeoutExpired:
                return -signal.SIGALRM

    def _fork(self, job: Mapping[str, object]) -> int:
        """Let one of the forking processes do it; as many are started as are needed at once."""
        try:
            forker = self._forkers.get_nowait()
        except Empty:
            forker = self._stack.enter_context(
                subprocess.Popen(
                    [sys.executable, "-m", "tests.conformance.programs.fork_server", *PRELOADED],
                    cwd=ROOT,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                )
            )
        assert forker.stdin is not None
        assert forker.stdout is not None
        forker.stdin.write(json.dumps(job) + "\n")
        forker.stdin.flush()
        code = int(forker.stdout.readline())
        self._forkers.put(forker)
        return code


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8", errors="backslashreplace")
