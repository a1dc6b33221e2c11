"""Searches for two mistakes at once, of different aspects or both in the endpoint."""

from __future__ import annotations

from itertools import repeat
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from mock_server.verifier.mistakes import DIGEST, ENDPOINT, FRAME, METHOD, TIMESTAMP
from mock_server.verifier.mistakes.endpoint import urls_without_query
from mock_server.verifier.mistakes.layouts import fill
from mock_server.verifier.mistakes.timestamp import READINGS_APART_IN_PAIRS, readings
from mock_server.verifier.variants import RANK, Texts, Variants, first_mistake

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mock_server.verifier.comparison import Comparison
    from mock_server.verifier.mistakes.aspect import Aspect, Mistake

_OTHER_MOMENT: Final = TIMESTAMP.named("timestamp_signed_differs")
_FULL_URL: Final = ENDPOINT.named("endpoint_full_url")
# What it costs to make targets with two mistakes, in units of the budget.
_REWRITING: Final = 8_000_000  # at most
_REWRITTEN: Final = 1000  # a target
_BYTE: Final = 2  # each of its bytes
_ESCAPE: Final = 20  # each of its escapes


class Found(NamedTuple):
    """The mistakes found, in order of precedence, and the text that was signed."""

    mistakes: tuple[Mistake, ...]
    signed: bytes


def two_mistakes(comparison: Comparison, variants: Variants) -> Found | None:
    """Look for two mistakes until the budget is used up, those first that cost little in long requests."""
    attempt = variants.attempt
    found = _both_in_endpoint(comparison, variants)
    for start, ends in readings(attempt, READINGS_APART_IN_PAIRS):
        variants.add(TIMESTAMP, [start + end for end in ends], _OTHER_MOMENT)
    # Beside a mistake of another aspect, these two in one count as the first.
    variants.add(ENDPOINT, urls_without_query(attempt), _FULL_URL)
    searches: tuple[tuple[Callable[..., Found | None], tuple[Aspect[Any], ...]], ...] = (
        (_with_timestamp, (ENDPOINT, METHOD)),
        (_with_frame, (TIMESTAMP,)),
        (_with_secret, (TIMESTAMP,)),
        (_with_method, (ENDPOINT,)),
        (_with_frame, (ENDPOINT, METHOD)),
        (_with_secret, (ENDPOINT, METHOD, FRAME)),
        (_with_digest, (ENDPOINT, METHOD, TIMESTAMP, FRAME)),
    )
    for search, aspects in searches:
        for aspect in aspects:
            if found is None:
                found = search(comparison, variants, aspect)
    return found or _with_secret_and_digest(comparison, variants)


def _both_in_endpoint(comparison: Comparison, variants: Variants) -> Found | None:
    """Look for one mistake in the endpoint that was made in what another one gave."""
    attempt, once_wrong = variants.attempt, variants.of(ENDPOINT)
    left = _REWRITING
    cost = _REWRITTEN + _BYTE * len(attempt.target) + _ESCAPE * attempt.target.count(b"%")
    found: dict[bytes, tuple[Mistake, Mistake]] = {}
    makers = list(ENDPOINT.makers.items())
    for once, first in once_wrong.items():
        again = attempt.sending(once)
        earlier = True  # whether the second mistake has the higher precedence
        for second, maker in makers:
            if second is first:
                earlier = False
                continue
            pair = (second, first) if earlier else (first, second)
            for twice in maker(again) if left >= 0 else ():
                left -= cost
                if twice not in once_wrong:
                    found.setdefault(twice, pair)
    comparison.cut |= left < 0
    prefix, end = attempt.method + b"\n", b"\n" + attempt.timestamp
    signed = comparison.find(Texts(prefix, [twice + end for twice in found]))
    return None if signed is None else Found(found[signed[len(prefix) : -len(end)]], signed)


def _with_timestamp(comparison: Comparison, variants: Variants, aspect: Aspect[bytes]) -> Found | None:
    """Look for a mistake in the method or the endpoint, and one in the timestamp."""
    attempt, timestamps = variants.attempt, variants.of(TIMESTAMP)
    for value, mistake in variants.of(aspect).items():
        start = (value, attempt.target) if aspect is METHOD else (attempt.method, value)
        texts = Texts(b"%b\n%b\n" % start, list(timestamps))
        signed = comparison.find(texts)
        if signed is not None:
            return Found((mistake, first_mistake(signed, texts, timestamps.values())), signed)
    return None


def _with_method(comparison: Comparison, variants: Variants, aspect: Aspect[bytes]) -> Found | None:
    """Look for a mistake in the endpoint, and one in the method."""
    endpoints = variants.of(aspect)
    rests = variants.texts(aspect).rests
    for method, mistake in variants.of(METHOD).items():
        texts = Texts(method + b"\n", rests)
        signed = comparison.find(texts)
        if signed is not None:
            return Found((first_mistake(signed, texts, endpoints.values()), mistake), signed)
    return None


def _with_frame(comparison: Comparison, variants: Variants, aspect: Aspect[bytes]) -> Found | None:
    """Look for a mistake in one of the three parts, and one in the frame."""
    for texts in variants.in_frames(aspect):
        signed = comparison.find(texts)
        if signed is not None:
            pairs = _pairs_with_frame(variants, aspect, signed)
            return Found(min(pairs, key=lambda pair: [RANK[mistake] for mistake in pair]), signed)
    return None


def _pairs_with_frame(
    variants: Variants, aspect: Aspect[bytes], signed: bytes
) -> Iterator[tuple[Mistake, Mistake]]:
    """Yield the mistakes in a part and in the frame that together give a text."""
    attempt, frames = variants.attempt, variants.of(FRAME)
    for value, mistake in variants.of(aspect).items():
        parts = (
            value if aspect is METHOD else attempt.method,
            value if aspect is ENDPOINT else attempt.target,
            value if aspect is TIMESTAMP else attempt.timestamp,
        )
        for text, other in zip(fill(frames, parts), frames.values(), strict=True):
            if text == signed:
                yield mistake, other


def _with_secret(comparison: Comparison, variants: Variants, aspect: Aspect[Any]) -> Found | None:
    """Look for a mistake in the text, and one in the secret key."""
    texts = variants.texts(aspect)
    for mistake, key in variants.wrong_keys():
        signed = comparison.find(texts, key)
        if signed is not None:
            return Found((first_mistake(signed, texts, variants.of(aspect).values()), mistake), signed)
    return None


def _with_digest(comparison: Comparison, variants: Variants, aspect: Aspect[Any]) -> Found | None:
    """Look for a mistake in the text, and one in the digest."""
    prefix, rests = variants.texts(aspect)
    texts, secret = [prefix + rest for rest in rests], variants.attempt.secret
    for digest, mistake in variants.of(DIGEST).items():
        place = comparison.place(map(digest.make, repeat(secret), texts), len(texts))
        if place is not None:
            return Found((list(variants.of(aspect).values())[place], mistake), texts[place])
    return None


def _with_secret_and_digest(comparison: Comparison, variants: Variants) -> Found | None:
    """Look for a mistake in the secret key, and one in the digest."""
    text, secrets = variants.attempt.text, variants.secrets()
    for digest, mistake in variants.of(DIGEST).items():
        place = comparison.place(map(digest.make, secrets, repeat(text)), len(secrets))
        if place is not None:
            return Found((list(secrets.values())[place], mistake), text)
    return None
