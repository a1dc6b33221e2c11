"""Says what is wrong with the two headers of a request before a signature is compared, and what to do.

One or two sentences each. The text that a client sent is examined for the likeliest cause, but never quoted:
it could contain a secret in the wrong place.
"""

from __future__ import annotations

import base64
import hmac
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

_SEND: Final = "send `Authorization: Bearer ACCESS_KEY:SIGNATURE`"
_OTHER_API: Final = (
    "that is how a client of Management API v4 authenticates. v2 and v3, which this server speaks, want"
    " `Bearer ACCESS_KEY:SIGNATURE` and a Couchbase-Timestamp header"
)
_SWAPPED: Final = "The secret key is in the place of the access key: exchange the two settings."

LEAKED: Final = (
    "The secret key itself was sent: send a signature made with it instead. Replace the key if it is a real"
    " one, as logs may have it now."
)

_PLACEHOLDER = re.compile(
    rb"<.*>|.*\{\{.*|.*\}\}|\$.+|%\w+%|(?:your|my|the)[-_ ]?.*key|access[-_ ]?key(?:[-_ ]?(?:id|here))?"
    rb"|change[-_ ]?me|x{3,}|\.{3}|undefined|null|none|nil|\{\w*\}|%[sdv@]",
    re.IGNORECASE | re.DOTALL,
)
_PLACEHOLDER_LEFT: Final = (
    "A placeholder is in the place of the access key: put the key itself there, and check that its setting is"
    " read."
)


# Names that clients have used by mistake. The header's name is quoted, so they are fixed words.
_MEANT: Final = {
    "authorization": re.compile(
        r"(?:x-|couchbase-|cb-|capella-)?(?:authori[sz]ation|authentication|auth|authoriztion|api-?key|"
        r"access-?key|signature)|(?:proxy-)authorization|www-authenticate",
        re.IGNORECASE,
    ),
    "timestamp": re.compile(
        r"(?:x-)?(?:couchbase|cb|capella|amz)?[-_]?(?:time[-_]?stamp|timestmap|time|date)",
        re.IGNORECASE,
    ),
}


_MISNAMED: Final = {
    "authorization": (
        f"The request has no Authorization header, but one named {{}}, which may be meant for it: {_SEND}."
    ),
    "timestamp": (
        "The request has no Couchbase-Timestamp header, but one named {}, which may be meant for it: send the"
        " milliseconds since 1970-01-01 UTC as Couchbase-Timestamp."
    ),
}


def missing(name: str, authorizations: Sequence[bytes], names: Iterable[str]) -> str:
    """Return the message for a header that the request does not have.

    Args:
        name: "authorization" or "timestamp".
        authorizations: the values of the Authorization headers.
        names: the names of all headers of the request.
    """
    if other := _other_api(b"".join(authorizations[:1])):
        return other
    for sent in names:
        if _MEANT[name].fullmatch(sent):
            return _MISNAMED[name].format(sent)
    if name == "authorization":
        return (
            f"The request has no Authorization header: {_SEND}. HTTP libraries remove it when they follow a"
            " redirect."
        )
    return (
        "The request has no Couchbase-Timestamp header: send the milliseconds since 1970-01-01 UTC, the same"
        " text that was signed."
    )


def _other_api(authorization: bytes) -> str:
    """Return the message for a request without a timestamp that is meant for another API, else ""."""
    scheme, _, rest = authorization.partition(b" ")
    if scheme.lower() == b"bearer" and rest and b":" not in rest:
        return f"The request has a bearer token and no Couchbase-Timestamp header: {_OTHER_API}."
    if scheme.lower() == b"basic":
        return (
            "The request has Basic credentials and no Couchbase-Timestamp header: that is the way to"
            f" authenticate at Couchbase Server, not at Capella's API. Instead, {_SEND}, and the timestamp."
        )
    if scheme.lower().startswith(b"aws4"):
        return f"The request is signed as for AWS: that is another API. Instead, {_SEND}, and the timestamp."
    return ""


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
            b":" in first,
            "The Authorization header begins with the credentials: put `Bearer` and one space before them.",
        ),
        (
            authorization.isdigit(),
            (
                "The Authorization header holds a number, as if the two headers were exchanged: send the"
                f" timestamp as Couchbase-Timestamp, and {_SEND}."
            ),
        ),
        (
            re.match(rb"\S+:\S", rest),
            "Another word is in the place of `Bearer`: write `Bearer`, and leave the rest as it is.",
        ),
    )
    other = f"The scheme is not `Bearer`: {_SEND}, with one space behind `Bearer`."
    return next((message for applies, message in causes if applies), other)


def credentials(rest: bytes, secrets: Collection[bytes], *, timed: bool) -> str:
    """Return the message for what follows ``Bearer`` and a space, if it is not ``ACCESS_KEY:SIGNATURE``.

    Args:
        rest: what follows.
        secrets: the secret keys of the server.
        timed: whether the request has a timestamp; if not, ``missing`` speaks of the other API.
    """
    if b":" not in rest and rest:
        return _without_colon(rest, secrets) or (
            f"The bearer token has no colon: {_OTHER_API}."
            if timed
            else "The bearer token has no colon: put one between the access key and the signature."
        )
    access, _, signature = rest.partition(b":")
    causes: tuple[tuple[object, str], ...] = (
        (not rest.strip(b" \t"), "Nothing follows `Bearer`: send `Bearer ACCESS_KEY:SIGNATURE`."),
        (is_secret(access.strip(), secrets), _SWAPPED),
        (is_secret(rest, secrets), LEAKED),
        (
            rest.strip() == b":",
            (
                "Nothing is before the colon and nothing behind it: access key and signature were empty, so"
                " check that the settings are read."
            ),
        ),
        (_PLACEHOLDER.fullmatch(access.strip()), _PLACEHOLDER_LEFT),
        (re.match(rb"(?i:bearer)\s", access), "`Bearer` is there twice: send it once."),
        (rest[:1] in (b" ", b"\t"), "More than one space follows `Bearer`: put exactly one there."),
        (access.lower() == b"bearer", "`Bearer` is there twice: send it once."),
        (
            not access,
            "Nothing is before the colon: the access key was empty, so check that its setting is read.",
        ),
        (not signature, "Nothing is behind the colon: the signature was empty when the header was made."),
        (rest != rest.rstrip(), "A space or a line break follows the signature: remove it."),
        (access != access.strip(), "A space or a line break surrounds the access key: remove it."),
        (
            re.search(rb"[^\x20-\x7e]", access),
            "The access key contains a control character or a non-ASCII character: copy the key again.",
        ),
    )
    return next(
        (message for applies, message in causes if applies),
        (
            "The access key in the Authorization header contains a space or an angle bracket: write it as"
            " Capella showed it, between `Bearer`, one space, and the colon."
        ),
    )


def _without_colon(rest: bytes, secrets: Collection[bytes]) -> str:
    """Return the message for what follows ``Bearer`` and has no colon; an empty text for a bearer token."""
    encoded = re.fullmatch(rb"([A-Za-z0-9+/_-]{8,400})=*", rest)
    whole = b""
    if encoded and len(encoded[1]) % 4 != 1:  # no number of bytes has such a length
        whole = base64.b64decode(encoded[1] + b"==", altchars=b"-_")
    causes: tuple[tuple[object, str], ...] = (
        (is_secret(rest, secrets), LEAKED),
        (_PLACEHOLDER.fullmatch(rest), _PLACEHOLDER_LEFT),
        (
            b"," in rest and re.match(rb"\w+ ?=", rest),
            f"The Authorization header has named parts, as other APIs want them: {_SEND}.",
        ),
        (
            re.search(rb"%3[Aa]", rest),
            (
                "The credentials are percent-encoded: send the colon, + and / as they are, a header needs no"
                " encoding."
            ),
        ),
        (
            re.fullmatch(rb"[\x21-\x7e]+:[A-Za-z0-9+/]{43}=", whole),
            "Access key and signature were encoded in base64 as a whole: send them as they are.",
        ),
        (
            re.fullmatch(rb"[A-Za-z0-9+/]{43}=", rest),
            "The Authorization header has a signature alone: put the access key and a colon before it.",
        ),
        (
            re.fullmatch(rb".+[A-Za-z0-9+/]{43}=", rest),
            "No colon is between access key and signature: put one there, and no other character.",
        ),
        (
            not re.fullmatch(rb"[\w.~+/-]{40,}=*", rest),
            (
                "The Authorization header has no colon and no signature: put both behind the"
                " access key. A token without a colon is for Management API v4; this server speaks v2 and v3."
            ),
        ),
    )
    return next((message for applies, message in causes if applies), "")


def is_secret(access: bytes, secrets: Collection[bytes]) -> bool:
    """Return whether a text is one of the secret keys, in a time that does not tell how much of it is."""
    return any([hmac.compare_digest(access, secret) for secret in secrets])  # noqa: C419  # compare with all


def access_key(access: bytes, signature: bytes, keys: Mapping[str, str]) -> str:
    """Return the message for an access key that is not among ``keys`` (access key -> secret key)."""
    known = [key.encode() for key in keys]
    secrets = [secret.encode() for secret in keys.values()]
    causes: tuple[tuple[object, str], ...] = (
        (is_secret(access, secrets), _SWAPPED),
        (is_secret(access + b":" + signature, secrets), LEAKED),
        (
            signature in known,
            "The signature is before the colon and the access key behind it: exchange them.",
        ),
        (_PLACEHOLDER.fullmatch(access), _PLACEHOLDER_LEFT),
        (
            access[:1] == b"{" and b'"' in access,
            "JSON is in the place of the credentials: send ACCESS_KEY:SIGNATURE as plain text.",
        ),
        (
            b"@" in access and b"." in access,
            "An e-mail address is in the place of the access key: v2 and v3 of the API take a pair of keys.",
        ),
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
