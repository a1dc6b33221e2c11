"""Runs the examples as programs: Python's as scripts, Go's built once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import Future
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from threading import Lock, Thread
from typing import IO, TYPE_CHECKING, Any, Literal, Self

from tests.conformance.programs.environment import environment
from tests.support.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Language = Literal["python", "go"]
LANGUAGES: tuple[Language, ...] = ("python", "go")
LIMIT = 60  # seconds for one example, its own waiting included; then it is killed, as by an alarm
BUILD_LIMIT = 600  # seconds to build all Go examples
STARTUP = 30  # seconds that the fork server may take to import its modules
# The modules that the examples import, directly or later. A module missing here only costs time.
PRELOADED = (
    *("requests", "typer", "typer._adapters", "tenacity", "dotenv", "rich.console", "rich.table"),
    *(f"capella.{file.stem}" for file in sorted((ROOT / "python" / "capella").glob("[a-z]*.py"))),
)
ALARM = -14  # the exit code of a program that ran longer than its limit


@dataclass(frozen=True)
class CompletedProgram:
    """How a program ended; `command` is what a user types, without the settings."""

    command: str
    code: int
    out: str
    err: str
    seconds: float


@dataclass(frozen=True)
class Invocation:
    """The arguments and the settings of one run of an example."""

    arguments: Sequence[str]
    settings: Mapping[str, str]


@dataclass
class ExamplePrograms:
    """The examples of both languages: a folder to build Go's in, and an empty folder to run them in.

    A context manager: at its end, the fork server ends.
    """

    built: Path
    working_directory: Path
    limit: int = LIMIT
    _is_built: bool = False
    _building: Lock = field(default_factory=Lock)
    _forking: Lock = field(default_factory=Lock)
    _fork_server: ForkServer | None = None
    _stack: ExitStack = field(default_factory=ExitStack)

    def __enter__(self) -> Self:
        """Return the programs."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the fork server."""
        self._stack.close()

    def run(
        self,
        language: Language,
        name: str,
        invocations: Sequence[Invocation],
        *,
        forked: bool = False,
    ) -> list[CompletedProgram]:
        """Run an example, `create_bucket` in either language, once for each invocation, with an empty stdin.

        `forked` runs a Python example without starting Python again, where the system can fork: see
        fork_server.py.
        """
        with tempfile.TemporaryDirectory() as directory:
            folders = [Path(directory, str(number)) for number in range(len(invocations))]
            for folder in folders:
                folder.mkdir()
            if language == "python" and forked and hasattr(os, "fork"):
                ends = self._fork(name, invocations, folders)
            else:
                command = self._command(language, name)
                ends = [
                    self._start([*command, *each.arguments], environment(**each.settings), folder)
                    for each, folder in zip(invocations, folders, strict=True)
                ]
            typed = f"python python/{name}.py" if language == "python" else f"go run ./{_go_name(name)}"
            return [
                CompletedProgram(
                    " ".join((typed, *map(repr, each.arguments))),
                    code,
                    _text(folder / "out"),
                    _text(folder / "err"),
                    seconds,
                )
                for each, folder, (code, seconds) in zip(invocations, folders, ends, strict=True)
            ]

    def build(self) -> None:
        """Build the Go examples; later calls do nothing.

        Raises:
            RuntimeError: Go cannot build them; the text is Go's.
        """
        with self._building:
            if not self._is_built:
                _build_go(self.built)
                self._is_built = True

    def _command(self, language: Language, name: str) -> list[str]:
        if language == "python":
            return [sys.executable, _script(name)]
        self.build()
        return [str(self.built / _go_name(name))]

    def _start(
        self, command: Sequence[str], environment: Mapping[str, str], folder: Path
    ) -> tuple[int, float]:
        start = time.perf_counter()
        with (folder / "out").open("wb") as stdout, (folder / "err").open("wb") as stderr:
            try:
                code = subprocess.run(
                    command,
                    cwd=self.working_directory,
                    env=environment,
                    stdin=subprocess.DEVNULL,
                    stdout=stdout,
                    stderr=stderr,
                    check=False,
                    timeout=self.limit,
                ).returncode
            except subprocess.TimeoutExpired:
                code = ALARM
        return code, time.perf_counter() - start

    def _fork(
        self, name: str, invocations: Sequence[Invocation], folders: Sequence[Path]
    ) -> list[tuple[int, float]]:
        with self._forking:
            if self._fork_server is None:
                self._fork_server = self._stack.enter_context(ForkServer())
        jobs = [
            {
                "script": _script(name),
                "arguments": list(each.arguments),
                "environment": environment(**each.settings),
                "folder": str(self.working_directory),
                "out": str(folder / "out"),
                "err": str(folder / "err"),
                "limit": self.limit,
            }
            for each, folder in zip(invocations, folders, strict=True)
        ]
        return self._fork_server.run(jobs, timeout=self.limit * len(jobs) + STARTUP)


class ForkServer:
    """The process of fork_server.py. A context manager; thread-safe."""

    def __init__(self) -> None:
        """Start the process."""
        module = "tests.conformance.programs.fork_server"
        command = [sys.executable, "-m", module, str(ROOT / "python"), *PRELOADED]
        self._process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._stdin = self._process.stdin
        self._ids = count()
        self._lock = Lock()
        self._waiting: dict[int, Future[list[tuple[int, float]]]] = {}
        self._thread = Thread(target=self._read, args=(self._process.stdout,), daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        """Return the server."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the process by closing its stdin; kill it if it does not end."""
        self._stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._thread.join(10)

    def run(self, jobs: Sequence[Mapping[str, object]], *, timeout: float) -> list[tuple[int, float]]:
        """Run jobs in one child process, and return the exit code and the seconds of each.

        Raises:
            TimeoutError: they did not end in time.
            RuntimeError: the fork server has ended.
        """
        future: Future[list[tuple[int, float]]] = Future()
        with self._lock:
            number = next(self._ids)
            self._waiting[number] = future
            self._stdin.write(json.dumps({"id": number, "jobs": jobs}).encode() + b"\n")
            self._stdin.flush()
        return future.result(timeout)

    def _read(self, stdout: IO[bytes]) -> None:
        with stdout:
            for line in stdout:
                reply: dict[str, Any] = json.loads(line)
                self._waiting.pop(reply["id"]).set_result(
                    [(code, seconds) for code, seconds in reply["ends"]]
                )
        for future in self._waiting.values():
            future.set_exception(RuntimeError("the fork server has ended"))


def _build_go(directory: Path) -> None:
    # Without debugging information, which nothing reads here, linking takes two thirds of the time.
    command = ["go", "build", "-ldflags=-s -w", "-o", f"{directory}/", "./examples/..."]
    done = subprocess.run(
        command,
        cwd=ROOT / "go",
        env=environment(),
        check=False,
        capture_output=True,
        text=True,
        timeout=BUILD_LIMIT,
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr}")


def _script(name: str) -> str:
    return str(ROOT / "python" / f"{name}.py")


def _go_name(name: str) -> str:
    return name.replace("_", "")


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8", errors="backslashreplace")
