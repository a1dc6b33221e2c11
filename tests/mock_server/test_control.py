"""The mock's own endpoints, under `/_mock/`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from mock_server.control import Control, is_control
from mock_server.faults.grammar import Fault
from mock_server.faults.injection import Faults
from mock_server.http import ReceivedRequest
from mock_server.journal import Entry, Journal
from tests.conformance.raw_http import RawResponse, parse, send_bytes
from tests.support.raw_http import request, signed

if TYPE_CHECKING:
    from mock_server.server import MockServer
    from tests.conftest import Clock


def call(
    mock: MockServer, method: str, target: str, body: bytes = b"", host: str = "127.0.0.1"
) -> RawResponse:
    """Send an unsigned request, and return the response."""
    return parse(send_bytes(mock.port, request(method, target, [], body, host=host)))


def test_control_needs_no_server() -> None:
    """`Control` works with its four parts alone, without a server."""
    journal, faults, resets = Journal(), Faults([]), []
    control = Control(journal, faults, lambda: 5, lambda: resets.append("reset"))

    def handle(method: str, name: str, body: bytes = b"") -> tuple[int, object]:
        reply = control.handle(ReceivedRequest(method, f"/_mock/{name}", [("Host", "\t localhost ")], body))
        return reply.status, json.loads(reply.body) if reply.body else None

    assert handle("GET", "health") == (200, {"status": "ok", "time": 5})
    journal.add(Entry(1, "GET", "/"))
    assert handle("GET", "requests") == (200, {"requests": journal.entries()})
    assert handle("DELETE", "requests") == (204, None)
    assert journal.entries() == []
    assert handle("POST", "reset") == (204, None)
    assert resets == ["reset"]
    assert handle("PUT", "faults", b'{"faults": [{"status": 503}]}')[0] == 200
    assert faults.all() == [Fault(status=503)]
    assert handle("DELETE", "faults") == (204, None)
    assert faults.all() == []


@pytest.mark.parametrize(
    ("target", "control"),
    [
        ("/_mock", True),
        ("/_mock?x", True),
        ("/_mock/", True),
        ("/_mock/health", True),
        ("/_mock/x?y", True),
        ("/_mockx", False),
        ("/_mocks/health", False),
        ("//_mock/health", False),
        ("/%5fmock/health", False),
        ("/v2/_mock/health", False),
        ("_mock/health", False),
        ("/_MOCK/health", False),
    ],
)
def test_which_targets_are_for_the_mock(target: str, *, control: bool) -> None:
    """`/_mock` and each path below it are for the mock. Other spellings are not."""
    assert is_control(ReceivedRequest("GET", target)) is control


def test_health(mock: MockServer, clock: Clock) -> None:
    """It needs no signature, and returns the mock's time."""
    response = call(mock, "GET", "/_mock/health")
    assert (response.status, response.json) == (200, {"status": "ok", "time": clock.now})


def test_requests_are_journaled(mock: MockServer, clock: Clock) -> None:
    """An entry has time, method, target, status, code, mistake and fault. DELETE clears the journal."""
    send_bytes(mock.port, signed("GET", "/v2/projects?page=1", clock.now))
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


def test_faults_are_set_shown_and_removed(mock: MockServer) -> None:
    """PUT replaces the faults and returns them, GET returns them, DELETE removes them."""
    first = b'{"faults": [{"method": "GET", "path": "/v2/projects*", "first": 2, "status": 503,'
    first += b' "headers": {"Retry-After": "0"}}]}'
    shown = {
        "method": "GET",
        "path": "/v2/projects*",
        "first": 2,
        "status": 503,
        "headers": {"Retry-After": "0"},
    }
    response = call(mock, "PUT", "/_mock/faults", first)
    assert (response.status, response.json) == (200, {"faults": [shown]})
    assert call(mock, "GET", "/_mock/faults").json == {"faults": [shown]}
    call(mock, "PUT", "/_mock/faults", b'{"faults": [{"status": 429}]}')
    assert call(mock, "GET", "/v2/status").status == 429
    assert call(mock, "DELETE", "/_mock/faults").status == 204
    assert call(mock, "GET", "/_mock/faults").json == {"faults": []}
    assert call(mock, "GET", "/v2/status").status == 200


@pytest.mark.parametrize(
    ("body", "named"),
    [
        (b"", 'the body is not JSON: send {"faults": [...]}'),
        (b"{", "not JSON"),
        (b"\xff", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b'{"faults": ' + b"9" * 5000 + b"}", "not JSON"),
        (b"[]", 'the body is not an object with the key "faults" alone: send {"faults": [...]}'),
        (b"{}", "is not an object"),
        (b'{"faults": {}}', "is not an object"),
        (b'{"faults": [], "x": 1}', "is not an object"),
        (b'{"faults": [5]}', "fault 1: a fault is not a JSON object"),
        (b'{"faults": [{"status": 503}, {"status": 1}]}', "fault 2: status: 1"),
        (b'{"faults": [{"frist": 1}]}', "fault 1: 'frist' is unknown"),
    ],
)
def test_invalid_faults_are_422(mock: MockServer, body: bytes, named: str) -> None:
    """The message is one line that names the invalid part, and the faults stay as they are."""
    call(mock, "PUT", "/_mock/faults", b'{"faults": [{"status": 429}]}')
    response = call(mock, "PUT", "/_mock/faults", body)
    assert (response.status, response.json["errorType"]) == (422, "RequestInvalid")
    assert named in response.json["message"]
    assert "\n" not in response.json["message"]
    assert call(mock, "GET", "/_mock/faults").json["faults"][0]["status"] == 429


@pytest.mark.parametrize(
    "host", ["127.0.0.1:8091", "localhost", "LOCALHOST:1", "[::1]:8091", "[::1]", "127.1.2.3:65535"]
)
def test_loopback_hosts_are_accepted(mock: MockServer, host: str) -> None:
    """A loopback host is localhost or a loopback address."""
    assert call(mock, "GET", "/_mock/health", host=host).status == 200


@pytest.mark.parametrize(
    "host",
    [
        "",
        "evil.example",
        "localhost.evil.example",
        "evil.localhost",
        "127.0.0.1.evil",
        "127.0.0",
        "127.0.0.1:",
        "127.0.0.1:123456",
        "1127.0.0.1",
        "10.0.0.1:8091",
        "::1",
        "[::2]",
    ],
)
def test_other_hosts_are_403(mock: MockServer, host: str) -> None:
    """This prevents DNS rebinding: a web page whose name resolves to this machine cannot use the mock."""
    response = call(mock, "POST", "/_mock/reset", host=host)
    assert (response.status, response.json["errorType"]) == (403, "Forbidden")


def test_exactly_one_host_is_required(mock: MockServer) -> None:
    """No Host, and two of them, are 403."""
    assert parse(send_bytes(mock.port, b"GET /_mock/health HTTP/1.0\r\n\r\n")).status == 403
    two = b"GET /_mock/health HTTP/1.1\r\nHost: localhost\r\nHost: evil\r\n\r\n"
    assert parse(send_bytes(mock.port, two)).status == 403


@pytest.mark.parametrize(
    "target", ["/_mock", "/_mock?x", "/_mock/", "/_mock/x", "/_mock/health/", "/_mock/%68ealth"]
)
def test_an_unknown_path_is_404(mock: MockServer, target: str) -> None:
    """The message lists the known ones. The Host is checked first."""
    response = call(mock, "GET", target)
    assert (response.status, response.json["errorType"]) == (404, "RouteNotFound")
    known = "/_mock/health, /_mock/requests, /_mock/reset, /_mock/faults"
    assert response.json["message"] == f"Unknown path below /_mock/: use one of {known}."
    assert call(mock, "GET", target, host="evil.example").status == 403


@pytest.mark.parametrize(
    ("method", "name", "allowed"),
    [
        ("POST", "requests", "GET, DELETE"),
        ("get", "health", "GET"),
        ("GET", "reset", "POST"),
        ("POST", "faults", "GET, PUT, DELETE"),
    ],
)
def test_a_wrong_method_is_405(mock: MockServer, method: str, name: str, allowed: str) -> None:
    """The response has the allowed methods in the header and in the message."""
    response = call(mock, method, f"/_mock/{name}")
    assert (response.status, response.headers["allow"]) == (405, allowed)
    message = f"/_mock/{name} does not support this method: use {allowed}."
    assert response.json == {"errorType": "MethodNotAllowed", "message": message}


def test_a_query_is_ignored(mock: MockServer) -> None:
    """The path alone selects the endpoint."""
    assert call(mock, "GET", "/_mock/health?x=1").status == 200


def test_the_body_is_limited(mock: MockServer) -> None:
    """One million bytes are accepted, one more is 413."""
    body = b'{"faults": []}'
    assert call(mock, "PUT", "/_mock/faults", body.ljust(1_000_000)).status == 200
    assert call(mock, "PUT", "/_mock/faults", body.ljust(1_000_001)).status == 413
