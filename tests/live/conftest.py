"""Prints what the service made of each probe, when all are done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.live import FINDINGS

if TYPE_CHECKING:
    import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line for each probe."""
    for probe, answer in FINDINGS.items():
        terminalreporter.write_line(f"{probe:<20} {answer}")
