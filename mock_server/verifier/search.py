"""Searches for the mistake, or the two mistakes, that give a signature which does not match.

A signature is explained by recomputing: for each mistake of the catalogue the search makes what the wrong
signer would have signed, and compares. One mistake is looked for first, then two at once, of different
aspects or both in the endpoint. Some 40,000 candidates are compared, so each costs two copies of half-made
hashes (RFC 2104, section 4) and no call of ``hmac``.

Digests are compared by Python's hash of bytes, which is randomised for each process, so the time of a
comparison says nothing about how many bytes of two digests are equal.
"""

from __future__ import annotations

import base64
import hashlib
import threading
import time
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from mock_server.verifier.mistakes import ASPECTS, DIGEST, ENDPOINT, FRAME, METHOD, SECRET, TIMESTAMP
from mock_server.verifier.mistakes.aspect import LONG
from mock_server.verifier.mistakes.digest import HMAC
from mock_server.verifier.mistakes.endpoint import urls_without_query
from mock_server.verifier.mistakes.layouts import RIGHT, fill
from mock_server.verifier.mistakes.timestamp import (
    READINGS_APART,
    READINGS_APART_IN_PAIRS,
    finer_readings,
    readings,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from mock_server.verifier.mistakes.aspect import Aspect, Attempt, Mistake

_LONG_TO_REWRITE: Final = 512
"""Bytes of a target above which only its common variants are tried."""
_LONG_FOR_PAIRS: Final = 1024
"""Bytes of a target above which one mistake is looked for, and no pairs."""
_BLOCK: Final = 64  # bytes, of SHA-256
_INNER: Final = bytes(byte ^ 0x36 for byte in range(256))
_OUTER: Final = bytes(byte ^ 0x5C for byte in range(256))

_RANK: Final = {mistake: rank for rank, mistake in enumerate(m for aspect in ASPECTS for m in aspect.makers)}
_OTHER_MOMENT: Final = TIMESTAMP.named("timestamp_signed_differs")


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
_BUSY: Final = (
    " Two mistakes at once were not looked for, as other searches were running: send the request again."
)


@dataclass(frozen=True, slots=True)
class Turns:
    """Lets one search at a time look for everything, so that refusals leave time to other requests.

    A search that waits longer than ``patience`` for its turn looks for one mistake only. Every search pauses
    often, because a thread that computes keeps Python's global lock for 5 ms if another one wants it.

    Attributes:
        patience: seconds to wait for a turn.
        pause: waits for a number of seconds.
    """

    patience: float = 0.25
    pause: Callable[[float], None] = time.sleep
    deep: threading.Lock = field(default_factory=threading.Lock)
    shallow: threading.Lock = field(default_factory=threading.Lock)

    def rest(self) -> None:
        """Let other threads run, if there are any."""
        if threading.active_count() > 1:
            self.pause(_PAUSE)


_PAUSE: Final = 0.001  # seconds
_WORK: Final = 1000  # candidates between two pauses: less than a millisecond of work
_TURNS: Final = Turns()


class _Found(NamedTuple):
    """The mistakes found, in order of precedence, and the text that was signed."""

    mistakes: tuple[Mistake, ...]
    signed: bytes


def explain(attempt: Attempt, signature: bytes, turns: Turns = _TURNS) -> Explanation:
    """Name the mistake, or the two mistakes, in a signature that does not match.

    Args:
        attempt: the request, its secret key, and what else could have been signed by mistake.
        signature: a well-formed one (44 characters of base64), as received.
        turns: who may search at the same time, and for how long one waits.
    """
    wanted = base64.b64decode(signature)
    # The common variants come first: a rare one of an earlier mistake must not take the name from them.
    common = _Search(Variants(attempt.hastily()), wanted, turns)
    found = common.one()
    unexplained = UNEXPLAINED
    if found is None and turns.deep.acquire(timeout=turns.patience):
        try:
            found = _rare(common, attempt) or (
                common.two() if len(attempt.target) <= _LONG_FOR_PAIRS else None
            )
        finally:
            turns.deep.release()
    elif found is None:
        with turns.shallow:
            found = _rare(common, attempt)
        unexplained = Explanation(UNEXPLAINED.name, UNEXPLAINED.message + _BUSY)
    if found is None:
        return unexplained
    messages = [mistake.message for mistake in found.mistakes]
    if len(messages) > 1:
        messages.insert(0, "Two mistakes at once.")
    return Explanation("+".join(mistake.name for mistake in found.mistakes), " ".join(messages), found.signed)


def _rare(common: _Search, attempt: Attempt) -> _Found | None:
    """Look for one mistake that is rare or has many values."""
    found = common.clock_read_twice()
    if found is None and len(attempt.target) <= LONG:
        found = _Search(Variants(attempt), common.wanted, common.turns).one()
    return found


class _Key:
    """HMAC-SHA256 by one key: the two hashes of RFC 2104 that have taken in the key alone."""

    def __init__(self, secret: bytes) -> None:
        padded = _shortest(secret).ljust(_BLOCK, b"\0")
        self.inner = hashlib.sha256(padded.translate(_INNER))
        self.outer = hashlib.sha256(padded.translate(_OUTER))

    def find(self, texts: Iterable[bytes], wanted: int, prefix: bytes = b"") -> bytes | None:
        """Return the first text whose HMAC has the wanted hash; a prefix of all texts is hashed once."""
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
            if hash(second.digest()) == wanted:
                return text
        return None


def _shortest(secret: bytes) -> bytes:
    """Return the shortest key that signs like this one: HMAC hashes long keys, and pads with zeros."""
    return hashlib.sha256(secret).digest() if len(secret) > _BLOCK else secret


def _hmacs(secrets: Iterable[bytes], text: bytes) -> Iterator[bytes]:
    """Yield the HMAC of one text by each secret key, in less time than ``hmac.digest`` takes."""
    sha256 = hashlib.sha256
    for secret in secrets:
        padded = _shortest(secret).ljust(_BLOCK, b"\0")
        inner = sha256(padded.translate(_INNER) + text).digest()
        yield sha256(padded.translate(_OUTER) + inner).digest()


class Variants:
    """The wrong values of every aspect of an attempt, each with its mistake, made when they are wanted."""

    def __init__(self, attempt: Attempt) -> None:
        """Take the attempt; the readings of a clock are not among its variants."""
        self.attempt = attempt

    @cached_property
    def _made(self) -> dict[Aspect[Any], dict[Any, Mistake]]:
        return {}

    def of(self, aspect: Aspect[Any]) -> dict[Any, Mistake]:
        """Return the wrong values of one aspect."""
        if aspect not in self._made:
            attempt = self.attempt
            if aspect is ENDPOINT and len(attempt.target) > _LONG_TO_REWRITE:
                attempt = attempt.hastily()
            rights: dict[Aspect[Any], Any] = {
                ENDPOINT: attempt.target,
                METHOD: attempt.method,
                TIMESTAMP: attempt.timestamp,
                FRAME: RIGHT,
                SECRET: attempt.secret,
                DIGEST: HMAC,
            }
            self._made[aspect] = aspect.variants(attempt, rights[aspect])
        return self._made[aspect]

    def texts(self, aspect: Aspect[Any]) -> tuple[bytes, list[bytes]]:
        """Return a prefix and the wrong texts of an aspect that changes the text, in the order of ``of``."""
        attempt, values = self.attempt, self.of(aspect)
        method, target, timestamp = attempt.method, attempt.target, attempt.timestamp
        if aspect is ENDPOINT:
            end = b"\n" + timestamp
            return method + b"\n", [each + end for each in values]
        if aspect is METHOD:
            end = b"\n%b\n%b" % (target, timestamp)
            return b"", [each + end for each in values]
        if aspect is TIMESTAMP:
            return b"%b\n%b\n" % (method, target), list(values)
        return b"", fill(values, (method, target, timestamp))


class _Search:
    """The search for one signature among the variants of an attempt."""

    def __init__(self, variants: Variants, wanted: bytes, turns: Turns) -> None:
        self.variants = variants
        self.attempt = variants.attempt
        self.wanted = wanted
        self.turns = turns
        self._key = _Key(self.attempt.secret)
        self._hash = hash(wanted)
        self._work = 0

    def _text(self, texts: Sequence[bytes], prefix: bytes = b"", key: _Key | None = None) -> int | None:
        """Return the place of the text that was signed."""
        key = key or self._key
        for start in range(0, len(texts), _WORK):
            some = texts[start : start + _WORK] if len(texts) > _WORK else texts
            self._pause(len(some))
            text = key.find(some, self._hash, prefix)
            if text is not None:
                return texts.index(text)
        return None

    def _place(self, digests: Iterator[bytes], count: int) -> int | None:
        """Return the place of the wanted digest among so many."""
        self._pause(count)
        wanted = self._hash
        return next((place for place, digest in enumerate(digests) if hash(digest) == wanted), None)

    def _pause(self, count: int) -> None:
        """Pause from time to time, before so many candidates are tried."""
        self._work += count
        if self._work > _WORK:
            self._work = 0
            self.turns.rest()

    def one(self) -> _Found | None:
        """Look for one mistake, aspect by aspect, in order of precedence."""
        attempt = self.attempt
        for aspect in (ENDPOINT, METHOD, TIMESTAMP, FRAME):
            prefix, texts = self.variants.texts(aspect)
            place = self._text(texts, prefix)
            if place is not None:
                return _Found((_nth(self.variants.of(aspect).values(), place),), prefix + texts[place])
        secrets, digests = self.variants.of(SECRET), self.variants.of(DIGEST)
        place = self._place(_hmacs(secrets, attempt.text), len(secrets))
        if place is not None:
            return _Found((_nth(secrets.values(), place),), attempt.text)
        place = self._place((each.make(attempt.secret, attempt.text) for each in digests), len(digests))
        return None if place is None else _Found((_nth(digests.values(), place),), attempt.text)

    def clock_read_twice(self) -> _Found | None:
        """Look for the timestamp of another or a finer reading of the clock."""
        prefix = b"%b\n%b\n" % (self.attempt.method, self.attempt.target)
        clock = [*readings(self.attempt, READINGS_APART), *finer_readings(self.attempt)]
        place = self._text(clock, prefix)
        return None if place is None else _Found((_OTHER_MOMENT,), prefix + clock[place])

    def two(self) -> _Found | None:
        """Look for two mistakes, in order of precedence of the first and then of the second."""
        attempt = self.attempt
        found = self._both_in_endpoint()
        clock = dict.fromkeys(readings(attempt, READINGS_APART_IN_PAIRS), _OTHER_MOMENT)
        timestamps = self.variants.of(TIMESTAMP)
        timestamps |= clock
        timestamps.pop(attempt.timestamp, None)
        # Beside a mistake of another aspect, these two in one count as the first.
        endpoints = self.variants.of(ENDPOINT)
        endpoints |= dict.fromkeys(urls_without_query(attempt), ENDPOINT.named("endpoint_full_url"))
        for first, second in combinations(ASPECTS, 2):
            if found is not None:
                break
            if second is DIGEST:
                found = self._with_digest(first)
            elif second is SECRET:
                found = self._with_secret(first)
            else:
                found = self._with_text(first, second)
        return found

    def _both_in_endpoint(self) -> _Found | None:
        """Look for one mistake in the endpoint that was made in what another one gave."""
        attempt = self.attempt
        found: dict[bytes, tuple[Mistake, ...]] = {}
        for once, first in self.variants.of(ENDPOINT).items():
            again = attempt.sending(once)
            for second, maker in ENDPOINT.makers.items():
                if second is not first:
                    pair = (first, second) if _RANK[first] < _RANK[second] else (second, first)
                    for twice in maker(again):
                        found.setdefault(twice, pair)
        end, prefix = b"\n" + attempt.timestamp, attempt.method + b"\n"
        texts = [each + end for each in found]
        place = self._text(texts, prefix)
        return None if place is None else _Found(_nth(found.values(), place), prefix + texts[place])

    def _with_text(self, first: Aspect[bytes], second: Aspect[Any]) -> _Found | None:
        """Look for a mistake in each of two aspects that change the text."""
        attempt = self.attempt
        others = self.variants.of(second)
        values = list(others)
        for one, mistake in self.variants.of(first).items():
            method = one if first is METHOD else attempt.method
            target = one if first is ENDPOINT else attempt.target
            timestamp = one if first is TIMESTAMP else attempt.timestamp
            prefix = b""
            if second is FRAME:
                texts = fill(values, (method, target, timestamp))
            elif second is TIMESTAMP:
                prefix, texts = b"%b\n%b\n" % (method, target), values
            else:
                end = b"\n%b\n%b" % (target, timestamp)
                texts = [other + end for other in values]
            place = self._text(texts, prefix)
            if place is not None:
                return _Found((mistake, _nth(others.values(), place)), prefix + texts[place])
        return None

    def _with_secret(self, first: Aspect[bytes]) -> _Found | None:
        """Look for a mistake in the text and one in the secret key."""
        prefix, texts = self.variants.texts(first)
        for secret, mistake in self.variants.of(SECRET).items():
            place = self._text(texts, prefix, _Key(secret))
            if place is not None:
                return _Found((_nth(self.variants.of(first).values(), place), mistake), prefix + texts[place])
        return None

    def _with_digest(self, first: Aspect[bytes]) -> _Found | None:
        """Look for a mistake in the digest, and one in the text or in the secret key."""
        attempt = self.attempt
        mistakes = list(self.variants.of(first).values())
        if first is SECRET:
            inputs = [(secret, attempt.text) for secret in self.variants.of(SECRET)]
        else:
            prefix, texts = self.variants.texts(first)
            inputs = [(attempt.secret, prefix + text) for text in texts]
        for digest, mistake in self.variants.of(DIGEST).items():
            place = self._place((digest.make(*each) for each in inputs), len(inputs))
            if place is not None:
                return _Found((mistakes[place], mistake), inputs[place][1])
        return None


def _nth(values: Collection[Any], place: int) -> Any:  # noqa: ANN401  # of whatever the values are
    return list(values)[place]
