"""Compares a signer's answer with the vector, and explains a wrong answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.conformance.report.results import Judgement
from tests.conformance.report.text import compare, labelled, visible
from tests.conformance.signatures.diagnosis import diagnose

if TYPE_CHECKING:
    from tests.conformance.programs.runner import Answer
    from tests.conformance.signatures.cases import SignatureVector

MUST_REFUSE = 'a signer must refuse this input: {"id": ..., "refused": "why"}'


def is_correct(vector: SignatureVector, answer: Answer) -> bool:
    """Return whether an answer is the one that the vector expects."""
    if vector.expected is None:
        return answer.refused is not None
    header = f"Bearer {vector.access_key}:{vector.expected}"
    return answer.signature == vector.expected and answer.authorization in (None, header)


def judge(vector: SignatureVector, answer: Answer) -> Judgement:
    """Decide about one answer, with an explanation unless it is correct."""
    if answer.failure:
        return Judgement("failed", answer.failure.kind, (labelled("answer", answer.failure.detail),))
    if answer.cannot is not None:
        return Judgement("cannot", lines=(visible(answer.cannot),))
    if is_correct(vector, answer):
        return Judgement("passed")
    if vector.expected is not None and vector.message is not None:
        return _explain(vector, answer, vector.message, vector.expected)
    text = visible(f"{vector.method}\n{vector.endpoint}\n{vector.timestamp}")
    lines = labelled("signed", text), labelled("why", MUST_REFUSE)
    return Judgement("failed", vector.refuse or "", lines)


def _explain(vector: SignatureVector, answer: Answer, message: str, expected: str) -> Judgement:
    if answer.refused is not None:
        wanted = labelled("expects", f"{visible(message)} signed")
        return Judgement("failed", "refused", (labelled("refused", visible(answer.refused)), wanted))
    if answer.signature == expected:
        header = f"Bearer {vector.access_key}:{expected}"
        why = labelled("why", "the signature is right, but the Authorization header is wrong")
        lines = compare("header", answer.authorization or "", header)
        return Judgement("failed", "authorization", (*lines, why))
    return _explain_signature(vector, answer.signature or "", message, expected)


def _explain_signature(vector: SignatureVector, signature: str, message: str, expected: str) -> Judgement:
    found = diagnose(vector, signature)
    if found.signed in (None, message):
        text: tuple[str, ...] = (labelled("expects", f"{visible(message)} signed"),)
    else:
        text = compare("signed", found.signed or "", message)
    signatures = labelled("answer", visible(signature)), labelled("expects", visible(expected))
    return Judgement("failed", found.name, (*text, *signatures, labelled("why", found.advice)))
