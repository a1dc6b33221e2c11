"""The mock's HTTP: bodies, broken requests, and clients that hang or leave."""

from __future__ import annotations

import socket
import threading
from functools import partial
from typing import TYPE_CHECKING

import pytest
import requests
from hypothesis import assume, given
from hypothesis import strategies as st

from mock_server.server import MockServer
from tests.support.raw_http import Reply, parse, request, send, signed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Clock

JSON = ("Content-Type", "application/json")


def exchange(mock: MockServer, raw: bytes) -> Reply:
    """Send a request and read its answer."""
    return parse(send(mock.port, raw))


def chunked(clock: Clock, chunks: bytes) -> bytes:
    """A signed POST with a chunked body."""
    return signed("POST", "/v2/projects", clock.now, b"", JSON, ("Transfer-Encoding", "chunked")) + chunks


def test_chunked_body(mock: MockServer, clock: Clock) -> None:
    """A chunked body is put together; a broken one is 400 and one that is too large 413, never 500."""
    assert exchange(mock, chunked(clock, b'c\r\n{"name":"x"}\r\n0\r\n\r\n')).status == 201
    for broken in (b"", b"zz\r\n", b"-1\r\n", b"5\r\nab", b"2\r\nabXX\r\n0\r\n\r\n"):
        assert exchange(mock, chunked(clock, broken)).status == 400
    assert exchange(mock, chunked(clock, b"ffff\r\nab")).status in (400, 422)
    large = b"f4240\r\n" + b"x" * 1_000_000 + b"\r\n1\r\nx\r\n0\r\n\r\n"
    assert exchange(mock, chunked(clock, large)).status == 413


def test_body_that_ends_early(mock: MockServer, clock: Clock) -> None:
    """A body shorter than its Content-Length is told so."""
    raw = signed("POST", "/v2/projects", clock.now, b"", ("Content-Length", "50")) + b"{}"
    reply = exchange(mock, raw)
    assert (reply.status, reply.json["errorType"]) == (400, "BadRequest")


def test_head_has_no_body(mock: MockServer) -> None:
    """HEAD is answered by headers alone, refusals included."""
    assert exchange(mock, request("HEAD", "/v2/projects", [])).body == b""


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"nonsense\r\n\r\n", 400),
        (b"GET /v2/status\r\n\r\n", 400),
        (b"GET  /v2/status HTTP/1.1\r\n\r\n", 400),
        (b" GET /v2/status HTTP/1.1\r\n\r\n", 400),
        (b"GET /v2/status HTTP/1.1 \r\n\r\n", 400),
        (b"GET /v2/a b HTTP/1.1\r\n\r\n", 400),
        (b"GET /v2/status FTP/1.1\r\n\r\n", 400),
        (b"GET /v2/status HTTP/1.1\r\nHost: x\r\nno colon\r\nA: b\r\n\r\n", 400),
        (b"GET /v2/status HTTP/1.1\r\nA: b\r\r\n\r\n", 400),
        (b"GET /v2/status HTTP/1.1\r\nA: b\rAuthorization: c\r\n\r\n", 400),
        (b"GET /v2/status HTTP/1.1\r\nName : x\r\n\r\n", 400),
        (b"GET /v2/status HTTP/1.1\r\n: x\r\n\r\n", 400),
        (b"GET /v2/status HTTP/1.1\r\n folded: x\r\n\r\n", 400),
        (b"GET /" + b"x" * 65536 + b" HTTP/1.1\r\n\r\n", 414),
        (b"GET /v2/status HTTP/1.1\r\nA: " + b"x" * 65536 + b"\r\n\r\n", 431),
        (b"GET /v2/status HTTP/1.1\r\n" + b"A: b\r\n" * 101 + b"\r\n", 431),
        (b"GET /v2/status HTTP/2.0\r\n\r\n", 505),
    ],
)
def test_what_is_no_http_is_refused(mock: MockServer, raw: bytes, status: int) -> None:
    """The HTTP layer's own refusals have a status line and the API's envelope, and are not journaled."""
    reply = exchange(mock, raw)
    assert reply.status == status
    assert reply.json["errorType"] == "BadRequest"
    assert mock.journal.entries() == []


def test_an_empty_connection_is_closed(mock: MockServer) -> None:
    """Nothing, or an empty line, is answered by nothing."""
    assert send(mock.port, b"") == b""
    assert send(mock.port, b"\r\n") == b""


def test_clients_that_hang_or_leave_disturb_nobody(
    mock: MockServer, clock: Clock, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Idle clients block nobody and are given up in the end; ones that leave leave no trace."""
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
            answer = b"".join(iter(partial(connection.recv, 65536), b""))
            assert answer == b"" or parse(answer).status == 400
    assert capfd.readouterr().err == ""


def test_answers_run_beside_each_other(clock: Clock) -> None:
    """One request that takes its time does not hold up the others."""
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
    """One mock for many examples, at the time 1."""
    with MockServer(clock=lambda: 1) as server:
        yield server
    server.check()


@given(
    method=st.text(st.characters(min_codepoint=0x21, max_codepoint=255), min_size=1, max_size=9),
    target=st.text(st.characters(max_codepoint=255, exclude_characters=" \r\n"), min_size=1, max_size=40),
)
def test_any_request_line_arrives_untouched(shared: MockServer, method: str, target: str) -> None:
    """Whatever the two words of a request line are made of, they are verified as they travelled."""
    assume(not target.startswith(("/_mock/", "/v2/status")))  # what needs no signature
    reply = exchange(shared, signed(method, target, 1))
    entry = shared.journal.entries()[-1]
    assert (entry["method"], entry["target"], entry["code"]) == (method, target, "ok")
    assert reply.status == entry["status"]


@given(st.binary(max_size=80))
def test_any_headers_get_an_answer(shared: MockServer, headers: bytes) -> None:
    """Whatever the header section is made of, the answer is one of the API or one of the HTTP layer."""
    reply = exchange(shared, b"GET /v2/projects HTTP/1.1\r\n" + headers + b"\r\n\r\n")
    assert reply.status in (400, 401)
    assert set(reply.json) == {"errorType", "message"}
