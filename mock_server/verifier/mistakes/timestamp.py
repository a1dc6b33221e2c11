"""Mistakes in the timestamp: another moment, or the right one written in another way."""

from __future__ import annotations

import base64
import re
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING, Final

from mock_server.verifier.mistakes.aspect import Aspect, Attempt
from mock_server.verifier.mistakes.words import COMMON, PLACEHOLDERS, printed, templates, words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

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
_LONGEST: Final = 20  # digits of a timestamp whose other forms are tried
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
    if not attempt.timestamp.isdigit() or len(attempt.timestamp) > _LONGEST:
        return  # it was refused already; other aspects are looked at all the same
    moment = int(attempt.timestamp)
    seconds = moment // 1000
    for part in (seconds, seconds - 1, seconds + 1):
        yield from (b"%d" % part, b"%d" % (part * 1000))
    yield from attempt.recent
    yield from (b"%d" % (moment * 1000), b"%d" % (moment * 1_000_000))
    if attempt.thorough:
        yield from _near(moment)
        yield from _of_other_clocks(moment)
        yield from _misprinted(attempt.timestamp)


def _near(moment: int) -> Iterator[bytes]:
    """Yield the moment rounded, and whole seconds, half hours or days away."""
    seconds = moment // 1000
    for part in range(max(0, seconds - 2), seconds + 3):
        for unit in (1, 10_000, 1000, 1_000_000):
            yield b"%d" % (part * unit)
    for whole in (10, 100, 1000, 60_000, 3_600_000, 86_400_000):
        floor = moment // whole * whole
        yield from (b"%d" % floor, b"%d" % (floor + whole), b"%d" % (floor // whole))
    for zones in range(-_FURTHEST_ZONE, _FURTHEST_ZONE + 1):
        shifted = moment + zones * _HALF_HOUR
        yield from (b"%d" % shifted, b"%d" % (shifted // 1000), b"%d" % (shifted // 1000 * 1000))
    for off in range(-60, 61):
        yield b"%d" % (moment + off * 1000)
    for days in (*range(-7, 8), -365, 365, -30, 30, -31, 31, 366, -366):
        yield b"%d" % (moment + days * 86_400_000)


def _of_other_clocks(moment: int) -> Iterator[bytes]:
    """Yield the moment in other units, since other dates, and in fewer bits."""
    yield b"%d" % (moment * 10_000)
    for epoch in (978_307_200, 2_208_988_800, 315_964_800, 946_684_800):  # 2001, 1900, GPS, 2000
        for shifted in (moment // 1000 - epoch, moment // 1000 + epoch):
            yield from (b"%d" % shifted, b"%d" % (shifted * 1000), b"%d" % (shifted * 1000 + moment % 1000))
    low = moment & 0xFFFFFFFF
    for number in (low, (low ^ 0x80000000) - 0x80000000, -low, 2_147_483_647, -2_147_483_648, 4_294_967_295):
        yield b"%d" % number
    days = moment // 86_400_000
    for number in (moment % 1000, days + 25_569, days, moment // 3_600_000):  # 25,569: since 1900, by Excel
        yield b"%d" % number
    yield b"%d" % (moment * 10_000 + 621_355_968_000_000_000)  # .NET ticks
    yield b"%d" % (moment * 10_000 + 116_444_736_000_000_000)  # Windows FILETIME


def _misprinted(digits: bytes) -> Iterator[bytes]:
    """Yield the digits with some of them lost, doubled or reversed."""
    yield from (digits[1:], digits[:-1], digits[::-1], digits + digits[-1:], digits[:1] + digits)
    yield from (digits[:-2], digits[2:], digits * 2, digits[:10] + b"000000")
    yield from (digits + b"0", digits + b"00", digits + b"000000")


_LAST_DIGITS: Final = tuple(b"%03d" % number for number in range(1000))


def finer_readings(attempt: Attempt) -> Iterator[tuple[bytes, Sequence[bytes]]]:
    """Yield the microseconds within the header's millisecond, as digits and as seconds with a fraction.

    Each pair is the start of 1,000 readings, and their ends.
    """
    if attempt.timestamp.isdigit() and len(attempt.timestamp) <= _LONGEST:
        seconds, milliseconds = divmod(int(attempt.timestamp), 1000)
        for form in (b"%d%03d", b"%d.%03d"):
            yield form % (seconds, milliseconds), _LAST_DIGITS


def readings(attempt: Attempt, apart: int) -> Iterator[tuple[bytes, Sequence[bytes]]]:
    """Yield the readings of a clock up to ``apart`` milliseconds before and after the header's moment.

    Each pair is the start of up to 1,000 readings, and their ends.
    """
    if not attempt.timestamp.isdigit() or len(attempt.timestamp) > _LONGEST:
        return
    moment = int(attempt.timestamp)
    first, last = max(0, moment - apart), moment + apart
    for thousand in range(first // 1000, last // 1000 + 1):
        ends = _LAST_DIGITS[max(0, first - thousand * 1000) : last - thousand * 1000 + 1]
        yield (b"%d" % thousand, ends) if thousand else (b"", [b"%d" % int(end) for end in ends])


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
    if not digits.isdigit() or len(digits) > _LONGEST:
        return
    seconds = int(digits) / 1000
    yield from _iso(int(digits))
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
    yield from printed(digits, behind=False)
    for name in words(
        "timestamp ts now TIMESTAMP time date Date.now() date_+%s date_+%s000 date_+%s%3N timestamp()"
    ):
        yield from templates(name.replace(b"_", b" "), COMMON)
        yield b"`" + name.replace(b"_", b" ") + b"`"
    for name in words("ts timestamp t Couchbase-Timestamp couchbase-timestamp time"):
        yield from (name + b"=" + digits, name + b":" + digits, name + b": " + digits)
    yield from words(
        "Infinity -Infinity NaN 1.7976931348623157e+308 {{$timestamp}} {{$isoTimestamp}} $timestamp"
    )
    yield from words("<built-in_function_time> [Function:_now] [Function] %s%3N %N %3N N 3N")
    yield from (b"function now() { [native code] }", b"<built-in function time>", b"[Function: now]")
    for end in (b"%3N", b"3N", b"%N", b"N", b"%s", b"000N", b"%N000"):  # what date(1) leaves on other systems
        yield digits[:-3] + end


def _iso(moment: int) -> Iterator[bytes]:
    """Yield the moment as JSON libraries write it."""
    if moment // 1000 <= _LAST_SECOND:
        when = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=moment)
        text = when.strftime("%Y-%m-%dT%H:%M:%S")
        yield from (f"{text}Z".encode(), f"{text}.{when.microsecond // 1000:03}Z".encode(), text.encode())


def _numbers(digits: bytes) -> Iterator[bytes]:
    moment = int(digits)
    for places in (1, 2, 3, 6, 9):
        yield digits + b"." + b"0" * places
    # 4 and 5 places are among the finer readings.
    for places in (0, 1, 2, 3, 6, 7, 9):
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
    for mark in ("e9", "e+09", "E9", "e+9", "e+009"):  # seconds
        yield (mantissa + mark).encode()
    yield from _finer(moment)
    yield from _grouped(moment)
    yield from _as_objects(moment)


def _finer(moment: int) -> Iterator[bytes]:
    """Yield the readings with one or two digits more, which the header's timestamp does not have."""
    seconds, milliseconds = divmod(moment, 1000)
    for more in range(10):
        yield from (b"%d.%d" % (moment, more), b"%d.%03d%d" % (seconds, milliseconds, more))
    for more in range(100):
        yield b"%d.%03d%02d" % (seconds, milliseconds, more)


def _grouped(moment: int) -> Iterator[bytes]:
    """Yield the number with separators, in other scripts, padded, in other bases, or with a mark."""
    text = str(moment)
    digits = text.encode()
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
    yield from (f"{moment:b}".encode(), base64.b64encode(digits), digits.hex().encode(), _base36(moment))
    yield from (f"{moment:016x}".encode(), f"{moment // 1000:x}".encode(), moment.to_bytes(16, "big")[8:])

    head = text[:-3]
    pairs = [head[max(0, end - 2) : end] for end in range(len(head), 0, -2)][::-1]
    yield ",".join([*pairs, text[-3:]]).encode()  # as in India
    for form in (f"{moment:x}", f"{moment:X}", f"{moment:#x}", f"{moment:o}"):
        yield form.encode()


def _as_objects(moment: int) -> Iterator[bytes]:
    """Yield the moment as languages print durations, tuples and fractions, and inside other identifiers."""
    seconds, milliseconds = divmod(moment, 1000)
    yield from (f"{seconds}s".encode(), f"{moment / 1000}s".encode(), f"{seconds},{milliseconds:03}".encode())
    yield from (
        f"({moment}/1)".encode(),
        f"{moment}/1".encode(),
        f"{moment}r".encode(),
        f"{seconds}.0".encode(),
    )
    yield f"0.{milliseconds:03}00000 {seconds}".encode()  # PHP's microtime()
    yield f"[{seconds}, {milliseconds * 1_000_000}]".encode()
    yield f"{{{seconds // 1_000_000},{seconds % 1_000_000},{milliseconds * 1000}}}".encode()  # Erlang's now()
    for kind in ("string", "int64", "int", "float64", "uint64"):  # Go's fmt
        yield from (f"%!d({kind}={moment})".encode(), f"%!s({kind}={moment})".encode())
    for form in (f"/Date({moment})/", f"/Date({moment}+0000)/", rf"\/Date({moment})\/"):  # .NET's JSON
        yield form.encode()
    yield from (f"{moment << 22}".encode(), f"{(moment - 1_420_070_400_000) << 22}".encode())  # snowflakes


def _base36(number: int) -> bytes:
    digits = ""
    while number:
        number, rest = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[rest] + digits
    return digits.encode()


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
        *(
            "%m/%d/%Y %I:%M:%S %p",
            "%m/%d/%Y, %I:%M:%S %p",
            "%m/%d/%Y %H:%M:%S",
            "%d.%m.%Y %H:%M:%S",
            "%d.%m.%Y, %H:%M:%S",
        ),
        *(
            "%d/%m/%Y %H:%M:%S",
            "%d/%m/%Y, %H:%M:%S",
            "%A, %d-%b-%y %H:%M:%S GMT",
            "%A, %d-%b-%y %H:%M:%S UTC",
            "%d %b %Y %H:%M:%S",
        ),
        *(
            "%d/%b/%Y:%H:%M:%S +0000",
            "%b %d, %Y %I:%M:%S %p",
            "%Y%m%d%H%M%S",
            "%Y-%m-%dT%H:%M:%S+00:00",
            "%Y-%m-%dT%H:%MZ",
        ),
        *("%a %b %d %H:%M:%S UTC %Y", "%a %b %d %H:%M:%S %Y", "%a %b %d %Y %H:%M:%S GMT+0000", "%c"),
        *("%a %b %d %Y %H:%M:%S GMT+0000 (Coordinated Universal Time)", "%a, %d %b %Y %H:%M:%S +0000"),
    ):
        yield when.strftime(form).encode()
        yield re.sub(r"\b0(\d)", r"\1", when.strftime(form)).encode()  # without leading zeros
    milliseconds = when.microsecond // 1000
    date, time = when.strftime("%Y%m%d"), when.strftime("%H%M%S")
    yield from (f"{date}{time}{milliseconds:03}".encode(), f"{date}T{time}{milliseconds:03}Z".encode())
    text = when.strftime("%Y-%m-%dT%H:%M:%S")
    for fraction in (
        f"{milliseconds:03}0000",
        f"{milliseconds:03}000000",
        f"{milliseconds:03}000",
        f"{milliseconds:03}".rstrip("0"),
    ):
        for zone in ("Z", "+00:00", "", "Z[UTC]", "Z[Etc/UTC]", "[UTC]"):
            yield f"{text}.{fraction}{zone}".encode()
    yield from (
        f"~U[{text.replace('T', ' ')}.{milliseconds:03}Z]".encode(),
        f"{text}.{milliseconds:03}Z[UTC]".encode(),
    )
    yield from (repr(when).encode(), repr(when.replace(tzinfo=None)).encode(), str(when).encode())
    numbers = (when.year, when.month, when.day, when.hour, when.minute, when.second)
    yield f"datetime.datetime{numbers}".encode()
    yield format_datetime(when, usegmt=True).encode()
