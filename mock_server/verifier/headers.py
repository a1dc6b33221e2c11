"""What to tell somebody whose headers are refused before any signature is compared.

One sentence each: what is wrong, and how to put it right. What a client sent is looked at for the
likeliest cause, but never quoted back: a secret in the wrong place would come back with it.
"""

from __future__ import annotations

import hmac
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

HEADERS: Final = {
    "authorization_missing": (
        "The request has no Authorization header: send `Authorization: Bearer ACCESS_KEY:SIGNATURE`, and"
        " mind that HTTP libraries drop it when they follow a redirect."
    ),
    "authorization_duplicated": (
        "The request has more than one Authorization header: set it once, replacing whatever a proxy, a"
        " session or an earlier attempt has put there."
    ),
    "timestamp_missing": (
        "The request has no Couchbase-Timestamp header: send the milliseconds since 1970-01-01 UTC, the"
        " same text that was signed."
    ),
    "timestamp_duplicated": (
        "The request has more than one Couchbase-Timestamp header: set it once, replacing that of an"
        " earlier attempt."
    ),
}
"""The sentence for each code of a header that is missing or there more than once."""

_PLACEHOLDER = re.compile(
    rb"<.*>|.*\{\{.*|.*\}\}|\$.+|%\w+%|(?:your|my|the)[-_ ]?.*key|access[-_ ]?key(?:[-_ ]?(?:id|here))?"
    rb"|change[-_ ]?me|x{3,}|\.{3}",
    re.IGNORECASE | re.DOTALL,
)


_PLACEHOLDER_LEFT = (
    "A template's placeholder stands where the access key belongs: put the key itself in its place."
)
_ODD_ACCESS_KEY = (
    "The access key in the Authorization header holds white space or an angle bracket: write it as it was"
    " given, between `Bearer`, one space, and the colon."
)


def scheme(authorization: bytes) -> str:
    """Advice on an Authorization header that does not begin with ``Bearer`` and a space."""
    first = authorization.partition(b" ")[0]
    if not authorization:
        return "The Authorization header is empty: send `Bearer ACCESS_KEY:SIGNATURE`."
    if first.lower() == b"bearer":
        return "The scheme is written `Bearer`, with a capital B and the rest in small letters."
    if first.lower() == b"basic":
        return (
            "The Authorization header carries Basic credentials, perhaps put there by the HTTP library from"
            " a ~/.netrc file or the URL: send `Bearer ACCESS_KEY:SIGNATURE`."
        )
    if b":" in first:
        return "The Authorization header begins with the credentials: put `Bearer` and one space before them."
    return "The scheme is not `Bearer`: send `Authorization: Bearer ACCESS_KEY:SIGNATURE`, one space between."


def credentials(rest: bytes) -> str:
    """Advice on what follows ``Bearer`` where it is not ``ACCESS_KEY:SIGNATURE``."""
    access, colon, signature = rest.partition(b":")
    causes = (
        (not rest, "Nothing follows `Bearer`: send `Bearer ACCESS_KEY:SIGNATURE`."),
        (_PLACEHOLDER.fullmatch(access), _PLACEHOLDER_LEFT),
        (rest[:1] in (b" ", b"\t"), "More than one space follows `Bearer`: write exactly one."),
        (
            not colon,
            (
                "No colon separates an access key from a signature: a bearer token without one is what v4"
                " of the API takes, v2 and v3 want `Bearer ACCESS_KEY:SIGNATURE`."
            ),
        ),
        (
            not access,
            "Nothing stands before the colon: the access key was empty, so check that its setting is read.",
        ),
        (not signature, "Nothing stands after the colon: the signature was empty when the header was made."),
    )
    return next((hint for applies, hint in causes if applies), _ODD_ACCESS_KEY)


_TIMESTAMPS = tuple(
    (re.compile(pattern), hint)
    for pattern, hint in (
        (rb"", "The Couchbase-Timestamp header is empty: send the milliseconds since 1970-01-01 UTC."),
        (
            rb"[0-9]{9,10}\.[0-9]*",
            (
                "Couchbase-Timestamp is in seconds, with a fraction: multiply by 1000 and cut that down to"
                " a whole number of milliseconds before it is signed and sent."
            ),
        ),
        (
            rb"[0-9]+\.[0-9]*",
            (
                "Couchbase-Timestamp has a fraction: cut the milliseconds down to a whole number before"
                " they are signed and sent."
            ),
        ),
        (rb"0[0-9]+", "Couchbase-Timestamp has a leading zero: write the number without any."),
        (rb"[+-][0-9]+", "Couchbase-Timestamp has a sign: write the digits alone."),
        (
            rb"[0-9]+(?:[_, '][0-9]+)+",
            "Couchbase-Timestamp has separators between its digits: write the digits alone.",
        ),
        (
            rb"[0-9.]+[eE][+-]?[0-9]+",
            "Couchbase-Timestamp is in scientific notation: print the number as a whole one.",
        ),
        (rb"[0-9]{20,}", "Couchbase-Timestamp has more digits than any time in milliseconds: 13 are usual."),
        (
            rb"[0-9]{4}-[0-9]{2}.*|.*GMT|.*[0-9]{2}:[0-9]{2}.*",
            "Couchbase-Timestamp is a date: send the milliseconds since 1970-01-01 UTC.",
        ),
        (rb"[\"'].*[\"']", "Couchbase-Timestamp is in quotes: write the digits alone."),
        (
            rb"",
            (
                "Couchbase-Timestamp is not a whole number in plain decimal digits: send the milliseconds"
                " since 1970-01-01 UTC."
            ),
        ),
    )
)


def timestamp(text: bytes) -> str:
    """Advice on a timestamp that is not plain decimal digits."""
    return next((hint for pattern, hint in _TIMESTAMPS if pattern.fullmatch(text)), _TIMESTAMPS[-1][1])


_SECONDS = "seconds (some of the vendor's own clients sent those, but its guide says milliseconds)"
_UNITS = {9: _SECONDS, 10: _SECONDS, 16: "microseconds", 19: "nanoseconds"}


def unit(text: bytes) -> str:
    """Advice on a timestamp whose length is that of another unit than milliseconds."""
    return f"Couchbase-Timestamp is in {_UNITS[len(text)]}: sign and send milliseconds, today 13 digits."


_HALF_HOUR, _FURTHEST_ZONE, _SLACK = 1_800_000, 14 * 3_600_000, 120_000


def _off(milliseconds: int) -> str:
    """How far off, and whether that looks like a time zone (whole half hours, up to 14 hours)."""
    minutes, seconds = divmod(-(-milliseconds // 1000), 60)
    parts = (minutes // 60, "h"), (minutes % 60, "min"), (seconds, "s")
    text = " ".join(f"{count} {name}" for count, name in parts if count)
    remainder = (milliseconds + _SLACK) % _HALF_HOUR
    if remainder <= 2 * _SLACK and _HALF_HOUR - _SLACK <= milliseconds <= _FURTHEST_ZONE + _SLACK:
        text += " (as when local time is taken for UTC)"
    return text


def stale(milliseconds: int, window: int) -> str:
    """Advice on a timestamp that is this many milliseconds too old."""
    return (
        f"The timestamp is {_off(milliseconds)} behind the server's clock, and {window / 1000:g} s are"
        " allowed: sign every request afresh, retries too, and check the clock of the machine."
    )


def future(milliseconds: int, window: int) -> str:
    """Advice on a timestamp that is this many milliseconds ahead."""
    return (
        f"The timestamp is {_off(milliseconds)} ahead of the server's clock, and {window / 1000:g} s are"
        " allowed: check the clock of the machine, and that the time is UTC."
    )


def access_key(access: bytes, keys: Mapping[str, str]) -> str:
    """Advice on an access key that is not among ``keys`` (access key -> secret key)."""
    if any([hmac.compare_digest(access, secret.encode()) for secret in keys.values()]):  # noqa: C419  # compare with all
        return "The secret key stands where the access key belongs: the two settings are swapped."
    if _PLACEHOLDER.fullmatch(access):
        return _PLACEHOLDER_LEFT
    if access[:1] == access[-1:] and access[:1] in (b"'", b'"'):
        return "The access key still has the quotes of its settings file around it: take them off."
    if access.lower() in {known.lower().encode() for known in keys}:
        return "The access key differs from a known one in upper and lower case only: copy it exactly."
    if access == b"mock-access-key":
        return (
            "The access key is that of .env.example, but this server was started with another: use that one."
        )
    return (
        "The access key is not one this server knows: copy it again from where the key was created, and"
        " check that the request goes to the server that it belongs to."
    )
