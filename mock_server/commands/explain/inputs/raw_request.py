"""Reads a raw HTTP request: request line, headers, a blank line, and the body. Lines end in LF or CRLF."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from mock_server.commands.explain.inputs import header_lines

if TYPE_CHECKING:
    from mock_server.commands.explain.inputs.found import FoundRequest

_BLANK_LINE: Final = re.compile(rb"\r?\n\r?\n")
_LENGTH: Final = re.compile(rb"(?im)^content-length:[ \t]*([0-9]{1,12})[ \t]*\r?$")
_CHUNKED: Final = re.compile(rb"(?im)^transfer-encoding:.*chunked")


def recognises(data: bytes) -> bool:
    """Return whether the input begins with a request line."""
    first = data.lstrip(b"\r\n").partition(b"\n")[0].rstrip(b"\r")
    return not first.startswith(b"curl ") and header_lines.REQUEST_LINE.fullmatch(first) is not None


def read(data: bytes) -> FoundRequest:
    """Return the request. A body beyond Content-Length is cut off: editors add a newline.

    Raises:
        UnreadableError: a header line is malformed.
    """
    head, *rest = _BLANK_LINE.split(data.lstrip(b"\r\n"), maxsplit=1)
    body: bytes | None = rest[0] if rest else b""
    length = _LENGTH.search(head)
    if _CHUNKED.search(head) or (length is not None and int(length[1]) > len(body or b"")):
        body = None
    elif length is not None and body is not None:
        body = body[: int(length[1])]
    lines = [line.rstrip(b"\r") for line in head.rstrip(b"\r\n").split(b"\n")]
    return header_lines.read(lines, body=body)
