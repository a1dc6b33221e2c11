"""The sender of exact bytes."""

from __future__ import annotations

import socket
import threading

import pytest

from tests.conformance.raw_http import RawRequest, RawResponse, parse, send, send_bytes


def test_a_request_is_sent_as_it_is() -> None:
    """Method, target and headers are sent byte by byte and in order; absent headers are added after them."""
    request = RawRequest("get", "//a?%2f\xe9", (("X", "1"), ("x", " 2\t"), ("Authorization", "")), "é")
    assert request.serialize("127.0.0.1:80") == (
        b"get //a?%2f\xe9 HTTP/1.1\r\nX: 1\r\nx:  2\t\r\nAuthorization: \r\n"
        b"Host: 127.0.0.1:80\r\nContent-Length: 2\r\nConnection: close\r\n\r\n\xc3\xa9"
    )


def test_present_headers_are_not_added() -> None:
    """Names are compared without regard to case."""
    headers = (("host", "h"), ("CONTENT-LENGTH", "9"), ("connection", "keep-alive"))
    assert RawRequest("GET", "/", headers).serialize("127.0.0.1:80") == (
        b"GET / HTTP/1.1\r\nhost: h\r\nCONTENT-LENGTH: 9\r\nconnection: keep-alive\r\n\r\n"
    )


def response_to(raw: bytes, method: str = "GET") -> RawResponse:
    """Send a request to a server that sends these bytes, and then keeps the connection open."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(65_536)
                connection.sendall(raw)
                if raw:
                    connection.recv(1)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            return send(server.getsockname()[1], RawRequest(method, "/"))
        finally:
            thread.join()


def test_a_response_is_read_by_its_length() -> None:
    """The sender does not wait for the end of the connection."""
    response = response_to(b'HTTP/1.1 401 No\r\nX-Mock-Mistake:  a\r\nContent-Length: 7\r\n\r\n{"a":1}')
    assert response == RawResponse(401, {"x-mock-mistake": "a", "content-length": "7"}, b'{"a":1}')
    assert response.json == {"a": 1}
    assert response_to(b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n", "HEAD").body == b""
    assert response_to(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n<a>").json is None


def test_interim_responses_are_skipped() -> None:
    """A 100 before the response is not the response."""
    raw = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 401 No\r\nContent-Length: 2\r\n\r\n{}"
    assert response_to(raw) == RawResponse(401, {"content-length": "2"}, b"{}")


def test_no_response_is_an_error() -> None:
    """The server closes the connection without a response."""
    with pytest.raises(ConnectionError, match="without a response"):
        response_to(b"")


def test_exact_bytes_are_sent_until_the_server_closes() -> None:
    """All bytes received are returned, and can be parsed: the whole rest is the body."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                received = b"".join(iter(lambda: connection.recv(65_536), b""))
                connection.sendall(b"HTTP/1.1 200 OK\r\nX: y\r\n\r\n" + received)

        thread = threading.Thread(target=serve)
        thread.start()
        raw = send_bytes(server.getsockname()[1], b"no HTTP \xff")
        thread.join()
    assert parse(raw) == RawResponse(200, {"x": "y"}, b"no HTTP \xff")


def test_bytes_without_a_status_line_are_an_error() -> None:
    """The error shows the bytes."""
    with pytest.raises(ConnectionError, match=r"received b'nonsense'"):
        parse(b"nonsense")
