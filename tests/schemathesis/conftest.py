"""Print one line with the number of responses at the end."""

from collections import Counter

import pytest

_RESPONSES = pytest.StashKey[Counter[str]]()


@pytest.fixture(scope="session")
def responses(pytestconfig: pytest.Config) -> Counter[str]:
    """Return the number of responses of each status."""
    return pytestconfig.stash.setdefault(_RESPONSES, Counter())


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print how many requests were sent, and how many responses had each status."""
    counts = config.stash.get(_RESPONSES, Counter())
    by_status = ", ".join(f"{number} x {status}" for status, number in sorted(counts.items()))
    terminalreporter.write_line(f"schemathesis: {counts.total()} requests and its own probes: {by_status}")
