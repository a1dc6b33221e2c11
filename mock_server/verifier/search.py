"""Searches for the mistake, or the two mistakes, that give a signature which does not match.

A signature is explained by recomputing: for each mistake of the catalogue the search makes what the wrong
signer would have signed, and compares. One mistake is looked for first, the common ones before the rare ones,
then two at once.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from mock_server.verifier.comparison import Comparison, Turns
from mock_server.verifier.mistakes import DIGEST, ENDPOINT, FRAME, METHOD, TIMESTAMP
from mock_server.verifier.mistakes.aspect import LONG
from mock_server.verifier.mistakes.timestamp import READINGS_APART, finer_readings, readings
from mock_server.verifier.pairs import Found, two_mistakes
from mock_server.verifier.variants import LONG_TO_REWRITE, Texts, Variants, first_mistake

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from mock_server.verifier.mistakes.aspect import Attempt

_OTHER_MOMENT: Final = TIMESTAMP.named("timestamp_signed_differs")
_LONG_PART: Final = 64  # bytes of a method or a timestamp
_TURNS: Final = Turns()


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
        "The signature is that of another text or another secret key: print the text that you sign, and"
        " compare it with the text expected, which the header X-Mock-Message has percent-encoded (`curl -i`"
        " shows it). If both are the same, the secret key is not the one of this access key: check that your"
        " shell or .env reader keeps each #, $ and quote in it."
    ),
)
_BUSY: Final = (
    " Two mistakes at once were not looked for, as other searches were running: send the request again."
)
_CUT: Final = (
    " Not everything was tried, as the request is long: sign a shorter one in the same way to learn more."
)


def explain(attempt: Attempt, signature: bytes, turns: Turns = _TURNS) -> Explanation:
    """Name the mistake, or the two mistakes, in a signature that does not match.

    Args:
        attempt: the request, its secret key, and what else could have been signed by mistake.
        signature: a well-formed one (44 characters of base64), as received.
        turns: who may search at the same time, and for how long one waits.
    """
    comparison = Comparison(attempt, base64.b64decode(signature), turns)
    # The common variants come first: a rare one of an earlier mistake must not take the name from them.
    common = Variants(attempt.hastily())
    found = _one(comparison, common)
    remark = ""
    if found is None and _is_long(attempt):
        found = _clock(comparison, readings(attempt, READINGS_APART))
        comparison.cut = True
    elif found is None and turns.deep.acquire(timeout=turns.patience):
        try:
            found = _rare(comparison) or two_mistakes(comparison, common) or _clock_read_finer(comparison)
        finally:
            turns.deep.release()
    elif found is None:
        remark = _BUSY
        with turns.shallow:
            found = _rare(comparison)
    if found is None:
        if comparison.cut or len(attempt.target) > LONG_TO_REWRITE:
            remark += _CUT
        return Explanation(UNEXPLAINED.name, UNEXPLAINED.message + remark)
    messages = [mistake.message for mistake in found.mistakes]
    if len(messages) > 1:
        messages.insert(0, "Two mistakes at once.")
    return Explanation("+".join(mistake.name for mistake in found.mistakes), " ".join(messages), found.signed)


def _one(comparison: Comparison, variants: Variants) -> Found | None:
    """Look for one mistake, aspect by aspect, in order of precedence."""
    attempt = comparison.attempt
    for aspect in (ENDPOINT, METHOD, TIMESTAMP, FRAME):
        texts = variants.texts(aspect)
        if aspect is ENDPOINT:  # to make these texts costs as much as to compare them
            comparison.affords(len(texts.rests), len(attempt.target))
        signed = comparison.find(texts)
        if signed is not None:
            return Found((first_mistake(signed, texts, variants.of(aspect).values()),), signed)
    keys = list(variants.wrong_keys())
    place = comparison.find_key([key for _, key in keys])
    if place is not None:
        return Found((keys[place][0],), attempt.text)
    digests = variants.of(DIGEST)
    place = comparison.place((each.make(attempt.secret, attempt.text) for each in digests), len(digests))
    return None if place is None else Found((list(digests.values())[place],), attempt.text)


def _is_long(attempt: Attempt) -> bool:
    """Return whether a part of the request is so long that only the common mistakes are looked for."""
    return len(attempt.target) > LONG or max(len(attempt.method), len(attempt.timestamp)) > _LONG_PART


def _rare(comparison: Comparison) -> Found | None:
    """Look for one mistake that is rare or has many values."""
    attempt = comparison.attempt
    return _clock(comparison, readings(attempt, READINGS_APART)) or _one(comparison, Variants(attempt))


def _clock_read_finer(comparison: Comparison) -> Found | None:
    """Look for a timestamp in microseconds, of which there are so many that it comes last."""
    return _clock(comparison, finer_readings(comparison.attempt))


def _clock(comparison: Comparison, blocks: Iterable[tuple[bytes, Sequence[bytes]]]) -> Found | None:
    """Look for the timestamp of another reading of the clock."""
    prefix = b"%b\n%b\n" % (comparison.attempt.method, comparison.attempt.target)
    for start, ends in blocks:
        signed = comparison.find(Texts(prefix + start, ends))
        if signed is not None:
            return Found((_OTHER_MOMENT,), signed)
    return None
