"""The requests that a fault applies to, and the effect of the fault on the response."""

from __future__ import annotations

import dataclasses
import http.client
import json
import math
import random
import re
from typing import TYPE_CHECKING

import pytest

from mock_server.faults.grammar import Fault
from mock_server.faults.injection import Faults, inject
from mock_server.http import ReceivedRequest, Reply, json_reply
from mock_server.server import MockServer
from tests.conformance.raw_http import parse, send_bytes
from tests.support.raw_http import request, signed

if TYPE_CHECKING:
    from tests.conformance import raw_http
    from tests.conftest import Clock


def set_faults(mock: MockServer, *specs: str) -> None:
    """Replace the faults of a mock."""
    mock.faults.replace([Fault.from_spec(spec) for spec in specs])


def get_projects(mock: MockServer, clock: Clock) -> raw_http.RawResponse:
    """Send a signed list of projects."""
    return parse(send_bytes(mock.port, signed("GET", "/v2/projects", clock.now)))


def applied(spec: str, count: int = 12, method: str = "GET", target: str = "/v2/projects") -> list[int]:
    """Return to which of `count` equal requests a fault applies, counted from 1."""
    faults = Faults([Fault.from_spec(spec)])
    return [number for number in range(1, count + 1) if faults.pick(ReceivedRequest(method, target))]


def test_which_requests_a_fault_applies_to() -> None:
    """The selection is all requests, the first N, the Nth, every Nth, or repeatable at a rate."""
    assert applied("GET * status=503", 3) == [1, 2, 3]
    assert applied("GET * status=503 first=2") == [1, 2]
    assert applied("GET * status=503 nth=2") == [2]
    assert applied("GET * status=503 every=5") == [5, 10]
    assert applied("GET * status=503 rate=0") == []
    assert applied("GET * status=503 rate=1", 3) == [1, 2, 3]
    assert applied("GET * status=503 rate=0.3 seed=7", 99) == applied("GET * status=503 rate=0.3 seed=7", 99)
    assert applied("GET * status=503 rate=0.3 seed=7", 99) != applied("GET * status=503 rate=0.3 seed=8", 99)
    assert 250 < len(applied("GET * status=503 rate=0.3", 1000)) < 350


@pytest.mark.parametrize(
    ("pattern", "target", "fits"),
    [
        ("/v2/projects", "/v2/projects", True),
        ("/v2/projects", "/v2/projects?page=2", True),
        ("/v2/projects", "/v2/projects/1", False),
        ("/v2/projects*", "/v2/projects/1?x", True),
        ("/v2/projects?page=2*", "/v2/projects?page=2&perPage=1", True),
        ("/v2/projects?page=2*", "/v2/projects?page=1", False),
        ("/v2/*/users", "/v2/clusters/1/users", True),
        ("/v2/a.c", "/v2/abc", False),
        ("/v2/[ab]", "/v2/a", False),
        ("*", "*", True),
        ("/*a*b*", "/xaxbx", True),
        ("/*a*b", "/bxa", False),
        ("/a*a", "/a", False),
        ("/*b", "/a\nb", True),
        # With backtracking, this match would not end.
        ("/*a*a*a*a*a*a*a*a*a*a*b", "/" + "a" * 5000, False),
    ],
)
def test_path_patterns(pattern: str, target: str, *, fits: bool) -> None:
    """A pattern is compared with the path, or with the target if it contains `?`; only `*` is special."""
    assert applied(f"GET {pattern} status=503", 1, target=target) == [1] * fits


def test_method_is_exact_or_any() -> None:
    """`*` is any method."""
    assert applied("* * status=503", 1, method="DELETE") == [1]
    assert applied("PUT * status=503", 1, method="GET") == []


def test_each_matching_fault_counts_a_request() -> None:
    """The second fault applies to the second request, which the first fault does not select."""
    faults = Faults([Fault(status=503, first=1), Fault(status=429, nth=2)])
    picked = [faults.pick(ReceivedRequest("GET", "/")) for _ in range(3)]
    assert [fault and fault.status for fault in picked] == [503, 429, None]


GET = ReceivedRequest("GET", "/")


def test_the_first_of_two_faults_that_apply_is_injected() -> None:
    """The order of the list decides, not that of the statuses or of the keys."""
    one, other = Fault(status=503), Fault(status=429)
    assert Faults([one, other]).pick(GET) == one
    assert Faults([other, one]).pick(GET) == other


def test_a_fault_that_is_not_injected_counts_the_request_too() -> None:
    """Both faults apply to the first request, which uses up the only request of the second fault."""
    faults = Faults([Fault(status=503, first=1), Fault(status=429, first=1)])
    assert [fault and fault.status for fault in (faults.pick(GET), faults.pick(GET))] == [503, None]


def test_other_requests_are_not_counted() -> None:
    """A fault does not count requests with another method or another path."""
    faults = Faults([Fault(method="GET", path="/a", status=503, nth=2)])
    targets = [("GET", "/a"), ("POST", "/a"), ("GET", "/b"), ("GET", "/a")]
    assert [faults.pick(ReceivedRequest(*each)) is not None for each in targets] == [False] * 3 + [True]


def test_replacing_faults_restarts_counts_and_seeds() -> None:
    """The same faults then apply to the same requests again."""
    for fault in (Fault(status=503, nth=2), Fault(status=503, rate=0.5, seed=7)):
        faults = Faults([fault])
        first = [faults.pick(GET) for _ in range(20)]
        faults.replace([fault])
        assert faults.all() == [fault]
        assert [faults.pick(GET) for _ in range(20)] == first
        assert None in first
        assert fault in first


def test_the_default_seed_is_zero() -> None:
    """A rate without a seed selects the same requests in each run."""
    assert applied("GET * status=503 rate=0.5", 50) == applied("GET * status=503 rate=0.5 seed=0", 50)
    assert applied("GET * status=503 rate=0.5", 50) != applied("GET * status=503 rate=0.5 seed=1", 50)


def test_a_rate_is_the_share_of_numbers_below_it() -> None:
    """A random number equal to the rate does not select the request. So rate=0 selects none."""
    number = random.Random(7).random()  # noqa: S311  # not a secret
    assert Faults([Fault(status=503, seed=7, rate=number)]).pick(GET) is None
    assert Faults([Fault(status=503, seed=7, rate=math.nextafter(number, 1))]).pick(GET)


def injected(fault: Fault, reply: Reply) -> tuple[Reply, list[str | float]]:
    """Return the reply after the injection, and in which order the operation ran and the latency passed."""
    events: list[str | float] = []

    def operation() -> Reply:
        events.append("operation")
        return reply

    return inject(fault, operation, events.append), events


OK = json_reply(200, {"a": 1}, (("X-A", "1"), ("X-B", "2")))


@pytest.mark.parametrize(
    ("fault", "events"),
    [
        (Fault(status=503), []),
        (Fault(status=503, latency=250), [0.25]),
        (Fault(status=503, when="after"), ["operation"]),
        (Fault(status=503, latency=1, when="after"), ["operation", 0.001]),
        (Fault(connection="drop"), []),
        (Fault(connection="drop", latency=1), [0.001]),
        (Fault(connection="reset", latency=1, when="after"), ["operation", 0.001]),
        (Fault(latency=1), [0.001, "operation"]),
        (Fault(latency=1, when="after"), ["operation", 0.001]),
        (Fault(body="html"), ["operation"]),
        (Fault(headers={"A": "b"}), ["operation"]),
        (Fault(date_offset=1), ["operation"]),
    ],
    ids=str,
)
def test_when_the_operation_runs(fault: Fault, events: list[str | float]) -> None:
    """A status or a connection fault replaces the operation, unless `when=after`; others never do."""
    assert injected(fault, OK)[1] == events


@pytest.mark.parametrize("ending", ["reset", "drop"])
def test_an_ended_connection_has_no_reply(ending: str) -> None:
    """The reply has the ending, and nothing else."""
    assert injected(Fault(connection=ending), OK)[0] == Reply(0, ending=ending)


@pytest.mark.parametrize(
    ("status", "error_type"),
    [
        (399, None),
        (400, "Status400"),
        (401, "Unauthorized"),
        (403, "Forbidden"),
        (404, "EntityNotFound"),
        (422, "RequestInvalid"),
        (429, "TooManyRequests"),
        (500, "InternalServerError"),
        (503, "Status503"),
    ],
)
def test_the_error_type_of_a_status(status: int, error_type: str | None) -> None:
    """It is the operations' type, or `Status` and the number. A status below 400 has no envelope."""
    reply, _ = injected(Fault(status=status), OK)
    assert reply.status == status
    if error_type is None:
        assert (reply.body, reply.headers) == (b"", ())
    else:
        message = f"The mock injected status {status}, because of this fault: * * status={status}"
        assert json.loads(reply.body) == {"errorType": error_type, "message": message}


@pytest.mark.parametrize(
    ("texts", "envelope"),
    [
        ({"error_type": "E"}, {"errorType": "E", "message": "The mock injected status 422, because of ..."}),
        ({"message": "M"}, {"errorType": "RequestInvalid", "message": "M"}),
        ({"error_type": "", "message": ""}, {"errorType": "", "message": ""}),
        ({"error_type": "\u00e9", "message": 'a "b"'}, {"errorType": "\u00e9", "message": 'a "b"'}),
    ],
)
def test_the_envelope_of_a_fault(texts: dict[str, str], envelope: dict[str, str]) -> None:
    """A fault sets both texts of an error, or one of them; each has a default."""
    body = json.loads(injected(Fault(status=422, **texts), OK)[0].body)  # type: ignore[arg-type]  # texts only
    body["message"] = re.sub("(because of ).*", r"\1...", body["message"])
    assert body == envelope


@pytest.mark.parametrize(
    ("kind", "body", "changed", "length"),
    [
        ("truncated", b"12345", b"12", 5),
        ("truncated", b"", b"", 1),
        ("malformed", b"12345", b"12", None),
        ("malformed", b"1", b"{", None),
        ("malformed", b"", b"{", None),
    ],
)
def test_half_of_a_body(kind: str, body: bytes, changed: bytes, length: int | None) -> None:
    """The half is rounded down; an empty body gets a length or a byte that breaks it."""
    reply, _ = injected(Fault(body=kind), Reply(202, body))
    assert (reply.status, reply.body, reply.length) == (202, changed, length)


@pytest.mark.parametrize("kind", ["truncated", "malformed", "html"])
def test_a_broken_204_becomes_a_200(kind: str) -> None:
    """A 204 has no body; other statuses stay."""
    assert injected(Fault(body=kind), Reply(204))[0].status == 200
    assert injected(Fault(body=kind), Reply(201))[0].status == 201


def test_a_broken_body_keeps_the_other_headers() -> None:
    """Only the Content-Type is replaced, and not added a second time."""
    reply, _ = injected(Fault(body="html"), OK)
    assert reply.headers == (("Content-Type", "text/html"), ("X-A", "1"), ("X-B", "2"))
    reply, _ = injected(Fault(body="malformed"), Reply(200, b"[]", (("content-type", "x"), ("X-A", "1"))))
    assert reply.headers == (("Content-Type", "application/json"), ("X-A", "1"))
    assert injected(Fault(body="truncated"), OK)[0].headers == OK.headers


def test_headers_are_replaced_or_added() -> None:
    """The names of replaced headers are compared without regard to case; the others stay."""
    reply, _ = injected(Fault(headers={"x-a": "3", "X-C": "4"}), OK)
    assert reply == dataclasses.replace(
        OK, headers=(("Content-Type", "application/json"), ("X-B", "2"), ("x-a", "3"), ("X-C", "4"))
    )
    reply, _ = injected(Fault(body="html", headers={"content-type": "text/plain"}), OK)
    assert reply.headers[-1] == ("content-type", "text/plain")
    assert len(reply.headers) == 3


def test_the_date_offset_is_passed_on() -> None:
    """The reply has the date offset of the fault, or zero."""
    assert injected(Fault(date_offset=-5), OK)[0].date_offset == -5
    assert injected(Fault(headers={"A": "b"}), OK)[0].date_offset == 0


def test_a_status_replaces_the_operation(mock: MockServer, clock: Clock) -> None:
    """The response has the API's envelope, and the journal contains the fault."""
    set_faults(mock, "POST /v2/projects status=503 header=Retry-After:0 first=1")
    body, json_type = b'{"name":"canary project"}', ("Content-Type", "application/json")
    raw = signed("POST", "/v2/projects", clock.now, body, json_type)
    reply = parse(send_bytes(mock.port, raw))
    assert (reply.status, reply.headers["retry-after"]) == (503, "0")
    assert set(reply.json) == {"errorType", "message"}
    assert "POST /v2/projects" in reply.json["message"]
    entry = mock.journal.entries()[-1]
    assert (entry["status"], entry["code"]) == (503, "ok")
    assert entry["fault"] == "POST /v2/projects first=1 status=503 header=Retry-After:0"
    assert b"canary project" not in get_projects(mock, clock).body
    assert parse(send_bytes(mock.port, raw)).status == 201
    assert mock.journal.entries()[-1]["fault"] is None


def test_a_status_after_the_operation(mock: MockServer, clock: Clock) -> None:
    """With `when=after`, the response is an error, and the project exists."""
    set_faults(mock, "POST /v2/projects status=500 when=after")
    body, json_type = b'{"name":"canary project"}', ("Content-Type", "application/json")
    assert (
        parse(send_bytes(mock.port, signed("POST", "/v2/projects", clock.now, body, json_type))).status == 500
    )
    listing = send_bytes(mock.port, signed("GET", "/v2/projects?perPage=100", clock.now))
    assert b"canary project" in listing


@pytest.mark.parametrize("status", [401, 403, 404, 422, 429, 500, 502])
def test_a_fault_can_have_any_error_status(mock: MockServer, clock: Clock, status: int) -> None:
    """A 401 of a fault is not a refusal: the journal keeps the code `ok`."""
    set_faults(mock, f"GET * status={status}")
    reply = get_projects(mock, clock)
    assert (reply.status, reply.headers.get("x-mock-refusal")) == (status, None)
    assert reply.json["errorType"]
    assert mock.journal.entries()[-1]["code"] == "ok"


def test_a_redirect_has_no_body(mock: MockServer, clock: Clock) -> None:
    """A status below 400 has the headers of the fault, and no envelope."""
    set_faults(mock, "GET * status=302 header=Location:/elsewhere")
    reply = get_projects(mock, clock)
    assert (reply.status, reply.headers["location"], reply.body) == (302, "/elsewhere", b"")


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_connection_is_reset(mock: MockServer, clock: Clock, when: str) -> None:
    """The client gets a TCP reset; the operation runs only with `when=after`; the journal has no status."""
    set_faults(mock, f"POST * connection=reset when={when}")
    body, json_type = b'{"name":"canary project"}', ("Content-Type", "application/json")
    with pytest.raises(ConnectionResetError):
        send_bytes(mock.port, signed("POST", "/v2/projects", clock.now, body, json_type))
    assert mock.journal.entries()[-1]["status"] is None
    listing = send_bytes(mock.port, signed("GET", "/v2/projects?perPage=100", clock.now))
    assert (b"canary project" in listing) == (when == "after")


def test_a_connection_is_dropped(mock: MockServer, clock: Clock) -> None:
    """The connection is closed in the normal way, without a response."""
    set_faults(mock, "GET * connection=drop")
    assert send_bytes(mock.port, signed("GET", "/v2/projects", clock.now)) == b""
    entry = mock.journal.entries()[-1]
    assert (entry["target"], entry["status"], entry["code"]) == ("/v2/projects", None, "ok")
    assert entry["fault"] == "GET * connection=drop"


def test_a_body_is_truncated(mock: MockServer, clock: Clock) -> None:
    """HTTP libraries notice that the body is shorter than its Content-Length."""
    whole = get_projects(mock, clock).body
    set_faults(mock, "GET * body=truncated")
    reply = get_projects(mock, clock)
    assert reply.body == whole[: len(whole) // 2]
    assert reply.headers["content-length"] == str(len(whole))
    connection = http.client.HTTPConnection("127.0.0.1", mock.port, timeout=10)
    connection.request("GET", "/v2/status")
    with connection.getresponse() as response, pytest.raises(http.client.IncompleteRead):
        response.read()
    connection.close()


def test_a_body_is_malformed(mock: MockServer, clock: Clock) -> None:
    """The Content-Type is JSON, the Content-Length is that of the body, and the body does not parse."""
    set_faults(mock, "GET * body=malformed")
    reply = get_projects(mock, clock)
    assert (reply.status, reply.headers["content-type"]) == (200, "application/json")
    assert reply.headers["content-length"] == str(len(reply.body))
    with pytest.raises(json.JSONDecodeError):
        json.loads(reply.body)


@pytest.mark.parametrize(("words", "status"), [("body=html", 200), ("body=html status=502", 502)])
def test_a_body_is_html(mock: MockServer, clock: Clock, words: str, status: int) -> None:
    """The status is that of the operation, or that of the fault."""
    set_faults(mock, f"GET * {words}")
    reply = get_projects(mock, clock)
    assert (reply.status, reply.headers["content-type"]) == (status, "text/html")
    assert reply.body.startswith(b"<!doctype html>")


@pytest.mark.parametrize("body", ["truncated", "malformed", "html"])
def test_a_broken_body_of_a_response_without_a_body(mock: MockServer, clock: Clock, body: str) -> None:
    """A 204 becomes a 200 with a body."""
    set_faults(mock, f"DELETE * status=204 body={body}")
    reply = parse(send_bytes(mock.port, signed("DELETE", "/v2/projects/x", clock.now)))
    assert reply.status == 200
    assert reply.headers["content-length"] != "0"


def test_a_header_replaces_that_of_the_response(mock: MockServer, clock: Clock) -> None:
    """Header names are compared without regard to case."""
    set_faults(mock, "GET * header=content-type:text/plain")
    reply = get_projects(mock, clock)
    assert (reply.status, reply.headers["content-type"]) == (200, "text/plain")
    assert reply.json["data"]


def test_the_date_is_wrong(mock: MockServer, clock: Clock) -> None:
    """Only responses with the fault have the wrong date. It stays within the years 1970 to 9999."""
    clock.now = 3_600_000
    set_faults(mock, "GET * date_offset=-3600000 first=1", "GET * date_offset=999999999999999999 nth=2")
    assert get_projects(mock, clock).headers["date"] == "Thu, 01 Jan 1970 00:00:00 GMT"
    assert get_projects(mock, clock).headers["date"] == "Fri, 31 Dec 9999 23:59:59 GMT"
    assert get_projects(mock, clock).headers["date"] == "Thu, 01 Jan 1970 01:00:00 GMT"


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_latency_comes_before_or_after_the_operation(clock: Clock, when: str) -> None:
    """The latency of 250 ms passes before or after the operation, as `when` says."""
    waited: list[tuple[float, bool]] = []
    body, json_type = b'{"name":"canary project"}', ("Content-Type", "application/json")

    def sleep(seconds: float) -> None:
        listed = mock.api.handle(ReceivedRequest("GET", "/v2/projects?perPage=100"), mock.url)
        waited.append((seconds, "canary project" in str(listed)))

    with MockServer(clock=clock, sleep=sleep) as mock:
        set_faults(mock, f"POST * latency=250 when={when}")
        assert (
            parse(send_bytes(mock.port, signed("POST", "/v2/projects", clock.now, body, json_type))).status
            == 201
        )
    mock.check()
    assert waited == [(0.25, when == "after")]


def test_faults_apply_only_to_accepted_requests(mock: MockServer, clock: Clock) -> None:
    """A refused request and `/_mock/` are not counted; `GET /v2/status` is."""
    set_faults(mock, "* * status=503 first=1")
    assert parse(send_bytes(mock.port, request("GET", "/v2/projects", []))).headers["x-mock-refusal"]
    assert parse(send_bytes(mock.port, request("GET", "/_mock/health", []))).status == 200
    assert parse(send_bytes(mock.port, request("GET", "/v2/status", []))).status == 503
    assert get_projects(mock, clock).status == 200


def test_a_reset_restores_the_faults_at_start(clock: Clock) -> None:
    """After a reset, the faults are those at start, and their counts are zero."""
    with MockServer(clock=clock, faults=[Fault(status=503, first=1)]) as mock:
        assert [get_projects(mock, clock).status for _ in range(2)] == [503, 200]
        set_faults(mock)
        send_bytes(mock.port, request("POST", "/_mock/reset", []))
        assert [get_projects(mock, clock).status for _ in range(2)] == [503, 200]
    mock.check()
