"""Runs every mutant with every vector, and finds which vectors kill it."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.conformance.programs.answers import read_answer
from tests.conformance.programs.environment import environment
from tests.conformance.programs.runner import run
from tests.conformance.signatures.judge import is_correct
from tests.mutants.signers import Ask
from tests.support.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.conformance.signatures.cases import SignatureVector
    from tests.conformance.vectors.suite import Suite
    from tests.mutants.signers import Signer
    from tests.mutants.verifiers import Verifier


@dataclass(frozen=True)
class Kills:
    """The ids of the vectors that detect each mutant, by the mutant's name."""

    by_mutant: Mapping[str, frozenset[str]]

    def survivors(self) -> list[str]:
        """Return the mutants that no vector kills."""
        return [name for name, killers in self.by_mutant.items() if not killers]

    def alone(self) -> dict[str, list[str]]:
        """Return the vectors that are needed, each with the mutants that no other vector kills."""
        found: dict[str, list[str]] = {}
        for name, killers in self.by_mutant.items():
            if len(killers) == 1:
                found.setdefault(next(iter(killers)), []).append(name)
        return found


def wrong_answers(suite: Suite, signer: Signer) -> Iterator[str]:
    """Yield the ids of the vectors that a signer fails."""
    return (vector.id for vector in suite.signatures if not _passes(signer, vector))


def _passes(signer: Signer, vector: SignatureVector) -> bool:
    message = signer.answer(Ask(**vector.question()))
    return is_correct(vector, read_answer({"id": vector.id, **message}, 0.0))


def wrong_answers_of_program(suite: Suite, name: str) -> frozenset[str]:
    """Return the ids of the vectors that a mutant fails when it runs as a program."""
    command = [sys.executable, "-m", "tests.mutants.program", name]
    questions = {vector.id: vector.question() for vector in suite.signatures}
    transcript = run(command, questions, folder=ROOT, environment=environment())
    if transcript.failure:
        raise RuntimeError(f"{name}: {transcript.failure}\n{transcript.stderr}")
    return frozenset(
        vector.id for vector in suite.signatures if not is_correct(vector, transcript.answers[vector.id])
    )


def wrong_codes(suite: Suite, verifier: type[Verifier]) -> Iterator[str]:
    """Yield the ids of the vectors for which a verifier gives a wrong code; contested ones do not count."""
    file = suite.refusals
    one = verifier(int(file.clock), int(file.window), file.keys)
    counted = (vector for vector in file.vectors if vector.authority != "contested")
    return (vector.id for vector in counted if one.verify(vector.request) != vector.expected.code)
