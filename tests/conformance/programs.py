"""Runs the examples as what they are, programs: Python's as scripts, Go's built once."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from tests.conformance.environment import environment
from tests.conformance.runner import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from concurrent.futures import Future
    from pathlib import Path

Language = Literal["python", "go"]
LANGUAGES: tuple[Language, ...] = ("python", "go")
LIMIT = 60.0  # seconds for one example, waiting included


@dataclass(frozen=True)
class Ran:
    """How a program ended."""

    command: str  # as one would type it, settings left out
    code: int
    out: str
    err: str
    seconds: float


def build_go(directory: Path) -> Path:
    """Build all Go examples into a directory, or bring those there up to date, and return it.

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
    return directory


@dataclass(frozen=True)
class Programs:
    """The examples of both languages: where Go's were built, and an empty directory to run them in."""

    built: Future[Path]
    nowhere: Path

    def run(
        self, language: Language, name: str, arguments: Sequence[str], settings: Mapping[str, str]
    ) -> Ran:
        """Run an example, `create_bucket` in either language, with nothing on stdin."""
        if language == "python":
            shown, command = f"python python/{name}.py", [sys.executable, str(ROOT / "python" / f"{name}.py")]
        else:
            folder = name.replace("_", "")
            shown, command = f"go run ./{folder}", [str(self.built.result() / folder)]
        start = time.perf_counter()
        done = subprocess.run(
            [*command, *arguments],
            cwd=self.nowhere,
            env=environment(**settings),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="backslashreplace",
            check=False,
            timeout=LIMIT,
        )
        seconds = time.perf_counter() - start
        return Ran(
            " ".join((shown, *map(repr, arguments))), done.returncode, done.stdout, done.stderr, seconds
        )
