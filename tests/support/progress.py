"""Print which tests are running when nothing else was printed for some seconds."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Final, Protocol

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator

SILENCE: Final = 5.0
"""Seconds without output before a line is printed."""


class Terminal(Protocol):
    """The part of pytest's terminal reporter that `Progress` uses."""

    def ensure_newline(self) -> None:
        """End the current line."""

    def write_line(self, line: str) -> None:
        """Write a line."""


class Progress:
    """A pytest plugin that prints the running tests. With pytest-xdist, those of all workers."""

    def __init__(self, terminal: Terminal, silence: float = SILENCE) -> None:
        """Print to `terminal` after `silence` seconds without another output."""
        self._terminal = terminal
        self._silence = silence
        self._started: dict[str, float] = {}
        self._printed = time.monotonic()
        self._over = threading.Event()

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Note that a test has started."""
        self._started[nodeid] = time.monotonic()

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        """Note that a test has ended. pytest has printed its result."""
        self._started.pop(nodeid, None)
        self._printed = time.monotonic()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtestloop(self) -> Generator[None, object, object]:
        """Watch while the tests run."""
        watcher = threading.Thread(target=self._watch, daemon=True)
        self._printed = time.monotonic()
        watcher.start()
        try:
            return (yield)
        finally:
            self._over.set()
            watcher.join()

    def _watch(self) -> None:
        while not self._over.wait(self._silence / 10):
            now = time.monotonic()
            if now - self._printed >= self._silence and self._started:
                running = [f"{name} ({now - begun:.0f} s)" for name, begun in dict(self._started).items()]
                self._terminal.ensure_newline()
                self._terminal.write_line(f"running: {', '.join(running)}")
                self._printed = now
