"""Print the response of the service to each probe at the end, and whether v2 and v3 still work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.live import FINDINGS, STATE

if TYPE_CHECKING:
    import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print one line for each probe, and one for the state of v2 and v3."""
    for probe, response in FINDINGS.items():
        terminalreporter.write_line(f"{probe:<24}  {response}")
    for line in STATE:
        terminalreporter.write_line(line)
