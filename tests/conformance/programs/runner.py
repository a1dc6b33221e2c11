"""Runs a program, in any language: one JSON object per line in, one per line out.

vectors/README.md describes the protocol. `run` always returns. If a program crashes or hangs, `run` starts it
again without the question that it failed on, so that one crash loses one question. The number of restarts
has a limit.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from .answers import ProgramFailure
from .conversation import BEFORE_ANSWERS, LIMITS, Conversation, Limits, Progress, converse

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from .answers import Answer

MAX_RESTARTS = 30
MAX_HANGS = 3  # each takes seconds
CONFIRMED = 2  # suspects that failed alone too, after which a suspect is not asked alone
TRIED = 3  # processes without any answer, after which the program is broken
FATAL = {"not-found", "not-startable"}


@dataclass
class Transcript:
    """All that a program did.

    Attributes:
        answers: by id of the question.
        lost: how the program failed on the questions that it did not answer, by id.
        failure: how it failed as a whole, or None.
        processes: the ids of the questions that each process was asked, in their order.
        stderr: the last lines of stderr of the first process.
    """

    answers: dict[str, Answer] = field(default_factory=dict)
    lost: dict[str, ProgramFailure] = field(default_factory=dict)
    failure: ProgramFailure | None = None
    processes: list[list[str]] = field(default_factory=list)
    stderr: tuple[str, ...] = ()


def run(  # noqa: PLR0913  # what a program needs
    command: Sequence[str],
    questions: Mapping[str, Mapping[str, object]],
    *,
    folder: Path,
    limits: Limits = LIMITS,
    environment: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> Transcript:
    """Ask a program all questions, given by id, and return its answers.

    `command` runs in `folder`, without a shell. `environment` replaces the current one. A failure of the
    program is returned, never raised.
    """
    isolation = _Isolation(command, questions, folder, limits, environment, progress)
    isolation.run()
    isolation.settle_suspects()
    return isolation.transcript


def case_of(id_: str) -> str:
    """Return the case of a question: its id without the suffix of the second pass."""
    return id_.partition(".")[0]


class _Isolation:
    """Asks batches of questions until each question has an answer or is lost."""

    def __init__(  # noqa: PLR0913, PLR0917  # the parameters of run
        self,
        command: Sequence[str],
        questions: Mapping[str, Mapping[str, object]],
        folder: Path,
        limits: Limits,
        environment: Mapping[str, str] | None,
        progress: Progress | None,
    ) -> None:
        self.command, self.questions, self.folder = command, questions, folder
        self.limits, self.environment = limits, environment
        self.progress = progress or Progress(len(questions))
        self.transcript = Transcript()
        self.batches: deque[list[str]] = deque([list(questions)])
        self.suspected: dict[str, ProgramFailure] = {}
        self.violations = 0
        self.hangs = 0
        self.confirmed = 0  # suspects that failed alone too
        self.first_tried = False  # whether the first question of a batch without answers was asked alone

    def run(self) -> None:
        """Ask all batches."""
        while self.batches:
            batch = self.batches.popleft()
            if len(self.transcript.processes) > MAX_RESTARTS:
                self.batches.appendleft(batch)
                self.give_up(f"the program was restarted {MAX_RESTARTS} times")
                return
            talk = self.converse(batch)
            if talk.ended:
                self.take_failure(talk, talk.ended)
            if self.transcript.failure and self.transcript.failure.whole:
                return

    def converse(self, batch: list[str]) -> Conversation:
        talk = converse(
            self.command,
            {id_: self.questions[id_] for id_ in batch},
            folder=self.folder,
            environment=self.environment,
            limits=self.limits,
            progress=self.progress,
        )
        transcript = self.transcript
        transcript.processes.append(batch)
        transcript.answers |= talk.answers
        transcript.stderr = transcript.stderr or talk.stderr
        if talk.first_answer:  # the program is compiled now
            first = self.limits.between + 2 * talk.first_answer
            self.limits = replace(self.limits, first=min(self.limits.first, first))
        self.violations += talk.violations
        if talk.violation and not transcript.failure:
            transcript.failure = talk.violation
        if transcript.failure and not transcript.failure.whole and self.violations > 1 and talk.violation:
            first_line, _, _ = transcript.failure.detail.partition(", and ")
            more = f"{first_line}, and {self.violations - 1} more lines that are no answers"
            transcript.failure = replace(transcript.failure, detail=more)
        return talk

    def take_failure(self, talk: Conversation, failure: ProgramFailure) -> None:
        """Decide which question is lost, and which questions are asked again."""
        left = talk.unanswered()
        self.hangs += failure.kind == "hang"
        if not left:  # it failed after its last answer
            self.transcript.failure = self.transcript.failure or failure
        elif failure.kind in FATAL or self.never_answers(failure):
            self.lose_all(replace(failure, stderr=talk.first_stderr))
        elif self.hangs >= MAX_HANGS:
            self.lose(left[0], failure)
            self.batches.appendleft(left[1:])
            self.give_up(f"the program was silent for too long {MAX_HANGS} times")
        elif len(talk.asked) == 1:
            detail = failure.detail.replace(BEFORE_ANSWERS, "on this question, asked alone")
            self.lose(left[0], replace(failure, detail=detail))
            self.confirmed += left[0] in self.suspected
        elif talk.answers:
            self.isolate(talk, left, failure)
        elif failure.kind == "hang":
            self.lose(left[0], failure)
            self.batches.appendleft(left[1:])
        else:
            self.divide(left)

    def never_answers(self, failure: ProgramFailure) -> bool:
        """Return whether some processes have ended without any answer, or one was silent."""
        tried = 1 if failure.kind == "hang" else min(TRIED, len(self.questions))
        return not self.transcript.answers and len(self.transcript.processes) >= tried

    def divide(self, left: list[str]) -> None:
        """Divide a batch without an answer: is the program broken, is it the first question, or a half?"""
        if not self.transcript.answers:
            middle = len(left) // 2
            probes = [left[-1], left[middle]] if len(left) > TRIED else left[::-1]
            rest = [id_ for id_ in left if id_ not in probes]
            self.batches.extendleft(filter(None, [rest, *([id_] for id_ in reversed(probes))]))
        elif not self.first_tried:
            self.first_tried = True
            self.batches.extendleft([left[1:], left[:1]])
        else:
            middle = len(left) // 2
            self.batches.extendleft([left[middle:], left[:middle]])

    def isolate(self, talk: Conversation, left: list[str], failure: ProgramFailure) -> None:
        """Suspect the first question after the last answered one: ask it alone, then the others."""
        last = max(talk.asked.index(id_) for id_ in talk.answers)
        later = [id_ for id_ in talk.asked[last + 1 :] if id_ in left]
        if failure.kind == "missing-answer":
            skipped = ProgramFailure("missing-answer", "no answer, but answers to later questions")
            for id_ in left:
                if id_ not in later:
                    self.lose(id_, skipped)
            left = later
        if not left:
            return
        suspect = (later or left)[0]
        if others := [id_ for id_ in left if id_ != suspect]:
            self.batches.appendleft(others)
        if failure.kind == "hang" or self.confirmed >= CONFIRMED:
            self.lose(suspect, failure)
        else:
            self.suspected[suspect] = failure
            self.batches.appendleft([suspect])

    def settle_suspects(self) -> None:
        """Note a failure at a question that is answered alone: it depends on the questions before."""
        for id_, failure in self.suspected.items():
            if id_ in self.transcript.answers and not self.transcript.failure:
                detail = f"{failure.detail}, at {id_}, which it answers when it is asked alone"
                self.transcript.failure = replace(failure, detail=detail)

    def lose(self, id_: str, failure: ProgramFailure) -> None:
        """Note the failure of a question, and do not ask about the same case again."""
        self.transcript.lost[id_] = failure
        kept = ([other for other in batch if case_of(other) != case_of(id_)] for batch in self.batches)
        self.batches = deque(filter(None, kept))

    def lose_all(self, failure: ProgramFailure) -> None:
        """Note a failure that leaves every question without an answer."""
        self.batches.clear()
        violation = self.transcript.failure
        if violation:  # lines that are no answers are the likeliest reason
            kind = violation.kind if failure.kind == "missing-answer" else failure.kind
            failure = replace(failure, kind=kind, detail=f"{violation.detail}; then it {failure.detail}")
        self.transcript.failure = replace(failure, whole=True)
        for id_ in self.questions:
            self.lose(id_, self.transcript.failure)

    def give_up(self, why: str) -> None:
        """Lose all questions that were not asked yet."""
        for id_ in (id_ for batch in self.batches for id_ in batch):
            self.lose(id_, ProgramFailure("given-up", f"not asked: {why}"))
        self.batches.clear()
