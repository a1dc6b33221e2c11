"""Runs the programs under test, and makes the result of each case and of each program's behaviour."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from .programs.builds import BuildError
from .programs.conversation import LIMITS, Limits, Progress
from .programs.environment import environment
from .programs.history import History
from .programs.implementations import Implementation, in_ci
from .programs.order import Question, questions
from .programs.runner import Transcript, run
from .report.rerun import RERUN, Rerun
from .report.results import Judgement, Kind, Outcome, Result
from .report.text import failure, labelled, plain, visible
from .settings.cases import SettingsVector
from .settings.judge import judge as judge_settings
from .signatures import surrogates
from .signatures.cases import SignatureVector
from .signatures.diagnosis import Diagnostician
from .signatures.judge import judge as judge_signature
from .signatures.known_failures import unexpected_pass
from .targets.cases import TargetVector
from .targets.judge import judge as judge_target

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from .programs.answers import Answer, ProgramFailure
    from .signatures.known_failures import KnownFailures

Vector = SignatureVector | TargetVector | SettingsVector

UNEXPLAINED = Diagnostician(left=0.0)
ALONE = Limits(first=30.0)  # for a question that is asked again, of a program that has answered before


def kind_of(vector: Vector) -> Kind:
    """Return the kind of a vector's result."""
    if isinstance(vector, SignatureVector):
        return "signature"
    return "target" if isinstance(vector, TargetVector) else "settings"


def judge(vector: Vector, answer: Answer, diagnostician: Diagnostician | None = None) -> Judgement:
    """Decide about one answer to a question, with an explanation unless it is correct."""
    if answer.failure:
        return Judgement("failed", answer.failure.cause, (labelled("answer", answer.failure.detail),))
    if answer.cannot is not None:
        return Judgement("cannot", lines=(visible(answer.cannot),))
    match vector:
        case SignatureVector():
            return judge_signature(vector, answer, diagnostician)
        case TargetVector():
            return judge_target(vector, answer)
        case _:
            return judge_settings(vector, answer)


@dataclass
class ProgramRun:
    """One program, its selected cases, and its results once it has run.

    Attributes:
        folder: where the command runs.
        known: the reasons of the known failures, by id of the case.
    """

    program: Implementation
    vectors: Sequence[Vector]
    folder: Path
    seed: int = 0
    limits: Limits = LIMITS
    known: Mapping[str, str] = field(default_factory=dict)
    rerun: Rerun = RERUN
    selected_by: tuple[str, ...] = ()
    progress: Progress = field(default_factory=lambda: Progress(0))

    def results(self) -> list[Result]:
        """Run the program, and return the result of each case, then that of the whole run."""
        if why := self.program.missing() or self._compile():
            outcome: Outcome = "failed" if in_ci() else "not run"
            detail = failure(f"{self.program.name}  not run: {why}", ()) if in_ci() else why
            cases = [self._result(vector, outcome, detail, cause=why) for vector in self.vectors]
            return [*cases, self._protocol(outcome, detail, cause=why)]
        order = {question.id: question for question in questions(self.vectors, self.seed)}
        self.progress.questions = len(order)
        asked = {id_: question.fields for id_, question in order.items()}
        transcript = self.ask(asked, self.limits, self.progress)
        judged = self._judge(order, transcript)
        cases = [self._case(vector, judged[vector.id], transcript) for vector in self.vectors]
        surrogate = self._surrogates() if transcript.answers else []  # a broken program is started no more
        return [*cases, *surrogate, self._whole(cases, transcript)]

    def _compile(self) -> str | None:
        """Compile the program; return why that failed, or None."""
        try:
            self.program = self.program.compiled()
        except BuildError as error:
            return str(error)
        return None

    def _surrogates(self) -> list[Result]:
        """Return what a signer does with half of a surrogate pair, in a run of all cases."""
        if self.program.role != "signer" or self.selected_by:
            return []
        transcript = self.ask({each.id: each.question() for each in surrogates.CASES}, self.limits)
        return [
            self._result(
                each, "contested", surrogates.reaction(each.id, transcript), transcript.answers.get(each.id)
            )
            for each in surrogates.CASES
        ]

    def _judge(
        self, order: Mapping[str, Question], transcript: Transcript
    ) -> dict[str, list[tuple[Question, Judgement]]]:
        """Return the judgements of each case: one for each time it was asked."""
        history = History(order, transcript, self._ask_alone)
        diagnostician = Diagnostician()
        judgements = {id_: _lost(lost) for id_, lost in transcript.lost.items()}
        waiting: dict[str, Judgement] = {}  # wrong answers that may be those to an earlier question
        for id_, answer in transcript.answers.items():
            vector = order[id_].vector
            if isinstance(vector, SignatureVector) and _is_wrong(vector, answer) and history.earlier(id_):
                waiting[id_] = judge(vector, answer, UNEXPLAINED)
            else:
                judgements[id_] = judge(vector, answer, diagnostician)
                if judgements[id_].outcome == "failed" and not answer.failure:
                    waiting[id_] = judgements[id_]
        explained = history.explain(waiting) if waiting else {}
        for id_ in waiting.keys() - judgements.keys() - explained.keys():
            judgements[id_] = judge(order[id_].vector, transcript.answers[id_], diagnostician)
        judgements |= explained
        by_case: dict[str, list[tuple[Question, Judgement]]] = {vector.id: [] for vector in self.vectors}
        for id_, question in order.items():
            if id_ in judgements:  # a case that was lost is not asked again
                by_case[question.case].append((question, judgements[id_]))
        return by_case

    def _ask_alone(self, question: Question) -> Answer | None:
        limits = Limits(min(self.limits.first, ALONE.first), self.limits.between)
        return self.ask({question.id: question.fields}, limits).answers.get(question.id)

    def ask(
        self,
        asked: Mapping[str, Mapping[str, object]],
        limits: Limits,
        progress: Progress | None = None,
    ) -> Transcript:
        """Start the program, ask it questions, and return its answers."""
        return run(
            self.program.command,
            asked,
            folder=self.folder,
            environment=environment(),
            limits=limits,
            progress=progress,
        )

    def _case(
        self, vector: Vector, asked: Sequence[tuple[Question, Judgement]], transcript: Transcript
    ) -> Result:
        """Return the result of one case: that of the first question with the worst outcome."""
        ranks = {"failed": 0, "cannot": 1, "passed": 2}
        # A question with a changed field is no case of the file: it only shows a state.
        counted = [each for each in asked if not each[0].changed or each[1].needs_order]
        question, judgement = min(counted or asked, key=lambda each: ranks[each[1].outcome])
        answer = transcript.answers.get(question.id)
        if _is_contested(vector):
            detail = f"{judgement.outcome} {judgement.name}".strip()
            return self._result(vector, "contested", detail, answer)
        outcome, judgement = self._settle(vector, judgement)
        if outcome != "failed":
            return self._result(vector, outcome, " ".join(judgement.lines), answer)
        again = self._again(vector, judgement)
        words = transcript.stderr if answer else ()
        stderr = [labelled("stderr", plain(line)) for line in words]
        lines = [*self._about(vector, question), *judgement.lines, *stderr, labelled("again", again)]
        detail = failure(f"{self.program.name}  {vector.id}  {judgement.name}", lines)
        result = self._result(vector, outcome, detail, answer, cause=judgement.name, again=again)
        return replace(result, needs_order=judgement.needs_order)

    def _about(self, vector: Vector, question: Question) -> list[str]:
        flags = f"{', '.join(vector.flags)}: " if isinstance(vector, SignatureVector) else ""
        lines = [labelled("about", f"{flags}{vector.about}")]
        if question.changed:
            lines.append(labelled("", f"asked again with another {question.changed}"))
        elif question.id != vector.id:
            lines.append(labelled("", f"asked again as `{question.id}`"))
        return lines

    def _settle(self, vector: Vector, judgement: Judgement) -> tuple[Outcome, Judgement]:
        """Apply the known failures, and the rule that a built-in program may not answer `cannot`."""
        reason = self.known.get(vector.id)
        if reason is not None:
            if judgement.outcome == "failed":
                return "known", Judgement("failed", lines=(reason,))
            line = unexpected_pass(self.program.name, vector.id, reason)
            return "failed", Judgement("failed", "known failure that passed", (labelled("why", line),))
        if judgement.outcome == "cannot" and self.program.is_built_in:
            why = labelled("why", f"a built-in {self.program.role} must not answer `cannot`")
            answer = labelled("answer", *judgement.lines)
            return "failed", Judgement("failed", "cannot", (answer, why))
        return judgement.outcome, judgement

    def _again(self, vector: Vector, judgement: Judgement) -> str:
        """Return the command that shows a failure again; one that needs the order needs all questions."""
        if judgement.needs_order:
            return self.rerun.everything(self.program, self.selected_by)
        return self.rerun.case(vector.id, self.program)

    def _whole(self, cases: Sequence[Result], transcript: Transcript) -> Result:
        """Return the result of the whole run: it kept the protocol, and answered at least one case."""
        name = self.program.name
        again = self.rerun.everything(self.program, self.selected_by)
        failed = transcript.failure or next(iter(transcript.lost.values()), None)
        if failed:
            lines = [labelled("why", failed.detail)]
            lines += [labelled("stderr", plain(line)) for line in failed.stderr]
            lines.append(labelled("again", again))
            cause = failed.cause
            return self._protocol("failed", failure(f"{name}  {cause}", lines), cause=cause, again=again)
        wanted = [case for case in cases if "refused" not in case.expected] or cases
        if wanted and all(case.outcome == "cannot" for case in wanted):
            asked = "sign" if self.program.role == "signer" else "answer"
            why = f"it answered `cannot` to every vector that it had to {asked}: nothing was tested"
            detail = failure(f"{name}  cannot", [labelled("why", why), labelled("again", again)])
            return self._protocol("failed", detail, cause="cannot", again=again)
        return self._protocol("passed")

    def _protocol(self, outcome: Outcome, detail: str = "", cause: str = "", again: str = "") -> Result:
        return Result(
            kind="protocol",
            implementation=self.program.name,
            id="protocol",
            groups=(self.program.role,),
            outcome=outcome,
            detail=detail,
            cause=cause,
            again=again,
            about=f"the {self.program.role} protocol",
        )

    def _result(  # noqa: PLR0913  # the fields that differ
        self,
        vector: Vector,
        outcome: Outcome,
        detail: str = "",
        answer: Answer | None = None,
        *,
        cause: str = "",
        again: str = "",
    ) -> Result:
        return Result(
            kind=kind_of(vector),
            implementation=self.program.name,
            id=vector.id,
            groups=vector.flags if isinstance(vector, SignatureVector) else (vector.refuse or "accepted",),
            outcome=outcome,
            input=vector.question(),
            expected=_expected(vector),
            output=answer.raw if answer else None,
            detail=detail,
            seconds=answer.seconds if answer else 0.0,
            about=vector.about,
            cause=cause,
            again=again,
        )


def _is_wrong(vector: SignatureVector, answer: Answer) -> bool:
    return bool(answer.signature) and vector.expected not in (None, answer.signature)


def _is_contested(vector: Vector) -> bool:
    return isinstance(vector, SignatureVector) and vector.is_contested


def _lost(lost: ProgramFailure) -> Judgement:
    needs_order = lost.whole or lost.kind == "given-up"
    lines = [labelled("answer", f"none: {lost.detail}")]
    lines += [labelled("stderr", plain(line)) for line in lost.stderr]
    return Judgement("failed", lost.cause, tuple(lines), needs_order)


def _expected(vector: Vector) -> dict[str, object]:
    if isinstance(vector, SettingsVector):
        if vector.expected is None:
            return {"refused": vector.refuse, "names": list(vector.names)}
        expected = vector.expected
        return {
            "base_url": expected.base_url,
            "access_key": expected.access_key,
            "secret_key": expected.secret_key,
        }
    if vector.refuse:
        return {"refused": vector.refuse}
    return {"signature" if isinstance(vector, SignatureVector) else "target": vector.expected}


@dataclass
class ProgramRuns:
    """All programs that run, side by side; their results arrive when each has ended."""

    runs: dict[tuple[str, str], ProgramRun] = field(default_factory=dict)  # by role and name
    _futures: dict[tuple[str, str], Future[list[Result]]] = field(default_factory=dict)

    def add(self, run_: ProgramRun) -> None:
        """Add a program that has not started."""
        self.runs[run_.program.role, run_.program.name] = run_

    def start(self) -> None:
        """Start all programs; later calls do nothing."""
        if self._futures or not self.runs:
            return
        pool = ThreadPoolExecutor(len(self.runs))
        self._futures = {key: pool.submit(each.results) for key, each in self.runs.items()}
        pool.shutdown(wait=False)

    def results(self, program: Implementation) -> Future[list[Result]]:
        """Return the results of a program, which are complete when its processes have ended."""
        self.start()
        return self._futures[program.role, program.name]

    def activity(self, program: Implementation) -> str:
        """Return what a program is doing, as a short line."""
        progress = self.runs[program.role, program.name].progress
        return f"waiting for {program.name}: {progress.answers} of {progress.questions} answers"


def known_of(known: KnownFailures, name: str) -> dict[str, str]:
    """Return the known failures of one program, by id."""
    return {id_: reason for (owner, id_), reason in known.items() if owner == name}
