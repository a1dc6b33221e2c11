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

    from tests.conformance.state import RunState


@pytest.fixture(scope="module")
def mock(state: RunState) -> Iterator[MockServer]:
    """A mock with the clock, the window and the keys of the file."""
    file = state.suite.refusals
    clock = int(file.clock)
    with MockServer(keys=file.keys, clock=lambda: clock, window=int(file.window)) as server:
        yield server
        server.check()


def test_refusals(state: RunState, mock: MockServer) -> None:
    """The mock refuses each request with the vector's code and mistake, or accepts it."""
    positives = {each.id: each for each in state.suite.signatures}
    keys = set(state.suite.refusals.keys.values())
    results = []
    for vector in state.suite.refusals.vectors:
        if not state.selection.selects("mock", vector):
            continue
        mock.journal.clear()
        start = time.perf_counter()
        response = send(mock.port, vector.request)
        seconds = time.perf_counter() - start
        # A request that the HTTP layer refuses does not reach the verifier, and has no journal entry.
        [journaled] = mock.journal.entries() or [{"code": "not verified", "mistake": None}]
        secrets = {*keys, positives[vector.mutates].expected or ""}
        results.append(judge(vector, response, journaled, secrets, seconds))
    state.record(*results)
