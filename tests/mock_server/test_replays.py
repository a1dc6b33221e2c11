"""Which accepted signatures are replays."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest

from mock_server.replays import Replays
from mock_server.server import MockServer
from tests.conformance.raw_http import RawResponse, parse, send_bytes
from tests.support.raw_http import request, signed

if TYPE_CHECKING:
    from tests.conftest import Clock

MILLISECOND = 1_000_000


class Watch:
    """A clock in nanoseconds that changes only when a test assigns `now`."""

    def __init__(self) -> None:
        """Begin at zero."""
        self.now = 0

    def __call__(self) -> int:
        """Return the time."""
        return self.now


@pytest.mark.parametrize(("after", "age"), [(0, None), (50 * MILLISECOND - 1, None), (50 * MILLISECOND, 50)])
def test_a_signature_that_comes_again_is_a_replay_after_50_ms(after: int, age: int | None) -> None:
    """Two requests of one millisecond sign alike, and arrive close together."""
    watch = Watch()
    replays = Replays(watch)
    assert replays.age("Bearer a:b", 0) is None
    watch.now = after
    assert replays.age("Bearer a:b", 1) == age
    assert replays.age("Bearer a:c", 1) is None


def test_a_clock_that_stands_still_makes_no_replay() -> None:
    """A client that signs again at the same time makes the same signature. Any other time makes a replay."""
    watch = Watch()
    replays = Replays(watch)
    ages = []
    for number, time in enumerate((7, 7, 8, 7, 6)):
        watch.now = number * 50 * MILLISECOND
        ages.append(replays.age("Bearer a:b", time))
    assert ages == [None, None, 100, None, 200]


def test_the_age_is_that_of_the_first_receipt() -> None:
    """Not of the last one: repeats in quick succession are replays too."""
    watch = Watch()
    replays = Replays(watch)
    ages = []
    for now in range(0, 161, 40):
        watch.now = now * MILLISECOND
        ages.append(replays.age("\xe9", now))
    assert ages == [None, None, 80, 120, 160]


def test_the_last_10000_signatures_are_kept() -> None:
    """One that was seen again counts as new."""
    watch = Watch()
    replays = Replays(watch)
    for number in (*range(10_000), 0, 10_000):
        replays.age(str(number), 0)
    watch.now = 50 * MILLISECOND
    assert replays.age("0", 50) == 50
    assert replays.age("2", 50) == 50
    assert replays.age("1", 50) is None


def test_cleared_signatures_are_forgotten() -> None:
    """They are new again."""
    watch = Watch()
    replays = Replays(watch)
    replays.age("x", 0)
    replays.clear()
    watch.now = 50 * MILLISECOND
    assert replays.age("x", 50) is None


def send(mock: MockServer, raw: bytes) -> RawResponse:
    """Send a request, and return the response."""
    return parse(send_bytes(mock.port, raw))


def test_a_replay_is_accepted_and_marked(clock: Clock, caplog: pytest.LogCaptureFixture) -> None:
    """From 50 ms on, in the journal and on the terminal, once for each request. A reset forgets."""
    caplog.set_level(logging.INFO, "mock_server")
    watch = Watch()
    raw = signed("GET", "/v2/projects", clock.now)
    with MockServer(clock=clock, monotonic=watch) as mock:
        for watch.now in (0, 49_999_999, 50_000_000, 70_000_000):
            assert send(mock, raw).status == 200
            clock.now += 20
        assert send(mock, signed("GET", "/v2/projects", clock.now + 1)).status == 200
        assert [entry["replay"] for entry in mock.journal.entries()] == [False, False, True, True, False]
        assert [message[:24] for message in caplog.messages] == ["replay GET /v2/projects "] * 2
        send(mock, request("POST", "/_mock/reset", []))
        assert send(mock, raw).status == 200
        assert [entry["replay"] for entry in mock.journal.entries()] == [False]
    mock.check()


def test_a_frozen_clock_makes_no_replay_until_it_is_moved(clock: Clock) -> None:
    """As with `--clock`: a client that signs each attempt again sends the same signature."""
    watch = Watch()
    with MockServer(clock=clock, monotonic=watch) as mock:
        for watch.now, moved in ((0, 0), (10**9, 0), (2 * 10**9, 1000)):
            raw = signed("GET", "/v2/projects", 1_700_000_000_000)
            clock.now = 1_700_000_000_000 + moved
            assert send(mock, raw).status == 200
        assert [entry["replay"] for entry in mock.journal.entries()] == [False, False, True]
    mock.check()


def test_a_refused_signature_is_no_replay(clock: Clock) -> None:
    """It was never accepted, also where it comes after an accepted one."""
    watch = Watch()
    with MockServer(clock=clock, window=10, monotonic=watch) as mock:
        raw = signed("GET", "/v2/projects", clock.now)
        send(mock, raw)
        watch.now, clock.now = 10**9, clock.now + 1000
        assert send(mock, raw).headers["x-mock-mistake"] == "timestamp_stale"
        assert [entry["replay"] for entry in mock.journal.entries()] == [False, False]
    mock.check()
