"""Runs the signers, and makes the result of each vector and of each signer's behaviour as a program."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from tests.conformance.programs.environment import environment
from tests.conformance.programs.implementations import Implementation, in_ci
from tests.conformance.programs.runner import Progress, Transcript, run
from tests.conformance.report.results import Judgement, Outcome, Result
from tests.conformance.report.text import failure, labelled, rerun_command
from tests.conformance.signatures.judge import judge
from tests.conformance.signatures.known_failures import unexpected_pass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.conformance.signatures.cases import SignatureVector
    from tests.conformance.signatures.known_failures import KnownFailures

STDERR_LINES = 5  # of a signer's stderr, shown with each failure; test_protocol shows all of them


@dataclass
class SignerRuns:
    """The signers, their selected vectors, and their transcripts."""

    signers: Mapping[str, Implementation]
    known: KnownFailures
    selected: dict[str, list[SignatureVector]] = field(default_factory=dict)  # by signer's name
    progress: dict[str, Progress] = field(default_factory=dict)  # by signer's name
    _transcripts: dict[str, Future[Transcript]] = field(default_factory=dict)

    def start(self) -> None:
        """Start all signers that have selected vectors; later calls do nothing."""
        runnable = [each for each in map(self.signers.__getitem__, self.selected) if not each.missing()]
        if self._transcripts or not runnable:
            return
        pool = ThreadPoolExecutor(len(runnable))
        for each in runnable:
            questions = {vector.id: vector.question() for vector in self.selected[each.name]}
            progress = self.progress[each.name] = Progress(len(questions))
            self._transcripts[each.name] = pool.submit(
                run, each.command, questions, environment=environment(), progress=progress
            )
        pool.shutdown(wait=False)

    def transcript(self, signer: Implementation) -> Future[Transcript]:
        """Return the transcript of a signer, which is complete when its process has ended."""
        self.start()
        return self._transcripts[signer.name]

    def activity(self, signer: Implementation) -> str:
        """Return the current activity of a signer, as a short line."""
        progress = self.progress[signer.name]
        return f"waiting for {signer.name}: {progress.answers} of {progress.questions} answers"

    def signature_result(
        self, signer: Implementation, vector: SignatureVector, transcript: Transcript | None
    ) -> Result:
        """Return the result of one vector; `transcript` is None if the signer's runtime is missing."""
        result = partial(
            Result,
            kind="signature",
            implementation=signer.name,
            id=vector.id,
            groups=vector.flags,
            input=vector.question(),
            expected={"refused": vector.refuse} if vector.refuse else {"signature": vector.expected},
        )
        if transcript is None:
            return result(outcome=_outcome_if_missing(), detail=signer.missing() or "")
        answer = transcript.answers.get(vector.id)
        judgement = judge(vector, answer) if answer else _unanswered(transcript)
        outcome, detail = self._settle(signer, vector, judgement, transcript.stderr)
        return result(
            outcome=outcome,
            detail=detail,
            output=answer.raw if answer else None,
            seconds=answer.seconds if answer else 0.0,
        )

    def _settle(
        self, signer: Implementation, vector: SignatureVector, judgement: Judgement, stderr: str
    ) -> tuple[Outcome, str]:
        """Apply the known failures, and the rule that a built-in signer may not answer `cannot`."""
        reason = self.known.get((signer.name, vector.id))
        if reason is not None:
            if judgement.outcome == "failed":
                return "known", reason
            return "failed", unexpected_pass(signer.name, vector.id, reason)
        if judgement.outcome == "cannot" and signer.is_built_in:
            why = labelled("why", "a built-in signer must not answer `cannot`")
            judgement = Judgement("failed", "cannot", (*judgement.lines, why))
        if judgement.outcome == "failed":
            return "failed", describe_failure(signer, vector, judgement, stderr)
        return judgement.outcome, "".join(judgement.lines)

    def protocol_result(
        self, signer: Implementation, to_sign: set[str], transcript: Transcript | None
    ) -> Result:
        """Return the result of a signer's whole run: it kept the protocol, and signed at least one vector.

        `to_sign` are the ids of all vectors that have an expected signature. `transcript` is None if the
        signer's runtime is missing.
        """
        result = partial(Result, kind="protocol", implementation=signer.name, id="protocol", groups=())
        if transcript is None:
            return result(outcome=_outcome_if_missing(), detail=signer.missing() or "")
        if transcript.failure:
            lines = [labelled("why", transcript.failure.detail)]
            lines += [labelled("stderr", line) for line in transcript.stderr.splitlines()]
            detail = failure(f"{signer.name}  {transcript.failure.kind}", lines)
            return result(outcome="failed", detail=detail)
        answers = transcript.answers
        signed = [answer for id_, answer in answers.items() if id_ in to_sign] or answers.values()
        if all(answer.cannot is not None for answer in signed):
            detail = (
                f"{signer.name} answered `cannot` to every vector that it had to sign: nothing was tested"
            )
            return result(outcome="failed", detail=detail)
        return result(outcome="passed")


def describe_failure(
    signer: Implementation, vector: SignatureVector, judgement: Judgement, stderr: str
) -> str:
    """Return the whole text of a failure: the vector, the explanation, and the command to run it again."""
    lines = (
        labelled("flags", f"{', '.join(vector.flags)}: {vector.about}"),
        *judgement.lines,
        *(labelled("stderr", line) for line in stderr.splitlines()[-STDERR_LINES:]),
        labelled("again", rerun_command(vector.id, signer)),
    )
    return failure(f"{signer.name}  {vector.id}  {judgement.name}", lines)


def _unanswered(transcript: Transcript) -> Judgement:
    if transcript.failure is None:
        raise AssertionError("a transcript without a failure has an answer to every question")
    line = labelled("answer", f"none: {transcript.failure.detail}")
    return Judgement("failed", transcript.failure.kind, (line,))


def _outcome_if_missing() -> Outcome:
    """Return the outcome for a missing runtime: a failure in CI, where every runtime must be installed."""
    return "failed" if in_ci() else "not run"
