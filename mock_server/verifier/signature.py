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
from typing import TYPE_CHECKING, ClassVar, Final, Literal, NamedTuple

from mock_server.verifier import headers as advice
from mock_server.verifier import shapes
from mock_server.verifier import timestamps as moments
from mock_server.verifier.mistakes import Attempt
from mock_server.verifier.search import explain
from mock_server.visible import Mask

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from mock_server.http import ReceivedRequest
    from mock_server.verifier.recent import RecentTimestamps

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

# The bytes of an access key: 0x21 to 0x7E without `:`, `<` and `>`. Then a colon and a signature.
_CREDENTIALS = re.compile(rb"([!-9;=?-~]+):(.+)", re.DOTALL)
_SCHEME = re.compile(
    rb"^[\s'\"]*(?:authorization\s*[:=]?\s*)?(?:bearer(?:[\s:=,+]|%20|\xc2?\xa0)*)*", re.IGNORECASE
)
_TIMESTAMP = re.compile(rb"0|[1-9][0-9]{0,18}")
_LONGEST_HOST: Final = 261  # bytes: a name of 255, a colon and a port; nobody signs a longer one
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
        also: the other mistakes that could be found behind the one that refused the request.
    """

    code: str
    mistake: str
    message: str
    expected: bytes | None = None
    signed: bytes | None = None
    also: tuple[str, ...] = ()


def verify(  # noqa: PLR0913  # the policy is keyword-only
    request: ReceivedRequest,
    keys: Mapping[str, str],
    clock: Callable[[], int],
    *,
    window: int = WINDOW,
    timestamp_unit: Literal["ms", "either"] = "ms",
    recent: RecentTimestamps | None = None,
    mask: Mask | None = None,
) -> Accepted | Refused:
    """Verify the signature of a request, and explain a wrong one.

    Args:
        request: the request as it was received.
        keys: access key -> secret key, as text. Their bytes are UTF-8.
        clock: returns milliseconds since 1970-01-01 UTC; called once.
        window: milliseconds the timestamp may be from the clock; exactly at the edge is accepted.
        timestamp_unit: "either" accepts timestamps of 9 or 10 digits as seconds.
        recent: the timestamps of earlier requests. They are tried in a search, and this one is added.
        mask: replaces secret keys in the two texts; by default those of ``keys``.
    """
    method, target = request.method.encode("latin-1"), request.target.encode("latin-1")
    authorizations, timestamps = _values(request, "Authorization"), _values(request, "Couchbase-Timestamp")
    secrets = [secret.encode() for secret in keys.values()]
    policy = _Policy(secrets, clock(), window, accepts_seconds=timestamp_unit == "either")

    problems = list(_header_problems(request, authorizations, timestamps, policy))
    authorization, timestamp = b"".join(authorizations[:1]), b"".join(timestamps[:1])
    text = b"\n".join((method, target, timestamp)) if timestamps else None
    access_key, signature = _credentials(authorization, lenient=bool(problems))
    secret = _secret(access_key, keys)
    signed = None
    if access_key and secret is None:
        problems.append(_Problem("access_key_unknown", advice.access_key(access_key, signature, keys)))
        problems += _shape_problems(signature, secrets)
    elif secret is not None and text is not None and signature:
        earlier = _remembered(recent, access_key, timestamp)
        right = base64.b64encode(hmac.digest(secret, text, "sha256"))
        if hmac.compare_digest(right, signature):
            if not problems:
                return Accepted("timestamp_unit" if policy.is_seconds(timestamp) else None)
        else:
            host = (request.header("Host") or "").encode("latin-1")
            host = host if len(host) <= _LONGEST_HOST else b""
            attempt = Attempt(method, target, timestamp, access_key, secret, request.body, host, earlier)
            found, signed = _signature_problems(attempt, signature, secrets)
            problems += found
    first, *others = problems
    mask = mask or Mask(*keys.values())
    message = " ".join([first.message, *map(_as_further, others)])
    return Refused(
        first.code,
        first.mistake or first.code,
        message,
        _masked(text if len(timestamps) == 1 else None, mask),
        _masked(signed, mask, request.body),
        tuple(problem.mistake or problem.code for problem in others),
    )


class _Problem(NamedTuple):
    """A code, its message and, if it has a name of its own, the mistake."""

    code: str
    message: str
    mistake: str = ""


def _as_further(problem: _Problem) -> str:
    if problem.mistake == "signature_mismatch":
        return "Also: the signature does not match this request, and no known mistake explains it."
    return f"Also: {problem.message}"


@dataclass(frozen=True, slots=True)
class _Policy:
    """What the server knows and allows."""

    secrets: list[bytes]
    now: int
    window: int
    accepts_seconds: bool

    def is_seconds(self, timestamp: bytes) -> bool:
        """Return whether a timestamp is accepted as seconds."""
        return self.accepts_seconds and len(timestamp) in _SECONDS


def _values(request: ReceivedRequest, name: str) -> list[bytes]:
    return [value.encode("latin-1") for value in request.header_values(name)]


def _header_problems(
    request: ReceivedRequest, authorizations: list[bytes], timestamps: list[bytes], policy: _Policy
) -> Iterator[_Problem]:
    """Yield what is wrong with the two headers, in the order of ``CODES``."""
    names = [name for name, _ in request.headers]
    for name, values in (("authorization", authorizations), ("timestamp", timestamps)):
        if not values:
            yield _Problem(f"{name}_missing", advice.missing(name, authorizations, names))
        elif len(values) > 1:
            yield _Problem(f"{name}_duplicated", advice.duplicated(name, values))
    if len(authorizations) == 1:
        scheme, _, rest = authorizations[0].partition(b" ")
        if scheme != b"Bearer":
            yield _Problem("authorization_scheme", advice.scheme(authorizations[0]))
        elif not _CREDENTIALS.fullmatch(rest):
            yield _Problem(
                "authorization_malformed", advice.credentials(rest, policy.secrets, timed=bool(timestamps))
            )
    if len(timestamps) == 1:
        yield from _timestamp_problems(timestamps[0], policy)


def _timestamp_problems(timestamp: bytes, policy: _Policy) -> Iterator[_Problem]:
    if not _TIMESTAMP.fullmatch(timestamp):
        yield _Problem("timestamp_malformed", moments.timestamp(timestamp))
        return
    seconds = policy.is_seconds(timestamp)
    if len(timestamp) in _OTHER_UNITS and not seconds:
        yield _Problem("timestamp_unit", moments.unit(timestamp, policy.now))
        return
    late = policy.now - int(timestamp) * (1000 if seconds else 1)
    if late > policy.window:
        yield _Problem("timestamp_stale", moments.stale(timestamp, late, policy.window, policy.now))
    elif late < -policy.window:
        yield _Problem("timestamp_future", moments.future(timestamp, -late, policy.window, policy.now))


def _credentials(authorization: bytes, *, lenient: bool) -> tuple[bytes, bytes]:
    """Return access key and signature, or nothing; of a refused header, what looks like them."""
    parts = _CREDENTIALS.fullmatch(authorization.partition(b" ")[2])
    if lenient and (parts is None or not authorization.startswith(b"Bearer ")):
        rest = _SCHEME.sub(b"", authorization)
        parts = _CREDENTIALS.fullmatch(rest.strip().strip(b"'\""))
    return (parts[1], parts[2]) if parts else (b"", b"")


def _secret(access_key: bytes, keys: Mapping[str, str]) -> bytes | None:
    secret = keys.get(access_key.decode("ascii"))
    return None if secret is None else secret.encode()


def _shape_problems(signature: bytes, secrets: list[bytes]) -> list[_Problem]:
    if shapes.WELL_FORMED.fullmatch(signature):
        return []
    shape = shapes.classify(signature)
    message = advice.LEAKED if advice.is_secret(signature, secrets) else shapes.advice(shape, signature)
    return [_Problem("signature_encoding", message, shape.name)]


def _signature_problems(
    attempt: Attempt, signature: bytes, secrets: list[bytes]
) -> tuple[list[_Problem], bytes | None]:
    """Return what is wrong with a signature, and the text that was signed, None if unknown."""
    problems = _shape_problems(signature, secrets)
    if problems:
        digest = shapes.recover(signature)
        if digest is None or hmac.compare_digest(digest, hmac.digest(attempt.secret, attempt.text, "sha256")):
            return problems, None
        signature = base64.b64encode(digest)
    found = explain(attempt, signature)
    if not problems or found.signed is not None:
        problems.append(_Problem("signature_mismatch", found.message, found.name))
    return problems, found.signed


def _remembered(recent: RecentTimestamps | None, access_key: bytes, timestamp: bytes) -> tuple[bytes, ...]:
    """Return the timestamps that came earlier with a known access key, and remember this one."""
    if recent is None:
        return ()
    earlier = recent.of(access_key)
    recent.add(access_key, timestamp)
    return tuple(each for each in earlier if each != timestamp)


def _masked(text: bytes | None, mask: Mask, body: bytes = b"") -> bytes | None:
    """Return a text with its secret keys and its body replaced by what they are."""
    if text is None:
        return None
    if body:
        text = text.replace(body, b"<body, %d bytes>" % len(body))
    return mask.masked(text)
