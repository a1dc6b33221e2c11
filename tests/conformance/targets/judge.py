"""Compares the request target that a client sent with the expected one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.conformance.report.results import Judgement
from tests.conformance.report.text import compare, labelled, visible

if TYPE_CHECKING:
    from tests.conformance.targets.cases import TargetVector


def judge(vector: TargetVector, sent: str | None) -> Judgement:
    """Decide about one call: `sent` is the request target, or None if the client refused the input."""
    if sent == vector.expected:
        return Judgement("passed")
    if vector.expected is None:
        why = labelled("why", "the client must refuse this input before it sends anything")
        return Judgement("failed", vector.refuse or "", (labelled("sent", visible(sent or "")), why))
    if sent is None:
        return Judgement("failed", "refused", (labelled("expects", f"{visible(vector.expected)} sent"),))
    return Judgement("failed", "target", compare("sent", sent, vector.expected))
