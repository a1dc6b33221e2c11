"""The wrong values of every aspect of an attempt, and the texts that they give."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from mock_server.verifier.hmac_key import Key
from mock_server.verifier.mistakes import ASPECTS, DIGEST, ENDPOINT, FRAME, METHOD, SECRET, TIMESTAMP
from mock_server.verifier.mistakes.aspect import Attempt
from mock_server.verifier.mistakes.digest import HMAC
from mock_server.verifier.mistakes.layouts import RIGHT, fill
from mock_server.verifier.mistakes.secret import joined_with_timestamp

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from mock_server.verifier.mistakes.aspect import Aspect, Mistake

LONG_TO_REWRITE: Final = 512
"""Bytes of a target above which only its common variants are tried."""

RANK: Final = {mistake: rank for rank, mistake in enumerate(m for aspect in ASPECTS for m in aspect.makers)}
"""The place of each mistake in the order of precedence."""

_KEPT: Final = 8  # lists of wrong keys, of 1 MB at most; each secret key has two
_MARK: Final = b"\n\0mark\0\n"  # stands where a value is filled in; no request contains it


class Texts(NamedTuple):
    """Texts that begin alike: a prefix, and the rest of each."""

    prefix: bytes
    rests: Sequence[bytes]


class Variants:
    """The wrong values of every aspect of an attempt, each with its mistake, made when they are wanted."""

    def __init__(self, attempt: Attempt) -> None:
        """Take the attempt; the readings of a clock are not among its variants."""
        self.attempt = attempt
        self._made: dict[Aspect[Any], dict[Any, Mistake]] = {}

    def of(self, aspect: Aspect[Any]) -> dict[Any, Mistake]:
        """Return the wrong values of one aspect, except of the secret key."""
        if aspect not in self._made:
            attempt = self.attempt
            if aspect is ENDPOINT and len(attempt.target) > LONG_TO_REWRITE:
                attempt = attempt.hastily()
            rights: dict[Aspect[Any], Any] = {
                ENDPOINT: attempt.target,
                METHOD: attempt.method,
                TIMESTAMP: attempt.timestamp,
                FRAME: RIGHT,
                DIGEST: HMAC,
            }
            self._made[aspect] = aspect.variants(attempt, rights[aspect])
        return self._made[aspect]

    def add(self, aspect: Aspect[bytes], values: Iterable[bytes], mistake: Mistake) -> None:
        """Add values of one aspect, all of the same mistake."""
        known = self.of(aspect)
        known |= dict.fromkeys(values, mistake)
        known.pop(self.attempt.target if aspect is ENDPOINT else self.attempt.timestamp, None)

    def wrong_keys(self) -> Iterator[tuple[Mistake, Key]]:
        """Yield the wrong keys, each with its mistake, by precedence."""
        attempt = self.attempt
        yield from _wrong_keys(attempt.secret, attempt.access_key, thorough=attempt.thorough)
        if attempt.thorough:
            joined = SECRET.named("secret_joined")
            yield from ((joined, Key(secret)) for secret in joined_with_timestamp(attempt))

    def secrets(self) -> dict[bytes, Mistake]:
        """Return the wrong secret keys that do not depend on a request."""
        return SECRET.variants(self.attempt, self.attempt.secret)

    def texts(self, aspect: Aspect[Any]) -> Texts:
        """Return the wrong texts of an aspect that changes the text, in the order of ``of``."""
        attempt, values = self.attempt, self.of(aspect)
        method, target, timestamp = attempt.method, attempt.target, attempt.timestamp
        if aspect is FRAME:
            return Texts(b"", fill(values, (method, target, timestamp)))
        if aspect is TIMESTAMP:
            return Texts(b"%b\n%b\n" % (method, target), list(values))
        if aspect is ENDPOINT:
            end = b"\n" + timestamp
            return Texts(method + b"\n", [value + end for value in values])
        end = b"\n%b\n%b" % (target, timestamp)
        return Texts(b"", [value + end for value in values])

    def in_frames(self, aspect: Aspect[bytes]) -> Iterator[Texts]:
        """Yield, for each wrong frame that the part is in, the texts with the wrong values of the part."""
        attempt, values = self.attempt, list(self.of(aspect))
        parts = [attempt.method, attempt.target, attempt.timestamp]
        place = (METHOD, ENDPOINT, TIMESTAMP).index(aspect)
        marked = [*parts[:place], _MARK, *parts[place + 1 :]]
        for frame in self.of(FRAME):
            if place not in frame.parts:
                continue  # the same text as without the wrong value
            if frame.encoding or frame.parts.count(place) > 1:
                yield Texts(b"", [frame.text(*parts[:place], each, *parts[place + 1 :]) for each in values])
            else:
                start, _, end = frame.text(*marked).partition(_MARK)
                yield Texts(start, [each + end for each in values] if end else values)


def first_mistake(signed: bytes, texts: Texts, mistakes: Iterable[Mistake]) -> Mistake:
    """Return the mistake that comes first of those that give a text; there is a mistake for each text."""
    rest = signed[len(texts.prefix) :]
    given = (mistake for each, mistake in zip(texts.rests, mistakes, strict=True) if each == rest)
    return min(given, key=RANK.__getitem__)


@lru_cache(maxsize=_KEPT)
def _wrong_keys(secret: bytes, access_key: bytes, *, thorough: bool) -> tuple[tuple[Mistake, Key], ...]:
    """Return the wrong keys that do not depend on a request, each once with its mistake, by precedence."""
    attempt = Attempt(b"", b"", b"", access_key, secret, thorough=thorough)
    keys: dict[bytes, tuple[Mistake, Key]] = {}
    for wrong, mistake in SECRET.variants(attempt, secret).items():
        key = Key(wrong)
        keys.setdefault(key.padded, (mistake, key))
    keys.pop(Key(secret).padded, None)
    return tuple(keys.values())
