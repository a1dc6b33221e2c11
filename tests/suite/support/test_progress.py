"""A long run prints the tests that are running."""

from __future__ import annotations

import time
from contextlib import suppress

from tests.support.progress import Progress


class Lines:
    """A terminal that keeps its lines."""

    def __init__(self) -> None:
        """Start empty."""
        self.lines: list[str] = []

    def ensure_newline(self) -> None:
        """Every line is complete."""

    def write_line(self, line: str) -> None:
        """Keep a line."""
        self.lines.append(line)


def test_a_silent_run_names_its_tests() -> None:
    """After the silence one line names the tests that run, and not those that have ended."""
    terminal = Lines()
    progress = Progress(terminal, silence=0.2)
    progress.pytest_runtest_logstart("ended")
    progress.pytest_runtest_logfinish("ended")
    progress.pytest_runtest_logstart("slow")
    loop = progress.pytest_runtestloop()
    next(loop)
    deadline = time.monotonic() + 10
    while not terminal.lines:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    with suppress(StopIteration):
        loop.send(None)
    assert terminal.lines[0] == "running: slow (0 s)"


def test_a_run_with_output_prints_nothing_more() -> None:
    """While tests end regularly, their results are the only output."""
    terminal = Lines()
    progress = Progress(terminal, silence=10)
    progress.pytest_runtest_logstart("quick")
    loop = progress.pytest_runtestloop()
    next(loop)
    with suppress(StopIteration):
        loop.send(None)
    assert terminal.lines == []
