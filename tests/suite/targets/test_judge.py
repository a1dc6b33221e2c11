"""The judge of targets: right targets and refusals pass, others fail with an explanation."""

from __future__ import annotations

import pytest

from tests.conformance.programs.answers import read_answer
from tests.conformance.targets.cases import TargetVector
from tests.conformance.targets.judge import judge, judge_target

SENT = TargetVector("sent", "a slash", "http://h", ("a/b",), (), expected="/a%2Fb")
REFUSED = TargetVector("refused", "dots", "http://h", ("..",), (), refuse="input_invalid")


@pytest.mark.parametrize(("vector", "sent"), [(SENT, "/a%2Fb"), (REFUSED, None)])
def test_right_targets_pass(vector: TargetVector, sent: str | None) -> None:
    """The expected target is sent, or an invalid input is refused."""
    assert judge_target(vector, sent).outcome == "passed"


@pytest.mark.parametrize(
    ("vector", "sent", "name", "line"),
    [
        (SENT, "/a%2fb", "target: hex digits in lower case", "        ^ byte 4: 'f' sent, 'F' expected"),
        (SENT, None, "refused", 'expects "/a%2Fb" sent'),
        (REFUSED, "/..", "input_invalid", 'sent    "/.."'),
    ],
)
def test_wrong_targets_fail(vector: TargetVector, sent: str | None, name: str, line: str) -> None:
    """The failure shows the target, or the first byte that differs."""
    judgement = judge_target(vector, sent)
    assert (judgement.outcome, judgement.name) == ("failed", name)
    assert any(line.strip() in each for each in judgement.lines), judgement.lines


@pytest.mark.parametrize(
    ("sent", "expected", "name"),
    [
        ("/a?b=c+d", "/a?b=c%20d", "a space as +"),
        ("/a?c=d&a=b", "/a?a=b&c=d", "the order of the query"),
        ("/a", "/a?b=c", "the query"),
        ("/b?c", "/a?c", "the path"),
        ("/b?d", "/a?c", "the path and the query"),
    ],
)
def test_the_kind_of_difference_is_the_name(sent: str, expected: str, name: str) -> None:
    """Failures with one cause have one name."""
    vector = TargetVector("t", "about", "http://h", (), (), expected=expected)
    assert judge_target(vector, sent).name == f"target: {name}"


def test_an_answer_is_judged() -> None:
    """The target of an answer is compared; the words of a refusal are shown."""
    assert judge(SENT, read_answer({"target": "/a%2Fb"}, 0.0, "target")).outcome == "passed"
    judgement = judge(SENT, read_answer({"refused": "no\x1b"}, 0.0, "target"))
    assert 'refused "no\\x1b"' in judgement.lines
