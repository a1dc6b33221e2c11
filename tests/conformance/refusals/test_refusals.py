"""Every refusal vector over a real socket to the mock, byte for byte."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from mock_server.server import MockServer
from tests.conformance.raw_http import exchange
from tests.conformance.refusals.judge import judge

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conformance.state import Conformance
    from tests.conformance.vectors.suite import RefusalVector


@pytest.fixture(scope="module")
def mock(conformance: Conformance) -> Iterator[MockServer]:
    """A mock with the clock, the window and the keys of the file."""
    file = conformance.suite.refusals
    clock = int(file.clock)
    with MockServer(keys=file.keys, clock=lambda: clock, window=int(file.window)) as server:
        yield server
        server.check()


def test_refusal(conformance: Conformance, mock: MockServer, refusal: RefusalVector) -> None:
    """The mock gives the code and the mistake of the vector, or lets a right request pass."""
    positive = next(each for each in conformance.suite.signatures if each.id == refusal.mutates)
    secrets = {*conformance.suite.refusals.keys.values(), positive.expected or ""}
    mock.journal.clear()
    start = time.perf_counter()
    answer = exchange(refusal.request, mock.port)
    seconds = time.perf_counter() - start
    # What the HTTP layer refuses never reaches the verifier: then no code is in the journal, not even `ok`.
    [journaled] = mock.journal.entries() or [{"code": "not verified at all", "mistake": None}]
    conformance.record(judge(refusal, answer, journaled, secrets, seconds))
