"""The judge of targets: right targets and refusals pass, others fail with an explanation."""

from __future__ import annotations

import pytest

from tests.conformance.targets.cases import TargetVector
from tests.conformance.targets.judge import judge

SENT = TargetVector("sent", "a slash", "http://h", ("a/b",), (), expected="/a%2Fb")
REFUSED = TargetVector("refused", "dots", "http://h", ("..",), (), refuse="input_invalid")


@pytest.mark.parametrize(("vector", "sent"), [(SENT, "/a%2Fb"), (REFUSED, None)])
def test_right_targets_pass(vector: TargetVector, sent: str | None) -> None:
    """The expected target is sent, or an invalid input is refused."""
    assert judge(vector, sent).outcome == "passed"


@pytest.mark.parametrize(
    ("vector", "sent", "name", "line"),
    [
        (SENT, "/a%2fb", "target", "        ^ byte 4: 'f' sent, 'F' expected"),
        (SENT, None, "refused", 'expects "/a%2Fb" sent'),
        (REFUSED, "/..", "input_invalid", 'sent    "/.."'),
    ],
)
def test_wrong_targets_fail(vector: TargetVector, sent: str | None, name: str, line: str) -> None:
    """The failure shows the target, or the first byte that differs."""
    judgement = judge(vector, sent)
    assert (judgement.outcome, judgement.name) == ("failed", name)
    assert any(line.strip() in each for each in judgement.lines), judgement.lines
