"""What goes wrong on purpose: the grammar in both its forms, which requests are hit, and what they get."""

from __future__ import annotations

import contextlib
import dataclasses
import http.client
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.faults.grammar import Fault, FaultError
from mock_server.faults.injection import Faults
from mock_server.http import ReceivedRequest
from mock_server.server import MockServer
from tests.support.raw_http import Reply, parse, request, send, signed

if TYPE_CHECKING:
    from tests.conftest import Clock


def arm(mock: MockServer, *specs: str) -> None:
    """Replace the faults of a mock."""
    mock.faults.replace([Fault.from_spec(spec) for spec in specs])


def projects(mock: MockServer, clock: Clock) -> Reply:
    """A signed list of projects."""
    return parse(send(mock.port, signed("GET", "/v2/projects", clock.now)))


BOTH_FORMS: list[tuple[str, dict[str, Any]]] = [
    (
        "GET /v2/projects* status=503 first=2",
        {"method": "GET", "path": "/v2/projects*", "status": 503, "first": 2},
    ),
    (
        "* * status=429 header=Retry-After:0 header=X-Y:z nth=3",
        {
            "method": "*",
            "path": "*",
            "status": 429,
            "headers": {"Retry-After": "0", "X-Y": "z"},
            "nth": 3,
        },
    ),
    (
        "POST /v2/x connection=reset every=2 when=after",
        {"method": "POST", "path": "/v2/x", "connection": "reset", "every": 2, "when": "after"},
    ),
    (
        "PUT /a?b=* latency=250 rate=0.3 seed=7",
        {"method": "PUT", "path": "/a?b=*", "latency": 250, "rate": 0.3, "seed": 7},
    ),
    (
        "GET /v2/clouds body=html date_offset=-3600000",
        {"method": "GET", "path": "/v2/clouds", "body": "html", "date_offset": -3_600_000},
    ),
    (
        "GET /x 'header=Content-Type: text/plain; charset=x'",
        {"method": "GET", "path": "/x", "headers": {"Content-Type": "text/plain; charset=x"}},
    ),
]


@pytest.mark.parametrize(("spec", "value"), BOTH_FORMS, ids=[spec for spec, _ in BOTH_FORMS])
def test_both_forms_say_the_same(spec: str, value: dict[str, Any]) -> None:
    """Words and JSON give the same fault, which writes itself in either form again."""
    fault = Fault.from_spec(spec)
    assert fault == Fault.from_json(value)
    assert fault.as_json() == value
    assert Fault.from_spec(str(fault)) == fault


@pytest.mark.parametrize(
    ("spec", "named"),
    [
        ("", "METHOD PATH"),
        ("GET", "METHOD PATH"),
        ("GET '/x status=503", "METHOD PATH"),
        ("get /x status=503", "method: 'get'"),
        ("GET x status=503", "path: 'x'"),
        ("GET /x", "the fault has no effect"),
        ("GET /x first=1", "the fault has no effect"),
        ("GET /x reset", "reset: this is not NAME=VALUE"),
        ("GET /x statsu=503", "'statsu' is unknown"),
        ("GET /x status=abc", "status: 'abc'"),
        ("GET /x status=199", "status: 199"),
        ("GET /x status=600", "status: 600"),
        ("GET /x status=503.0", "status: 503.0"),
        ("GET /x status=true", "status: True"),
        ("GET /x status=503 status=504", "status: given twice"),
        ("GET /x status=503 method=PUT", "method: given twice"),
        ("GET /x status=503 first=0", "first: 0"),
        ("GET /x status=503 first=1 nth=2", "first and nth exclude each other"),
        ("GET /x status=503 rate=1.5", "rate: 1.5"),
        ("GET /x status=503 rate=NaN", "rate: nan"),
        ("GET /x status=503 seed=1", "seed is used without rate"),
        ("GET /x status=503 when=never", "when: 'never'"),
        ("GET /x latency=-1", "latency: -1"),
        ("GET /x latency=3600001", "latency: 3600001"),
        ("GET /x body=pretty", "body: 'pretty'"),
        ("GET /x connection=slow", "connection: 'slow'"),
        ("GET /x connection=drop status=503", "connection: a drop sends no response"),
        ("GET /x header=A", "header=A: write header=NAME:VALUE"),
        ("GET /x header=A:1 header=A:2", "header=A:2: write header=NAME:VALUE"),
        ("GET /x header=Date:x", "headers: "),
        ("GET /x header=Content-Length:5", "headers: "),
        ("GET /x 'header=A B:x'", "headers: "),
        ("GET /x 'header=A:\u00e9'", "headers: "),
        ("GET /x 'header=A:b\nC'", "headers: "),
    ],
)
def test_wrong_words_are_named(spec: str, named: str) -> None:
    """What cannot be understood is said in one line that begins with the part at fault."""
    with pytest.raises(FaultError) as caught:
        Fault.from_spec(spec)
    assert named in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        "GET",
        {"status": None},
        {"status": "503"},
        {"status": 503, "first": True},
        {"status": 503, "method": None},
        {"status": 503, "path": 5},
        {"headers": {"A": 1}},
        {"headers": []},
        {"status": 503, "headers": None},
        {"status": 503, "when": None},
        {"status": 503, "rate": "x"},
    ],
)
def test_wrong_json_is_named(value: object) -> None:
    """A value of the wrong type is refused, not converted."""
    with pytest.raises(FaultError):
        Fault.from_json(value)


KEYS = [each.name for each in dataclasses.fields(Fault)]
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
JSON_VALUES = (
    SCALARS | st.lists(SCALARS, max_size=2) | st.dictionaries(st.text(max_size=5), SCALARS, max_size=2)
)


@given(st.dictionaries(st.sampled_from(KEYS), JSON_VALUES))
def test_any_json_is_a_fault_or_an_error(value: dict[str, Any]) -> None:
    """Whatever the values, a fault comes out that writes itself back, or a FaultError."""
    with contextlib.suppress(FaultError):
        fault = Fault.from_json(value)
        assert Fault.from_json(fault.as_json()) == fault
        assert Fault.from_spec(str(fault)) == fault


def hits(spec: str, count: int = 12, method: str = "GET", target: str = "/v2/projects") -> list[int]:
    """Which of so many equal requests a fault hits, counted from 1."""
    faults = Faults([Fault.from_spec(spec)])
    return [number for number in range(1, count + 1) if faults.pick(ReceivedRequest(method, target))]


def test_which_requests_are_hit() -> None:
    """The first N, the Nth, every Nth, or a rate that its seed makes repeatable; without any, all."""
    assert hits("GET * status=503", 3) == [1, 2, 3]
    assert hits("GET * status=503 first=2") == [1, 2]
    assert hits("GET * status=503 nth=2") == [2]
    assert hits("GET * status=503 every=5") == [5, 10]
    assert hits("GET * status=503 rate=0") == []
    assert hits("GET * status=503 rate=1", 3) == [1, 2, 3]
    assert hits("GET * status=503 rate=0.3 seed=7", 99) == hits("GET * status=503 rate=0.3 seed=7", 99)
    assert hits("GET * status=503 rate=0.3 seed=7", 99) != hits("GET * status=503 rate=0.3 seed=8", 99)
    assert 250 < len(hits("GET * status=503 rate=0.3", 1000)) < 350


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
        # With backtracking this would take longer than the universe has.
        ("/*a*a*a*a*a*a*a*a*a*a*b", "/" + "a" * 5000, False),
    ],
)
def test_patterns(pattern: str, target: str, *, fits: bool) -> None:
    """A pattern is held against the path, or the whole target where it has a `?`; only `*` is special."""
    assert hits(f"GET {pattern} status=503", 1, target=target) == [1] * fits


def test_method_is_exact_or_any() -> None:
    """`*` is any method."""
    assert hits("* * status=503", 1, method="DELETE") == [1]
    assert hits("PUT * status=503", 1, method="GET") == []


def test_first_that_fits_acts_and_all_count() -> None:
    """Of two faults the earlier acts, and the later has counted the same requests."""
    faults = Faults([Fault(status=503, first=1), Fault(status=429, nth=2)])
    picked = [faults.pick(ReceivedRequest("GET", "/")) for _ in range(3)]
    assert [fault and fault.status for fault in picked] == [503, 429, None]


def test_status_in_place_of_the_operation(mock: MockServer, clock: Clock) -> None:
    """A status keeps the operation from happening, has the API's envelope, and is journaled as a fault."""
    arm(mock, "POST /v2/projects status=503 header=Retry-After:0 first=1")
    body, json_type = b'{"name":"canary project"}', ("Content-Type", "application/json")
    raw = signed("POST", "/v2/projects", clock.now, body, json_type)
    reply = parse(send(mock.port, raw))
    assert (reply.status, reply.headers["retry-after"]) == (503, "0")
    assert set(reply.json) == {"errorType", "message"}
    assert "POST /v2/projects" in reply.json["message"]
    entry = mock.journal.entries()[-1]
    assert (entry["status"], entry["code"]) == (503, "ok")
    assert entry["fault"] == "POST /v2/projects first=1 status=503 header=Retry-After:0"
    assert b"canary project" not in projects(mock, clock).body
    assert parse(send(mock.port, raw)).status == 201
    assert mock.journal.entries()[-1]["fault"] is None


def test_status_after_the_operation(mock: MockServer, clock: Clock) -> None:
    """With `when=after` the client is told of an error, and the project is there."""
    arm(mock, "POST /v2/projects status=500 when=after")
    body, json_type = b'{"name":"canary project"}', ("Content-Type", "application/json")
    assert parse(send(mock.port, signed("POST", "/v2/projects", clock.now, body, json_type))).status == 500
    listing = send(mock.port, signed("GET", "/v2/projects?perPage=100", clock.now))
    assert b"canary project" in listing


@pytest.mark.parametrize("status", [401, 403, 404, 422, 429, 500, 502])
def test_any_error_for_a_request_signed_right(mock: MockServer, clock: Clock, status: int) -> None:
    """A 401 too can be asked for: it is the fault's, not the verifier's, and the journal keeps the code."""
    arm(mock, f"GET * status={status}")
    reply = projects(mock, clock)
    assert (reply.status, reply.headers.get("x-mock-refusal")) == (status, None)
    assert reply.json["errorType"]
    assert mock.journal.entries()[-1]["code"] == "ok"


def test_redirect_has_its_header_and_no_envelope(mock: MockServer, clock: Clock) -> None:
    """A status below 400 comes with the headers given and no body."""
    arm(mock, "GET * status=302 header=Location:/elsewhere")
    reply = projects(mock, clock)
    assert (reply.status, reply.headers["location"], reply.body) == (302, "/elsewhere", b"")


@pytest.mark.parametrize("when", ["before", "after"])
def test_reset_is_a_reset(mock: MockServer, clock: Clock, when: str) -> None:
    """A TCP reset arrives as one; the operation has happened, or not; the journal has no status."""
    arm(mock, f"POST * connection=reset when={when}")
    body, json_type = b'{"name":"canary project"}', ("Content-Type", "application/json")
    with pytest.raises(ConnectionResetError):
        send(mock.port, signed("POST", "/v2/projects", clock.now, body, json_type))
    assert mock.journal.entries()[-1]["status"] is None
    listing = send(mock.port, signed("GET", "/v2/projects?perPage=100", clock.now))
    assert (b"canary project" in listing) == (when == "after")


def test_drop_closes_without_an_answer(mock: MockServer, clock: Clock) -> None:
    """A dropped connection ends in good order, with nothing said."""
    arm(mock, "GET * connection=drop")
    assert send(mock.port, signed("GET", "/v2/projects", clock.now)) == b""
    assert mock.journal.entries()[-1] | {"fault": ""} == {
        "time": clock.now,
        "method": "GET",
        "target": "/v2/projects",
        "status": None,
        "code": "ok",
        "mistake": None,
        "fault": "",
    }


def test_truncated_body(mock: MockServer, clock: Clock) -> None:
    """Half of the body comes under the length of all of it, which HTTP libraries notice."""
    whole = projects(mock, clock).body
    arm(mock, "GET * body=truncated")
    reply = projects(mock, clock)
    assert reply.body == whole[: len(whole) // 2]
    assert reply.headers["content-length"] == str(len(whole))
    connection = http.client.HTTPConnection("127.0.0.1", mock.port, timeout=10)
    connection.request("GET", "/v2/status")
    with connection.getresponse() as response, pytest.raises(http.client.IncompleteRead):
        response.read()
    connection.close()


def test_malformed_body(mock: MockServer, clock: Clock) -> None:
    """The body claims to be JSON, is whole by its length, and does not parse."""
    arm(mock, "GET * body=malformed")
    reply = projects(mock, clock)
    assert (reply.status, reply.headers["content-type"]) == (200, "application/json")
    assert reply.headers["content-length"] == str(len(reply.body))
    with pytest.raises(json.JSONDecodeError):
        reply.json  # noqa: B018  # decoding is the test


@pytest.mark.parametrize(("words", "status"), [("body=html", 200), ("body=html status=502", 502)])
def test_html_of_a_gateway(mock: MockServer, clock: Clock, words: str, status: int) -> None:
    """A page of HTML, with the answer's own status or another."""
    arm(mock, f"GET * {words}")
    reply = projects(mock, clock)
    assert (reply.status, reply.headers["content-type"]) == (status, "text/html")
    assert reply.body.startswith(b"<!doctype html>")


@pytest.mark.parametrize("body", ["truncated", "malformed", "html"])
def test_spoilt_answer_of_one_without_a_body(mock: MockServer, clock: Clock, body: str) -> None:
    """An answer that has no body gets one that can be spoilt."""
    arm(mock, f"DELETE * status=204 body={body}")
    reply = parse(send(mock.port, signed("DELETE", "/v2/projects/x", clock.now)))
    assert reply.status == 200
    assert reply.headers["content-length"] != "0"


def test_wrong_content_type(mock: MockServer, clock: Clock) -> None:
    """A header of the fault stands in place of the answer's own."""
    arm(mock, "GET * header=content-type:text/plain")
    reply = projects(mock, clock)
    assert (reply.status, reply.headers["content-type"]) == (200, "text/plain")
    assert reply.json["data"]


def test_wrong_date(mock: MockServer, clock: Clock) -> None:
    """Date is so far off, for the requests hit only, and stays a date however far."""
    clock.now = 3_600_000
    arm(mock, "GET * date_offset=-3600000 first=1", "GET * date_offset=999999999999999999 nth=2")
    assert projects(mock, clock).headers["date"] == "Thu, 01 Jan 1970 00:00:00 GMT"
    assert projects(mock, clock).headers["date"] == "Fri, 31 Dec 9999 23:59:59 GMT"
    assert projects(mock, clock).headers["date"] == "Thu, 01 Jan 1970 01:00:00 GMT"


@pytest.mark.parametrize("when", ["before", "after"])
def test_latency(clock: Clock, when: str) -> None:
    """A wait of so many milliseconds, before the operation or after it."""
    waited: list[tuple[float, bool]] = []
    body, json_type = b'{"name":"canary project"}', ("Content-Type", "application/json")

    def sleep(seconds: float) -> None:
        listed = mock.api.handle(ReceivedRequest("GET", "/v2/projects?perPage=100"), mock.url)
        waited.append((seconds, "canary project" in str(listed)))

    with MockServer(clock=clock, sleep=sleep) as mock:
        arm(mock, f"POST * latency=250 when={when}")
        assert (
            parse(send(mock.port, signed("POST", "/v2/projects", clock.now, body, json_type))).status == 201
        )
    mock.check()
    assert waited == [(0.25, when == "after")]


def test_only_accepted_requests_are_hit_or_counted(mock: MockServer, clock: Clock) -> None:
    """A refused request gets its own 401 and uses nothing up; `/_mock/` is never hit; the open status is."""
    arm(mock, "* * status=503 first=1")
    assert parse(send(mock.port, request("GET", "/v2/projects", []))).headers["x-mock-refusal"]
    assert parse(send(mock.port, request("GET", "/_mock/health", []))).status == 200
    assert parse(send(mock.port, request("GET", "/v2/status", []))).status == 503
    assert projects(mock, clock).status == 200


def test_faults_of_the_start_come_back_with_a_reset(clock: Clock) -> None:
    """A reset puts back the faults the server was started with, their counts at zero."""
    with MockServer(clock=clock, faults=[Fault(status=503, first=1)]) as mock:
        assert [projects(mock, clock).status for _ in range(2)] == [503, 200]
        arm(mock)
        send(mock.port, request("POST", "/_mock/reset", []))
        assert [projects(mock, clock).status for _ in range(2)] == [503, 200]
    mock.check()
