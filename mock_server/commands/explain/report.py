"""Writes the report: the verdict, the signed and the expected text, the mistakes, and correct code."""

from __future__ import annotations

import shutil
import sys
import textwrap
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from mock_server import fixes, visible
from mock_server.verifier import WINDOW

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from mock_server.commands.explain.inputs.found import FoundRequest
    from mock_server.commands.explain.judge import Finding
    from mock_server.visible import Mask

_LABEL: Final = "  signed    "
_WIDEST_TEXT: Final = 110
_LONGEST_TARGET: Final = 200
_LONGEST_LINE: Final = 2_000  # characters of a signed text where stdout is not a terminal
_UNSIGNED_LISTED: Final = 3
_WITH_BODY: Final = ("POST", "PUT", "PATCH")
_LEGEND: Final = (
    (r"\n", "a newline"),
    (r"\r", "a carriage return"),
    (r"\t", "a tab"),
    (r"\\", "a backslash"),
)


def width() -> int:
    """Return the number of columns of the terminal; a large number if stdout is not a terminal."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else _LONGEST_LINE


class Report:
    """Makes the text of a report."""

    def __init__(self, mask: Mask, now: int, columns: int) -> None:
        """Write for a terminal of `columns`; `now` is in milliseconds since 1970-01-01 UTC."""
        self._mask = mask
        self._now = now
        self._columns = max(columns, 40)

    def text(
        self, findings: Sequence[Finding], unsigned: Sequence[FoundRequest], notes: Iterable[str]
    ) -> str:
        """Return the whole report."""
        lines: list[str] = []
        for number, finding in enumerate(findings, 1):
            place = f"Request {number} of {len(findings)}: " if len(findings) > 1 else ""
            lines += [*self._finding(finding, place), ""]
        lines += self._unsigned(unsigned)
        for note in notes:
            lines += [*self._wrapped(f"Note: {note}"), ""]
        aspects = dict.fromkeys(aspect for finding in findings for aspect in finding.aspects)
        for aspect in aspects:
            lines += [*self._fixes(aspect), ""]
        return "\n".join(lines).rstrip("\n") + "\n"

    def _finding(self, finding: Finding, place: str) -> Iterator[str]:
        request = finding.found.request
        target = self._mask.shown(request.target.encode("latin-1"))
        if len(target) > _LONGEST_TARGET:
            target = f"{target[:_LONGEST_TARGET]}..."
        yield f"{place}{self._mask.shown(request.method.encode('latin-1'))[:40]} {target}"
        yield from self._wrapped(self._age(finding))
        yield ""
        if not finding.refused:
            yield "The signature is RIGHT."
            yield from self._wrapped(_RIGHT_ADVICE)
        else:
            yield from self._wrapped("The signature is WRONG: " + " and ".join(finding.mistakes))
        yield ""
        if finding.refused and finding.refused.expected is not None:
            yield from self._texts(finding.refused.expected, finding.refused.signed)
            yield ""
        for message in finding.messages:
            yield from self._wrapped(message)
        for note in self._notes(finding):
            yield from self._wrapped(f"Note: {note}")

    def _age(self, finding: Finding) -> str:
        """Return when the request was signed."""
        if finding.time is None:
            return "It has no time: no readable Couchbase-Timestamp."
        age = self._now - finding.time
        moment = _date(finding.time)
        when = f"{duration(age)} ago" if age >= 0 else f"{duration(-age)} ahead of this machine's clock"
        return f"Signed at {moment}, {when}. It is judged at that time." if moment else f"Signed {when}."

    def _texts(self, expected: bytes, signed: bytes | None) -> Iterator[str]:
        """Yield the text signed above the text expected, with a mark below the first byte that differs."""
        expected = self._mask.masked(expected)
        if signed is None:
            yield f"  expected  {self._cut(expected, 0)}"
            yield f"            {_legend(expected)}"
            return
        signed = self._mask.masked(signed)
        if signed == expected:
            yield f"  signed    {self._cut(signed, 0)}   (as expected)"
            yield f"            {_legend(signed)}"
            return
        place = next(
            (at for at, (one, other) in enumerate(zip(signed, expected, strict=False)) if one != other),
            min(len(signed), len(expected)),
        )
        start = self._start(expected, place)
        yield f"  signed    {self._cut(signed, start)}"
        yield f"  expected  {self._cut(expected, start)}"
        column = len("".join(visible.pieces(expected[start:place]))) + len("..." if start else "")
        difference = (
            f"byte {place + 1}: {visible.spoken(signed, place)} signed,"
            f" {visible.spoken(expected, place)} expected"
        )
        mark = f"{'':{len(_LABEL) + column}}^ {difference}"
        if len(mark) > self._columns:
            yield f"{'':{len(_LABEL) + column}}^"
            mark = f"{'':{len(_LABEL)}}{difference}"
        yield mark
        yield f"            {_legend(signed + expected)}"

    def _room(self) -> int:
        return self._columns - len(_LABEL) - len("......")

    def _start(self, expected: bytes, place: int) -> int:
        """Return the first byte to show, so that the byte at ``place`` is within the line."""
        start = place
        room = self._room() // 2
        while start > 0 and room > 0:
            start -= 1
            room -= len(visible.shown(expected[start : start + 1]))
        return start

    def _cut(self, data: bytes, start: int) -> str:
        """Return a text from a byte on, cut to the line."""
        text, room = "", self._room()
        end = start
        while end < len(data) and len(text) < room:
            text += visible.shown(data[end : end + 1])
            end += 1
        return f"{'...' if start else ''}{text}{'...' if end < len(data) else ''}"

    def _notes(self, finding: Finding) -> Iterator[str]:
        yield from finding.found.notes
        late = finding.late
        if late is not None:
            order = "after" if late > 0 else "before"
            yield (
                f"The response is dated {duration(abs(late))} {order} the timestamp."
                f" The mock allows {duration(WINDOW)}, the service's limit is unknown: sign each request"
                " again, and check the clock."
            )
        elif finding.time is not None and finding.time - self._now > WINDOW:
            yield "A timestamp in the future is refused too: check the clock, and that its time is UTC."
        if (
            finding.unexplained
            and not finding.found.body_known
            and finding.found.request.method in _WITH_BODY
        ):
            yield "The body is not in the input. If your client signs the body, that is the mistake."

    def _unsigned(self, unsigned: Sequence[FoundRequest]) -> Iterator[str]:
        """Yield the lines about unsigned requests, which are not verified."""
        if not unsigned:
            return
        count = "1 request has" if len(unsigned) == 1 else f"{len(unsigned)} requests have"
        yield from self._wrapped(
            f"Not judged: {count} no Authorization header (browsers leave it out when they save a HAR file):"
        )
        for found in unsigned[:_UNSIGNED_LISTED]:
            request = f"{found.request.method} {found.request.target}".encode("latin-1")
            yield f"  {self._mask.shown(request)[:_LONGEST_TARGET]}"
        if len(unsigned) > _UNSIGNED_LISTED:
            yield f"  and {len(unsigned) - _UNSIGNED_LISTED} more"
        yield ""

    def _fixes(self, aspect: str) -> Iterator[str]:
        """Yield the correct code in each language."""
        yield from self._wrapped(f"How to do it right. {fixes.title(aspect)}")
        yield ""
        for language, code in fixes.of(aspect).items():
            yield f"{language}:"
            yield from (f"    {line}" for line in code.splitlines() if line)

    def _wrapped(self, text: str) -> list[str]:
        return textwrap.wrap(text, min(self._columns, _WIDEST_TEXT), break_on_hyphens=False)


_RIGHT_ADVICE: Final = (
    "If the request was refused with 401, the reason is another one: the access key or its rights, the IP"
    " addresses allowed for it, the base URL, or the clock."
)


def _legend(data: bytes) -> str:
    """Return the meaning of the escapes in a text."""
    used = set(visible.pieces(data))
    meanings = [f"{escape} is {meaning}" for escape, meaning in _LEGEND if escape in used]
    if any(piece.startswith(r"\x") for piece in used):
        meanings.append(r"\xNN is a byte in hexadecimal")
    return f"({', '.join(meanings)})" if meanings else ""


_UNITS: Final = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))


def duration(milliseconds: int) -> str:
    """Return a duration in words, by its two largest units."""
    seconds = milliseconds // 1000
    parts = []
    for name, length in _UNITS:
        count, seconds = divmod(seconds, length)
        if count:
            parts.append(f"{count} {name}")
    return " ".join(parts[:2]) or "0 s"


def _date(milliseconds: int) -> str:
    """Return a time as a date in UTC; nothing if it is beyond the year 9999."""
    try:
        return f"{datetime.fromtimestamp(milliseconds / 1000, UTC):%Y-%m-%d %H:%M:%S} UTC"
    except (ValueError, OverflowError, OSError):
        return ""
