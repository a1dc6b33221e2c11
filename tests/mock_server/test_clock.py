"""The mock's clock."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

import pytest

from mock_server.clock import LATEST, ClockError, FrozenClock, MockClock, system_clock
from tests.conformance.raw_http import RawResponse, parse, send_bytes
from tests.support.raw_http import request, signed

if TYPE_CHECKING:
    from mock_server.server import MockServer
    from tests.conftest import Clock


def test_the_system_clock_is_in_milliseconds() -> None:
    """Milliseconds since 1970."""
    before = time.time() * 1000
    assert before - 1 <= system_clock() <= time.time() * 1000 + 1
    assert type(system_clock()) is int


def test_it_follows_its_start(clock: Clock) -> None:
    """Without a change, its time is that of the clock at start."""
    mock = MockClock(clock)
    assert mock() == clock.now
    clock.now += 5
    assert mock() == clock.now
    assert mock.as_json() == {"time": clock.now, "running": True}
    assert mock.advice == ""


def test_set_stops_it(clock: Clock) -> None:
    """It stays at the time, which may be before or after the present one."""
    mock = MockClock(clock)
    for moment in (5, 2_000_000_000_000, 0, LATEST):
        mock.change({"set": str(moment)})
        clock.now += 1000
        assert mock() == moment
        assert mock.as_json() == {"time": moment, "running": False}


def test_run_goes_on_from_its_time(clock: Clock) -> None:
    """It does not jump to the time of the machine. A clock that runs is unchanged."""
    mock = MockClock(clock)
    mock.change({"set": "1000"})
    clock.now += 77
    mock.change({"run": True})
    assert mock() == 1000
    clock.now += 5
    assert mock() == 1005
    mock.change({"run": True})
    assert mock.as_json() == {"time": 1005, "running": True}


def test_advance_adds(clock: Clock) -> None:
    """A clock that runs goes on running, one that stands stays at the new time."""
    mock = MockClock(clock)
    mock.change({"advance": "500"})
    clock.now += 1
    assert mock.as_json() == {"time": clock.now + 500, "running": True}
    mock.change({"advance": "0"})
    assert mock() == clock.now + 500
    mock.change({"set": "10"})
    mock.change({"advance": "5"})
    clock.now += 1
    assert mock.as_json() == {"time": 15, "running": False}


def test_a_frozen_clock_runs_on_with_the_systems() -> None:
    """The clock of `--clock` has no time of its own to follow."""
    mock = MockClock(FrozenClock(1000))
    assert mock.as_json() == {"time": 1000, "running": False}
    before = time.monotonic()
    mock.change({"run": True})
    time.sleep(0.03)
    assert 1020 <= mock() <= 1000 + (time.monotonic() - before) * 1000 + 20


@pytest.mark.parametrize("changes", [[{"set": "5"}], [{"advance": "5"}], [{"set": "5"}, {"run": True}]])
def test_reset_restores_the_start(clock: Clock, changes: list[dict[str, object]]) -> None:
    """A clock that ran runs again without an offset, a frozen one is frozen again at its time."""
    running, frozen = MockClock(clock), MockClock(FrozenClock(7))
    for mock in (running, frozen):
        for change in changes:
            mock.change(change)
        mock.reset()
        assert mock.advice == MockClock(clock if mock is running else FrozenClock(7)).advice
    assert running.as_json() == {"time": clock.now, "running": True}
    assert frozen.as_json() == {"time": 7, "running": False}


@pytest.mark.parametrize(
    ("change", "moment"),
    [
        ({"set": 5}, 5),
        ({"set": "5"}, 5),
        ({"set": "007"}, 7),
        ({"set": LATEST}, LATEST),
        ({"advance": str(LATEST - 100)}, LATEST),
        ({"advance": 0}, 100),
    ],
)
def test_numbers_are_texts_or_integers(change: dict[str, object], moment: int) -> None:
    """Up to 64 bits with a sign."""
    mock = MockClock(FrozenClock(100))
    mock.change(change)
    assert mock() == moment


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (None, "the body is not an object with one key: send"),
        ([], "not an object with one key"),
        ("5", "not an object with one key"),
        ({}, "not an object with one key"),
        ({"set": "5", "run": True}, "not an object with one key"),
        ({"Set": "5"}, "the key 'Set' is unknown: send"),
        ({"run": False}, "run is not true"),
        ({"run": "true"}, "run is not true"),
        ({"run": 1}, "run is not true"),
        *(
            ({name: value}, f"{name} is not an integer from 0 to {LATEST}: send")
            for name in ("set", "advance")
            for value in (
                *(
                    "",
                    " 5",
                    "5 ",
                    "-1",
                    "+1",
                    "5.0",
                    "1e3",
                    "0x5",
                    "\u0665",
                    "now",
                    "9" * 5000,
                    str(LATEST + 1),
                ),
                *(-1, 1.5, True, None, [5], {"MS": 5}, LATEST + 1, 10**4000),
            )
        ),
        ({"advance": LATEST}, f"advance: the time would be above {LATEST}"),
    ],
)
def test_a_change_that_is_not_possible(change: object, named: str) -> None:
    """The message says what is possible, and the clock is unchanged."""
    mock = MockClock(FrozenClock(100))
    with pytest.raises(ClockError) as caught:
        mock.change(change)
    assert named in str(caught.value)
    assert "\n" not in str(caught.value)
    assert mock.as_json() == {"time": 100, "running": False}


def test_it_never_runs_beyond_64_bits(clock: Clock) -> None:
    """It stops at the largest time."""
    mock = MockClock(clock)
    mock.change({"set": str(LATEST)})
    mock.change({"run": True})
    clock.now += 10
    assert mock() == LATEST


def test_the_advice_says_why_its_time_is_another(clock: Clock) -> None:
    """It names what changed the clock: the command line, or a request."""
    frozen, running = MockClock(FrozenClock(5)), MockClock(clock)
    assert "frozen at 5 (it was started with --clock): sign with that time" in frozen.advice
    frozen.change({"advance": "1"})
    assert "frozen at 6 (PUT /_mock/clock changed it)" in frozen.advice
    running.change({"advance": "60000"})
    assert "60000 ms ahead of the machine's (PUT /_mock/clock changed it)" in running.advice
    running.change({"set": str(clock.now - 1000)})
    running.change({"run": True})
    assert "1000 ms behind the machine's" in running.advice


def put(mock: MockServer, body: object) -> RawResponse:
    """Send a body to `/_mock/clock`."""
    return parse(send_bytes(mock.port, request("PUT", "/_mock/clock", [], json.dumps(body).encode())))


def test_everything_with_a_time_follows_it(mock: MockServer, clock: Clock) -> None:
    """The window, the Date header, the times of resources, the journal and the health."""
    then = 1_600_000_000_000
    assert put(mock, {"set": str(then)}).json == {"time": then, "running": False}
    stale = parse(send_bytes(mock.port, signed("GET", "/v2/projects", clock.now)))
    assert stale.headers["x-mock-refusal"] == "timestamp_future"
    assert "frozen at 1600000000000 (PUT /_mock/clock changed it)" in stale.json["message"]
    json_type = ("Content-Type", "application/json")
    created = send_bytes(mock.port, signed("POST", "/v2/projects", then, b'{"name": "then"}', json_type))
    response = parse(created)
    assert (response.status, response.json["createdAt"]) == (201, "2020-09-13T12:26:40Z")
    assert response.headers["date"] == "Sun, 13 Sep 2020 12:26:40 GMT"
    assert mock.journal.entries()[-1]["time"] == then
    health = parse(send_bytes(mock.port, request("GET", "/_mock/health", [])))
    assert health.json == {"status": "ok", "time": then}
    for advance, status in ((300_000, 200), (1, 401)):
        put(mock, {"advance": str(advance)})
        assert parse(send_bytes(mock.port, signed("GET", "/v2/projects", then))).status == status
    send_bytes(mock.port, request("POST", "/_mock/reset", []))
    assert parse(send_bytes(mock.port, signed("GET", "/v2/projects", clock.now))).status == 200


@pytest.mark.parametrize("moment", [0, 253_402_300_800_000, LATEST])
def test_the_mock_works_at_any_time(mock: MockServer, moment: int) -> None:
    """The Date header and the times of resources end with the year 9999."""
    put(mock, {"set": moment})
    body, json_type = b'{"name": "x"}', ("Content-Type", "application/json")
    response = parse(send_bytes(mock.port, signed("POST", "/v2/projects", moment, body, json_type)))
    if len(str(moment)) == 19:  # digits: a timestamp like this is in nanoseconds, so no request is accepted
        assert response.headers["x-mock-refusal"] == "timestamp_unit"
    else:
        assert (response.status, response.json["createdAt"][:4]) == (201, "1970" if moment == 0 else "9999")
    assert response.headers["date"].split()[3] in ("1970", "9999")


def test_a_change_that_is_not_possible_is_422(mock: MockServer, clock: Clock) -> None:
    """The clock is unchanged. A repeated key, which parsers read differently, is one of them."""
    for body in (
        b'{"advance": "-1"}',
        b"{",
        b"",
        b'{"set": "1", "set": "2"}',
        b'{"set": NaN}',
        b'{"set": 1e999}',
    ):
        response = parse(send_bytes(mock.port, request("PUT", "/_mock/clock", [], body)))
        assert (response.status, response.json["errorType"]) == (422, "RequestInvalid")
        assert "\n" not in response.json["message"]
    assert parse(send_bytes(mock.port, request("GET", "/_mock/clock", []))).json == {
        "time": clock.now,
        "running": True,
    }
