"""Print the response of the service to each probe at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.live import FINDINGS

if TYPE_CHECKING:
    import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print one line for each probe."""
    for probe, response in FINDINGS.items():
        terminalreporter.write_line(f"{probe:<24}  {response}")
