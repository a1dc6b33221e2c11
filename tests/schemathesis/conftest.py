"""What the attack comes to, in a line at its end."""

from collections import Counter

import pytest

_ANSWERS = pytest.StashKey[Counter[str]]()


@pytest.fixture(scope="session")
def answers(pytestconfig: pytest.Config) -> Counter[str]:
    """How many answers had each status."""
    return pytestconfig.stash.setdefault(_ANSWERS, Counter())


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say how many requests there were, and how they were answered."""
    counts = config.stash.get(_ANSWERS, Counter())
    by_status = ", ".join(f"{number} x {status}" for status, number in sorted(counts.items()))
    terminalreporter.write_line(f"schemathesis: {counts.total()} requests and its own probes: {by_status}")
