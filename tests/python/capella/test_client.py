"""The Python client on the wire: what travels is what was signed, and what is repeated is signed again."""

from __future__ import annotations

import json
import socket
from contextlib import ExitStack, nullcontext
from datetime import UTC, datetime
from email.utils import format_datetime

import pytest

from capella.client import Client
from capella.errors import (
    CapellaError,
    InputInvalidError,
    NotFoundError,
    RateLimitedError,
    ResponseError,
    ServerError,
    SettingsError,
    TransportError,
)
from capella.retry import Limits
from capella.settings import Settings
from capella.target import wire_target
from tests.conformance.vectors.suite import TargetVector, load_suite
from tests.support.hostile_servers import (
    NOWHERE,
    SECRET,
    Reply,
    Rig,
    Wire,
    answer,
    assert_signed,
    drop,
    error,
    reset,
    truncate,
)

TARGETS = load_suite().targets


def ids(vector: TargetVector) -> str:
    """Name a test by its vector."""
    return vector.id


# Targets


@pytest.mark.parametrize("vector", TARGETS, ids=ids)
def test_target_vector_travels(vector: TargetVector) -> None:
    """Every vector's target is built, signed and sent byte by byte, or refused before anything is sent."""
    with Wire(answer()) as wire, Rig(wire.url).client as client:
        if vector.refuse:
            with pytest.raises(InputInvalidError):
                client.request("GET", wire_target(vector.path, vector.query))
            assert not wire.seen
        else:
            client.request("GET", wire_target(vector.path, vector.query))
            (seen,) = wire.seen
            assert seen.target == vector.expected
            assert_signed(seen)


@pytest.mark.parametrize(
    "target",
    [
        "/",
        "//v2/clouds",
        "/v2/clouds?",
        "/v2/clouds/?",
        "/a/../b/./c//d/",
        "/..",
        "/v2/%7E%2f%2F%c3%A9",
        "/v2/clouds?a=%2f&b=+&c=%20&&=&d",
        "/v2/clouds?url=http://example.com/?a=b",
        "/v2/a;b=c,d:e@f!$&'()*+",
        "/@example.com/v2",
        "/" + "x" * 8000,
    ],
)
def test_typed_target_travels_untouched(target: str) -> None:
    """Nothing on the way normalises, encodes, decodes or drops a byte of it."""
    with Wire(answer()) as wire, Rig(wire.url).client as client:
        client.request("GET", target)
        (seen,) = wire.seen
        assert seen.target == target
        assert_signed(seen)


@pytest.mark.parametrize(
    "target",
    [
        *("", "v2/clouds", "http://127.0.0.1/v2", "*", "/a b", "/a#b", "/a\n", "/\x00", "/é", "/\ud800"),
        *("/a|b", "/[a]", "/a%zz", "/a%2", '/"', "/a\\b", "/a?b^c", "/a?{b}"),
    ],
)
def test_typed_target_is_refused(target: str) -> None:
    """What RFC 3986 does not allow in a path or a query is refused, and nothing sent."""
    with Wire(answer()) as wire, Rig(wire.url).client as client:
        with pytest.raises(InputInvalidError, match="target"):
            client.request("GET", target)
        assert not wire.seen


def test_values_fill_the_path() -> None:
    """Values take the places of the names, encoded; None leaves a query's pair out."""
    with Wire(answer()) as wire, Rig(wire.url).client as client:
        client.put("/v2/clusters/{id}/users/{username}", "7f3a", "a/b c", body={"a": "é"})
        client.get("/v3/clusters", query={"page": 1, "cloudId": None, "sortBy": "a&b"})
        put, get = wire.seen
    assert put.target == "/v2/clusters/7f3a/users/a%2Fb%20c"
    assert (put.header("Content-Type"), json.loads(put.body)) == ("application/json", {"a": "é"})
    assert get.target == "/v3/clusters?page=1&sortBy=a%26b"


@pytest.mark.parametrize("value", ["", ".", "..", "\ud800"])
def test_value_that_would_change_the_path(value: str) -> None:
    """An empty id would delete the list itself, and dots another thing."""
    with Wire(answer()) as wire, Rig(wire.url).client as client:
        with pytest.raises(InputInvalidError):
            client.delete("/v2/projects/{id}", value)
        assert not wire.seen


# Retries


HTML = answer(503, b"<p>", content_type="text/html")
PASSING = (error(429), error(502), error(503), error(504), HTML, drop, reset, truncate(answer()))


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
@pytest.mark.parametrize("failure", PASSING)
def test_passing_failure_is_repeated(method: str, failure: Reply) -> None:
    """Each attempt carries the whole body, a new timestamp and its own signature."""
    with Wire(failure, failure, answer(200, b'{"done": true}')) as wire:
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
def test_lasting_refusal_is_reported(status: int) -> None:
    """What another attempt would not change is not repeated."""
    with Wire(error(status), answer()) as wire, Rig(wire.url).client as client:
        with pytest.raises(ResponseError) as raised:
            client.get("/v2/projects")
        assert raised.value.status == status
        assert len(wire.seen) == 1


@pytest.mark.parametrize(
    "failure", [error(429, "wait", "Retry-After: 0"), error(503), drop, reset, truncate(answer())]
)
def test_post_is_sent_once(failure: Reply) -> None:
    """A POST that may have been carried out is reported, whatever came of it."""
    with Wire(failure, answer()) as wire, Rig(wire.url).client as client:
        with pytest.raises(CapellaError) as raised:
            client.post("/v2/projects", body={})
        assert len(wire.seen) == 1
    if isinstance(raised.value, TransportError):
        assert "may have been carried out" in str(raised.value)


def test_post_is_repeated_when_no_connection_was_made() -> None:
    """Refused connections are safe to repeat, and give up in the end."""
    rig = Rig(NOWHERE)
    with (
        rig.client as client,
        pytest.raises(TransportError, match=r"refused \(127\.0\.0\.1:\d+\)$") as raised,
    ):
        client.post("/v2/projects", body={})
    assert not raised.value.connected
    assert len(rig.slept) == Limits().attempts - 1


def test_post_reaches_a_server_that_comes_up() -> None:
    """The connection that is made at last carries the request, once."""
    with Wire(answer(201)) as gone:
        address, port = gone.url, gone.port
    started: list[Wire] = []

    def start(_: float) -> None:
        started.append(stack.enter_context(Wire(answer(201), port=port)))

    with ExitStack() as stack, Client(Settings(address, "A", SECRET), sleep=start) as client:
        assert client.post("/v2/projects", body={}).status == 201
        assert [len(wire.seen) for wire in started] == [1]


@pytest.mark.parametrize(
    ("code", "attempts"), [(socket.EAI_NONAME, 1), (socket.EAI_AGAIN, Limits().attempts)]
)
def test_name_that_is_not_found(code: int, attempts: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name nobody knows is not asked for again; a name service that is silent is."""
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
    """After the last attempt the last answer is the error."""
    with Wire(error(503, "down")) as wire:
        rig = Rig(wire.url)
        with rig.client as client, pytest.raises(ServerError, match="down"):
            client.get("/v2/clouds")
        assert len(wire.seen) == Limits().attempts
        assert len(rig.slept) == Limits().attempts - 1


def test_backoff_is_exponential_with_full_jitter(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses are random from nothing up to a bound that doubles, and that is bounded itself."""
    bounds: list[float] = []

    def half(low: float, high: float) -> float:
        bounds.append(high)
        return (low + high) / 2

    monkeypatch.setattr("random.uniform", half)
    with Wire(error(503)) as wire:
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
    """The server's word is kept, up to the longest pause; 0 waits nothing."""
    with Wire(error(429, "slow", f"Retry-After: {header}"), answer()) as wire:
        rig = Rig(wire.url)
        with rig.client as client:
            client.get("/v2/clouds")
        assert rig.slept == [slept]


@pytest.mark.parametrize(("ahead", "slept"), [(12, 12), (-60, 0), (3600, 30)])
def test_retry_after_as_a_date(ahead: int, slept: float) -> None:
    """A date counts from our clock; one that has passed waits nothing."""
    date = format_datetime(datetime.fromtimestamp(1_700_000_000 + ahead, UTC), usegmt=True)
    with Wire(error(503, "later", f"Retry-After: {date}"), answer()) as wire:
        rig = Rig(wire.url)
        with rig.client as client:
            client.get("/v2/clouds")
        assert rig.slept == [pytest.approx(slept, abs=0.1)]


@pytest.mark.parametrize("header", ["soon", "-1", "1.5", "", "Sun, 99 Foo 2023", "\xb2"])
def test_retry_after_that_means_nothing(header: str) -> None:
    """What is neither is not there: the pause is our own."""
    with Wire(error(503, "later", f"Retry-After: {header}"), answer()) as wire:
        rig = Rig(wire.url)
        with rig.client as client:
            client.get("/v2/clouds")
        assert len(rig.slept) == 1
        assert rig.slept[0] <= 0.25


def test_retry_after_beyond_the_budget() -> None:
    """When the next attempt would come too late, the error comes at once, and says how long to wait."""
    with Wire(error(429, "slow", "Retry-After: 25")) as wire:
        rig = Rig(wire.url, Limits(total=60))
        with rig.client as client, pytest.raises(RateLimitedError) as raised:
            client.get("/v2/clouds")
        assert rig.slept == [25, 25]
        assert raised.value.retry_after == 25


@pytest.mark.parametrize("lost", [drop, reset, truncate(answer(202))])
def test_repeated_delete_that_finds_nothing(lost: Reply) -> None:
    """When the first answer was lost, a 404 means that it had been done."""
    with Wire(lost, error(404)) as wire, Rig(wire.url).client as client:
        found = client.delete("/v2/projects/{id}", "7f3a")
        assert (found.status, found.body, len(wire.seen)) == (404, None, 2)


@pytest.mark.parametrize("replies", [(error(404),), (error(503), error(404)), (error(429), error(404))])
def test_delete_that_finds_nothing(replies: tuple[Reply, ...]) -> None:
    """When every attempt was answered, a 404 is a 404."""
    with Wire(*replies) as wire, Rig(wire.url).client as client, pytest.raises(NotFoundError):
        client.delete("/v2/projects/{id}", "7f3a")


def test_get_that_finds_nothing_after_a_lost_answer() -> None:
    """A 404 is good news for a DELETE alone."""
    with Wire(drop, error(404)) as wire, Rig(wire.url).client as client, pytest.raises(NotFoundError):
        client.get("/v2/projects/{id}", "7f3a")


# Connections


def test_status_needs_no_keys() -> None:
    """A client without keys sends neither header."""
    with Wire(answer()) as wire, Client(Settings(wire.url)) as client:
        client.get("/v2/status")
        (seen,) = wire.seen
        assert seen.header("Authorization") is None
        assert seen.header("Couchbase-Timestamp") is None


def test_settings_made_by_hand_are_checked() -> None:
    """No client sends a key over plain http to another machine, or takes keys that cannot sign."""
    for where in (
        Settings("http://example.com", "A", "s"),
        Settings(NOWHERE, "A:b", "s"),
        Settings(NOWHERE, "", "s"),
    ):
        with pytest.raises(SettingsError):
            Client(where)


def test_connection_is_kept() -> None:
    """Calls share one connection, after errors and empty answers too."""
    replies = (answer(), answer(204, b""), error(422), answer(200, b"[]"))
    with Wire(*replies) as wire, Rig(wire.url).client as client:
        for _ in replies:
            with_error = pytest.raises(ResponseError) if len(wire.seen) == 2 else nullcontext()
            with with_error:
                client.get("/v2/clouds")
        assert (len(wire.seen), wire.connections) == (4, 1)
