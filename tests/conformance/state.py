"""One run of the suite: what was selected, the signers at work, and every result so far."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from tests.conformance.programs.environment import environment
from tests.conformance.programs.implementations import Implementation, in_ci
from tests.conformance.programs.runner import Run, run
from tests.conformance.report.results import Outcome, Result
from tests.conformance.signatures.judge import Verdict, again, judge, labelled
from tests.conformance.signatures.known_failures import unexpected

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.conformance.signatures.known_failures import Known
    from tests.conformance.vectors.suite import SignatureVector, Suite

FIELDS = ("method", "endpoint", "timestamp", "access_key", "secret")
STDERR_LINES = 5  # of a signer's, shown with each of its failures; all of them with test_protocol


@dataclass
class Conformance:
    """The suite, the signers, what is known to fail, and what came of all that was selected."""

    suite: Suite
    signers: Mapping[str, Implementation]
    known: Known
    selected: dict[str, list[SignatureVector]] = field(default_factory=dict)  # by signer's name
    results: list[Result] = field(default_factory=list)
    runs: dict[str, Future[Run]] = field(default_factory=dict)

    def record(self, result: Result) -> None:
        """Keep a result for the tables, and let pytest know."""
        self.results.append(result)
        result.settle()

    def run_of(self, signer: Implementation) -> Run:
        """Wait for one signer's answers; the first call sets all signers to work on what is selected."""
        if not self.runs:
            working = [each for each in map(self.signers.__getitem__, self.selected) if not each.missing()]
            pool = ThreadPoolExecutor(len(working))
            for each in working:
                questions = {vector.id: question(vector) for vector in self.selected[each.name]}
                self.runs[each.name] = pool.submit(run, each.command, questions, environment=environment())
            pool.shutdown(wait=False)
        return self.runs[signer.name].result()

    def signature(self, signer: Implementation, vector: SignatureVector) -> Result:
        """Judge what a signer answered to one vector."""
        result = partial(
            Result,
            kind="signature",
            implementation=signer.name,
            id=vector.id,
            groups=vector.flags,
            input=question(vector),
            expected={"refused": vector.refuse} if vector.refuse else {"signature": vector.expected},
        )
        if missing := signer.missing():
            return result(outcome=_absent(), detail=missing)
        said = self.run_of(signer)
        answer = said.answers.get(vector.id)
        verdict = judge(vector, answer) if answer else _unanswered(said)
        outcome, detail = self._settle(signer, vector, verdict, said.stderr)
        return result(
            outcome=outcome,
            detail=detail,
            output=answer.raw if answer else None,
            seconds=answer.seconds if answer else 0.0,
        )

    def _settle(
        self, signer: Implementation, vector: SignatureVector, verdict: Verdict, stderr: str
    ) -> tuple[Outcome, str]:
        """Weigh a verdict against what is known to fail, and against who may say `cannot`."""
        reason = self.known.get((signer.name, vector.id))
        if reason is not None:
            if verdict.outcome == "failed":
                return "known", reason
            return "failed", unexpected(signer.name, vector.id, reason)
        if verdict.outcome == "cannot" and signer.is_ours:
            why = labelled("why", "a signer of the suite's own leaves nothing out")
            verdict = Verdict("failed", "cannot", (*verdict.lines, why))
        if verdict.outcome == "failed":
            return "failed", failure(signer, vector, verdict, stderr)
        return verdict.outcome, "".join(verdict.lines)

    def protocol(self, signer: Implementation) -> Result:
        """Judge how a signer behaved as a whole: that it kept the protocol, and proved anything."""
        result = partial(Result, kind="protocol", implementation=signer.name, id="protocol", groups=())
        if missing := signer.missing():
            return result(outcome=_absent(), detail=missing)
        said = self.run_of(signer)
        if said.fault:
            lines = [f"FAIL  {signer.name}  {said.fault.kind}", labelled("why", said.fault.detail)]
            lines += [labelled("stderr", line) for line in said.stderr.splitlines()]
            return result(outcome="failed", detail="\n      ".join(lines))
        to_sign = {vector.id for vector in self.suite.signatures if vector.expected is not None}
        signed = [answer for id_, answer in said.answers.items() if id_ in to_sign] or said.answers.values()
        if all(answer.cannot is not None for answer in signed):
            detail = f"{signer.name} answered `cannot` to all it was asked to sign: nothing is proved"
            return result(outcome="failed", detail=detail)
        return result(outcome="passed")


def question(vector: SignatureVector) -> dict[str, str]:
    """Return what a signer is asked, without the id."""
    return {name: getattr(vector, name) for name in FIELDS}


def failure(signer: Implementation, vector: SignatureVector, verdict: Verdict, stderr: str) -> str:
    """Tell a failure whole: what, with what, why, and the command that repeats just this."""
    lines = [
        f"FAIL  {signer.name}  {vector.id}  {verdict.name}",
        labelled("flags", f"{', '.join(vector.flags)}: {vector.about}"),
        *verdict.lines,
        *(labelled("stderr", line) for line in stderr.splitlines()[-STDERR_LINES:]),
        labelled("again", again(vector.id, signer)),
    ]
    return "\n      ".join(lines)


def _unanswered(said: Run) -> Verdict:
    if said.fault is None:
        raise AssertionError("a run without a fault has an answer to every question")
    return Verdict("failed", said.fault.kind, (labelled("answer", f"none: {said.fault.detail}"),))


def _absent() -> Outcome:
    """Judge a missing runtime: a failure in CI, where all must be there."""
    return "failed" if in_ci() else "not run"
