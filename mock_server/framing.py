"""Reads the header section and the body of a request from its connection (RFC 9112), as they were sent.

``http.server`` limits, folds and joins headers, and werkzeug refuses chunk extensions and trailers. So the
mock reads both itself.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence
    from io import BufferedIOBase

    from mock_server.http import ReceivedRequest

BODY_LIMIT: Final = 1_000_000
"""Bytes of a body; a longer one is a 413."""

STATE_LIMIT: Final = 4_000_000
"""Bytes of a state, in a file or in the body of ``PUT /_mock/state``."""

_LINE_LIMIT: Final = 65_536  # bytes of a line
_HEADER_LIMIT: Final = 100  # headers, and trailers
_HEADER: Final = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):(.*)", re.DOTALL)
_CHUNK_SIZE: Final = re.compile(rb"([0-9A-Fa-f]{1,16})[ \t]*(?:;.*)?", re.DOTALL)
_INCOMPLETE: Final = "The body is incomplete, or its chunks are malformed."


class FramingError(Exception):
    """A request that cannot be read. Its text says why, and how to correct it.

    Attributes:
        status: the HTTP status of the reply.
        mistake: the mistake in the signature that caused it, or an empty string.
        headers: the headers before a malformed header line.
    """

    headers: Sequence[tuple[str, str]] = ()

    def __init__(self, status: int, message: str, mistake: str = "") -> None:
        """Keep the status and the mistake beside the message."""
        super().__init__(message)
        self.status = status
        self.mistake = mistake


def read_headers(file: BufferedIOBase) -> list[tuple[str, str]]:
    """Read header lines up to an empty one, and return names and values as they were sent, in Latin-1.

    A line that begins with a space or a tab continues the value before it (RFC 9112, section 5.2).

    Raises:
        FramingError: 400 for a malformed line, 431 for a line or a number of headers above the limit.
    """
    headers: list[tuple[str, str]] = []
    try:
        _read_headers(file, headers)
    except FramingError as error:
        error.headers = headers
        raise
    return headers


def _read_headers(file: BufferedIOBase, headers: list[tuple[str, str]]) -> None:
    end = b""  # of the line before
    while line := _read_line(file, "A header line"):
        text = line.removesuffix(b"\n").removesuffix(b"\r")
        if not text:
            break
        if b"\r" in text:
            raise FramingError(400, "A header line contains a carriage return: remove it.", _wrapped(headers))
        if text[:1] in b" \t" and headers:
            name, value = headers.pop()
            headers.append((name, value + (end + text).decode("latin-1")))
            end = line[len(text) :]
            continue
        header = _HEADER.fullmatch(text)
        if header is None:
            raise FramingError(400, _malformed(headers), _wrapped(headers))
        if len(headers) == _HEADER_LIMIT:
            raise FramingError(431, f"The request has more than {_HEADER_LIMIT} headers: send fewer.")
        headers.append((header[1].decode("latin-1"), header[2].decode("latin-1")))
        end = line[len(text) :]


def _malformed(headers: Sequence[tuple[str, str]]) -> str:
    if _wrapped(headers):
        return (
            "A line break is inside the Authorization header, as in base64 that was wrapped into lines:"
            " encode the signature without line breaks (`base64 -w0`, or remove the newlines)."
        )
    return "A header line is not NAME: VALUE."


def _wrapped(headers: Sequence[tuple[str, str]]) -> str:
    """Return the mistake of a line break in a signature, if that is what the malformed line comes from."""
    return "signature_wrapped" if headers and headers[-1][0].lower() == "authorization" else ""


def _read_line(file: BufferedIOBase, what: str) -> bytes:
    line = file.readline(_LINE_LIMIT + 1)
    if len(line) > _LINE_LIMIT:
        raise FramingError(431, f"{what} is longer than {_LINE_LIMIT // 1024} KiB: send a shorter one.")
    return line


def body_length(request: ReceivedRequest) -> int | None:
    """Return the number of bytes in the body, or None if it is chunked.

    Raises:
        FramingError: 400 for a Content-Length that is malformed or contradicts another one, 501 for an
            unknown Transfer-Encoding.
    """
    codings = [
        value.strip().lower()
        for each in request.header_values("Transfer-Encoding")
        for value in each.split(",")
    ]
    if codings:
        if codings != ["chunked"]:
            raise FramingError(
                501, "The Transfer-Encoding is not `chunked`: send the body with a Content-Length."
            )
        return None
    lengths = {value.strip() for each in request.header_values("Content-Length") for value in each.split(",")}
    if len(lengths) > 1:
        raise FramingError(400, "The request has two Content-Length headers that differ: send one.")
    length = lengths.pop() if lengths else "0"
    if not re.fullmatch("[0-9]{1,18}", length):
        raise FramingError(
            400, "The Content-Length is not a number: send the number of bytes in the body, in digits."
        )
    return int(length)


def read_body(file: BufferedIOBase, length: int | None, limit: int = BODY_LIMIT) -> bytes:
    """Read a body of this length, or a chunked one, with chunk extensions and trailers, which are dropped.

    Args:
        file: the connection.
        length: the length in bytes, or None for a chunked body.
        limit: the largest length.

    Raises:
        FramingError: 400 for an incomplete or malformed body, 413 for one above the limit.
    """
    if length is None:
        return _read_chunks(file, limit)
    _check(length, limit)
    body = file.read(length)
    if len(body) < length:
        raise FramingError(400, _INCOMPLETE)
    return body


def _check(length: int, limit: int) -> None:
    if length > limit:
        raise FramingError(413, f"The body is larger than {limit:,} bytes.")


def _read_chunks(file: BufferedIOBase, limit: int) -> bytes:
    body = bytearray()
    while True:
        line = _CHUNK_SIZE.fullmatch(
            _read_line(file, "A chunk's first line").removesuffix(b"\n").removesuffix(b"\r")
        )
        if line is None:
            raise FramingError(400, _INCOMPLETE)
        size = int(line[1], 16)
        if not size:
            read_headers(file)  # the trailers
            return bytes(body)
        _check(len(body) + size, limit)
        chunk = file.read(size)
        if len(chunk) < size or file.readline(3) not in (b"\r\n", b"\n"):
            raise FramingError(400, _INCOMPLETE)
        body += chunk
