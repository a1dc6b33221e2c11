"""The mock's HTTP: bodies, malformed requests, and clients that send nothing or disconnect."""

from __future__ import annotations

import logging
import socket
import threading
from functools import partial
from typing import TYPE_CHECKING

import pytest
import requests
from hypothesis import assume, given
from hypothesis import strategies as st

from mock_server.connection import Connection
from mock_server.server import MockServer
from tests.conformance.raw_http import RawResponse, parse, send_bytes
from tests.support.raw_http import request, signed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Clock

JSON = ("Content-Type", "application/json")
REQUEST_LINE = "The request line is not METHOD TARGET VERSION."


def exchange(mock: MockServer, raw: bytes) -> RawResponse:
    """Send a request, and return the response."""
    return parse(send_bytes(mock.port, raw))


def chunked(clock: Clock, chunks: bytes) -> bytes:
    """Return a signed POST of a project with a chunked body."""
    return signed("POST", "/v2/projects", clock.now, b"", JSON, ("Transfer-Encoding", "chunked")) + chunks


def test_a_chunked_body_is_decoded(mock: MockServer, clock: Clock) -> None:
    """A malformed one is 400, and one that is too large is 413."""
    assert exchange(mock, chunked(clock, b'c\r\n{"name":"x"}\r\n0\r\n\r\n')).status == 201
    assert exchange(mock, chunked(clock, b'8\r\n{"name":\r\n4\r\n"y"}\r\n0\r\n\r\n')).status == 201
    for malformed in (b"", b"zz\r\n", b"-1\r\n", b"5\r\nab", b"2\r\nabXX\r\n0\r\n\r\n"):
        assert exchange(mock, chunked(clock, malformed)).status == 400
    assert exchange(mock, chunked(clock, b"ffff\r\nab")).status in (400, 422)


@pytest.mark.parametrize(("size", "status"), [(1_000_000, 201), (1_000_001, 413), (1_500_000, 413)])
@pytest.mark.parametrize("framing", ["chunked", "length"])
def test_a_body_is_limited_to_a_million_bytes(
    mock: MockServer, clock: Clock, size: int, status: int, framing: str
) -> None:
    """The limit applies to a body with Content-Length and to a chunked body."""
    body = b'{"name":"x"}'.ljust(size)
    if framing == "chunked":
        raw = chunked(clock, f"{size:x}\r\n".encode() + body + b"\r\n0\r\n\r\n")
    else:
        raw = signed("POST", "/v2/projects", clock.now, body, JSON)
    response = exchange(mock, raw)
    assert response.status == status
    if status == 413:
        message = "The body is larger than 1,000,000 bytes."
        assert response.json == {"errorType": "RequestTooLarge", "message": message}


def test_an_incomplete_body_is_400(mock: MockServer, clock: Clock) -> None:
    """A body shorter than its Content-Length is refused with 400."""
    raw = signed("POST", "/v2/projects", clock.now, b"", ("Content-Length", "50")) + b"{}"
    response = exchange(mock, raw)
    assert response.status == 400
    message = "The body is incomplete, or its chunks are malformed."
    assert response.json == {"errorType": "BadRequest", "message": message}


def test_a_response_to_head_has_no_body(mock: MockServer) -> None:
    """A response to HEAD has no body, also for a refusal and an error of the HTTP layer."""
    assert exchange(mock, request("HEAD", "/v2/projects", [])).body == b""
    response = exchange(mock, b"HEAD /v2/projects HTTP/1.1\r\nno colon\r\n\r\n")
    assert (response.status, response.body) == (400, b"")
    assert int(response.headers["content-length"]) > 0


@pytest.mark.parametrize(
    ("raw", "status", "message"),
    [
        (b"nonsense\r\n\r\n", 400, None),
        (b"GET /v2/status\r\n\r\n", 400, REQUEST_LINE),
        (b"GET  /v2/status HTTP/1.1\r\n\r\n", 400, REQUEST_LINE),
        (b" GET /v2/status HTTP/1.1\r\n\r\n", 400, REQUEST_LINE),
        (b"GET /v2/status HTTP/1.1 \r\n\r\n", 400, REQUEST_LINE),
        (b"GET /v2/a b HTTP/1.1\r\n\r\n", 400, None),
        (b"GET /v2/status FTP/1.1\r\n\r\n", 400, None),
        (
            b"GET /v2/status HTTP/1.1\r\nHost: x\r\nno colon\r\nA: b\r\n\r\n",
            400,
            "A header line is not NAME: VALUE.",
        ),
        (
            b"GET /v2/status HTTP/1.1\r\nA: b\r\r\n\r\n",
            400,
            "A header line contains a carriage return: remove it.",
        ),
        (
            b"GET /v2/status HTTP/1.1\r\nA: b\rAuthorization: c\r\n\r\n",
            400,
            "A header line contains a carriage return: remove it.",
        ),
        (b"GET /v2/status HTTP/1.1\r\nName : x\r\n\r\n", 400, "A header line is not NAME: VALUE."),
        (b"GET /v2/status HTTP/1.1\r\n: x\r\n\r\n", 400, "A header line is not NAME: VALUE."),
        (b"GET /v2/status HTTP/1.1\r\n folded: x\r\n\r\n", 400, "A header line is not NAME: VALUE."),
        (b"GET /" + b"x" * 65536 + b" HTTP/1.1\r\n\r\n", 414, None),
        (b"GET /v2/status HTTP/1.1\r\nA: " + b"x" * 65536 + b"\r\n\r\n", 431, None),
        (b"GET /v2/status HTTP/1.1\r\n" + b"A: b\r\n" * 101 + b"\r\n", 431, None),
        (b"GET /v2/status HTTP/2.0\r\n\r\n", 505, None),
    ],
)
def test_malformed_http_is_refused(mock: MockServer, raw: bytes, status: int, message: str | None) -> None:
    """The response has a status line and the API's envelope, and the journal has an entry.

    A message of None is that of http.server, which differs between versions of Python.
    """
    response = exchange(mock, raw)
    assert response.status == status
    assert response.json["message"]
    expected = response.json["message"] if message is None else message
    assert response.json == {"errorType": "BadRequest", "message": expected}
    assert response.headers["content-type"] == "application/json"
    assert response.headers["content-length"] == str(len(response.body))
    assert response.headers["connection"] == "close"
    assert response.headers["server"] == "capella-mock"
    (entry,) = mock.journal.entries()
    assert (entry["status"], entry["code"], entry["mistake"]) == (status, "malformed", None)
    assert entry["message"] == expected
    line = raw.partition(b"\r\n")[0].decode()
    well_formed = len(line.split(" ")) == 3 and all(line.split(" ")) and len(line) < 65536
    sent = line.split(" ")[:2] if well_formed else list(line.partition(" ")[::2])
    target = entry["target"].removesuffix("...")  # a long one is cut
    assert (entry["method"], target) == (sent[0], sent[1][: len(target)])


def test_a_malformed_request_keeps_what_was_read(mock: MockServer, caplog: pytest.LogCaptureFixture) -> None:
    """The journal has the headers before the malformed line, without the signature; the terminal a line."""
    caplog.set_level(logging.INFO)
    lines = (b"GET /v2/clouds?a=1 HTTP/1.1", b"Host: h", b"Authorization: Bearer A:abcd", b"efgh=", b"", b"")
    assert exchange(mock, b"\r\n".join(lines)).status == 400
    (entry,) = mock.journal.entries()
    assert (entry["method"], entry["target"]) == ("GET", "/v2/clouds?a=1")
    assert entry["headers"] == [["Host", "h"], ["Authorization", "Bearer A:<signature>"]]
    assert (entry["code"], entry["mistake"]) == ("malformed", "signature_wrapped")
    (line,) = caplog.messages
    assert line.startswith("400 GET /v2/clouds?a=1 signature_wrapped: A line break is inside")


def test_malformed_requests_of_the_mock_itself_are_not_recorded(mock: MockServer) -> None:
    """As all requests to `/_mock/`."""
    assert exchange(mock, b"GET /_mock/requests HTTP/1.1\r\nno colon\r\n\r\n").status == 400
    assert mock.journal.entries() == []


def test_headers_of_a_response(mock: MockServer) -> None:
    """The Server header names the mock, and the connection is closed."""
    response = exchange(mock, request("GET", "/v2/status", []))
    assert response.headers["server"] == "capella-mock"
    assert response.headers["connection"] == "close"


def test_an_empty_body_has_no_content_type(mock: MockServer) -> None:
    """A 204 of the mock's own endpoints, for example."""
    response = exchange(mock, request("POST", "/_mock/reset", []))
    assert (response.status, response.headers.get("content-type")) == (204, None)


def test_100_continue_is_sent_once(mock: MockServer, clock: Clock) -> None:
    """A client that expects it then sends its body."""
    body = b'{"name":"x"}'
    raw = signed("POST", "/v2/projects", clock.now, body, JSON, ("Expect", "100-continue"))
    received = send_bytes(mock.port, raw)
    assert received.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 ")
    assert received.count(b"100 Continue") == 1


def test_an_empty_connection_is_closed(mock: MockServer) -> None:
    """An empty connection, or one with only an empty line, gets no response."""
    assert send_bytes(mock.port, b"") == b""
    assert send_bytes(mock.port, b"\r\n") == b""


def test_the_date_is_within_its_years(mock: MockServer, clock: Clock) -> None:
    """A clock before 1970 or after 9999 gives the nearest time that a Date header can hold."""
    for now, date in [
        (-1, "Thu, 01 Jan 1970 00:00:00 GMT"),
        (253_402_300_799_999, "Fri, 31 Dec 9999 23:59:59 GMT"),
        (253_402_300_800_000, "Fri, 31 Dec 9999 23:59:59 GMT"),
    ]:
        clock.now = now
        assert exchange(mock, b"nonsense\r\n\r\n").headers["date"] == date


def test_a_silent_client_is_disconnected_after_5_seconds() -> None:
    """The contract is at most 5 s; the next test proves that the limit is applied."""
    assert Connection.timeout == 5


def test_silent_and_disconnecting_clients_do_no_harm(
    mock: MockServer, clock: Clock, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Other requests are handled, silent clients are disconnected, and nothing is printed."""
    monkeypatch.setattr("mock_server.connection.Connection.timeout", 0.05)
    post = signed("POST", "/v2/projects", clock.now, b"", ("Content-Length", "99"))
    idle = []
    for begun in (b"", b"GET /v2", b"GET /v2/status HTTP/1.1\r\nHost", post, post + b"{"):
        connection = socket.create_connection(("127.0.0.1", mock.port), timeout=10)
        connection.sendall(begun)
        idle.append(connection)
        with socket.create_connection(("127.0.0.1", mock.port), timeout=10) as leaving:
            leaving.sendall(begun)
    assert exchange(mock, signed("GET", "/v2/projects", clock.now)).status == 200
    for connection in idle:
        with connection:
            received = b"".join(iter(partial(connection.recv, 65536), b""))
            assert received == b"" or parse(received).status == 400
    assert capfd.readouterr().err == ""


def test_requests_are_handled_in_parallel(clock: Clock) -> None:
    """A slow response does not delay the others."""
    arrived, released = threading.Event(), threading.Event()

    def sleep(_seconds: float) -> None:
        arrived.set()
        assert released.wait(10)

    with MockServer(clock=clock, sleep=sleep) as mock:
        requests.put(
            f"{mock.url}/_mock/faults",
            json={"faults": [{"path": "/v2/clouds", "latency": 1}]},
            timeout=10,
        ).raise_for_status()
        slow = threading.Thread(target=exchange, args=(mock, signed("GET", "/v2/clouds", clock.now)))
        slow.start()
        assert arrived.wait(10)
        assert exchange(mock, signed("GET", "/v2/projects", clock.now)).status == 200
        released.set()
        slow.join()
    mock.check()


@pytest.fixture(scope="module")
def shared() -> Iterator[MockServer]:
    """One mock for many examples; its time is 1."""
    with MockServer(clock=lambda: 1) as server:
        yield server
    server.check()


@given(
    method=st.text(st.characters(min_codepoint=0x21, max_codepoint=255), min_size=1, max_size=9),
    target=st.text(st.characters(max_codepoint=255, exclude_characters=" \r\n"), min_size=1, max_size=40),
)
def test_any_request_line_is_received_unchanged(shared: MockServer, method: str, target: str) -> None:
    """The method and the target are verified as sent, with any Latin-1 characters."""
    assume(not target.startswith(("/_mock/", "/v2/status")))  # these need no signature
    response = exchange(shared, signed(method, target, 1))
    entry = shared.journal.entries()[-1]
    assert (entry["method"], entry["target"], entry["code"]) == (method, target, "ok")
    assert response.status == entry["status"]


@given(st.binary(max_size=80))
def test_any_header_section_has_a_response(shared: MockServer, headers: bytes) -> None:
    """Each header section gets a refusal, or an error of the HTTP layer."""
    response = exchange(shared, b"GET /v2/projects HTTP/1.1\r\n" + headers + b"\r\n\r\n")
    assert response.status in (400, 401)
    assert set(response.json) == {"errorType", "message"}


@pytest.mark.parametrize(
    "base", ["http://127.0.0.1:8091", "HTTPS://Elsewhere", "http://[::1]:80", "http://["]
)
@pytest.mark.parametrize("path", ["/v2/projects", "/v2/projects?page=1", "//v2/projects"])
def test_a_target_in_absolute_form_counts_from_its_path(
    mock: MockServer, clock: Clock, base: str, path: str
) -> None:
    """RFC 9112 (3.2.2): every server must accept it. A client behind a proxy signs the path."""
    raw = signed("GET", path, clock.now).replace(f"GET {path} ".encode(), f"GET {base}{path} ".encode(), 1)
    assert exchange(mock, raw).status in (200, 404)
    assert (mock.journal.entries()[-1]["target"], mock.journal.entries()[-1]["code"]) == (path, "ok")


def test_a_signed_absolute_form_is_named(mock: MockServer, clock: Clock) -> None:
    """Its path is the endpoint, not the whole URL."""
    raw = signed("GET", "http://127.0.0.1/v2/clouds", clock.now)
    assert exchange(mock, raw).headers["x-mock-mistake"] == "endpoint_full_url"
    assert exchange(mock, request("GET", "http://elsewhere?a=1", [])).status == 401
    assert mock.journal.entries()[-1]["target"] == "/?a=1"


def test_the_authority_of_a_target_must_be_loopback_for_the_mocks_own_endpoints(mock: MockServer) -> None:
    """It takes precedence over the Host header."""
    assert exchange(mock, request("GET", "http://localhost/_mock/requests", [])).status == 200
    assert exchange(mock, request("GET", "http://capella.example/_mock/requests", [])).status == 403
