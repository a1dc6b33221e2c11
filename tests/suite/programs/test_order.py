"""The order of the questions: every case once, then some again, with what changes between two questions."""

from __future__ import annotations

import base64
import hmac
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from tests.conformance.programs.order import FIELDS, questions, twin
from tests.conformance.vectors.suite import load_suite

if TYPE_CHECKING:
    from tests.conformance.program_runs import Vector
    from tests.conformance.signatures.cases import SignatureVector

SUITE = load_suite()
SIGNED = [vector for vector in SUITE.signatures if vector.expected]


def test_the_seed_repeats_the_order() -> None:
    """The same seed and cases give the same questions; another seed gives another order."""
    once, again, other = (questions(SUITE.signatures, seed) for seed in (1, 1, 2))
    assert once == again
    assert [question.id for question in once] != [question.id for question in other]


@pytest.mark.parametrize("seed", range(5))
def test_every_case_is_asked_first(seed: int) -> None:
    """Each case is asked once before any is asked again, and all ids differ."""
    asked = questions(SUITE.signatures, seed)
    first = asked[: len(SUITE.signatures)]
    assert {question.id for question in first} == {vector.id for vector in SUITE.signatures}
    assert len({question.id for question in asked}) == len(asked)
    again = asked[len(SUITE.signatures) :]
    assert all(question.id.startswith(f"{question.case}.") for question in again)
    assert len(again) < 100


@pytest.mark.parametrize("seed", range(5))
def test_the_second_pass_has_refusals_and_twins(seed: int) -> None:
    """It asks after refused cases, and changes each field between two equal questions."""
    again = questions(SUITE.signatures, seed)[len(SUITE.signatures) :]
    assert any(one.vector.refuse and not two.vector.refuse for one, two in pairwise(again))
    for name in FIELDS:
        places = [place for place, question in enumerate(again) if question.changed == name]
        assert places
        for place in places:
            before, changed, after = again[place - 1 : place + 2]
            assert before.fields == after.fields
            assert {each for each in FIELDS if changed.fields[each] != before.fields[each]} == {name}


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("vector", SIGNED[:40], ids=lambda vector: vector.id)
def test_a_twin_is_a_right_case(vector: SignatureVector, field: str) -> None:
    """It differs in one field, and its signature is that of its own text."""
    other = twin(vector, field)
    assert (other.id, other.changed) == (vector.id, field)
    message = f"{other.method}\n{other.endpoint}\n{other.timestamp}"
    digest = hmac.digest(other.secret.encode(), message.encode(), "sha256")
    assert (other.message, other.expected) == (message, base64.b64encode(digest).decode())
    assert {name for name in FIELDS if getattr(other, name) != getattr(vector, name)} == {field}


def test_clients_are_asked_again_too() -> None:
    """Targets and settings are mixed, and some are asked again after a refusal."""
    vectors: list[Vector] = [*SUITE.targets, *SUITE.settings]
    asked = questions(vectors, 1)
    asks = [str(question.fields["ask"]) for question in asked[: len(vectors)]]
    assert len({tuple(asks[place : place + 2]) for place in range(len(asks) - 1)}) == 4
    again = asked[len(vectors) :]
    assert again
    assert not any(question.changed for question in again)


def test_one_case_alone() -> None:
    """A single case is asked again as well."""
    asked = questions(SIGNED[:1], 1)
    assert len(asked) > 1
    refused = [vector for vector in SUITE.signatures if vector.refuse]
    assert [question.case for question in questions(refused[:1], 1)] == [refused[0].id] * 2
