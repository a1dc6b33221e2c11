"""Mistakes in the timestamp: another moment, or the right one written in another way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING, Final

from mock_server.verifier.mistakes.aspect import Aspect, Attempt
from mock_server.verifier.mistakes.words import PLACEHOLDERS, templates

if TYPE_CHECKING:
    from collections.abc import Iterator

TIMESTAMP: Final[Aspect[bytes]] = Aspect("timestamp")

READINGS_APART: Final = 2000
"""Milliseconds between two readings of the clock that are still tried."""
READINGS_APART_IN_PAIRS: Final = 32
"""The same, where a second mistake is looked for at the same time."""

_HALF_HOUR: Final = 1_800_000
_FURTHEST_ZONE: Final = 28  # half hours
_ZEROES: Final = {  # the code points of the digit zero in other scripts
    "Arabic-Indic": 0x0660,
    "Extended Arabic-Indic": 0x06F0,
    "Devanagari": 0x0966,
    "Bengali": 0x09E6,
    "Thai": 0x0E50,
    "fullwidth": 0xFF10,
    "mathematical bold": 0x1D7CE,
}
_SURROUNDED: Final = (
    "0* 00* +* -* *ms *Z \"*\" '*' b'*' [*] (*) {*} <*> Some(*) Optional[*] Decimal('*') int(*) @*"
)
_LAST_SECOND: Final = 253_402_300_799  # of the year 9999, the last that datetime can write


@TIMESTAMP.mistake(
    "timestamp_signed_differs",
    (
        "The timestamp that was signed is not the one in the header, because the clock was read twice or"
        " another unit was used: read the clock once and use the same text in both places."
    ),
)
def other_moment(attempt: Attempt) -> Iterator[bytes]:
    """The header's moment in another unit, rounded, in another time zone; that of a recent request."""
    moment = int(attempt.timestamp)
    seconds = moment // 1000
    for part in (seconds, seconds - 1, seconds + 1):
        yield from (b"%d" % part, b"%d" % (part * 1000))
    yield from attempt.recent
    yield from (b"%d" % (moment * 1000), b"%d" % (moment * 1_000_000))
    if not attempt.thorough:
        return
    for unit in (1000, 1_000_000, 10_000):
        yield b"%d" % (moment * unit)
        for part in range(max(0, seconds - 2), seconds + 3):
            yield b"%d" % (part * unit)
    for part in range(max(0, seconds - 2), seconds + 3):
        yield b"%d" % part
    for whole in (10, 100, 1000, 60_000, 3_600_000, 86_400_000):
        floor = moment // whole * whole
        yield from (b"%d" % floor, b"%d" % (floor + whole), b"%d" % (floor // whole))
    yield b"%d" % (moment // 60_000)
    yield b"%d" % (moment & 0xFFFFFFFF)
    yield b"%d" % (((moment & 0xFFFFFFFF) ^ 0x80000000) - 0x80000000)
    for zones in range(-_FURTHEST_ZONE, _FURTHEST_ZONE + 1):
        shifted = moment + zones * _HALF_HOUR
        yield b"%d" % shifted
        yield b"%d" % (shifted // 1000)
        yield b"%d" % (shifted // 1000 * 1000)
    yield b"%d" % (moment * 10_000 + 621_355_968_000_000_000)  # .NET ticks
    yield b"%d" % (moment * 10_000 + 116_444_736_000_000_000)  # Windows FILETIME


def readings(attempt: Attempt, apart: int) -> Iterator[bytes]:
    """Yield the readings of a clock up to ``apart`` milliseconds before and after the header's moment."""
    moment = int(attempt.timestamp)
    for reading in range(max(0, moment - apart), moment + apart + 1):
        yield b"%d" % reading


@TIMESTAMP.mistake(
    "timestamp_format",
    (
        "The timestamp was signed in another form than it was sent, with a fraction, an exponent, separators"
        " or as a date: make the plain digits once, and use the same text in both places."
    ),
)
def other_form(attempt: Attempt) -> Iterator[bytes]:
    """The header's moment as numbers and dates are printed, and the words for a value that is missing."""
    digits = attempt.timestamp
    seconds = int(digits) / 1000
    yield from (
        digits + b".0",
        b"%.3f" % seconds,
        b"%.6f" % seconds,
        repr(seconds).encode(),
        b"undefined",
        b"",
    )
    if not attempt.thorough:
        return
    yield from _numbers(attempt.timestamp)
    yield from _dates(int(attempt.timestamp))
    yield from PLACEHOLDERS
    for name in (b"timestamp", b"ts", b"now", b"TIMESTAMP", b"time", b"date"):
        yield from templates(name)


def _numbers(digits: bytes) -> Iterator[bytes]:
    moment = int(digits)
    text = digits.decode()
    for places in (1, 2, 3, 6, 9):
        yield digits + b"." + b"0" * places
    for places in (0, 1, 2, 3, 4, 5, 6, 7, 9):
        yield f"{moment / 1000:.{places}f}".encode()
    yield from (repr(moment / 1000).encode(), digits + b".", digits + b"L", digits + b"n", digits + b"l")
    for places in range(16):
        for form in (f"{moment:.{places}e}", f"{moment:.{places}E}", f"{moment:.{places + 1}g}"):
            yield form.encode()
            yield form.replace("+", "").encode()
            yield form.replace("+0", "").encode()
            yield form.replace("e+", "E").encode()
    scientific = f"{moment:.15e}".partition("e")
    mantissa = scientific[0].rstrip("0").rstrip(".")
    for exponent in ("e12", "e+12", "E12", "E+12", "e+012", "*10^12", "x10^12", "D+12"):
        yield (mantissa + exponent).encode()
        yield (mantissa.ljust(3, "0") + exponent).encode()
    for separator in (",", ".", "_", " ", "'", "\u00a0", "\u202f", "\u2009", "\u2019"):
        yield f"{moment:,}".replace(",", separator).encode()
    for zero in _ZEROES.values():
        yield "".join(chr(zero + int(digit)) for digit in text).encode()
    for form in _SURROUNDED.split():
        yield form.replace("*", text).encode()
    yield from (b" " + digits, digits + b" ms", digits + b"+0000")
    for width in (14, 15, 16, 19, 20):
        yield text.zfill(width).encode()
        yield text.rjust(width).encode()
        yield text.ljust(width, "0").encode()
    yield from (
        f"{moment:x}".encode(),
        f"{moment:X}".encode(),
        f"{moment:#x}".encode(),
        f"{moment:o}".encode(),
    )


def _dates(moment: int) -> Iterator[bytes]:
    if moment // 1000 > _LAST_SECOND:
        return
    when = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=moment)
    for form in (
        *("%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y%m%dT%H%M%S", "%Y%m%d%H%M%S", "%Y/%m/%d %H:%M:%S"),
        *("%Y-%m-%dT%H:%M", "%Y-%m-%d", "%Y%m%d"),
    ):
        text = when.strftime(form)
        milliseconds = when.microsecond // 1000
        for fraction in ("", f".{milliseconds:03}", f".{when.microsecond:06}", f".{milliseconds:03}000000"):
            for zone in ("", "Z", "+00:00", "+0000", " UTC", " +0000 UTC", " +0000", " GMT"):
                yield f"{text}{fraction}{zone}".encode()
    for form in (
        *("%a %b %d %H:%M:%S UTC %Y", "%a %b %d %H:%M:%S %Y", "%a %b %d %Y %H:%M:%S GMT+0000", "%c"),
        *("%a %b %d %Y %H:%M:%S GMT+0000 (Coordinated Universal Time)", "%a, %d %b %Y %H:%M:%S +0000"),
    ):
        yield when.strftime(form).encode()
    yield format_datetime(when, usegmt=True).encode()
