"""A raw HTTP request."""

from __future__ import annotations

import pytest

from mock_server.commands.explain.inputs import raw_request
from mock_server.commands.explain.inputs.found import UnreadableError

HEAD = (
    "POST /v2/projects?page=2 HTTP/1.1\nHost: h.example\n"
    "Authorization:Bearer A:c2ln\t\nCouchbase-Timestamp: 1700000000123\n"
)


@pytest.mark.parametrize(
    ("text", "body"),
    [
        (HEAD + "\nbody", b"body"),
        (HEAD.replace("\n", "\r\n") + "\r\nbo\r\n\r\ndy", b"bo\r\n\r\ndy"),
        ("\r\n\n" + HEAD, b""),
        (HEAD.rstrip(), b""),
        (HEAD + "Content-Length: 4\n\nbody\n", b"body"),
        (HEAD.replace(" HTTP/1.1", "") + "\n", b""),
        (HEAD.replace("/v2", "https://user@h.example/v2") + "\n", b""),
    ],
    ids=["LF", "CRLF", "blank lines before", "no blank line", "newline added", "no version", "absolute form"],
)
def test_request_is_read(text: str, body: bytes) -> None:
    """Method, target, headers and body are those of the text."""
    assert raw_request.recognises(text.encode())
    found = raw_request.read(text.encode())
    request = found.request
    assert (request.method, request.target, request.body) == ("POST", "/v2/projects?page=2", body)
    assert request.header_values("Authorization") == ["Bearer A:c2ln"]
    assert request.header_values("Host") == ["h.example"]
    assert found.body_known


@pytest.mark.parametrize("header", ["Content-Length: 5", "Transfer-Encoding: chunked"])
def test_body_that_is_not_complete_is_not_known(header: str) -> None:
    """A body that is cut off, or that is in chunks, is not used."""
    found = raw_request.read(f"{HEAD}{header}\n\nbody".encode())
    assert (found.body_known, found.request.body) == (False, b"")


def test_absolute_form_gives_the_host() -> None:
    """Without a Host header, the host of the target is used."""
    found = raw_request.read(b"GET http://h.example:80/v2/clouds#part HTTP/1.1\n\n")
    assert (found.request.target, found.request.header("Host")) == ("/v2/clouds", "h.example:80")


def test_bytes_are_kept() -> None:
    """Bytes that are not ASCII, and repeated headers, reach the verifier as they are."""
    found = raw_request.read(b"GET /\xff HTTP/1.1\nA: \xe9\na: 2\n\n\x00\xff")
    assert found.request.target.encode("latin-1") == b"/\xff"
    assert found.request.header_values("a") == ["\xe9", "2"]
    assert found.request.body == b"\x00\xff"


def test_line_that_is_no_header() -> None:
    """The message names the line."""
    with pytest.raises(UnreadableError, match="line 2 of the request"):
        raw_request.read(b"GET / HTTP/1.1\nno header\n\n")


@pytest.mark.parametrize("text", ["", "hello", "curl -v https://h/", "GET / HTTP/1.1 x", "GET  /"])
def test_other_text_is_not_recognised(text: str) -> None:
    """The first line must be a request line."""
    assert not raw_request.recognises(text.encode())
