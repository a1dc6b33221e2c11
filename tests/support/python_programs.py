"""Run the Python examples as programs, with pipes."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from tests.support import programs
from tests.support.paths import ROOT

if TYPE_CHECKING:
    import subprocess

PYTHON = ROOT / "python"
KEYS = {"CBC_ACCESS_KEY": "mock-access-key", "CBC_SECRET_KEY": "mock-secret-key, not#a%real$one"}


def run(name: str, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run an example with only these settings and an empty stdin, in a folder without a `.env` file."""
    return programs.run(
        sys.executable,
        PYTHON / f"{name}.py",
        *arguments,
        env=programs.minimal_environment(**settings),
        cwd="/",
    )


def refused(done: subprocess.CompletedProcess[str], code: int) -> str:
    """Return the one line on stderr of a program that ended with this exit code."""
    assert (done.returncode, done.stdout) == (code, ""), done.stderr
    (line,) = done.stderr.splitlines()
    assert line.isprintable()
    return line
