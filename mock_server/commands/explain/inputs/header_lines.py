"""Reads a request line and header lines, as they are on the wire or in the output of ``curl -v``."""

from __future__ import annotations

import re
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final

from mock_server.commands.explain.inputs.found import FoundRequest, UnreadableError, latin1, split_url
from mock_server.http import ReceivedRequest

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

REQUEST_LINE: Final = re.compile(
    rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+) (?:(\S+) HTTP/[0-9](?:\.[0-9])?|((?:/|https?://)\S*))[ \t]*"
)
"""Method, target and version. Without the version, as editors' REST clients write it, a target is plain."""

_HEADER_LINE: Final = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):(.*)", re.DOTALL)
_MOST_LINES: Final = 1_000
_CAN_BE_BROKEN: Final = b"authorization"


def read(lines: Sequence[bytes], *, body: bytes | None, server_time: int | None = None) -> FoundRequest:
    """Return the request that a request line and header lines make.

    Args:
        lines: the request line and the header lines, without line ends; at least one line.
        body: the body; None if it is not known.
        server_time: the ``Date`` of the response, in milliseconds.

    Raises:
        UnreadableError: a line is malformed.
    """
    if len(lines) > _MOST_LINES:
        raise UnreadableError(f"the request has more than {_MOST_LINES} lines before its body")
    line = REQUEST_LINE.fullmatch(lines[0])
    if line is None:
        raise UnreadableError("the request line is not `METHOD TARGET HTTP/1.1`")
    host, target = split_url(line[2] or line[3])
    headers = _headers(lines[1:])
    if host and not any(name.lower() == "host" for name, _ in headers):
        headers.append(("Host", latin1(host)))
    request = ReceivedRequest(latin1(line[1]), latin1(target), headers, body or b"")
    return FoundRequest(request, body is not None, server_time)


def _headers(lines: Iterable[bytes]) -> list[tuple[str, str]]:
    """Return the headers. A line that continues the Authorization header is kept, with its line break."""
    headers: list[tuple[bytes, list[bytes]]] = []
    for number, line in enumerate(lines, 2):
        header = _HEADER_LINE.fullmatch(line)
        if header is not None:
            headers.append((header[1], [header[2]]))
        elif headers and headers[-1][0].lower() == _CAN_BE_BROKEN:
            headers[-1][1].append(line)
        else:
            raise UnreadableError(f"line {number} of the request is not a header: write `Name: value`")
    return [(latin1(name), latin1(b"\n".join(parts))) for name, parts in headers]


def milliseconds(date: str) -> int | None:
    """Return the milliseconds since 1970-01-01 UTC of an HTTP date; None if it is not a date."""
    try:
        return int(parsedate_to_datetime(date).timestamp()) * 1000
    except (ValueError, TypeError, IndexError, OverflowError, OSError):
        return None
