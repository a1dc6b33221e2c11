"""Runs `python -m mock_server` for the tests of its commands."""

from __future__ import annotations

import re
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.conformance.raw_http import parse, send_bytes
from tests.support.programs import environment, run, started

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from tests.conformance.raw_http import RawResponse
    from tests.support.programs import Running

MOCK = (sys.executable, "-W", "error", "-m", "mock_server")

_LIKE_WINDOWS = """
import os, runpy, signal, sys
kept = "SIGABRT SIGFPE SIGILL SIGINT SIGSEGV SIGTERM SIG_DFL SIG_IGN".split()
for name in dir(signal):
    if name.startswith("SIG") and name not in kept:
        delattr(signal, name)
for name in "fork forkpty getpgid getpgrp killpg pidfd_open setpgid setsid tcgetpgrp tcsetpgrp".split():
    if hasattr(os, name):
        delattr(os, name)
runpy.run_module("mock_server", run_name="__main__", alter_sys=True)
"""
LIKE_WINDOWS = (sys.executable, "-W", "error", "-c", _LIKE_WINDOWS)
"""The mock where `signal` and `os` have only the names that they have on Windows."""


def run_mock(*arguments: str | Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the mock to its end, with more environment variables."""
    return run(*MOCK, *arguments, env=environment(**variables))


@contextmanager
def running_mock(*arguments: str, program: Sequence[str] = MOCK) -> Iterator[tuple[Running, int, str]]:
    """Start a mock, and yield it with its port and its banner once it listens."""
    with started(*program, *arguments) as running:
        banner = next(line for line in running.stderr if "listening" in line)
        found = re.search(r"http://\S+:(\d+)", banner)
        assert found
        yield running, int(found[1]), banner


def call(port: int, raw: bytes) -> RawResponse:
    """Send a request, and return the response."""
    return parse(send_bytes(port, raw))
