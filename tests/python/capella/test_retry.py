"""Retries in Python: which failures are repeated, after which pause, and when a call ends."""

from __future__ import annotations

import socket
from contextlib import ExitStack
from datetime import UTC, datetime
from email.utils import format_datetime

import pytest

from capella.client import Client
from capella.errors import (
    CapellaError,
    NotFoundError,
    RateLimitedError,
    ResponseError,
    ServerError,
    TransportError,
)
from capella.retry import Limits
from capella.settings import Settings
from tests.support.hostile_servers import (
    NOWHERE,
    SECRET,
    Action,
    Rig,
    ScriptedServer,
    assert_signed,
    drop,
    error_bytes,
    reset,
    response_bytes,
    truncate,
)

HTML = response_bytes(503, b"<p>", content_type="text/html")
TEMPORARY = (
    error_bytes(429),
    error_bytes(502),
    error_bytes(503),
    error_bytes(504),
    HTML,
    drop,
    reset,
    truncate(response_bytes()),
)


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
@pytest.mark.parametrize("failure", TEMPORARY)
def test_temporary_failure_is_repeated(method: str, failure: Action) -> None:
    """Each attempt has the whole body, a new timestamp and its own signature."""
    with ScriptedServer(failure, failure, response_bytes(200, b'{"done": true}')) as wire:
        rig = Rig(wire.url)
        with rig.client as client:
            found = client.request(method, "/v2/projects", None if method == "GET" else {"name": "a"})
        assert found.body == {"done": True}
        assert len(wire.seen) == 3
        assert len(rig.slept) == 2
        for seen in wire.seen:
            assert seen.method == method
            assert seen.body == (b"" if method == "GET" else b'{"name": "a"}')
            assert_signed(seen)
        assert len({seen.header("Couchbase-Timestamp") for seen in wire.seen}) == 3


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 409, 422, 500, 501])
def test_permanent_refusal_is_not_repeated(status: int) -> None:
    """A permanent refusal is raised after one attempt."""
    with ScriptedServer(error_bytes(status), response_bytes()) as wire, Rig(wire.url).client as client:
        with pytest.raises(ResponseError) as raised:
            client.get("/v2/projects")
        assert raised.value.status == status
        assert len(wire.seen) == 1


@pytest.mark.parametrize(
    "failure",
    [error_bytes(429, "wait", "Retry-After: 0"), error_bytes(503), drop, reset, truncate(response_bytes())],
)
def test_post_is_sent_once(failure: Action) -> None:
    """A POST that may have been carried out is not repeated, and the error says so."""
    with ScriptedServer(failure, response_bytes()) as wire, Rig(wire.url).client as client:
        with pytest.raises(CapellaError) as raised:
            client.post("/v2/projects", body={})
        assert len(wire.seen) == 1
    if isinstance(raised.value, TransportError):
        assert "may have been carried out" in str(raised.value)


def test_post_is_repeated_when_no_connection_was_made() -> None:
    """A POST is repeated after a refused connection, up to the number of attempts."""
    rig = Rig(NOWHERE)
    with (
        rig.client as client,
        pytest.raises(TransportError, match=r"refused \(127\.0\.0\.1:\d+\)$") as raised,
    ):
        client.post("/v2/projects", body={})
    assert not raised.value.connected
    assert len(rig.slept) == Limits().attempts - 1


def test_post_reaches_a_server_that_comes_up() -> None:
    """A POST is sent once, over the first connection that is made."""
    with ScriptedServer(response_bytes(201)) as gone:
        address, port = gone.url, gone.port
    started: list[ScriptedServer] = []

    def start(_: float) -> None:
        started.append(stack.enter_context(ScriptedServer(response_bytes(201), port=port)))

    with ExitStack() as stack, Client(Settings(address, "A", SECRET), sleep=start) as client:
        assert client.post("/v2/projects", body={}).status == 201
        assert [len(wire.seen) for wire in started] == [1]


@pytest.mark.parametrize(
    ("code", "attempts"), [(socket.EAI_NONAME, 1), (socket.EAI_AGAIN, Limits().attempts)]
)
def test_name_that_is_not_found(code: int, attempts: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """An unknown host name is a permanent failure; a name server without response is temporary."""
    asked: list[object] = []

    def resolve(*arguments: object) -> object:
        asked.append(arguments)
        raise socket.gaierror(code, "no such name")

    monkeypatch.setattr("socket.getaddrinfo", resolve)
    unknown = pytest.raises(TransportError, match="the host name was not found: no such name")
    with Rig("https://capella.test").client as client, unknown:
        client.post("/v2/projects", body={})
    assert len(asked) == attempts


def test_attempts_are_counted() -> None:
    """After the last attempt its error is raised."""
    with ScriptedServer(error_bytes(503, "down")) as wire:
        rig = Rig(wire.url)
        with rig.client as client, pytest.raises(ServerError, match="down"):
            client.get("/v2/clouds")
        assert len(wire.seen) == Limits().attempts
        assert len(rig.slept) == Limits().attempts - 1


def test_backoff_is_exponential_with_full_jitter(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pause is random between zero and a bound, which doubles up to a limit."""
    bounds: list[float] = []

    def half(low: float, high: float) -> float:
        bounds.append(high)
        return (low + high) / 2

    monkeypatch.setattr("random.uniform", half)
    with ScriptedServer(error_bytes(503)) as wire:
        rig = Rig(wire.url, Limits(pause=1.5))
        with rig.client as client, pytest.raises(ServerError):
            client.get("/v2/clouds")
    assert bounds[:4] == [0.25, 0.5, 1, 1.5]
    assert rig.slept == [0.125, 0.25, 0.5, 0.75]


@pytest.mark.parametrize(
    ("header", "slept"),
    [("0", 0), ("7", 7), ("3600", 30), ("9" * 400, 30)],
)
def test_retry_after_in_seconds(header: str, slept: float) -> None:
    """The pause is the number of seconds in Retry-After, up to the longest pause."""
    with ScriptedServer(error_bytes(429, "slow", f"Retry-After: {header}"), response_bytes()) as wire:
        rig = Rig(wire.url)
        with rig.client as client:
            client.get("/v2/clouds")
        assert rig.slept == [slept]


@pytest.mark.parametrize(("ahead", "slept"), [(12, 12), (-60, 0), (3600, 30)])
def test_retry_after_as_a_date(ahead: int, slept: float) -> None:
    """The pause lasts until the date in Retry-After by the local clock; a past date is no pause."""
    date = format_datetime(datetime.fromtimestamp(1_700_000_000 + ahead, UTC), usegmt=True)
    with ScriptedServer(error_bytes(503, "later", f"Retry-After: {date}"), response_bytes()) as wire:
        rig = Rig(wire.url)
        with rig.client as client:
            client.get("/v2/clouds")
        assert rig.slept == [pytest.approx(slept, abs=0.1)]


@pytest.mark.parametrize("header", ["soon", "-1", "1.5", "", "Sun, 99 Foo 2023", "\xb2"])
def test_invalid_retry_after(header: str) -> None:
    """An invalid Retry-After is ignored, and the pause is the exponential one."""
    with ScriptedServer(error_bytes(503, "later", f"Retry-After: {header}"), response_bytes()) as wire:
        rig = Rig(wire.url)
        with rig.client as client:
            client.get("/v2/clouds")
        assert len(rig.slept) == 1
        assert rig.slept[0] <= 0.25


def test_retry_after_beyond_the_budget() -> None:
    """If the next attempt would begin too late, the error is raised at once, with the wait in it."""
    with ScriptedServer(error_bytes(429, "slow", "Retry-After: 25")) as wire:
        rig = Rig(wire.url, Limits(total=60))
        with rig.client as client, pytest.raises(RateLimitedError) as raised:
            client.get("/v2/clouds")
        assert rig.slept == [25, 25]
        assert raised.value.retry_after == 25


@pytest.mark.parametrize("lost", [drop, reset, truncate(response_bytes(202))])
def test_repeated_delete_that_finds_nothing(lost: Action) -> None:
    """A 404 after a lost response means that the first DELETE succeeded."""
    with ScriptedServer(lost, error_bytes(404)) as wire, Rig(wire.url).client as client:
        found = client.delete("/v2/projects/{id}", "7f3a")
        assert (found.status, found.body, len(wire.seen)) == (404, None, 2)


@pytest.mark.parametrize(
    "replies",
    [(error_bytes(404),), (error_bytes(503), error_bytes(404)), (error_bytes(429), error_bytes(404))],
)
def test_delete_that_finds_nothing(replies: tuple[Action, ...]) -> None:
    """A 404 is an error if every earlier attempt got a response."""
    with ScriptedServer(*replies) as wire, Rig(wire.url).client as client, pytest.raises(NotFoundError):
        client.delete("/v2/projects/{id}", "7f3a")


def test_get_that_finds_nothing_after_a_lost_response() -> None:
    """Only a DELETE turns a 404 into a success."""
    with (
        ScriptedServer(drop, error_bytes(404)) as wire,
        Rig(wire.url).client as client,
        pytest.raises(NotFoundError),
    ):
        client.get("/v2/projects/{id}", "7f3a")
