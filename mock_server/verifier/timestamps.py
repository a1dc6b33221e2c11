"""Says what is wrong with the timestamp of a request, and what to do.

The text that a client sent is examined for the likeliest cause, but never quoted.
"""

from __future__ import annotations

import re
from typing import Final

_TIMESTAMPS = tuple(
    (re.compile(pattern, re.DOTALL), message)
    for pattern, message in (
        (rb"", "The Couchbase-Timestamp header is empty: send the milliseconds since 1970-01-01 UTC."),
        (
            rb"[0-9]{9,10}[.,][0-9]*",
            (
                "Couchbase-Timestamp is in seconds with a fraction: multiply by 1000, and cut the result to a"
                " whole number of milliseconds before it is signed and sent."
            ),
        ),
        (
            rb"[0-9]+\.[0-9]*",
            (
                "Couchbase-Timestamp has a fraction: cut the milliseconds to a whole number before they are"
                " signed and sent."
            ),
        ),
        (rb"0[0-9]+", "Couchbase-Timestamp has a leading zero: write the number without it."),
        (rb"-1", "Couchbase-Timestamp is -1, as functions return that fail: check how the clock is read."),
        (rb"-1[0-9]{12}", "Couchbase-Timestamp is negative: write the digits alone."),
        (
            rb"-[0-9]+",
            (
                "Couchbase-Timestamp is negative, as milliseconds become that are kept in 32 bits: use a"
                " 64-bit integer."
            ),
        ),
        (rb"\+[0-9]+", "Couchbase-Timestamp has a sign: write the digits alone."),
        (
            rb"[0-9]{1,3}(?:[_, '.\xa0][0-9]{3})+|[0-9]+(?:[_, '][0-9]+)+",
            "Couchbase-Timestamp has separators between its digits: write the digits alone.",
        ),
        (
            rb"[0-9.]+[eE][+-]?[0-9]+",
            "Couchbase-Timestamp is in scientific notation: format the number as an integer.",
        ),
        (
            rb"[0-9]{20,}",
            "Couchbase-Timestamp has more digits than any time in milliseconds: today it has 13.",
        ),
        (
            (
                rb"[0-9]{4}-?[0-9]{2}-?[0-9]{2}[T ].*|[0-9]{4}-[0-9]{2}.*"
                rb"|.*(?:GMT|UTC).*|.*[0-9]{1,2}:[0-9]{2}.*"
            ),
            "Couchbase-Timestamp is a date: send the milliseconds since 1970-01-01 UTC.",
        ),
        (rb"b?[\"'].*[\"']", "Couchbase-Timestamp is in quotes: write the digits alone."),
        (
            rb"[0-9]+, *[0-9]+",
            "Couchbase-Timestamp has two values, as a header that was sent twice: send it once.",
        ),
        (
            rb"0\.[0-9]+ [0-9]+",
            "Couchbase-Timestamp is what PHP's microtime() gives: use (int) (microtime(true) * 1000).",
        ),
        (
            rb"(?:[A-Za-z]+)?[(<{\[]\"?[0-9]+\"?[)>}\]]",
            "Couchbase-Timestamp has brackets or a name around its digits: write the digits alone.",
        ),
        (
            rb"(?i:couchbase-timestamp|timestamp|ts)\s*[:=]\s*[0-9]+",
            "Couchbase-Timestamp has a name before its digits: write the digits alone.",
        ),
        (
            rb"[0-9]+3?N",
            (
                "Couchbase-Timestamp ends in an N, because this system's date command has no %N: take the"
                " milliseconds from another program, such as Python or Perl."
            ),
        ),
        (
            rb"[^\x00-\x7f]+",
            "Couchbase-Timestamp has digits of another script: format the number without a locale.",
        ),
        (
            rb"(?i:bearer).*",
            (
                "Couchbase-Timestamp holds the credentials, as if the two headers were exchanged: send them"
                " as Authorization."
            ),
        ),
        (
            rb"[0-9]+(?: *[A-Za-z]+|;|,|\\[nrt0])+",
            "Couchbase-Timestamp has a suffix behind its digits: write the digits alone.",
        ),
        (
            rb"[\s0-9]+",
            "Couchbase-Timestamp has a space or a line break beside its digits: write the digits alone.",
        ),
        (
            rb"(?i:undefined|null|none|nil|nan|now|timestamp|true|false|\(null\)|\[object .*)|.*[{}<$%].*",
            (
                "Couchbase-Timestamp is the word for a missing value or an unfilled placeholder: check the"
                " variable that holds the time."
            ),
        ),
        (
            rb"0[xX][0-9A-Fa-f]+|[0-9A-Fa-f]*[A-Fa-f][0-9A-Fa-f]*",
            "Couchbase-Timestamp is in hexadecimal: write the number in decimal digits.",
        ),
    )
)


_EXAMINED: Final = 200  # bytes: some patterns need a time that grows with the square of the length


def timestamp(text: bytes) -> str:
    """Return the message for a timestamp that is not plain decimal digits; of a long one, for its ends."""
    if len(text) > _EXAMINED:
        text = text[: _EXAMINED // 2] + text[-_EXAMINED // 2 :]
    return next(
        (message for pattern, message in _TIMESTAMPS if pattern.fullmatch(text)),
        (
            "Couchbase-Timestamp is not a whole number in plain decimal digits: send the milliseconds since"
            " 1970-01-01 UTC."
        ),
    )


_UNITS: Final = {16: "microseconds", 19: "nanoseconds"}
_SIGN: Final = "sign and send milliseconds since 1970-01-01 UTC, today 13 digits"
_DATE: Final = 14  # digits of a date with its time
_DAY: Final = 86_400_000  # ms
_YEAR: Final = 365 * _DAY
# What clocks of other systems count: its name, a second in its unit, and its zero in seconds since 1970.
_CLOCKS: Final = (
    (".NET ticks, of 100 ns since the year 1", 10_000_000, -62_135_596_800),
    ("Windows file time, of 100 ns since 1601", 10_000_000, -11_644_473_600),
    ("units of 100 ns", 10_000_000, 0),
    ("hundredths of a second", 100, 0),
    ("tenths of a second", 10, 0),
    ("minutes", 1 / 60, 0),
    ("milliseconds since 2001, as Apple counts", 1000, 978_307_200),
    ("seconds since 2001, as Apple counts", 1, 978_307_200),
    ("milliseconds since 1900, as NTP counts", 1000, -2_208_988_800),
    ("seconds since 1900, as NTP counts", 1, -2_208_988_800),
    ("seconds", 1, 0),
)


def unit(text: bytes, now: int) -> str:
    """Return the message for a timestamp whose number of digits is that of another unit than milliseconds."""
    if len(text) in _UNITS:
        return f"Couchbase-Timestamp is in {_UNITS[len(text)]}: {_SIGN}."
    other = _other_clock(text, now)
    if other and not other.startswith("Couchbase-Timestamp is in seconds:"):
        return other
    return (
        "Couchbase-Timestamp is in seconds, and the vendor's guide says milliseconds: "
        f"{_SIGN}. The service very likely accepts seconds too, so they are hardly the reason for its 401;"
        " `--timestamp-unit either` makes this mock accept them."
    )


def _special(text: bytes) -> str:
    """Return the message for a number that is no moment at all, or an empty string."""
    cause = _SPECIAL.get(int(text), "")
    if len(text) == _DATE and re.match(rb"20[0-9]{2}[01][0-9][0-3][0-9]", text):
        cause = "a date written in digits"
    return f"Couchbase-Timestamp is {cause}: {_SIGN}." if cause else ""


_SPECIAL: Final = {
    0: "0, as when the clock was not read",
    0x7FFFFFFF: "the largest number of 32 bits, which is too small for milliseconds",
    0xFFFFFFFF: "the largest number of 32 bits, which is too small for milliseconds",
}


def _other_clock(text: bytes, now: int) -> str:
    """Return the message for a number that means about now on another clock, or an empty string."""
    count = int(text)
    special = _special(text)
    if special:
        return special
    if abs(now % (1 << 32) - count) < _DAY:
        return (
            "Couchbase-Timestamp is a number of milliseconds that was cut to 32 bits: use a 64-bit integer,"
            f" and {_SIGN}."
        )
    for name, second, zero in _CLOCKS:
        if abs((count / second + zero) * 1000 - now) < _YEAR:
            return f"Couchbase-Timestamp is in {name}: {_SIGN}."
    if count < _YEAR:
        return (
            f"Couchbase-Timestamp is much too small, as a time of day or the time since a start is: {_SIGN}."
        )
    return ""


_HALF_HOUR, _FURTHEST_ZONE, _SLACK = 1_800_000, 14 * 3_600_000, 120_000


def _apart(milliseconds: int) -> str:
    """Return a difference in words, and whether it looks like a time zone (half hours, up to 14 h)."""
    seconds = -(-milliseconds // 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    parts = ((days, "d"), (hours, "h"), (minutes, "min"), (seconds, "s"))
    text = " ".join(f"{count} {name}" for count, name in parts if count)
    remainder = (milliseconds + _SLACK) % _HALF_HOUR
    if remainder <= 2 * _SLACK and _HALF_HOUR - _SLACK <= milliseconds <= _FURTHEST_ZONE + _SLACK:
        text += " (as when local time is taken for UTC)"
    return text


def stale(text: bytes, milliseconds: int, window: int, now: int) -> str:
    """Return the message for a timestamp that is this many milliseconds too old."""
    return _other_clock(text, now) or (
        f"The timestamp is {_apart(milliseconds)} behind the server's clock, and {window / 1000:g} s are"
        " allowed: sign every request afresh, retries too, and check the clock of the machine."
    )


def future(text: bytes, milliseconds: int, window: int, now: int) -> str:
    """Return the message for a timestamp that is this many milliseconds ahead."""
    return _other_clock(text, now) or (
        f"The timestamp is {_apart(milliseconds)} ahead of the server's clock, and {window / 1000:g} s are"
        " allowed: check the clock of the machine, and that the time is UTC."
    )
