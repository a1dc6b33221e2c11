"""Compares a signer's answer with the vector, and explains a wrong answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..report.results import Judgement
from ..report.text import compare, labelled, visible
from .diagnosis import Diagnostician

if TYPE_CHECKING:
    from ..programs.answers import Answer
    from .cases import SignatureVector

MUST_REFUSE = 'a signer must refuse this input: {"id": ..., "refused": "why"}'


def is_correct(vector: SignatureVector, answer: Answer) -> bool:
    """Return whether an answer is the one that the vector expects."""
    if vector.expected is None:
        return answer.refused is not None
    header = f"Bearer {vector.access_key}:{vector.expected}"
    return answer.signature == vector.expected and answer.authorization in (None, header)


def judge(vector: SignatureVector, answer: Answer, diagnostician: Diagnostician | None = None) -> Judgement:
    """Decide about one answer, with an explanation unless it is correct."""
    if is_correct(vector, answer):
        return Judgement("passed")
    if vector.expected is not None and vector.message is not None:
        return _explain(vector, answer, vector.message, vector.expected, diagnostician or Diagnostician())
    text = visible(f"{vector.method}\n{vector.endpoint}\n{vector.timestamp}")
    lines = labelled("signed", text), labelled("why", MUST_REFUSE)
    return Judgement("failed", vector.refuse or "", lines)


def _explain(
    vector: SignatureVector, answer: Answer, message: str, expected: str, diagnostician: Diagnostician
) -> Judgement:
    if answer.refused is not None:
        wanted = labelled("expects", f"{visible(message)} signed")
        return Judgement("failed", "refused", (labelled("refused", visible(answer.refused)), wanted))
    if answer.signature == expected:
        header = f"Bearer {vector.access_key}:{expected}"
        why = labelled("why", "the signature is right, but the field authorization is wrong")
        lines = compare("header", answer.authorization or "", header)
        return Judgement("failed", "authorization", (*lines, why))
    signature = answer.signature or ""
    found = diagnostician.diagnose(vector, signature)
    if found.signed in (None, message):
        text: tuple[str, ...] = (labelled("expects", f"{visible(message)} signed"),)
    else:
        text = compare("signed", found.signed or "", message)
    signatures = labelled("answer", visible(signature)), labelled("expects", visible(expected))
    return Judgement("failed", found.name, (*text, *signatures, labelled("why", found.advice)))
