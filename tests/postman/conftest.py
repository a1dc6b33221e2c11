"""A mock, and a Newman that runs collections against it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mock_server.server import MockServer
from tests.postman.newman import SUMMARY, Newman

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def mock() -> Iterator[MockServer]:
    """Return a running mock with the clock of this machine. An exception inside it fails the test."""
    with MockServer() as server:
        yield server
        server.check()


@pytest.fixture
def newman(mock: MockServer, tmp_path: Path) -> Newman:
    """Return a Newman for that mock."""
    return Newman(mock, tmp_path)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print Newman's summary of the run of the whole collection."""
    for report in terminalreporter.stats.get("passed", []):
        for name, text in report.user_properties:
            if name == SUMMARY:
                terminalreporter.write_line(f"Newman, the whole collection:\n{text}")
