"""The mock's own endpoints, under `/_mock/`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from mock_server.api import Api
from mock_server.clock import MockClock
from mock_server.control import Control, is_control
from mock_server.faults.grammar import Fault
from mock_server.faults.injection import Faults
from mock_server.http import ReceivedRequest
from mock_server.journal import Entry, Journal
from mock_server.keys import Keys
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
    """`Control` works with its parts alone, without a server."""
    journal, faults, resets = Journal(), Faults([]), []
    keys, clock = Keys({"A": "s"}), MockClock(lambda: 5)
    api = Api(clock=clock, first={"projects": [{"name": "mine"}]})
    control = Control(journal, faults, clock, keys, api, lambda: resets.append("reset"))

    def handle(method: str, name: str, body: bytes = b"") -> tuple[int, object]:
        request = ReceivedRequest(method, f"/_mock/{name}", [("Host", "\t localhost ")], body)
        reply = control.handle(request, "127.0.0.1")
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
    assert handle("PUT", "clock", b'{"set": "7"}') == (200, {"time": 7, "running": False})
    assert clock() == 7
    assert handle("PUT", "keys", b'{"keys": {"B": "t"}}') == (200, {"keys": ["B"]})
    assert handle("DELETE", "keys") == (204, None)
    assert keys.current == {"A": "s"}
    assert handle("PUT", "state", b"users: [{name: Rosa}]")[0] == 200
    assert api.state()["users"][0]["name"] == "Rosa"


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
    """`GET /_mock/health` needs no signature, and returns the mock's time."""
    response = call(mock, "GET", "/_mock/health")
    assert (response.status, response.json) == (200, {"status": "ok", "time": clock.now})


def test_requests_are_journaled(mock: MockServer, clock: Clock) -> None:
    """An entry has the request and its result. DELETE clears the journal."""
    send_bytes(mock.port, signed("GET", "/v2/projects?page=1", clock.now))
    clock.now += 1000
    call(mock, "GET", "/v2/status")
    call(mock, "PUT", "/v2/x", b"body")
    first, second, third = call(mock, "GET", "/_mock/requests").json["requests"]
    always: dict[str, object] = {"also": [], "fault": None, "replay": False, "signed": None, "verified": None}
    accepted = {"mistake": None, "message": None, "status": 200, "body": "", "method": "GET"}
    assert first == always | accepted | {
        "id": 1,
        "time": clock.now - 1000,
        "target": "/v2/projects?page=1",
        "headers": [
            ["Host", "127.0.0.1"],
            ["Authorization", "Bearer mock-access-key:<signature>"],
            ["Couchbase-Timestamp", str(clock.now - 1000)],
        ],
        "code": "ok",
    }
    assert second == always | accepted | {
        "id": 2,
        "time": clock.now,
        "target": "/v2/status",
        "headers": [["Host", "127.0.0.1"]],
        "code": "unsigned",
    }
    assert "no Authorization header" in third.pop("message")
    assert third == always | {
        "id": 3,
        "also": ["timestamp_missing"],
        "time": clock.now,
        "method": "PUT",
        "target": "/v2/x",
        "headers": [["Host", "127.0.0.1"], ["Content-Length", "4"]],
        "body": "body",
        "status": 401,
        "code": "authorization_missing",
        "mistake": "authorization_missing",
    }
    assert call(mock, "DELETE", "/_mock/requests").status == 204
    assert call(mock, "GET", "/_mock/requests").json == {"requests": []}


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("", [1, 2, 3, 4]),
        ("?", [1, 2, 3, 4]),
        ("?method=PUT", [3]),
        ("?method=put", []),
        ("?path=/v2/projects", [1, 4]),
        ("?path=/v2/projects?page=1", []),
        ("?path=/v2/%E9%2Bx", [3]),
        ("?path=", []),
        ("?status=200", [1, 2]),
        ("?status=401", [3, 4]),
        ("?code=unsigned", [2]),
        ("?mistake=authorization_missing", [3]),
        ("?mistake=a+b", [4]),
        ("?mistake=a%2Bb", [4]),
        ("?mistake=a", []),
        ("?since=0", [1, 2, 3, 4]),
        ("?since=2", [3, 4]),
        ("?since=999999999999999999", []),
        ("?status=401&since=3&method=GET", [4]),
    ],
)
def test_filters_select_entries(mock: MockServer, clock: Clock, query: str, ids: list[int]) -> None:
    """An entry must match all of them."""
    send_bytes(mock.port, signed("GET", "/v2/projects?page=1", clock.now))
    call(mock, "GET", "/v2/status")
    call(mock, "PUT", "/v2/\xe9+x")
    mock.journal.add(Entry(0, "GET", "/v2/projects", status=401, code="signature_mismatch", mistake="a+b"))
    response = call(mock, "GET", f"/_mock/requests{query}")
    assert [entry["id"] for entry in response.json["requests"]] == ids


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("x=1", "A parameter is unknown: use method, path, status, code, mistake, since."),
        ("Method=GET", "A parameter is unknown"),
        ("x", "A parameter is unknown"),
        ("method=GET&method=PUT", "method is there twice"),
        ("status=4xx", "status is not a number: send a status such as 401."),
        ("status=", "status is not a number"),
        ("status=0401", "status is not a number"),
        ("since=-1", "since is not a number: send the id of an entry."),
        ("since=%D9%A1", "since is not a number"),
        ("since=" + "9" * 5000, "since is not a number"),
    ],
)
def test_a_malformed_filter_is_422(mock: MockServer, query: str, named: str) -> None:
    """A misspelled filter that is ignored would select everything."""
    response = call(mock, "GET", f"/_mock/requests?{query}")
    assert (response.status, response.json["errorType"]) == (422, "RequestInvalid")
    assert named in response.json["message"]


def test_delete_takes_no_filter(mock: MockServer) -> None:
    """It would delete more than the filter selects."""
    call(mock, "GET", "/v2/status")
    assert call(mock, "DELETE", "/_mock/requests?code=ok").status == 422
    assert len(mock.journal.entries()) == 1


def test_the_journal_says_when_its_entries_are_gone(mock: MockServer) -> None:
    """The header X-Mock-Journal changes when a reset removes the entries."""

    def generation() -> str:
        return call(mock, "GET", "/_mock/requests").headers["x-mock-journal"]

    first = generation()
    call(mock, "GET", "/v2/status")
    assert generation() == first
    call(mock, "POST", "/_mock/reset")
    assert generation() != first


def test_faults_are_set_shown_and_removed(mock: MockServer) -> None:
    """PUT replaces the faults and returns them, GET returns them, DELETE removes them."""
    shown = {"method": "GET", "path": "/v2/projects*", "first": 2, "status": 503, "errorType": "E"}
    shown["headers"] = {"Retry-After": "0"}
    response = call(mock, "PUT", "/_mock/faults", json.dumps({"faults": [shown]}).encode())
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
        (b"", "The body is not JSON: Expecting value at line 1, column 1: send a JSON object."),
        (b"{", "not JSON"),
        (b"\xff", "The body is not UTF-8: send a JSON object."),
        (b"[" * 100_000, "The body is nested too deeply"),
        (b'{"faults": ' + b"9" * 5000 + b"}", "The body contains a number that is too long"),
        (b'{"faults": [], "faults": []}', "The body contains an object with the same name twice"),
        (b'{"faults": [{"status": 503, "status": 504}]}', "an object with the same name twice"),
        (b'{"faults": [{"status": 503, "rate": NaN}]}', "The body contains NaN or Infinity"),
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


HOSTS = ["127.0.0.1:8091", "localhost", "LOCALHOST:1", "[::1]:8091", "[::1]", "127.1.2.3:65535"]


@pytest.mark.parametrize("host", HOSTS)
def test_loopback_hosts_are_accepted(mock: MockServer, host: str) -> None:
    """A loopback host is localhost or a loopback address."""
    assert call(mock, "GET", "/_mock/requests", host=host).status == 200


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
    assert parse(send_bytes(mock.port, b"GET /_mock/requests HTTP/1.0\r\n\r\n")).status == 403
    two = b"GET /_mock/requests HTTP/1.1\r\nHost: localhost\r\nHost: evil\r\n\r\n"
    assert parse(send_bytes(mock.port, two)).status == 403


def handle(peer: str, method: str = "GET", name: str = "requests", *headers: tuple[str, str]) -> int:
    """Return the status for a client with an address. The Host is a loopback one unless given."""
    clock = MockClock(lambda: 5)
    control = Control(Journal(), Faults([]), clock, Keys({}), Api(clock=clock), lambda: None)
    sent = headers if any(name == "Host" for name, _ in headers) else (("Host", "localhost:8091"), *headers)
    return control.handle(ReceivedRequest(method, f"/_mock/{name}", sent), peer).status


@pytest.mark.parametrize(
    ("peer", "status"),
    [
        ("127.0.0.1", 200),
        ("127.9.9.9", 200),
        ("::1", 200),
        ("::ffff:127.0.0.1", 200),
        ("192.0.2.1", 403),
        ("172.17.0.1", 403),
        ("2001:db8::1", 403),
        ("::ffff:192.0.2.1", 403),
        ("fe80::1%eth0", 403),
    ],
)
def test_only_clients_on_this_machine_are_accepted(peer: str, status: int) -> None:
    """Another machine can send any Host, so the address of the connection decides."""
    assert handle(peer) == status


@pytest.mark.parametrize(
    ("origins", "status"),
    [
        ([], 200),
        (["http://localhost:8091"], 200),
        (["HTTP://LOCALHOST:8091"], 200),
        (["https://localhost:8091"], 403),
        (["http://localhost"], 403),
        (["http://localhost:8092"], 403),
        (["http://127.0.0.1:8091"], 403),
        (["http://localhost:8091/"], 403),
        (["http://evil.example"], 403),
        (["null"], 403),
        ([""], 403),
        (["http://localhost:8091", "http://evil.example"], 403),
    ],
)
def test_an_origin_must_be_the_mock(origins: list[str], status: int) -> None:
    """A web page of another origin can send requests, but not choose their Origin."""
    headers = [("Origin", origin) for origin in origins]
    assert handle("127.0.0.1", "GET", "requests", *headers) == status
    assert handle("127.0.0.1", "POST", "reset", *headers) == (204 if status == 200 else 403)


def test_health_answers_every_client() -> None:
    """A container's health check has another address, and any Host; only GET and HEAD."""
    foreign = [("Host", "mock.example"), ("Origin", "http://evil.example")]
    assert handle("192.0.2.1", "GET", "health", *foreign) == 200
    assert handle("192.0.2.1", "HEAD", "health", *foreign) == 200
    assert handle("192.0.2.1", "GET", "health?x=1", *foreign) == 200
    assert handle("192.0.2.1", "POST", "health", *foreign) == 403
    assert handle("192.0.2.1", "GET", "health/", *foreign) == 403


def test_head_of_health_has_no_body(mock: MockServer) -> None:
    """The headers are those of GET."""
    raw = send_bytes(mock.port, request("HEAD", "/_mock/health", []))
    assert raw.startswith(b"HTTP/1.1 200 ")
    assert b"\r\nContent-Length: 36\r\n" in raw
    assert raw.endswith(b"\r\n\r\n")


@pytest.mark.parametrize("target", ["/_mock/x", "/_mock/health/", "/_mock/%68ealth"])
def test_an_unknown_path_is_404(mock: MockServer, target: str) -> None:
    """The message lists the known ones. The Host is checked first."""
    response = call(mock, "GET", target)
    assert (response.status, response.json["errorType"]) == (404, "RouteNotFound")
    names = ("", "health", "requests", "reset", "faults", "clock", "keys", "state", "collection.json")
    known = ", ".join(f"/_mock/{name}" for name in names)
    assert response.json["message"] == f"Unknown path below /_mock/: use one of {known}."
    assert call(mock, "GET", target, host="evil.example").status == 403


@pytest.mark.parametrize(
    ("method", "name", "allowed"),
    [
        ("POST", "requests", "GET, DELETE"),
        ("get", "health", "GET, HEAD"),
        ("GET", "reset", "POST"),
        ("POST", "faults", "GET, PUT, DELETE"),
        ("DELETE", "clock", "GET, PUT"),
        ("DELETE", "state", "GET, PUT"),
        ("POST", "keys", "GET, PUT, DELETE"),
    ],
)
def test_a_wrong_method_is_405(mock: MockServer, method: str, name: str, allowed: str) -> None:
    """The response has the allowed methods in the header and in the message."""
    response = call(mock, method, f"/_mock/{name}")
    assert (response.status, response.headers["allow"]) == (405, allowed)
    message = f"/_mock/{name} does not support this method: use {allowed}."
    assert response.json == {"errorType": "MethodNotAllowed", "message": message}


def test_the_body_is_limited(mock: MockServer) -> None:
    """One million bytes are accepted, one more is 413."""
    body = b'{"faults": []}'
    assert call(mock, "PUT", "/_mock/faults", body.ljust(1_000_000)).status == 200
    assert call(mock, "PUT", "/_mock/faults", body.ljust(1_000_001)).status == 413
