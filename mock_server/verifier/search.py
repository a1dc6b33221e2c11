"""Searches for the mistake, or the two mistakes, that give a signature which does not match.

A signature is explained by recomputing: for each mistake of the catalogue the search makes what the wrong
signer would have signed, and compares. One mistake is looked for first, then two at once, of different
aspects or both in the endpoint. Some 20,000 candidates are compared, so each costs two copies of half-made
hashes (RFC 2104, section 4) and no call of ``hmac``.

The digests of candidates are looked up in a dict: its hash is randomised for each process, so the time of
the look-up says nothing about how many bytes of two digests are equal.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from itertools import chain, combinations
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from mock_server.verifier.mistakes import ASPECTS, DIGEST, ENDPOINT, FRAME, METHOD, SECRET, TIMESTAMP
from mock_server.verifier.mistakes.aspect import LONG
from mock_server.verifier.mistakes.digest import HMAC
from mock_server.verifier.mistakes.frame import RIGHT
from mock_server.verifier.mistakes.timestamp import READINGS_APART, READINGS_APART_IN_PAIRS, readings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mock_server.verifier.mistakes.aspect import Aspect, Attempt, Mistake

_LONG_TO_REWRITE: Final = 512
"""Bytes of a target above which only its common variants are tried."""
_BLOCK: Final = 64  # bytes, of SHA-256
_INNER: Final = bytes(byte ^ 0x36 for byte in range(256))
_OUTER: Final = bytes(byte ^ 0x5C for byte in range(256))

_RANK: Final = {mistake: rank for rank, mistake in enumerate(m for aspect in ASPECTS for m in aspect.makers)}
_OTHER_MOMENT: Final = next(
    mistake for mistake in TIMESTAMP.makers if mistake.name == "timestamp_signed_differs"
)


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a signature does not match.

    Attributes:
        name: the mistake, two of them joined by ``+``, or ``signature_mismatch`` where none was found.
        message: what was signed, and how to correct it.
        signed: the text that was signed; None if it was not found. It can contain the secret key.
    """

    name: str
    message: str
    signed: bytes | None = None


UNEXPLAINED: Final = Explanation(
    "signature_mismatch",
    (
        "The signature is that of another text or another secret key: percent-decode X-Mock-Message and"
        " compare it with the text you signed; if they are the same, the secret key is not the one that"
        " belongs to this access key (if the secret holds #, $ or quotes, check that your shell or .env"
        " reader kept it whole)."
    ),
)


class _Found(NamedTuple):
    """The mistakes found, in order of precedence, and the text that was signed."""

    mistakes: tuple[Mistake, ...]
    signed: bytes


def explain(attempt: Attempt, signature: bytes) -> Explanation:
    """Name the mistake, or the two mistakes, in a signature that does not match.

    Args:
        attempt: the request, its secret key, and what else could have been signed by mistake.
        signature: a well-formed one (44 characters of base64), as received.
    """
    wanted = base64.b64decode(signature)
    common = Variants(attempt.hastily())
    # The common variants come first: a rare one of an earlier mistake must not take the name from them.
    found = _one(common, wanted) or _clock_read_twice(common, wanted)
    if found is None and len(attempt.target) <= LONG:
        found = _one(Variants(attempt), wanted) or _two(common, wanted)
    if found is None:
        return UNEXPLAINED
    messages = [mistake.message for mistake in found.mistakes]
    if len(messages) > 1:
        messages.insert(0, "Two mistakes at once.")
    return Explanation("+".join(mistake.name for mistake in found.mistakes), " ".join(messages), found.signed)


class _Key:
    """HMAC-SHA256 by one key: the two hashes of RFC 2104 that have taken in the key alone."""

    def __init__(self, secret: bytes) -> None:
        padded = _shortest(secret).ljust(_BLOCK, b"\0")
        self.inner = hashlib.sha256(padded.translate(_INNER))
        self.outer = hashlib.sha256(padded.translate(_OUTER))

    def digests(self, texts: Iterable[bytes], prefix: bytes = b"") -> Iterator[bytes]:
        """Yield the HMAC of each text; a prefix that all of them have is hashed once."""
        inner = self.inner
        if prefix:
            inner = inner.copy()
            inner.update(prefix)
        begin, finish = inner.copy, self.outer.copy
        for text in texts:
            first = begin()
            first.update(text)
            second = finish()
            second.update(first.digest())
            yield second.digest()


def _shortest(secret: bytes) -> bytes:
    """Return the shortest key that signs like this one: HMAC hashes long keys, and pads with zeros."""
    return (hashlib.sha256(secret).digest() if len(secret) > _BLOCK else secret).rstrip(b"\0")


def _place(digests: Iterable[bytes], wanted: bytes) -> int | None:
    """Return the place of the first digest that is the wanted one."""
    places = {digest: place for place, digest in reversed(list(enumerate(digests)))}
    return places.get(wanted)


class Variants:
    """The wrong values of every aspect of an attempt, each with its mistake, and what is signed with them."""

    def __init__(self, attempt: Attempt) -> None:
        """Make all of them, except the readings of a clock."""
        self.attempt = attempt
        self.key = _Key(attempt.secret)
        rewriting = attempt if len(attempt.target) <= _LONG_TO_REWRITE else attempt.hastily()
        self.endpoints = ENDPOINT.variants(rewriting, attempt.target)
        self.methods = METHOD.variants(attempt, attempt.method)
        self.timestamps = TIMESTAMP.variants(attempt, attempt.timestamp)
        self.frames = FRAME.variants(attempt, RIGHT)
        self.digests = DIGEST.variants(attempt, HMAC)
        self.secrets: dict[bytes, Mistake] = {}
        for secret, mistake in SECRET.variants(attempt, attempt.secret).items():
            self.secrets.setdefault(_shortest(secret), mistake)
        self.secrets.pop(_shortest(attempt.secret), None)

    def of(self, aspect: Aspect[Any]) -> dict[Any, Mistake]:
        """Return the wrong values of one aspect."""
        values: dict[Aspect[Any], dict[Any, Mistake]] = {
            ENDPOINT: self.endpoints,
            METHOD: self.methods,
            TIMESTAMP: self.timestamps,
            FRAME: self.frames,
            SECRET: self.secrets,
            DIGEST: self.digests,
        }
        return values[aspect]

    def texts(self, aspect: Aspect[Any]) -> dict[bytes, Mistake]:
        """Return every wrong text of one aspect that changes the text."""
        method, target, timestamp = self.attempt.method, self.attempt.target, self.attempt.timestamp
        texts: dict[bytes, Mistake] = {}
        if aspect is ENDPOINT:
            texts = {b"%b\n%b\n%b" % (method, each, timestamp): m for each, m in self.endpoints.items()}
        elif aspect is METHOD:
            texts = {b"%b\n%b\n%b" % (each, target, timestamp): m for each, m in self.methods.items()}
        elif aspect is TIMESTAMP:
            texts = {b"%b\n%b\n%b" % (method, target, each): m for each, m in self.timestamps.items()}
        elif aspect is FRAME:
            for frame, mistake in self.frames.items():
                texts.setdefault(frame.text(method, target, timestamp), mistake)
        texts.pop(self.attempt.text, None)
        return texts


def _one(variants: Variants, wanted: bytes) -> _Found | None:
    """Look for one mistake, aspect by aspect, in order of precedence."""
    attempt = variants.attempt
    for aspect in (ENDPOINT, METHOD, TIMESTAMP, FRAME):
        texts = variants.texts(aspect)
        place = _place(variants.key.digests(texts), wanted)
        if place is not None:
            text, mistake = list(texts.items())[place]
            return _Found((mistake,), text)
    right = (attempt.text,)
    place = _place((next(_Key(secret).digests(right)) for secret in variants.secrets), wanted)
    if place is not None:
        return _Found((list(variants.secrets.values())[place],), attempt.text)
    place = _place((digest.make(attempt.secret, attempt.text) for digest in variants.digests), wanted)
    if place is not None:
        return _Found((list(variants.digests.values())[place],), attempt.text)
    return None


def _clock_read_twice(variants: Variants, wanted: bytes) -> _Found | None:
    """Look for the timestamp of another reading of the clock."""
    prefix = b"%b\n%b\n" % (variants.attempt.method, variants.attempt.target)
    clock = list(readings(variants.attempt, READINGS_APART))
    place = _place(variants.key.digests(clock, prefix), wanted)
    return None if place is None else _Found((_OTHER_MOMENT,), prefix + clock[place])


def _two(variants: Variants, wanted: bytes) -> _Found | None:
    """Look for two mistakes, in order of precedence of the first and then of the second."""
    clock = dict.fromkeys(readings(variants.attempt, READINGS_APART_IN_PAIRS), _OTHER_MOMENT)
    variants.timestamps = clock | variants.timestamps
    variants.timestamps.pop(variants.attempt.timestamp, None)
    found = _both_in_endpoint(variants, wanted)
    for first, second in combinations(ASPECTS, 2):
        if found is not None:
            break
        if second is DIGEST:
            found = _with_digest(variants, first, wanted)
        elif second is SECRET:
            found = _with_secret(variants, first, wanted)
        else:
            found = _with_text(variants, first, second, wanted)
    return found


def _both_in_endpoint(variants: Variants, wanted: bytes) -> _Found | None:
    """Look for one mistake in the endpoint that was made in what another one gave."""
    attempt = variants.attempt
    found: dict[bytes, tuple[Mistake, ...]] = {}
    for once, first in variants.endpoints.items():
        again = attempt.sending(once)
        for second, maker in ENDPOINT.makers.items():
            if second is not first:
                pair = tuple(sorted((first, second), key=_RANK.__getitem__))
                for twice in maker(again):
                    found.setdefault(twice, pair)
    texts = [b"%b\n%b\n%b" % (attempt.method, each, attempt.timestamp) for each in found]
    place = _place(variants.key.digests(texts), wanted)
    return None if place is None else _Found(list(found.values())[place], texts[place])


def _with_text(variants: Variants, first: Aspect[bytes], second: Aspect[Any], wanted: bytes) -> _Found | None:
    """Look for a mistake in each of two aspects that change the text."""
    attempt = variants.attempt
    places: dict[Aspect[Any], int] = {METHOD: 0, ENDPOINT: 1, TIMESTAMP: 2}
    triple = [attempt.method, attempt.target, attempt.timestamp]
    ones, others = variants.of(first), variants.of(second)
    texts: list[bytes] = []
    for one in ones:
        triple[places[first]] = one
        if second is FRAME:
            texts += [frame.text(*triple) for frame in others]
        else:
            for other in others:
                triple[places[second]] = other
                texts.append(b"%b\n%b\n%b" % tuple(triple))
    place = _place(variants.key.digests(texts), wanted)
    if place is None:
        return None
    row, column = divmod(place, len(others))
    return _Found((list(ones.values())[row], list(others.values())[column]), texts[place])


def _with_secret(variants: Variants, first: Aspect[bytes], wanted: bytes) -> _Found | None:
    """Look for a mistake in the text and one in the secret key."""
    texts = variants.texts(first)
    place = _place(chain.from_iterable(_Key(secret).digests(texts) for secret in variants.secrets), wanted)
    if place is None:
        return None
    row, column = divmod(place, len(texts))
    text, mistake = list(texts.items())[column]
    return _Found((mistake, list(variants.secrets.values())[row]), text)


def _with_digest(variants: Variants, first: Aspect[bytes], wanted: bytes) -> _Found | None:
    """Look for a mistake in the digest, and one in the text or in the secret key."""
    attempt = variants.attempt
    if first is SECRET:
        inputs = [(secret, attempt.text) for secret in variants.secrets]
        mistakes = list(variants.secrets.values())
    else:
        texts = variants.texts(first)
        inputs = [(attempt.secret, text) for text in texts]
        mistakes = list(texts.values())
    place = _place((digest.make(*each) for each in inputs for digest in variants.digests), wanted)
    if place is None:
        return None
    row, column = divmod(place, len(variants.digests))
    return _Found((mistakes[row], list(variants.digests.values())[column]), inputs[row][1])
