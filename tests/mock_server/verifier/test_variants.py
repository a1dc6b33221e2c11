"""The wrong values of each aspect, and the texts that they give."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from mock_server.verifier.hmac_key import Key
from mock_server.verifier.mistakes import DIGEST, ENDPOINT, FRAME, METHOD, SECRET, TIMESTAMP, Attempt, Mistake
from mock_server.verifier.mistakes.digest import HMAC
from mock_server.verifier.mistakes.layouts import RIGHT, encoded_as, frame
from mock_server.verifier.variants import RANK, Texts, Variants, first_mistake

if TYPE_CHECKING:
    from mock_server.verifier.mistakes.aspect import Aspect

ATTEMPT = Attempt(b"GET", b"/v2/clouds?a=1", b"1700000000123", b"A", b"secret", host=b"localhost")
COMMON = ATTEMPT.hastily()


@pytest.mark.parametrize("attempt", [ATTEMPT, COMMON], ids=["thorough", "common"])
def test_the_wrong_values_of_an_aspect(attempt: Attempt) -> None:
    """They are those of the aspect, without the right one, and made once."""
    variants = Variants(attempt)
    rights: tuple[tuple[Aspect[Any], Any], ...] = (
        (ENDPOINT, attempt.target),
        (METHOD, attempt.method),
        (TIMESTAMP, attempt.timestamp),
        (FRAME, RIGHT),
    )
    for aspect, right in rights:
        assert variants.of(aspect) == aspect.variants(attempt, right)
        assert right not in variants.of(aspect)
        assert variants.of(aspect) is variants.of(aspect)
    names = [digest.name for digest in variants.of(DIGEST)]
    assert names == [digest.name for digest in DIGEST.variants(attempt, HMAC)]
    assert variants.secrets() == SECRET.variants(attempt, attempt.secret)


@pytest.mark.parametrize(("length", "rewritten"), [(512, True), (513, False)])
def test_a_long_target_has_its_common_variants_only(length: int, *, rewritten: bool) -> None:
    """Up to 512 bytes all variants are made."""
    target = b"/v2/clouds?a=".ljust(length, b"x")
    attempt = ATTEMPT.sending(target)
    made = Variants(attempt).of(ENDPOINT)
    assert made == ENDPOINT.variants(attempt if rewritten else attempt.hastily(), target)


def test_values_are_added() -> None:
    """A value that is added has the given mistake, and the right value is not added."""
    mistake = Mistake("a_name", "A message.")
    variants = Variants(COMMON)
    for aspect, right in ((ENDPOINT, COMMON.target), (TIMESTAMP, COMMON.timestamp)):
        before = dict(variants.of(aspect))
        variants.add(aspect, [b"new", right], mistake)
        assert variants.of(aspect) == before | {b"new": mistake}
    variants.add(ENDPOINT, [COMMON.timestamp], mistake)
    variants.add(TIMESTAMP, [COMMON.target], mistake)
    assert variants.of(ENDPOINT)[COMMON.timestamp] is variants.of(TIMESTAMP)[COMMON.target] is mistake


@pytest.mark.parametrize("attempt", [ATTEMPT, COMMON], ids=["thorough", "common"])
def test_the_wrong_keys(attempt: Attempt) -> None:
    """Each key that signs otherwise comes once, by precedence. Those with a timestamp come last."""
    keys = list(Variants(attempt).wrong_keys())
    padded = [key.padded for _, key in keys]
    assert Key(attempt.secret).padded not in padded
    with_timestamp = [attempt.secret + attempt.timestamp, attempt.timestamp + attempt.secret]
    added = [Key(secret).padded for secret in with_timestamp] if attempt.thorough else []
    assert padded[len(padded) - len(added) :] == added
    assert all(mistake.name == "secret_joined" for mistake, _ in keys[len(keys) - len(added) :])
    others = keys[: len(keys) - len(added)]
    assert len({key.padded for _, key in others}) == len(others)
    expected: dict[bytes, Mistake] = {}
    for secret, mistake in SECRET.variants(attempt, attempt.secret).items():
        expected.setdefault(Key(secret).padded, mistake)
    expected.pop(Key(attempt.secret).padded, None)
    assert [(key.padded, mistake) for mistake, key in others] == list(expected.items())


PLACES: list[tuple[Aspect[bytes], int]] = [(METHOD, 0), (ENDPOINT, 1), (TIMESTAMP, 2)]


@pytest.mark.parametrize(("aspect", "place"), PLACES, ids=["method", "endpoint", "timestamp"])
def test_the_texts_of_an_aspect(aspect: Aspect[bytes], place: int) -> None:
    """Each wrong value stands in its part of the right text, in the order of the values."""
    variants = Variants(COMMON)
    expected = []
    for value in variants.of(aspect):
        parts = [COMMON.method, COMMON.target, COMMON.timestamp]
        parts[place] = value
        expected.append(b"\n".join(parts))
    prefix, rests = variants.texts(aspect)
    assert [prefix + rest for rest in rests] == expected


def test_the_texts_of_the_frame() -> None:
    """Each wrong frame is filled in."""
    variants = Variants(ATTEMPT)
    prefix, rests = variants.texts(FRAME)
    parts = (ATTEMPT.method, ATTEMPT.target, ATTEMPT.timestamp)
    assert [prefix + rest for rest in rests] == [each.text(*parts) for each in variants.of(FRAME)]


@pytest.mark.parametrize(("aspect", "place"), PLACES, ids=["method", "endpoint", "timestamp"])
def test_values_in_frames(aspect: Aspect[bytes], place: int) -> None:
    """Each wrong value stands in each wrong frame that has its part, also twice or encoded as a whole."""
    variants = Variants(COMMON)
    frames = [
        frame(b"<", 0, b"|", 1, b"|", 2, b">"),
        frame(2, 1, 0),
        frame(0, 0, 1, 1, 2, 2),
        frame(0),
        frame(1),
        frame(2),
        encoded_as("base64"),
        frame(b"fixed"),
    ]
    variants.of(FRAME).clear()
    variants.of(FRAME).update(dict.fromkeys(frames, Mistake("a_name", "A message.")))
    expected = []
    for each in frames:
        for value in variants.of(aspect) if place in each.parts else ():
            parts = [COMMON.method, COMMON.target, COMMON.timestamp]
            parts[place] = value
            expected.append(each.text(*parts))
    found = [texts.prefix + rest for texts in variants.in_frames(aspect) for rest in texts.rests]
    assert found == expected


def test_the_first_mistake() -> None:
    """Of the mistakes that give the same text, the one with the highest precedence is returned."""
    first, second, third = list(RANK)[:3]
    texts = Texts(b"x", [b"a", b"b", b"b", b"c"])
    assert first_mistake(b"xb", texts, [first, third, second, first]) is second
    assert first_mistake(b"xc", texts, [first, second, second, third]) is third


def test_ranks_are_the_order_of_the_catalogue() -> None:
    """The aspects come in the order of precedence, and so do the mistakes of each."""
    aspects: tuple[Aspect[Any], ...] = (ENDPOINT, METHOD, TIMESTAMP, FRAME, SECRET, DIGEST)
    assert list(RANK) == [mistake for aspect in aspects for mistake in aspect.makers]
    assert list(RANK.values()) == list(range(len(RANK)))
