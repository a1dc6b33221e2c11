"""Reads the output of ``curl -v``: the lines with ``>`` are the request, those with ``<`` the response.

The output does not contain the body of the request.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from mock_server.commands.explain.inputs import header_lines
from mock_server.commands.explain.inputs.found import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mock_server.commands.explain.inputs.found import FoundRequest

_SENT: Final = re.compile(rb">(?: (.*))?")
_METER: Final = re.compile(
    rb"^[ 0-9A-Za-z.]{20,90}[-0-9:]{7,8} +[-0-9:]{7,8} +[-0-9:]{7,8} +[0-9]+[kMGTP]?(?=[*<>{}])"
)
"""The progress meter, which curl writes before a line if its output goes to a file."""
_TIME: Final = re.compile(rb"^[0-9:.]{8,15} (?=[*<>{}])")  # of --trace-time
_START: Final = re.compile(rb"(?m)^.{0,200}?> [!#$%&'*+.^_`|~0-9A-Za-z-]+ \S+ HTTP/[0-9]")
_DATE: Final = re.compile(rb"(?i)< date: *(.+)")


def recognises(data: bytes) -> bool:
    """Return whether the input has the request line that ``curl -v`` prints."""
    return any(_clean(match[0]).startswith(b"> ") for match in _START.finditer(data))


def read(data: bytes) -> list[FoundRequest]:
    """Return each request in the output, except those to a proxy.

    Raises:
        UnreadableError: a line is malformed, or all requests are to a proxy.
    """
    found = [
        header_lines.read(lines, body=None, server_time=date)
        for lines, date in _exchanges(data)
        if not lines[0].startswith(b"CONNECT ")
    ]
    if not found:
        raise UnreadableError("curl's output has only a CONNECT to a proxy: the request itself is missing")
    return found


def _exchanges(data: bytes) -> Iterator[tuple[list[bytes], int | None]]:
    """Yield the lines of each request, and the Date of its response."""
    lines: list[bytes] = []
    date: int | None = None
    complete = False
    for line in map(_clean, data.split(b"\n")):
        sent = _SENT.fullmatch(line)
        if sent is not None:
            text = sent[1] or b""
            starts = header_lines.REQUEST_LINE.fullmatch(text) is not None and b" HTTP/" in text
            if starts and (complete or not lines):
                if lines:
                    yield lines, date
                lines, date, complete = [text], None, False
            elif lines and not complete:
                complete = not text
                lines += [text] * (not complete)
        elif lines and date is None and (found := _DATE.fullmatch(line)):
            date = header_lines.milliseconds(found[1].decode("latin-1"))
        complete = complete or bool(lines and line.startswith(b"<"))
    if lines:
        yield lines, date


def _clean(line: bytes) -> bytes:
    """Return a line without its carriage return, the progress meter and the time before it."""
    line = line.rstrip(b"\r").rpartition(b"\r")[2]
    return _TIME.sub(b"", _METER.sub(b"", line))
