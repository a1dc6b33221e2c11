r"""Decides whether a request, taken as it was received, is signed by the rule.

    message       = METHOD + "\n" + ENDPOINT + "\n" + TIMESTAMP
    signature     = base64( HMAC-SHA256( utf8(SECRET), message ) )
    Authorization: Bearer ACCESS:signature
    Couchbase-Timestamp: TIMESTAMP                     (milliseconds since 1970-01-01 UTC)

The bytes received are what is verified: nothing is decoded, folded, parsed and printed again. The mock
verifies with this code alone, never with the client's: a verifier that imports what it verifies proves
nothing. The rule is the vendor's guide's; the codes, their order and the window are this suite's
(vectors/README.md), as the vendor documents neither.
"""

from __future__ import annotations

import base64
import hmac
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final, Literal

from mock_server.verifier import headers as advice
from mock_server.verifier import mistakes, shapes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

CODES: Final = (
    "authorization_missing",
    "authorization_duplicated",
    "timestamp_missing",
    "timestamp_duplicated",
    "authorization_scheme",
    "authorization_malformed",
    "timestamp_malformed",
    "timestamp_unit",
    "timestamp_stale",
    "timestamp_future",
    "access_key_unknown",
    "signature_encoding",
    "signature_mismatch",
)
"""Every code of a refusal, in the order in which they are looked for: the first that applies wins."""

WINDOW: Final = 300_000
"""How far a timestamp may be from the clock, either way, in milliseconds. The service's own is unknown."""

# Bytes patterns, so that \s and [0-9] are ASCII: 0x85 and 0xA0 are halves of UTF-8 letters here, not blanks.
_CREDENTIALS = re.compile(rb"([^\s:<>]+):(.+)", re.DOTALL)
_TIMESTAMP = re.compile(rb"0|[1-9][0-9]{0,18}")
_SECONDS, _OTHER_UNITS = (9, 10), (9, 10, 16, 19)  # lengths, in digits


@dataclass(frozen=True, slots=True)
class Accepted:
    """The request is signed by the rule.

    ``mistake`` is ``timestamp_unit`` when a timestamp in seconds was let through on demand, else None.
    """

    code: ClassVar[str] = "ok"
    mistake: str | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """The request is not: which code, which mistake, and one sentence of advice.

    ``text`` is what the server signs for this request (None unless it came with one timestamp).
    Neither the secret nor the signature expected is in here, so all of it may be shown.
    """

    code: str
    mistake: str
    message: str
    text: bytes | None = None


def verify(  # noqa: PLR0913  # a request is four things, and a policy three: each is named at the call
    method: str,
    target: str,
    headers: Sequence[tuple[str, str]],
    keys: Mapping[str, str],
    clock: Callable[[], int],
    *,
    body: bytes = b"",
    window: int = WINDOW,
    timestamp_unit: Literal["ms", "either"] = "ms",
) -> Accepted | Refused:
    """Verify a request as it was received.

    Args:
        method: the first word of the request line. Like all text of a request here, it is the bytes of
            the wire read as Latin-1 (what ``http.server`` hands out).
        target: the second word, path and query, exactly as it travelled.
        headers: all of them, in any order, repeated ones repeated.
        keys: access key -> secret key, as text. UTF-8 makes the bytes of both.
        clock: milliseconds since 1970-01-01 UTC; read once.
        body: takes no part in the signature; only tells the mistake of signing it too.
        window: milliseconds the timestamp may be from the clock; exactly at the edge is accepted.
        timestamp_unit: "either" lets timestamps of 9 or 10 digits through as seconds.
    """
    line = method.encode("latin-1"), target.encode("latin-1")
    authorizations, timestamps = _values(headers, "authorization"), _values(headers, "couchbase-timestamp")
    text = b"\n".join((*line, timestamps[0])) if len(timestamps) == 1 else None
    try:
        authorization = _only(authorizations, "authorization")
        timestamp = _only(timestamps, "timestamp")
        access_key, signature = _credentials(authorization)
        seconds = timestamp_unit == "either" and len(timestamp) in _SECONDS
        _check_time(timestamp, clock, window, seconds=seconds)
        secret = _secret(access_key, keys)
        _check_shape(signature)
    except _Refusal as refusal:
        code, message, mistake = refusal.args
        return Refused(code, mistake, message, text)

    text = b"\n".join((*line, timestamp))
    if hmac.compare_digest(base64.b64encode(hmac.digest(secret, text, "sha256")), signature):
        return Accepted("timestamp_unit" if seconds else None)
    host = b"".join(_values(headers, "host")[:1])
    found = mistakes.explain(mistakes.Attempt(*line, timestamp, access_key, secret, body, host), signature)
    return Refused("signature_mismatch", found.name, found.hint, text)


class _Refusal(Exception):  # noqa: N818  # control flow within this module, nobody's error
    """Ends the checks with a code, its advice and, where it has a name of its own, the mistake."""

    def __init__(self, code: str, message: str, mistake: str = "") -> None:
        super().__init__(code, message, mistake or code)


def _values(headers: Sequence[tuple[str, str]], name: str) -> list[bytes]:
    """Every value of a header, without the blanks around it (RFC 9110 5.5: they are not part of it)."""
    return [value.encode("latin-1").strip(b" \t") for key, value in headers if key.lower() == name]


def _only(values: list[bytes], name: str) -> bytes:
    if len(values) != 1:
        code = f"{name}_duplicated" if values else f"{name}_missing"
        raise _Refusal(code, advice.HEADERS[code])
    return values[0]


def _credentials(authorization: bytes) -> tuple[bytes, bytes]:
    scheme, _, rest = authorization.partition(b" ")
    if scheme != b"Bearer":
        raise _Refusal("authorization_scheme", advice.scheme(authorization))
    parts = _CREDENTIALS.fullmatch(rest)
    if parts is None:
        raise _Refusal("authorization_malformed", advice.credentials(rest))
    return parts[1], parts[2]


def _check_time(timestamp: bytes, clock: Callable[[], int], window: int, *, seconds: bool) -> None:
    if not _TIMESTAMP.fullmatch(timestamp):
        raise _Refusal("timestamp_malformed", advice.timestamp(timestamp))
    if len(timestamp) in _OTHER_UNITS and not seconds:
        raise _Refusal("timestamp_unit", advice.unit(timestamp))
    late = clock() - int(timestamp) * (1000 if seconds else 1)
    if late > window:
        raise _Refusal("timestamp_stale", advice.stale(late, window))
    if late < -window:
        raise _Refusal("timestamp_future", advice.future(-late, window))


def _secret(access_key: bytes, keys: Mapping[str, str]) -> bytes:
    try:
        secret = keys.get(access_key.decode())
    except UnicodeDecodeError:
        secret = None
    if secret is None:
        raise _Refusal("access_key_unknown", advice.access_key(access_key, keys))
    return secret.encode()


def _check_shape(signature: bytes) -> None:
    if not shapes.WELL_FORMED.fullmatch(signature):
        shape = shapes.judge(signature)
        raise _Refusal("signature_encoding", shape.hint, shape.name)
