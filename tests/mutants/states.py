"""Asks the signers with a state in the order of a run, in this process, and returns their results."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.conformance.program_runs import ProgramRun
from tests.conformance.programs.answers import read_answer
from tests.conformance.programs.implementations import Implementation
from tests.conformance.programs.runner import Transcript
from tests.conformance.report.rerun import Rerun
from tests.mutants.signers import Ask
from tests.support.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tests.conformance.programs.conversation import Limits, Progress
    from tests.conformance.report.results import Result
    from tests.conformance.signatures.cases import SignatureVector


class InProcess(ProgramRun):
    """A run of a signer that is a function: each conversation starts a new one."""

    start: Callable[[], Callable[[Ask], dict[str, str]]]

    def ask(
        self,
        asked: Mapping[str, Mapping[str, object]],
        limits: Limits,  # noqa: ARG002  # a function is never silent
        progress: Progress | None = None,  # noqa: ARG002  # nobody waits
    ) -> Transcript:
        """Start the signer, ask it questions, and return its answers."""
        signer = self.start()
        answers = {
            id_: read_answer({"id": id_, **_reply(signer, {name: str(each[name]) for name in each})}, 0.0)
            for id_, each in asked.items()
        }
        return Transcript(answers, processes=[list(asked)])


def _reply(signer: Callable[[Ask], dict[str, str]], fields: Mapping[str, str]) -> dict[str, str]:
    try:
        return signer(Ask(**fields))
    except UnicodeEncodeError as error:  # half of a surrogate pair
        return {"cannot": str(error)}


def failures(
    start: Callable[[], Callable[[Ask], dict[str, str]]], vectors: Sequence[SignatureVector], seed: int
) -> list[Result]:
    """Return the failures of a signer, asked in the order of a seed."""
    program = Implementation("mutant", ("mutant",), option="mutant=mutant")
    run = InProcess(program, vectors, ROOT, seed, rerun=Rerun(seed=seed))
    run.start = start
    return [result for result in run.results() if result.outcome == "failed"]
