"""Set-up and fixtures of all tests, among them a mock whose clock a test sets."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mock_server.server import MockServer
from tests.support.loopback import block_network
from tests.support.paths import ROOT
from tests.support.programs import default_signals
from tests.support.progress import Progress
from tests.support.response_hook import every_response_validated

if TYPE_CHECKING:
    from collections.abc import Iterator

# These folders run servers and programs of the caller's choice, and no property tests.
CALLERS_CHOICE = {ROOT / "tests" / "live", ROOT / "tests" / "conformance"}


@pytest.hookimpl(trylast=True)  # after the terminal reporter
def pytest_configure(config: pytest.Config) -> None:
    """Reset the signals for child processes, block the network beyond loopback, and set up Hypothesis."""
    default_signals()
    paths = [Path(argument.partition("::")[0]).resolve() for argument in config.args]
    if not any(CALLERS_CHOICE & {path, *path.parents} for path in paths):
        block_network()
        set_up_hypothesis()
        show_progress(config)


@pytest.hookimpl(trylast=True)  # after the shuffle
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Start the longest tests first, so that no worker runs one alone at the end."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def show_progress(config: pytest.Config) -> None:
    """Print the running tests on a terminal after some seconds without output."""
    terminal = config.pluginmanager.get_plugin("terminalreporter")
    if terminal is not None and terminal.isatty:  # no worker of pytest-xdist has a terminal
        config.pluginmanager.register(Progress(terminal))


def set_up_hypothesis() -> None:
    """Give no property test a time limit: the time that an example takes depends on the machine's load."""
    from hypothesis import HealthCheck, settings  # noqa: PLC0415  # imports for 0.1 s, which the suite saves

    settings.register_profile("tests", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("tests")


@pytest.fixture(autouse=True, scope="session")
def _responses_validated() -> Iterator[None]:
    """Validate every response of every mock in this process against openapi.yaml."""
    with every_response_validated():
        yield


@dataclass
class Clock:
    """A clock in milliseconds since 1970-01-01 UTC. It changes only when a test assigns `now`."""

    now: int = 1_700_000_000_000

    def __call__(self) -> int:
        """Return the time."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    """Return the clock of the mock."""
    return Clock()


@pytest.fixture
def mock(clock: Clock) -> Iterator[MockServer]:
    """Return a running mock with its defaults. An exception inside it fails the test."""
    with MockServer(clock=clock) as server:
        yield server
    server.check()
