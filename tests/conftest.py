"""What the tests share: a mock with a clock that stands where a test puts it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from mock_server.server import MockServer
from tests.support.loopback import block_network
from tests.support.paths import ROOT
from tests.support.programs import default_signals
from tests.support.response_validation import every_answer_checked

if TYPE_CHECKING:
    from collections.abc import Iterator

# How long an example takes says something about the machine and its neighbours, nothing about the code.
settings.register_profile("tests", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("tests")

# These folders run against servers and programs of the caller's choice.
NETWORK_ALLOWED = {ROOT / "tests" / "live", ROOT / "tests" / "conformance"}


def pytest_configure(config: pytest.Config) -> None:
    """Give the programs that tests start default signals, and allow tests the loopback network only."""
    default_signals()
    paths = [Path(argument.partition("::")[0]).resolve() for argument in config.args]
    if not any(NETWORK_ALLOWED & {path, *path.parents} for path in paths):
        block_network()


@pytest.fixture(autouse=True, scope="session")
def _described() -> Iterator[None]:
    """Hold every answer of every mock in this process against openapi.yaml, whatever test asked for it."""
    with every_answer_checked():
        yield


@dataclass
class Clock:
    """Milliseconds since 1970-01-01 UTC; moves only when a test assigns ``now``."""

    now: int = 1_700_000_000_000

    def __call__(self) -> int:
        """Read the clock."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    """The clock of the mock."""
    return Clock()


@pytest.fixture
def mock(clock: Clock) -> Iterator[MockServer]:
    """A running mock with its defaults; what went wrong inside it fails the test."""
    with MockServer(clock=clock) as server:
        yield server
    server.check()
