"""Retries in Python: which failures are repeated, after which pause, and when a call ends."""

from __future__ import annotations

import socket
from contextlib import ExitStack
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING

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
from capella.retry import Attempts, Limits, Retries
from capella.settings import Settings
from capella.transport import ReceivedResponse, Request
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

if TYPE_CHECKING:
    from collections.abc import Callable

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


@pytest.mark.parametrize(("later", "slept"), [(12, 12), (-60, 0), (3600, 30)])
def test_retry_after_as_a_date(later: int, slept: float) -> None:
    """The pause lasts until the date in Retry-After by the local clock; a past date is no pause."""
    date = format_datetime(datetime.fromtimestamp(1_700_000_000 + later, UTC), usegmt=True)
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
        assert found.request == Request("DELETE", "/v2/projects/7f3a")


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


def test_delete_lost_then_refused_then_not_found() -> None:
    """A lost response is remembered over a later refusal: the 404 is still a success."""
    with (
        ScriptedServer(drop, error_bytes(503, "busy", "Retry-After: 0"), error_bytes(404)) as wire,
        Rig(wire.url).client as client,
    ):
        found = client.delete("/v2/projects/{id}", "7f3a")
        assert (found.status, found.body, len(wire.seen)) == (404, None, 3)


class Script:
    """Stands for the transport: each attempt takes some seconds and then fails or gets a response."""

    def __init__(self, rig: Rig, *results: TransportError | int, seconds: float = 0) -> None:
        """Replace the transport of the rig's client."""
        self._rig = rig
        self._results = list(results)
        self._seconds = seconds
        self.sent = 0
        self.waits: list[float] = []
        rig.client._transport = self  # type: ignore[assignment]  # noqa: SLF001  # it has the same two methods

    def send(self, request: Request, wait: Callable[[], float]) -> ReceivedResponse:
        """Take the next result; the last one is repeated."""
        assert request.target.startswith("/v2/projects")
        self.sent += 1
        self.waits.append(wait())
        self._rig.monotonic += self._seconds
        result = self._results.pop(0) if len(self._results) > 1 else self._results[0]
        if isinstance(result, TransportError):
            raise result
        headers = {"Content-Type": "application/json", "Retry-After": "25"}
        return ReceivedResponse(result, "", headers, b"{}", cut=False)

    def close(self) -> None:
        """Close nothing."""


def failure(*, connected: bool, temporary: bool = True) -> TransportError:
    """Return an attempt without response."""
    return TransportError("failed", "GET", "/", connected=connected, temporary=temporary)


@pytest.mark.parametrize(
    ("first", "second", "gone"),
    [
        (failure(connected=True), failure(connected=False), True),
        (failure(connected=False), failure(connected=True), True),
        (failure(connected=False), failure(connected=False), False),
    ],
)
def test_delete_after_two_failures(first: TransportError, second: TransportError, gone: bool) -> None:  # noqa: FBT001  # a column
    """A 404 is a success if any earlier attempt, not only the last one, was connected and lost."""
    rig = Rig(NOWHERE)
    Script(rig, first, second, 404)
    if gone:
        assert rig.client.delete("/v2/projects/{id}", "7f3a").status == 404
    else:
        with pytest.raises(NotFoundError):
            rig.client.delete("/v2/projects/{id}", "7f3a")


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "POST"])
@pytest.mark.parametrize("connected", [False, True])
@pytest.mark.parametrize("temporary", [False, True])
def test_which_transport_errors_are_repeated(method: str, connected: bool, temporary: bool) -> None:  # noqa: FBT001  # columns
    """A temporary failure is repeated, of a POST only if no connection was made."""
    rig = Rig(NOWHERE)
    script = Script(rig, failure(connected=connected, temporary=temporary), 200)
    repeated = temporary and not (method == "POST" and connected)
    if repeated:
        assert rig.client.request(method, "/v2/projects").status == 200
    else:
        with pytest.raises(TransportError):
            rig.client.request(method, "/v2/projects")
    assert script.sent == 1 + repeated


@pytest.mark.parametrize(("total", "attempts"), [(50, 2), (50.001, 3), (25, 1), (25.001, 2)])
def test_total_limit_at_its_edge(total: float, attempts: int) -> None:
    """No attempt begins at the total limit or later; one just before it begins."""
    rig = Rig(NOWHERE, Limits(total=total, attempts=10))
    script = Script(rig, 429)
    with pytest.raises(RateLimitedError):
        rig.client.get("/v2/projects")
    assert (script.sent, rig.slept) == (attempts, [25] * (attempts - 1))


@pytest.mark.parametrize(
    ("limits", "waits"),
    [
        (Limits(attempt=30, total=90, pause=25), [30, 30, 30]),
        (Limits(attempt=30, total=70, pause=25), [30, 30, 10]),
        (Limits(attempt=100, total=70, pause=25), [70, 40, 10]),
    ],
)
def test_time_of_an_attempt(limits: Limits, waits: list[float]) -> None:
    """An attempt has its own limit, or what is left of the total; it takes 5 s, a pause 25 s."""
    rig = Rig(NOWHERE, limits)
    script = Script(rig, 429, seconds=5)
    with pytest.raises(RateLimitedError):
        rig.client.get("/v2/projects")
    assert script.waits == waits


@pytest.mark.parametrize(("passed", "left"), [(29.5, 0.5), (30, None), (31, None)])
def test_timer_at_its_edge(passed: float, left: float | None) -> None:
    """The timer returns the seconds that are left, and raises TimeoutError at zero."""
    now = 100.0
    retries = Retries(Limits(attempt=30), lambda: now, lambda _: None)
    timer = retries.timer(Attempts(Request("GET", "/"), ends=1000))
    now += passed
    if left is None:
        with pytest.raises(TimeoutError):
            timer()
    else:
        assert timer() == left


@pytest.mark.parametrize("attempts", [1, 2, 7])
def test_number_of_attempts(attempts: int) -> None:
    """A request is sent as often as the limit says."""
    rig = Rig(NOWHERE, Limits(attempts=attempts, total=1e6))
    script = Script(rig, 503)
    with pytest.raises(ServerError):
        rig.client.get("/v2/projects")
    assert script.sent == attempts


def test_default_limits() -> None:
    """The limits are those that the documentation of both languages names."""
    assert Limits() == Limits(connect=10, attempt=30, total=90, pause=30, attempts=5)


def test_pauses_are_logged(caplog: pytest.LogCaptureFixture) -> None:
    """Each pause is logged with its cause and its length, each response with its status."""
    caplog.set_level("DEBUG", "capella")
    rig = Rig(NOWHERE)
    Script(rig, 429, 200)
    rig.client.get("/v2/projects")
    assert [(record.levelname, record.getMessage()) for record in caplog.records] == [
        ("DEBUG", "GET /v2/projects: 429"),
        ("INFO", "GET /v2/projects: 429: no reason given; next attempt in 25.0 s"),
        ("DEBUG", "GET /v2/projects: 200"),
    ]
