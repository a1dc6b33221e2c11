"""Every refusal vector, sent byte by byte to the mock."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from mock_server.server import MockServer
from tests.conformance.raw_http import send
from tests.conformance.refusals.judge import judge

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conformance.refusals.cases import RefusalVector
    from tests.conformance.state import RunState


@pytest.fixture(scope="module")
def mock(state: RunState) -> Iterator[MockServer]:
    """A mock with the clock, the window and the keys of the file."""
    file = state.suite.refusals
    clock = int(file.clock)
    with MockServer(keys=file.keys, clock=lambda: clock, window=int(file.window)) as server:
        yield server
        server.check()


def test_refusal(state: RunState, mock: MockServer, refusal: RefusalVector) -> None:
    """The mock refuses the request with the vector's code and mistake, or accepts it."""
    positive = next(each for each in state.suite.signatures if each.id == refusal.mutates)
    secrets = {*state.suite.refusals.keys.values(), positive.expected or ""}
    mock.journal.clear()
    start = time.perf_counter()
    response = send(mock.port, refusal.request)
    seconds = time.perf_counter() - start
    # A request that the HTTP layer refuses does not reach the verifier, and has no journal entry.
    [journaled] = mock.journal.entries() or [{"code": "not verified", "mistake": None}]
    state.record(judge(refusal, response, journaled, secrets, seconds))
