"""Judges what a signer answered to a vector, and tells it so that whoever wrote the signer learns from it."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from tests.conformance.signatures.diagnosis import diagnose

if TYPE_CHECKING:
    from tests.conformance.programs.implementations import Implementation
    from tests.conformance.programs.runner import Answer
    from tests.conformance.vectors.suite import SignatureVector

Outcome = Literal["passed", "failed", "cannot"]
SHOWN = 160  # characters of a text
NOTHING_TO_SIGN = 'what cannot be sent as it is signed is answered {"id": ..., "refused": "why"}'


@dataclass(frozen=True)
class Verdict:
    """An outcome. A failure has a name, and lines that explain it; `cannot` has the signer's reason."""

    outcome: Outcome
    name: str = ""
    lines: tuple[str, ...] = ()


def is_right(vector: SignatureVector, answer: Answer) -> bool:
    """Say whether an answer is what the vector asks for: the verdict without its explanation."""
    if vector.expected is None:
        return answer.refused is not None
    header = f"Bearer {vector.access_key}:{vector.expected}"
    return answer.signature == vector.expected and answer.authorization in (None, header)


def judge(vector: SignatureVector, answer: Answer) -> Verdict:
    """Judge one answer by its vector."""
    if answer.fault:
        return Verdict("failed", answer.fault.kind, (labelled("answer", answer.fault.detail),))
    if answer.cannot is not None:
        return Verdict("cannot", lines=(visible(answer.cannot),))
    if is_right(vector, answer):
        return Verdict("passed")
    if vector.expected is not None and vector.message is not None:
        return _explain_signature(vector, answer, vector.message, vector.expected)
    text = visible(f"{vector.method}\n{vector.endpoint}\n{vector.timestamp}")
    return Verdict(
        "failed", vector.refuse or "", (labelled("signed", text), labelled("why", NOTHING_TO_SIGN))
    )


def _explain_signature(vector: SignatureVector, answer: Answer, message: str, expected: str) -> Verdict:
    if answer.refused is not None:
        wanted = labelled("expects", f"{visible(message)} signed")
        return Verdict("failed", "refused", (labelled("refused", visible(answer.refused)), wanted))
    if answer.signature == expected:
        header = f"Bearer {vector.access_key}:{expected}"
        why = labelled("why", "the signature is right, and the header around it is not")
        return Verdict(
            "failed", "authorization", (*compare("header", answer.authorization or "", header), why)
        )
    return _explain(vector, answer.signature or "", message, expected)


def _explain(vector: SignatureVector, signature: str, message: str, expected: str) -> Verdict:
    found = diagnose(vector, signature)
    if found.signed in (None, message):
        text: tuple[str, ...] = (labelled("expects", f"{visible(message)} signed"),)
    else:
        text = compare("signed", found.signed or "", message)
    answers = labelled("answer", visible(signature)), labelled("expects", visible(expected))
    return Verdict("failed", found.name, (*text, *answers, labelled("why", found.advice)))


def again(name: str, implementation: Implementation | None = None) -> str:
    """Return the command that runs one vector again and nothing else, in the environment that is there."""
    if implementation is None:
        return f"nox -R -s conformance -- -k '[{name}]'"
    signer = f"--signer {shlex.quote(implementation.option)} " if implementation.option else ""
    return f"nox -R -s conformance -- {signer}-k '[{implementation.name}-{name}]'"


def compare(label: str, got: str, expected: str) -> tuple[str, ...]:
    """Put two different texts under each other, with a mark below the first byte that differs.

    Of long ones, what stands around that byte.
    """
    ours, theirs = _bytes(got), _bytes(expected)
    pairs = enumerate(zip(ours, theirs, strict=False))
    at = next((place for place, (one, other) in pairs if one != other), min(len(ours), len(theirs)))
    same = len(ours[:at].decode(errors="ignore"))  # two characters may differ in their second byte only
    start = max(0, same - SHOWN // 2) if max(len(got), len(expected)) > SHOWN else 0
    mark = labelled("", " " * (len(visible(got[start:same])) - 1))
    return (
        labelled(label, visible(got[start:])),
        labelled("expects", visible(expected[start:])),
        f"{mark}^ byte {at}: {_byte(ours, at)} {label}, {_byte(theirs, at)} expected",
    )


def labelled(label: str, text: str) -> str:
    """Put a label of fixed width before a text."""
    return f"{label:<7} {text}"


def visible(text: str) -> str:
    """Quote a text, or the beginning of a long one, so that every character can be seen on any terminal."""
    inner = "".join(
        {"\n": r"\n", "\r": r"\r", "\t": r"\t", "\\": r"\\", '"': r"\""}.get(character)
        or (character if character.isprintable() else character.encode("unicode_escape").decode())
        for character in text[:SHOWN]
    )
    left = len(text) - SHOWN
    return f'"{inner}"' + (f" and {left} more" if left > 0 else "")


def _bytes(text: str) -> bytes:
    return text.encode(errors="surrogatepass")


def _byte(text: bytes, at: int) -> str:
    if at >= len(text):
        return "the end"
    return ascii(chr(text[at])) if text[at] < 0x80 else f"0x{text[at]:02X}"
