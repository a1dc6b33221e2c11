"""Compares the request target that a client would send with the expected one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..report.results import Judgement
from ..report.text import compare, labelled, visible

if TYPE_CHECKING:
    from ..programs.answers import Answer
    from .cases import TargetVector

MUST_REFUSE = "the client must refuse this input before it sends anything"


def judge(vector: TargetVector, answer: Answer) -> Judgement:
    """Decide about one answer of a client, with an explanation unless it is correct."""
    return judge_target(vector, answer.target, answer.refused or "")


def judge_target(vector: TargetVector, sent: str | None, refused: str = "") -> Judgement:
    """Decide about one call: `sent` is the request target, or None if the client refused the input."""
    if sent == vector.expected:
        return Judgement("passed")
    call = labelled("call", f"{vector.base_url} {list(vector.path)} {[list(pair) for pair in vector.query]}")
    if vector.expected is None:
        lines = (call, labelled("sent", visible(sent or "")), labelled("why", MUST_REFUSE))
        return Judgement("failed", vector.refuse or "", lines)
    if sent is None:
        lines = (
            call,
            labelled("refused", visible(refused)),
            labelled("expects", f"{visible(vector.expected)} sent"),
        )
        return Judgement("failed", "refused", lines)
    return Judgement(
        "failed",
        f"target: {_difference(sent, vector.expected)}",
        (call, *compare("sent", sent, vector.expected)),
    )


def _difference(sent: str, expected: str) -> str:
    """Return in a few words how two targets differ, so that failures with one cause have one name."""
    if sent.upper() == expected.upper():
        return "hex digits in lower case"
    if sent.replace("+", "%20") == expected.replace("+", "%20"):
        return "a space as +"
    path, _, query = sent.partition("?")
    expected_path, _, expected_query = expected.partition("?")
    if path == expected_path:
        same = sorted(query.split("&")) == sorted(expected_query.split("&"))
        return "the order of the query" if same else "the query"
    return "the path" if query == expected_query else "the path and the query"
