"""What would have been signed, had somebody made a certain mistake.

Every maker takes the attempt and yields candidates; one equal to what ought to be signed does no harm,
since it has been compared already. Texts and keys are bytes as they travelled.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import hashlib
import hmac
import itertools
import re
from dataclasses import dataclass, field
from functools import wraps
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import quote, unquote_to_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_SERVICE: Final = b"https://cloudapi.cloud.couchbase.com"
_METHODS: Final = (b"GET", b"POST", b"PUT", b"PATCH", b"DELETE", b"HEAD", b"OPTIONS")
_BLOCK: Final = 64  # bytes, SHA-256's
_READINGS_APART: Final = 2000  # milliseconds: two readings of the clock are seldom further apart
_LONGEST: Final = 4096  # bytes of a target that is still rewritten: an answer shall take some 10 ms at most
_FEW: Final = 5  # parameters: 120 orders; and the slashes looked at one by one, for the same reason


@dataclass(frozen=True, slots=True)
class Attempt:
    """A request that was signed, and everything else that could have been signed in its place."""

    method: bytes
    target: bytes
    timestamp: bytes
    access_key: bytes
    secret: bytes = field(repr=False)
    body: bytes = b""
    host: bytes = b""

    @property
    def text(self) -> bytes:
        """What ought to be signed."""
        return b"\n".join((self.method, self.target, self.timestamp))

    @property
    def path(self) -> bytes:
        """The target up to its query."""
        return self.target.partition(b"?")[0]

    @property
    def query(self) -> bytes:
        """The query with its question mark, or nothing."""
        return self.target[len(self.path) :]


class Candidate(NamedTuple):
    """A text, and the key of its HMAC; None for a plain hash."""

    key: bytes | None
    text: bytes


def _signing_targets(
    targets: Callable[[Attempt], Iterator[bytes]],
) -> Callable[[Attempt], Iterator[Candidate]]:
    """Candidates with another endpoint."""

    def make(attempt: Attempt) -> Iterator[Candidate]:
        for target in targets(attempt):
            yield Candidate(attempt.secret, b"\n".join((attempt.method, target, attempt.timestamp)))

    return make


def _unless_long(targets: Callable[[Attempt], Iterator[bytes]]) -> Callable[[Attempt], Iterator[bytes]]:
    """No candidates for a target above ``_LONGEST``, which takes too long to rewrite."""

    @wraps(targets)
    def make(attempt: Attempt) -> Iterator[bytes]:
        return targets(attempt) if len(attempt.target) <= _LONGEST else iter(())

    return make


def _signing_texts(texts: Callable[[Attempt], Iterator[bytes]]) -> Callable[[Attempt], Iterator[Candidate]]:
    """Candidates with another text as a whole."""

    def make(attempt: Attempt) -> Iterator[Candidate]:
        for text in texts(attempt):
            yield Candidate(attempt.secret, text)

    return make


def _signing_with(keys: Callable[[Attempt], Iterator[bytes]]) -> Callable[[Attempt], Iterator[Candidate]]:
    """Candidates with the right text and another key."""

    def make(attempt: Attempt) -> Iterator[Candidate]:
        for key in keys(attempt):
            yield Candidate(key, attempt.text)

    return make


@_signing_targets
def empty_query(attempt: Attempt) -> Iterator[bytes]:
    """A bare question mark dropped or added."""
    if attempt.query in (b"", b"?"):
        yield attempt.path
        yield attempt.path + b"?"


@_signing_targets
def without_query(attempt: Attempt) -> Iterator[bytes]:
    """The path alone."""
    yield attempt.path


@_signing_targets
def without_params(attempt: Attempt) -> Iterator[bytes]:
    """``;...`` dropped from the last segment (urlparse) or from all, the query kept or lost with it."""
    head, slash, last = attempt.path.rpartition(b"/")
    for path in (head + slash + last.partition(b";")[0], re.sub(rb";[^/]*", b"", attempt.path)):
        if path != attempt.path:
            yield path + attempt.query
            yield path


def _urls(attempt: Attempt) -> Iterator[bytes]:
    for base in (b"http://" + attempt.host, b"https://" + attempt.host, _SERVICE):
        yield base + attempt.target


@_signing_targets
def full_url(attempt: Attempt) -> Iterator[bytes]:
    """With scheme and host: those of the request, and the service's own."""
    return _urls(attempt)


@_signing_targets
def host_tail(attempt: Attempt) -> Iterator[bytes]:
    """What string surgery leaves of the URL: what follows a ".com", the port, or all but the scheme."""
    for url in _urls(attempt):
        pieces = url.split(b".com")
        yield from (url.partition(b".com")[2], pieces[-1], *pieces[1:2])
    _, colon, port = attempt.host.rpartition(b":")
    yield colon + port + attempt.target
    yield attempt.host + attempt.target


@_signing_targets
@_unless_long
def slash(attempt: Attempt) -> Iterator[bytes]:
    """A trailing or a second slash, added or dropped: at the ends, one at a time, all together."""
    path, query = attempt.path, attempt.query
    yield path + b"/" + query
    yield path.removesuffix(b"/") + query
    yield path.rstrip(b"/") + query
    yield re.sub(rb"/+", b"/", path) + query
    for slashes in itertools.islice(re.finditer(rb"/+", path), 2 * _FEW):
        yield path[: slashes.start()] + b"/" + path[slashes.start() :] + query
        yield path[: slashes.start()] + b"/" + path[slashes.end() :] + query


@_signing_targets
def no_leading_slash(attempt: Attempt) -> Iterator[bytes]:
    """Beginning after the slash."""
    yield attempt.target[1:]
    yield attempt.target.lstrip(b"/")


@_signing_targets
def version(attempt: Attempt) -> Iterator[bytes]:
    """The other of /v2 and /v3."""
    for ours, other in ((b"/v2", b"/v3"), (b"/v3", b"/v2")):
        if attempt.target.startswith(ours):
            yield other + attempt.target.removeprefix(ours)


@_signing_targets
def query_order(attempt: Attempt) -> Iterator[bytes]:
    """The parameters sorted (wholly, or by name as Go does), reversed, and, while few, in every order."""
    parameters = attempt.query[1:].split(b"&")
    orders = [sorted(parameters), sorted(parameters, key=lambda p: p.partition(b"=")[0]), parameters[::-1]]
    for order in itertools.permutations(parameters) if len(parameters) <= _FEW else orders:
        yield attempt.path + b"?" + b"&".join(order)


_ESCAPE = re.compile(rb"%[0-9A-Fa-f]{2}")
_RESERVED: Final = b":/?#[]@!$&'()*+,;=%"
_DIGITS: Final = "0123456789abcdefABCDEF"
_BYTES: Final = {f"%{a}{b}".encode(): bytes.fromhex(a + b) for a in _DIGITS for b in _DIGITS}
_NOT_RESERVED: Final = {escape: byte for escape, byte in _BYTES.items() if byte not in _RESERVED}
_UNRESERVED: Final = {escape: byte for escape, byte in _BYTES.items() if re.match(rb"[A-Za-z0-9._~-]", byte)}
"""Percent-escapes and their bytes: all, those RFC 3986 does not reserve, and those it calls unreserved."""


def _decode_some(text: bytes, wanted: Mapping[bytes, bytes]) -> bytes:
    return _ESCAPE.sub(lambda escape: wanted.get(escape[0], escape[0]), text)


@_signing_targets
@_unless_long
def decoded(attempt: Attempt) -> Iterator[bytes]:
    """As typed: everything decoded, or as much of it as an HTTP library would have had to encode."""
    spaced = attempt.query.replace(b"+", b" ")
    for path in (attempt.path, unquote_to_bytes(attempt.path)):
        for query in (attempt.query, spaced, unquote_to_bytes(attempt.query), unquote_to_bytes(spaced)):
            yield path + query
    yield attempt.target.replace(b"%20", b" ")
    yield _decode_some(attempt.target, _NOT_RESERVED)
    yield _decode_some(attempt.target, _UNRESERVED)


@_signing_targets
@_unless_long
def double_encoded(attempt: Attempt) -> Iterator[bytes]:
    """Encoded again: the percent signs, the target as a whole, or each name and value of the query."""
    yield attempt.target.replace(b"%", b"%25")
    for safe in (b"", b"/", b"/?=&", _RESERVED, _RESERVED.replace(b"%", b"")):
        yield quote(attempt.target, safe=safe).encode()
    if attempt.query:
        parts = re.split(rb"([=&])", attempt.query[1:])
        yield attempt.path + b"?" + b"".join(quote(part, safe="=&").encode() for part in parts)


@_signing_targets
@_unless_long
def percent_case(attempt: Attempt) -> Iterator[bytes]:
    """Escapes in capitals, and in small letters."""
    yield _ESCAPE.sub(lambda escape: escape[0].upper(), attempt.target)
    yield _ESCAPE.sub(lambda escape: escape[0].lower(), attempt.target)


@_signing_targets
def plus_space(attempt: Attempt) -> Iterator[bytes]:
    """``+`` for ``%20`` and the reverse, in the query or everywhere."""
    for old, new in ((b"+", b"%20"), (b"%20", b"+")):
        yield attempt.path + attempt.query.replace(old, new)
        yield attempt.target.replace(old, new)


def _with_methods(attempt: Attempt, *methods: bytes) -> Iterator[bytes]:
    for method in methods:
        yield b"\n".join((method, attempt.target, attempt.timestamp))


@_signing_texts
def method_case(attempt: Attempt) -> Iterator[bytes]:
    """The same method in other letters."""
    return _with_methods(attempt, attempt.method.upper(), attempt.method.lower(), attempt.method.capitalize())


@_signing_texts
def method_differs(attempt: Attempt) -> Iterator[bytes]:
    """Any other method."""
    return _with_methods(attempt, *_METHODS)


def joined_by(separator: bytes) -> Callable[[Attempt], Iterator[Candidate]]:
    """The three parts joined by something else than a newline."""

    @_signing_texts
    def make(attempt: Attempt) -> Iterator[bytes]:
        yield separator.join((attempt.method, attempt.target, attempt.timestamp))

    return make


@_signing_texts
def separator_missing(attempt: Attempt) -> Iterator[bytes]:
    """Without both newlines, or without one of them."""
    for first, second in ((b"", b""), (b"", b"\n"), (b"\n", b"")):
        yield attempt.method + first + attempt.target + second + attempt.timestamp


@_signing_texts
def trailing_newline(attempt: Attempt) -> Iterator[bytes]:
    """A newline after the last line."""
    yield attempt.text + b"\n"
    yield attempt.text + b"\r\n"


@_signing_texts
def field_order(attempt: Attempt) -> Iterator[bytes]:
    """The three parts in every order."""
    for parts in itertools.permutations((attempt.method, attempt.target, attempt.timestamp)):
        yield b"\n".join(parts)


@_signing_texts
def body_included(attempt: Attempt) -> Iterator[bytes]:
    """The body appended, and on a line of its own."""
    if attempt.body:
        yield attempt.text + attempt.body
        yield attempt.text + b"\n" + attempt.body


@_signing_texts
def other_unit(attempt: Attempt) -> Iterator[bytes]:
    """The header's moment in another unit; in seconds also its neighbours, as a late reading gives."""
    moment = int(attempt.timestamp)
    others = (moment * 1000, moment * 1_000_000, *range(max(0, moment // 1000 - 2), moment // 1000 + 3))
    for other in others:
        yield b"%b\n%b\n%d" % (attempt.method, attempt.target, other)


def read_twice(attempt: Attempt, digest: bytes) -> bool:
    """Whether the digest is of this text with a clock reading up to 2 s from the header's.

    Some 4,000 candidates: each goes on from the same two half-made hashes, HMAC written out (RFC 2104),
    which takes 3 ms for all of them, where copies of an ``hmac`` object take 5.
    """
    key = attempt.secret if len(attempt.secret) <= _BLOCK else hashlib.sha256(attempt.secret).digest()
    key = key.ljust(_BLOCK, b"\0")
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in key))
    inner.update(b"%b\n%b\n" % (attempt.method, attempt.target))
    outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in key))
    moment = int(attempt.timestamp)
    for reading in range(max(0, moment - _READINGS_APART), moment + _READINGS_APART + 1):
        text = inner.copy()
        text.update(b"%d" % reading)
        candidate = outer.copy()
        candidate.update(text.digest())
        if hmac.compare_digest(candidate.digest(), digest):
            return True
    return False


@_signing_with
def secret_whitespace(attempt: Attempt) -> Iterator[bytes]:
    """White space stripped off the secret, or left on it."""
    secret = attempt.secret
    yield from (secret.strip(), secret.lstrip(), secret.rstrip(), secret.strip(b"\r\n"))
    yield secret.decode().strip().encode()  # what Unicode calls white space
    yield from (
        secret + b"\n",
        secret + b"\r\n",
        secret + b"\r",
        secret + b" ",
        b" " + secret,
        b" " + secret + b" ",
    )


@_signing_with
def secret_empty(attempt: Attempt) -> Iterator[bytes]:  # noqa: ARG001  # as every maker
    """No secret at all."""
    yield b""


@_signing_with
def secret_decoded(attempt: Attempt) -> Iterator[bytes]:
    """The secret taken for base64 or hexadecimal, by strict decoders and by lenient ones."""
    secret = attempt.secret
    letters = re.sub(
        rb"[^A-Za-z0-9+/]", b"", secret.partition(b"=")[0].translate(bytes.maketrans(b"-_", b"+/"))
    )
    letters = letters[: len(letters) - (len(letters) % 4 == 1)]
    yield base64.b64decode(letters + b"=" * (-len(letters) % 4))
    with contextlib.suppress(binascii.Error):  # no base64: nobody could sign with it
        yield base64.b64decode(secret)
    pairs = re.match(rb"(?:[0-9A-Fa-f]{2})*", secret)
    yield binascii.unhexlify(pairs[0] if pairs else b"")


@_signing_with
def secret_is_access_key(attempt: Attempt) -> Iterator[bytes]:
    """The wrong one of the two keys."""
    yield attempt.access_key


def key_message_swapped(attempt: Attempt) -> Iterator[Candidate]:
    """HMAC's two arguments the wrong way round."""
    yield Candidate(key=attempt.text, text=attempt.secret)


def hash_not_hmac(attempt: Attempt) -> Iterator[Candidate]:
    """A hash of the text, with the secret before it, after it, or left out."""
    for text in (attempt.text, attempt.secret + attempt.text, attempt.text + attempt.secret):
        yield Candidate(key=None, text=text)
