"""The runner: a crash loses one question, and the number of restarts has a limit."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from tests.conformance.programs.conversation import Limits
from tests.conformance.programs.runner import MAX_HANGS, MAX_RESTARTS
from tests.suite.programs.small_programs import QUESTION, SHORT, kind, said, talk

if TYPE_CHECKING:
    from collections.abc import Mapping


def questions(number: int, *poisons: int) -> dict[str, Mapping[str, str]]:
    """Return many questions; the secret of some is `die`."""
    return {
        f"q{place}": {**QUESTION, "secret": "die" if place in poisons else "live"} for place in range(number)
    }


DIES = """
for line in sys.stdin:
    ask = json.loads(line)
    if ask["secret"] == "die":
        {how}
    answer(ask["id"])
"""
# Reads everything before it answers.
BATCH = """
asks = [json.loads(line) for line in sys.stdin]
if any(ask["secret"] == "die" for ask in asks):
    sys.exit(7)
for ask in asks:
    answer(ask["id"])
"""


@pytest.mark.parametrize("poisons", [(0,), (5,), (39,), (3, 4), (0, 21, 39)])
@pytest.mark.parametrize("how", ["sys.exit(3)", "os.kill(os.getpid(), 9)", "os.close(1); os._exit(4)"])
def test_a_crash_loses_the_question_it_died_on(poisons: tuple[int, ...], how: str) -> None:
    """The program is started again without that question; all the others are answered."""
    result = talk(DIES.format(how=how), questions=questions(40, *poisons))
    assert set(result.lost) == {f"q{place}" for place in poisons}
    assert len(result.answers) == 40 - len(poisons)
    alone = ["on this question, asked alone" in lost.detail for lost in result.lost.values()]
    assert all(alone[:2])
    assert all(lost.reason for lost in result.lost.values())
    assert result.failure is None


@pytest.mark.parametrize("poison", [0, 13, 39])
def test_a_program_that_answers_at_the_end_is_bisected(poison: int) -> None:
    """One that reads all questions first shows by halves which one it dies on."""
    result = talk(BATCH, questions=questions(40, poison))
    assert set(result.lost) == {f"q{poison}"}
    assert len(result.answers) == 39
    assert len(result.processes) < MAX_RESTARTS


def test_a_crash_that_depends_on_the_questions_before() -> None:
    """No question is lost, because it is answered alone; the failure names it."""
    script = """
    for number, line in enumerate(sys.stdin):
        if number == 10:
            sys.exit(3)
        answer(json.loads(line)["id"])
    """
    result = talk(script, questions=questions(15))
    assert result.lost == {}
    assert len(result.answers) == 15
    assert str(result.failure) == (
        "crash: ended with exit code 3 after 10 of 15 answers,"
        " at q10, which it answers when it is asked alone"
    )


def test_restarts_have_a_limit() -> None:
    """Of a program that crashes too often, the questions that are left are not asked."""
    result = talk(DIES.format(how="sys.exit(3)"), questions=questions(60, *range(0, 60, 2)))
    assert len(result.processes) == MAX_RESTARTS + 1
    given_up = [lost for lost in result.lost.values() if lost.kind == "given-up"]
    assert given_up
    assert given_up[0].detail == f"not asked: the program was restarted {MAX_RESTARTS} times"
    assert len(result.answers) + len(result.lost) == 60


def test_a_program_that_never_answers_is_broken() -> None:
    """A broken build is one failure for all questions, with the first lines of stderr."""
    result = talk("print('no such module', file=sys.stderr); sys.exit(101)", questions=questions(40))
    assert result.failure is not None
    assert result.failure.whole
    assert result.failure.detail == "ended with exit code 101 before its first answer"
    assert result.failure.stderr == ("no such module",)
    assert len(result.processes) == 3
    assert set(result.lost.values()) == {result.failure}
    assert len(result.lost) == 40


def test_a_hang_loses_one_question() -> None:
    """A program that hangs on one question is killed and started again without it."""
    limits = Limits(between=SHORT)
    result = talk(DIES.format(how="time.sleep(60)"), questions=questions(10, 4), limits=limits)
    assert set(result.lost) == {"q4"}
    assert kind(result) == "hang"
    assert "silent for 0.3 s after 4 of 10 answers, waiting for q4" in said(result)
    assert len(result.answers) == 9


def test_hangs_have_a_limit() -> None:
    """After some hangs, the questions that are left are not asked: each hang takes seconds."""
    begun = time.monotonic()
    every = questions(20, *range(5, 20))
    result = talk(DIES.format(how="time.sleep(60)"), questions=every, limits=Limits(between=SHORT))
    assert [lost.kind for lost in result.lost.values()].count("hang") == MAX_HANGS
    assert len(result.answers) + len(result.lost) == 20
    assert "the program was silent for too long 3 times" in said(result)
    assert time.monotonic() - begun < 20


def test_questions_that_are_skipped() -> None:
    """A question without an answer is lost alone, if the program answers later ones and ends."""
    script = """
    for line in sys.stdin:
        ask = json.loads(line)
        if ask["secret"] != "die":
            answer(ask["id"])
    """
    result = talk(script, questions=questions(10, 2, 5))
    assert set(result.lost) == {"q2", "q5"}
    assert kind(result) == "missing-answer"
    assert len(result.processes) == 1
    last = talk(script, questions=questions(10, 9))
    assert set(last.lost) == {"q9"}
