r"""Verifies that a request, taken as it was received, is signed by the rule.

    message       = METHOD + "\n" + ENDPOINT + "\n" + TIMESTAMP
    signature     = base64( HMAC-SHA256( utf8(SECRET), message ) )
    Authorization: Bearer ACCESS:signature
    Couchbase-Timestamp: TIMESTAMP                     (milliseconds since 1970-01-01 UTC)

The bytes received are verified: nothing is decoded, folded, or parsed and printed again. The mock verifies
with this code alone, never with the client's: a verifier that imports what it verifies proves nothing. The
rule is that of the vendor's guide. The codes, their order and the window are defined by this suite
(vectors/README.md), because the vendor documents neither.
"""

from __future__ import annotations

import base64
import hmac
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final, Literal

from mock_server.verifier import headers as advice
from mock_server.verifier import shapes
from mock_server.verifier.mistakes import Attempt
from mock_server.verifier.search import explain

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mock_server.http import ReceivedRequest

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
"""Every code of a refusal, in the order in which they are checked: the first that applies wins."""

WINDOW: Final = 300_000
"""Milliseconds a timestamp may be from the clock, either way. The service's own limit is unknown."""

# Bytes patterns, so that \s and [0-9] are ASCII: 0x85 and 0xA0 are halves of UTF-8 letters here.
_CREDENTIALS = re.compile(rb"([^\s:<>]+):(.+)", re.DOTALL)
_TIMESTAMP = re.compile(rb"0|[1-9][0-9]{0,18}")
_SECONDS, _OTHER_UNITS = (9, 10), (9, 10, 16, 19)  # lengths, in digits


@dataclass(frozen=True, slots=True)
class Accepted:
    """The request is signed by the rule.

    ``mistake`` is ``timestamp_unit`` if a timestamp in seconds was accepted by policy, else None.
    """

    code: ClassVar[str] = "ok"
    mistake: str | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """The request is not signed by the rule.

    The expected signature is not in here. In both texts the secret key reads ``<secret>`` and a body
    ``<body, N bytes>``, so all of it may be shown.

    Attributes:
        code: one of ``CODES``.
        mistake: the mistake; two of them joined by ``+``.
        message: what is wrong, and how to correct it.
        expected: the text that the server signs for this request; None unless it has exactly one timestamp.
        signed: the text that the client signed; None unless the search found it.
    """

    code: str
    mistake: str
    message: str
    expected: bytes | None = None
    signed: bytes | None = None


def verify(
    request: ReceivedRequest,
    keys: Mapping[str, str],
    clock: Callable[[], int],
    *,
    window: int = WINDOW,
    timestamp_unit: Literal["ms", "either"] = "ms",
) -> Accepted | Refused:
    """Verify the signature of a request, and explain a wrong one.

    Args:
        request: the request as it was received.
        keys: access key -> secret key, as text. Their bytes are UTF-8.
        clock: returns milliseconds since 1970-01-01 UTC; called once.
        window: milliseconds the timestamp may be from the clock; exactly at the edge is accepted.
        timestamp_unit: "either" accepts timestamps of 9 or 10 digits as seconds.
    """
    method, target = request.method.encode("latin-1"), request.target.encode("latin-1")
    authorizations, timestamps = _values(request, "Authorization"), _values(request, "Couchbase-Timestamp")
    expected = b"\n".join((method, target, timestamps[0])) if len(timestamps) == 1 else None
    known = [secret.encode() for secret in keys.values()]
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
        return Refused(code, mistake, message, _masked(expected, known))

    text = b"\n".join((method, target, timestamp))
    if hmac.compare_digest(base64.b64encode(hmac.digest(secret, text, "sha256")), signature):
        return Accepted("timestamp_unit" if seconds else None)
    host = (request.header("Host") or "").encode("latin-1")
    found = explain(Attempt(method, target, timestamp, access_key, secret, request.body, host), signature)
    texts = _masked(text, known), _masked(found.signed, known, request.body)
    return Refused("signature_mismatch", found.name, found.message, *texts)


class _Refusal(Exception):  # noqa: N818  # control flow within this module, not an error for callers
    """Ends the checks with a code, its message and, if it has a name of its own, the mistake."""

    def __init__(self, code: str, message: str, mistake: str = "") -> None:
        super().__init__(code, message, mistake or code)


def _values(request: ReceivedRequest, name: str) -> list[bytes]:
    return [value.encode("latin-1") for value in request.header_values(name)]


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
        shape = shapes.classify(signature)
        raise _Refusal("signature_encoding", shape.message, shape.name)


def _masked(text: bytes | None, secrets: list[bytes], body: bytes = b"") -> bytes | None:
    """Return a text with its secret keys and its body replaced by what they are."""
    if text is None:
        return None
    if body:
        text = text.replace(body, b"<body, %d bytes>" % len(body))
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, b"<secret>")
    return text
