"""Says what is wrong with the two headers of a request before a signature is compared, and what to do.

One or two sentences each. The text that a client sent is examined for the likeliest cause, but never quoted:
it could contain a secret in the wrong place.
"""

from __future__ import annotations

import hmac
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

_SEND: Final = "send `Authorization: Bearer ACCESS_KEY:SIGNATURE`"
_OTHER_API: Final = (
    "that is how a client of Management API v4 authenticates. v2 and v3, which this server speaks, want"
    " `Bearer ACCESS_KEY:SIGNATURE` and a Couchbase-Timestamp header"
)
_SWAPPED: Final = "The secret key is in the place of the access key: exchange the two settings."

_PLACEHOLDER = re.compile(
    rb"<.*>|.*\{\{.*|.*\}\}|\$.+|%\w+%|(?:your|my|the)[-_ ]?.*key|access[-_ ]?key(?:[-_ ]?(?:id|here))?"
    rb"|change[-_ ]?me|x{3,}|\.{3}|undefined|null|none|nil|\{\w*\}",
    re.IGNORECASE | re.DOTALL,
)
_PLACEHOLDER_LEFT: Final = (
    "A placeholder is in the place of the access key: put the key itself there, and check that its setting is"
    " read."
)


def missing(name: str, authorizations: Sequence[bytes]) -> str:
    """Return the message for a header that the request does not have; ``authorizations`` are those it has."""
    if name == "authorization":
        return (
            f"The request has no Authorization header: {_SEND}. HTTP libraries remove it when they follow a"
            " redirect."
        )
    scheme, _, rest = b"".join(authorizations[:1]).partition(b" ")
    if scheme.lower() == b"bearer" and rest and b":" not in rest:
        return f"The request has a bearer token and no Couchbase-Timestamp header: {_OTHER_API}."
    if scheme.lower() == b"basic":
        return (
            "The request has Basic credentials and no Couchbase-Timestamp header: that is the way to"
            f" authenticate at Couchbase Server, not at Capella's API. Instead, {_SEND}, and the timestamp."
        )
    if scheme.lower().startswith(b"aws4"):
        return f"The request is signed as for AWS: that is another API. Instead, {_SEND}, and the timestamp."
    return (
        "The request has no Couchbase-Timestamp header: send the milliseconds since 1970-01-01 UTC, the same"
        " text that was signed."
    )


def duplicated(name: str, values: Sequence[bytes]) -> str:
    """Return the message for a header that the request has more than once."""
    header = "Authorization" if name == "authorization" else "Couchbase-Timestamp"
    same = "the same value" if len(set(values)) == 1 else "different values"
    return (
        f"The request has {len(values)} {header} headers with {same}: set it once, and replace the one that a"
        " session, a proxy or an earlier attempt has set."
    )


def scheme(authorization: bytes) -> str:
    """Return the message for an Authorization header that does not begin with ``Bearer`` and a space."""
    first, _, rest = authorization.partition(b" ")
    causes: tuple[tuple[object, str], ...] = (
        (not authorization, "The Authorization header is empty: send `Bearer ACCESS_KEY:SIGNATURE`."),
        (
            first[:1] in (b"'", b'"'),
            "The value of the Authorization header is in quotes: send it without them.",
        ),
        (
            re.match(rb"(?i:authorization:?$)", first),
            "The value of the Authorization header begins with the header's name: send the value alone.",
        ),
        (
            first.lower() == b"bearer",
            "The scheme has the wrong case: write `Bearer`, with a capital B and small letters behind it.",
        ),
        (
            re.match(rb"(?i:bearer[^A-Za-z0-9])", first),
            "`Bearer` is followed by another character than a space: put exactly one space behind it.",
        ),
        (
            first.lower().startswith(b"bearer"),
            "No space follows `Bearer`: put exactly one space between it and the access key.",
        ),
        (
            first.lower() == b"basic",
            (
                "The Authorization header has Basic credentials, which an HTTP library may have taken from a"
                " ~/.netrc file or the URL: send `Bearer ACCESS_KEY:SIGNATURE`."
            ),
        ),
        (
            re.match(rb"(?i:aws|hmac|signature|digest|sharedkey|apikey|token|jwt|negotiate|ntlm)", first)
            and b":" not in first,
            f"The Authorization header has the scheme of another API: {_SEND}.",
        ),
        (
            b":" in first or re.match(rb"\S+:\S", rest),
            "The Authorization header begins with the credentials: put `Bearer` and one space before them.",
        ),
    )
    other = f"The scheme is not `Bearer`: {_SEND}, with one space behind `Bearer`."
    return next((message for applies, message in causes if applies), other)


def credentials(rest: bytes, secrets: Collection[bytes]) -> str:
    """Return the message for what follows ``Bearer`` and a space, if it is not ``ACCESS_KEY:SIGNATURE``."""
    access, colon, signature = rest.partition(b":")
    causes: tuple[tuple[object, str], ...] = (
        (not rest.strip(b" \t"), "Nothing follows `Bearer`: send `Bearer ACCESS_KEY:SIGNATURE`."),
        (_is_secret(access.strip(), secrets), _SWAPPED),
        (_PLACEHOLDER.fullmatch(access.strip()), _PLACEHOLDER_LEFT),
        (rest[:1] in (b" ", b"\t"), "More than one space follows `Bearer`: put exactly one there."),
        (access.lower() in (b"bearer", b"bearer "), "`Bearer` is there twice: send it once."),
        (
            not colon and b"=" in rest and b"," in rest,
            f"The Authorization header has named parts, as other APIs want them: {_SEND}.",
        ),
        (not colon, f"The bearer token has no colon: {_OTHER_API}."),
        (
            not access,
            "Nothing is before the colon: the access key was empty, so check that its setting is read.",
        ),
        (not signature, "Nothing is behind the colon: the signature was empty when the header was made."),
        (rest != rest.rstrip(), "White space follows the signature: remove it, a newline above all."),
        (access != access.strip(), "White space surrounds the access key: remove it."),
    )
    return next(
        (message for applies, message in causes if applies),
        (
            "The access key in the Authorization header contains white space or an angle bracket: write it as"
            " Capella showed it, between `Bearer`, one space, and the colon."
        ),
    )


def _is_secret(access: bytes, secrets: Collection[bytes]) -> bool:
    return any([hmac.compare_digest(access, secret) for secret in secrets])  # noqa: C419  # compare with all


_TIMESTAMPS = tuple(
    (re.compile(pattern, re.DOTALL), message)
    for pattern, message in (
        (rb"", "The Couchbase-Timestamp header is empty: send the milliseconds since 1970-01-01 UTC."),
        (
            rb"[0-9]{9,10}\.[0-9]*",
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
        (rb"[\"'].*[\"']", "Couchbase-Timestamp is in quotes: write the digits alone."),
        (
            rb"[0-9]+ *[A-Za-z]+",
            "Couchbase-Timestamp has a suffix behind its digits: write the digits alone.",
        ),
        (
            rb"\s*[0-9]+\s*",
            "Couchbase-Timestamp has white space beside its digits: write the digits alone.",
        ),
        (
            rb"(?i:undefined|null|none|nil|nan|true|false|\(null\)|<nil>|\[object .*|.*[{}<$%].*)",
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


def timestamp(text: bytes) -> str:
    """Return the message for a timestamp that is not plain decimal digits."""
    return next(
        (message for pattern, message in _TIMESTAMPS if pattern.fullmatch(text)),
        (
            "Couchbase-Timestamp is not a whole number in plain decimal digits: send the milliseconds since"
            " 1970-01-01 UTC."
        ),
    )


_UNITS: Final = {16: "microseconds", 19: "nanoseconds"}
_SIGN: Final = "sign and send milliseconds since 1970-01-01 UTC, today 13 digits"
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


def _other_clock(text: bytes, now: int) -> str:
    """Return the message for a number that means about now on another clock, or an empty string."""
    count = int(text)
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
            "Couchbase-Timestamp is much too small for the time of day in milliseconds. It can be the time"
            f" since a machine or a program has started: {_SIGN}."
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


def access_key(access: bytes, keys: Mapping[str, str]) -> str:
    """Return the message for an access key that is not among ``keys`` (access key -> secret key)."""
    known = [key.encode() for key in keys]
    causes: tuple[tuple[object, str], ...] = (
        (_is_secret(access, [secret.encode() for secret in keys.values()]), _SWAPPED),
        (_PLACEHOLDER.fullmatch(access), _PLACEHOLDER_LEFT),
        (
            access.strip(b"'\"`") != access,
            "The access key has the quotes of a settings file around it: remove them.",
        ),
        (
            access.lower() in {key.lower() for key in known},
            "The access key differs from a known one in upper and lower case only: copy it exactly.",
        ),
        (
            any(key in access for key in known if len(key) >= _TELLING),
            "The access key contains a known one and something more: send the access key alone.",
        ),
        (
            len(access) >= _TELLING and any(key.startswith(access) for key in known),
            "The access key is only the beginning of a known one: copy all of it.",
        ),
        (
            access == b"mock-access-key",
            "The access key is that of .env.example, and this server was started with another: use that one.",
        ),
    )
    return next(
        (message for applies, message in causes if applies),
        (
            "The server does not know the access key: copy it again from where the key was created, and check"
            " that the request goes to the server that the key belongs to."
        ),
    )


_TELLING: Final = 4  # characters of an access key that do not stand in another one by chance
