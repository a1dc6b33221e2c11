"""Headers and bodies are read as they were sent (RFC 9112), or refused with a reason."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.framing import (
    BODY_LIMIT,
    STATE_LIMIT,
    FramingError,
    body_length,
    read_body,
    read_headers,
)
from mock_server.http import ReceivedRequest
from tests.conformance.raw_http import parse, send_bytes
from tests.support.raw_http import request, signed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mock_server.server import MockServer
    from tests.conftest import Clock

JSON = ("Content-Type", "application/json")


def headers(raw: bytes) -> list[tuple[str, str]]:
    """Return the headers of a section that ends."""
    return read_headers(io.BytesIO(raw + b"\r\n"))


def length(*pairs: tuple[str, str]) -> int | None:
    """Return the length of the body of a request with these headers."""
    return body_length(ReceivedRequest("POST", "/", pairs))


def refused(raw: bytes, size: int | None) -> FramingError:
    """Return the error for a body."""
    with pytest.raises(FramingError) as caught:
        read_body(io.BytesIO(raw), size)
    return caught.value


def test_headers_are_kept_as_sent() -> None:
    """Names, values, spaces, order and repetitions stay; LF alone ends a line as well."""
    raw = b"A: b\r\na:  c \t\nX-\xc3: \r\n".replace(b"\xc3", b"y") + b"N:\xff\x85\xa0\r\n"
    assert headers(raw) == [("A", " b"), ("a", "  c \t"), ("X-y", " "), ("N", "\xff\x85\xa0")]


def test_a_folded_line_continues_the_value() -> None:
    """The line break stays in it, so that the verifier sees what was sent."""
    assert headers(b"A: b\r\n c\n\td\r\n") == [("A", " b\r\n c\n\td")]


@pytest.mark.parametrize(("count", "passes"), [(0, True), (99, True), (100, True), (101, False)])
def test_up_to_100_headers_pass(count: int, *, passes: bool) -> None:
    """One more is 431."""
    raw = b"A: b\r\n" * count
    if passes:
        assert len(headers(raw)) == count
    else:
        with pytest.raises(FramingError, match="more than 100 headers") as caught:
            headers(raw)
        assert caught.value.status == 431


@pytest.mark.parametrize(("size", "passes"), [(65_536, True), (65_537, False)])
def test_a_line_has_at_most_64_kib(size: int, *, passes: bool) -> None:
    """Its end included."""
    raw = b"A:".ljust(size - 2, b"x") + b"\r\n"
    if passes:
        assert headers(raw) == [("A", "x" * (size - 4))]
    else:
        with pytest.raises(FramingError, match="longer than 64 KiB"):
            headers(raw)


@pytest.mark.parametrize(
    ("lines", "mistake"),
    [
        (b"Authorization: Bearer A:abc\r\ndef=\r\n", "signature_wrapped"),
        (b"authorization: Bearer A:abc\ndef=\r\n", "signature_wrapped"),
        (b"Authorization: Bearer A:abc\r\nB: c\r\ndef=\r\n", ""),
        (b"no colon\r\n", ""),
    ],
)
def test_a_line_break_in_a_signature_is_named(lines: bytes, mistake: str) -> None:
    """`openssl ... | base64` wraps at 76 characters, and the rest becomes a malformed header line."""
    with pytest.raises(FramingError) as caught:
        headers(lines)
    assert (caught.value.status, caught.value.mistake) == (400, mistake)
    assert ("base64 -w0" in str(caught.value)) == bool(mistake)


def test_a_line_break_in_a_signature_is_named_to_the_client(mock: MockServer) -> None:
    """The 400 has the header and the message."""
    raw = request("GET", "/v2/clouds", [("Authorization", "Bearer A:abc\ndef=")])
    response = send_bytes(mock.port, raw)
    assert b"400 Bad Request" in response
    assert b"X-Mock-Mistake: signature_wrapped" in response
    assert b"base64 -w0" in response


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([], 0),
        ([("Content-Length", "5")], 5),
        ([("content-length", " 05 ")], 5),
        ([("Content-Length", "5"), ("Content-Length", "5")], 5),
        ([("Content-Length", "5, 5")], 5),
        ([("Transfer-Encoding", "chunked")], None),
        ([("Transfer-Encoding", " Chunked "), ("Content-Length", "5")], None),
    ],
)
def test_the_length_of_a_body(pairs: Sequence[tuple[str, str]], expected: int | None) -> None:
    """Content-Length, several that agree, or chunks, which take precedence (RFC 9112, section 6.3)."""
    assert length(*pairs) == expected


@pytest.mark.parametrize(
    ("pairs", "status", "words"),
    [
        ([("Content-Length", "5"), ("Content-Length", "6")], 400, "differ"),
        ([("Content-Length", "5, 6")], 400, "differ"),
        ([("Content-Length", "")], 400, "not a number"),
        ([("Content-Length", "-1")], 400, "not a number"),
        ([("Content-Length", "+1")], 400, "not a number"),
        ([("Content-Length", "1.0")], 400, "not a number"),
        ([("Content-Length", "0x10")], 400, "not a number"),
        ([("Content-Length", "9" * 19)], 400, "not a number"),
        ([("Transfer-Encoding", "gzip, chunked")], 501, "not `chunked`"),
        ([("Transfer-Encoding", "identity")], 501, "not `chunked`"),
        ([("Transfer-Encoding", "chunked"), ("Transfer-Encoding", "chunked")], 501, "not `chunked`"),
    ],
)
def test_an_unknown_length_is_refused(pairs: Sequence[tuple[str, str]], status: int, words: str) -> None:
    """Where the next request begins would be a guess."""
    with pytest.raises(FramingError, match=words) as caught:
        length(*pairs)
    assert caught.value.status == status


def test_an_unknown_length_is_400_before_401_and_in_the_journal(mock: MockServer) -> None:
    """The signature is not looked at."""
    raw = request("POST", "/v2/projects", [("Content-Length", "5"), ("Content-Length", "6")])
    assert b"400 BAD REQUEST" in send_bytes(mock.port, raw + b"abcdef")
    (entry,) = mock.journal.entries()
    assert (entry["target"], entry["status"], entry["code"]) == ("/v2/projects", 400, "malformed")
    assert "two Content-Length headers that differ" in entry["message"]


@pytest.mark.parametrize(
    "raw",
    [
        b"3;name=value\r\nabc\r\n2 ;a\r\nde\r\n0\r\n\r\n",
        b'5;a="b;c"\nabcde\n0;last\nTrailer: x\r\nOther: y\r\n\r\n',
        b"005\r\nabcde\r\n000\r\n\r\n",
    ],
)
def test_chunk_extensions_and_trailers_are_accepted(raw: bytes) -> None:
    """They are dropped (RFC 9112, section 7.1)."""
    assert read_body(io.BytesIO(raw), None) == b"abcde"


def test_a_chunked_request_with_extensions_and_trailers_passes(mock: MockServer, clock: Clock) -> None:
    """It is verified and carried out."""
    head = signed("POST", "/v2/projects", clock.now, b"", JSON, ("Transfer-Encoding", "chunked"))
    assert b"201 CREATED" in send_bytes(mock.port, head + b'c;x=y\r\n{"name":"x"}\r\n0\r\nT: z\r\n\r\n')


def test_bodies_end_where_they_should() -> None:
    """The limit is exact, and what is missing is a 400."""
    assert read_body(io.BytesIO(b"abcdef"), 5) == b"abcde"
    assert len(read_body(io.BytesIO(b"x" * BODY_LIMIT), BODY_LIMIT)) == BODY_LIMIT
    assert refused(b"", BODY_LIMIT + 1).status == 413
    assert refused(b"abc", 4).status == 400
    chunk = f"{BODY_LIMIT:x}\r\n".encode() + b"x" * BODY_LIMIT + b"\r\n"
    assert len(read_body(io.BytesIO(chunk + b"0\r\n\r\n"), None)) == BODY_LIMIT
    assert refused(chunk + b"1\r\nx\r\n0\r\n\r\n", None).status == 413


@pytest.mark.parametrize(
    "raw", [b"", b"\r\n", b"zz\r\n", b"-1\r\n", b"5\r\nab", b"2\r\nabXX", b"1;\r\n", b"F" * 17]
)
def test_malformed_chunks_are_400(raw: bytes) -> None:
    """Whatever is wrong with them."""
    assert refused(raw, None).status == 400


@given(st.binary(max_size=200))
def test_any_bytes_are_headers_or_an_error(raw: bytes) -> None:
    """Nothing else is raised, and nothing is read behind the empty line."""
    try:
        pairs = headers(raw)
    except FramingError as error:
        assert error.status in (400, 431)  # noqa: PT017  # both outcomes are right
    else:
        assert all(name and ":" not in name for name, _ in pairs)


@given(st.binary(max_size=200))
def test_any_bytes_are_chunks_or_an_error(raw: bytes) -> None:
    """Nothing else is raised."""
    try:
        read_body(io.BytesIO(raw), None)
    except FramingError as error:
        assert error.status in (400, 413, 431)  # noqa: PT017  # both outcomes are right


def test_a_state_may_be_larger(mock: MockServer) -> None:
    """Up to 4,000,000 bytes, chunked or not. A larger one is 422, as each invalid state; others are 413."""
    state = b'{"projects": [{"name": "x"}]}'

    def put(target: str, size: int) -> int:
        return parse(send_bytes(mock.port, request("PUT", target, [], state.ljust(size)))).status

    assert put("/_mock/state", STATE_LIMIT) == 200
    assert mock.api.state()["projects"][0]["name"] == "x"
    assert put("/_mock/state", STATE_LIMIT + 1) == 422
    assert put("/_mock/state?x", 10_000_000) == 422
    assert put("/_mock/state/", BODY_LIMIT + 1) == 413
    chunk = f"{STATE_LIMIT:x}\r\n".encode() + b"x" * STATE_LIMIT + b"\r\n"
    assert len(read_body(io.BytesIO(chunk + b"0\r\n\r\n"), None, STATE_LIMIT)) == STATE_LIMIT
