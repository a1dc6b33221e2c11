"""The mutants: a survivor fails the session, and so does a right implementation that is killed."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.conformance.programs.answers import read_answer
from tests.conformance.signatures.judge import is_correct
from tests.conformance.vectors.suite import load_suite
from tests.mutants.__main__ import ALONE, main
from tests.mutants.catalogue import SIGNERS, VERIFIERS
from tests.mutants.matrix import Kills, wrong_answers, wrong_codes
from tests.mutants.signer_states import STATES
from tests.mutants.signers import Ask, Signer
from tests.mutants.states import failures
from tests.mutants.verifiers import Verifier

if TYPE_CHECKING:
    from tests.conformance.vectors.suite import Suite


@pytest.fixture(scope="module")
def suite() -> Suite:
    """All vectors."""
    return load_suite()


def test_there_are_enough_mutants() -> None:
    """There are at least 30 signers and 16 verifiers, each with a description."""
    assert len(SIGNERS) >= 30
    assert len(VERIFIERS) >= 16
    assert all(mutant.seen for mutant in SIGNERS.values())
    assert all(mutant.seen for mutant in VERIFIERS.values())


def test_the_right_ones_pass(suite: Suite) -> None:
    """The right signer and the right verifier pass every vector that counts."""
    assert list(wrong_answers(suite, Signer())) == []
    assert list(wrong_codes(suite, Verifier)) == []


@pytest.mark.parametrize("name", SIGNERS)
def test_every_signer_is_killed(suite: Suite, name: str) -> None:
    """At least one vector detects the mutant."""
    assert next(wrong_answers(suite, SIGNERS[name].signer), None)


@pytest.mark.parametrize("name", VERIFIERS)
def test_every_verifier_is_killed(suite: Suite, name: str) -> None:
    """At least one vector detects the mutant."""
    assert next(wrong_codes(suite, VERIFIERS[name].verifier), None)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", STATES)
def test_every_signer_with_a_state_is_killed_and_named(suite: Suite, name: str, seed: int) -> None:
    """In any order, the failures have the name of their cause, and need the order to be shown again.

    A part of the vectors is enough. The session `mutants` asks all of them.
    """
    failed = failures(STATES[name].start, suite.signatures[:200], seed)
    assert failed
    named = [result for result in failed if re.fullmatch(STATES[name].cause, result.cause)]
    assert len(named) >= 0.8 * len(failed), {result.cause for result in failed}
    assert all(result.needs_order and f"--seed {seed}" in result.again for result in named)


@pytest.mark.parametrize("name", STATES)
def test_a_signer_with_a_state_is_right_at_first(suite: Suite, name: str) -> None:
    """The first answer is right: only the order of the questions shows the mistake."""
    for vector in suite.signatures:
        answer = STATES[name].start()(Ask(**vector.question()))
        assert is_correct(vector, read_answer({"id": vector.id, **answer}, 0.0)), vector.id


def test_needed_vectors_and_survivors() -> None:
    """A vector that alone kills a mutant is listed with it; survivors are listed too."""
    kills = Kills(
        {
            "one": frozenset({"a"}),
            "two": frozenset({"a", "b"}),
            "three": frozenset(),
            "four": frozenset({"a"}),
        }
    )
    assert kills.alone() == {"a": ["one", "four"]}
    assert kills.survivors() == ["three"]


def test_the_matrix_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    """The matrix has a row for each mutant, the needed vectors, and the number of mutants."""
    few = {name: SIGNERS[name] for name in ("drops_query", "signs_get_for_head")}
    verifiers = {"has_no_freshness": VERIFIERS["has_no_freshness"]}
    assert main(few, verifiers, {"wears_out": STATES["wears_out"]}) == 0
    printed = capsys.readouterr().out
    assert "drops_query" in printed
    assert f"{ALONE} head-clouds" in printed
    assert "  head-clouds: signs_get_for_head" in printed
    assert re.search(r"wears_out +\d+ +depends on the order", printed)
    assert (
        "2 signers, 2 the same as programs by the signer protocol; 1 signers with a state; 1 verifiers;"
        " 0 survivors" in printed.replace("\n", " ")
    )


def test_a_survivor_fails_the_session(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A mutant without a mistake survives: the session names it, and ends with exit code 1."""
    monkeypatch.setattr("tests.mutants.__main__.wrong_answers_of_program", lambda *_: frozenset())
    harmless = replace(SIGNERS["drops_query"], signer=Signer())
    blind = replace(VERIFIERS["has_no_freshness"], verifier=Verifier)
    stateless = replace(STATES["wears_out"], start=lambda: Signer().answer)
    other = replace(STATES["wears_out"], cause="earlier answer")
    states = {"stateless": stateless, "other": other}
    assert main({"drops_query": harmless}, {"has_no_freshness": blind}, states) == 1
    printed = capsys.readouterr().out
    assert "FAIL  drops_query survives" in printed
    assert "FAIL  has_no_freshness survives" in printed
    assert "3 survivors" in printed
    assert "FAIL  stateless survives" in printed
    assert "FAIL  other is not named 'earlier answer'" in printed


def test_a_program_that_differs_fails_the_session(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A mutant must fail the same vectors as a function and as a program."""
    monkeypatch.setattr("tests.mutants.__main__.wrong_answers_of_program", lambda *_: frozenset())
    assert main({"drops_query": SIGNERS["drops_query"]}, {}, {}) == 1
    assert "drops_query is killed by other vectors when it runs as a program" in capsys.readouterr().out
