"""The mock's own endpoints, under `/_mock/`, and the journal that they show."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mock_server.journal import Entry, Journal
from tests.support.raw_http import Reply, parse, request, send, signed

if TYPE_CHECKING:
    from mock_server.server import MockServer
    from tests.conftest import Clock


def call(mock: MockServer, method: str, target: str, body: bytes = b"", host: str = "127.0.0.1") -> Reply:
    """An unsigned request."""
    return parse(send(mock.port, request(method, target, [], body, host=host)))


def test_health(mock: MockServer, clock: Clock) -> None:
    """Health is answered without a signature, with the time of the mock."""
    reply = call(mock, "GET", "/_mock/health")
    assert (reply.status, reply.json) == (200, {"status": "ok", "time": clock.now})


def test_requests_are_journaled_and_forgotten(mock: MockServer, clock: Clock) -> None:
    """An entry has time, method, target, status, code, mistake and fault; DELETE empties the journal."""
    send(mock.port, signed("GET", "/v2/projects?page=1", clock.now))
    clock.now += 1000
    call(mock, "GET", "/v2/status")
    call(mock, "PUT", "/v2/x")
    assert call(mock, "GET", "/_mock/requests").json == {
        "requests": [
            {"time": clock.now - 1000, "method": "GET", "target": "/v2/projects?page=1", "status": 200}
            | {"code": "ok", "mistake": None, "fault": None},
            {"time": clock.now, "method": "GET", "target": "/v2/status", "status": 200}
            | {"code": "unsigned", "mistake": None, "fault": None},
            {"time": clock.now, "method": "PUT", "target": "/v2/x", "status": 401}
            | {"code": "authorization_missing", "mistake": "authorization_missing", "fault": None},
        ]
    }
    assert call(mock, "DELETE", "/_mock/requests").status == 204
    assert call(mock, "GET", "/_mock/requests").json == {"requests": []}


def test_journal_keeps_the_last_500() -> None:
    """Entries are bounded in number and in size; the counts go on."""
    journal = Journal()
    for number in range(600):
        journal.add(Entry(number, "X" * 70_000, "/" * 70_000))
    entries = journal.entries()
    assert [entry["time"] for entry in entries] == list(range(100, 600))
    assert len(entries[0]["target"]) < 8200
    assert len(entries[0]["method"]) < 8200
    journal.clear()
    assert journal.counts() == {"unsigned": 600}


def test_faults_are_put_and_taken_away(mock: MockServer) -> None:
    """PUT replaces the faults and answers with them, GET shows them, DELETE takes them away."""
    first = b'{"faults": [{"method": "GET", "path": "/v2/projects*", "first": 2, "status": 503,'
    first += b' "headers": {"Retry-After": "0"}}]}'
    shown = {
        "method": "GET",
        "path": "/v2/projects*",
        "first": 2,
        "status": 503,
        "headers": {"Retry-After": "0"},
    }
    reply = call(mock, "PUT", "/_mock/faults", first)
    assert (reply.status, reply.json) == (200, {"faults": [shown]})
    assert call(mock, "GET", "/_mock/faults").json == {"faults": [shown]}
    call(mock, "PUT", "/_mock/faults", b'{"faults": [{"status": 429}]}')
    assert call(mock, "GET", "/v2/status").status == 429
    assert call(mock, "DELETE", "/_mock/faults").status == 204
    assert call(mock, "GET", "/_mock/faults").json == {"faults": []}
    assert call(mock, "GET", "/v2/status").status == 200


@pytest.mark.parametrize(
    ("body", "named"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"\xff", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b'{"faults": ' + b"9" * 5000 + b"}", "not JSON"),
        (b"[]", "is not an object"),
        (b'{"faults": {}}', "is not an object"),
        (b'{"faults": [], "x": 1}', "is not an object"),
        (b'{"faults": [5]}', "fault 1: a fault is not a JSON object"),
        (b'{"faults": [{"status": 503}, {"status": 1}]}', "fault 2: status: 1"),
        (b'{"faults": [{"frist": 1}]}', "fault 1: 'frist' is unknown"),
    ],
)
def test_faults_that_cannot_be_understood(mock: MockServer, body: bytes, named: str) -> None:
    """A wrong body is 422 with one line that names the part at fault, and changes nothing."""
    call(mock, "PUT", "/_mock/faults", b'{"faults": [{"status": 429}]}')
    reply = call(mock, "PUT", "/_mock/faults", body)
    assert reply.status == 422
    assert named in reply.json["message"]
    assert "\n" not in reply.json["message"]
    assert call(mock, "GET", "/_mock/faults").json["faults"][0]["status"] == 429


@pytest.mark.parametrize("host", ["127.0.0.1:8091", "localhost", "LOCALHOST:1", "[::1]:8091", "127.1.2.3"])
def test_loopback_hosts(mock: MockServer, host: str) -> None:
    """Every way to name this machine to itself is answered."""
    assert call(mock, "GET", "/_mock/health", host=host).status == 200


@pytest.mark.parametrize(
    "host", ["", "evil.example", "localhost.evil.example", "127.0.0.1.evil", "10.0.0.1:8091"]
)
def test_other_hosts(mock: MockServer, host: str) -> None:
    """A web page that has its name point here gets nothing (DNS rebinding)."""
    reply = call(mock, "POST", "/_mock/reset", host=host)
    assert (reply.status, reply.json["errorType"]) == (403, "Forbidden")


def test_host_must_be_there_once(mock: MockServer) -> None:
    """No Host, or two, is 403."""
    assert parse(send(mock.port, b"GET /_mock/health HTTP/1.0\r\n\r\n")).status == 403
    twice = b"GET /_mock/health HTTP/1.1\r\nHost: localhost\r\nHost: evil\r\n\r\n"
    assert parse(send(mock.port, twice)).status == 403


def test_unknown_endpoint_and_method(mock: MockServer) -> None:
    """What is not there is 404, and a wrong method 405 with Allow."""
    reply = call(mock, "GET", "/_mock?x")
    assert (reply.status, reply.json["message"]) == (404, call(mock, "GET", "/_mock/").json["message"])
    assert call(mock, "GET", "/_mock", host="evil.example").status == 403
    for target in ("/_mock", "/_mock/", "/_mock/x", "/_mock/health/", "/_mock/%68ealth"):
        assert call(mock, "GET", target).status == 404
    reply = call(mock, "POST", "/_mock/requests")
    assert (reply.status, reply.headers["allow"]) == (405, "GET, DELETE")


def test_body_limit(mock: MockServer) -> None:
    """A body over 1 MB is 413 here too."""
    assert call(mock, "PUT", "/_mock/faults", b" " * 1_000_001).status == 413
