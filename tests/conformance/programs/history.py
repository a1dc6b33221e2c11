"""Finds programs that keep a state: their answer depends on the questions that were asked before.

A wrong answer alone shows no state: a signer that always signs GET gives the signature of another case as
well. So the question is asked again, alone, in a new process. If the answer is another one, there is a state.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..report.results import Judgement
from ..report.text import labelled
from ..signatures.cases import SignatureVector
from .order import FIELDS, signature

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from .answers import Answer
    from .order import Question
    from .runner import Transcript

MAX_ASKED = 16  # questions that are asked alone
SAMPLES = 2  # of each kind of failure
MOST = 0.8  # share of the failures that give all of them their name

EARLIER = "earlier answer"
ORDER = "depends on the order"
ALONE = "asked alone, in a new process, it gets another answer: answers depend on the questions before"


@dataclass(frozen=True)
class Earlier:
    """The question whose answer a wrong answer is, and how many questions ago it was asked.

    `nearest` is how many questions ago the last such question was asked.
    """

    question: Question
    distance: int
    nearest: int


@dataclass
class History:
    """The questions and answers of one program, in the order asked, and how to ask it one question alone."""

    questions: Mapping[str, Question]
    transcript: Transcript
    ask_alone: Callable[[Question], Answer | None]
    _places: dict[str, tuple[int, int]] = field(default_factory=dict)  # process and place of each id
    _contents: dict[tuple[int, str], list[int]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        """Note the place of each question, and which answers are right or were given there.

        A later process was asked again what an earlier one lost.
        """
        for process, asked in enumerate(self.transcript.processes):
            for place, id_ in enumerate(asked):
                self._places[id_] = process, place
                contents = {_right(self.questions[id_])}
                if answer := self.transcript.answers.get(id_):
                    contents.add(_content(answer)[0])
                for content in contents:
                    self._contents[process, content].append(place)

    def earlier(self, id_: str) -> Earlier | None:
        """Return the question asked before whose right or given answer is the answer to this question.

        If there are several, it is the last one that differs in one field, or else the last one.
        """
        content, _, _ = _content(self.transcript.answers[id_])
        if not content:
            return None
        this = self.questions[id_]
        process, place = self._places[id_]
        asked = self.transcript.processes[process]
        places = [
            earlier
            for earlier in reversed(self._contents[process, content])
            if earlier < place and self.questions[asked[earlier]].fields != this.fields
        ]
        found = [
            Earlier(self.questions[asked[earlier]], place - earlier, place - places[0]) for earlier in places
        ]
        similar = (each for each in found if len(_differing(this, each.question)) == 1)
        return next(similar, found[0] if found else None)

    def explain(self, failures: Mapping[str, Judgement]) -> dict[str, Judgement]:
        """Return the failures that a state explains, with other names and explanations."""
        found = {id_: self.earlier(id_) for id_ in failures}
        kinds: dict[str, list[str]] = defaultdict(list)
        for id_, judgement in failures.items():
            kinds[EARLIER if found[id_] else judgement.name].append(id_)
        asked = 0
        depends: list[str] = []
        for ids in sorted(kinds.values(), key=len, reverse=True):
            samples = self._samples(ids)[: MAX_ASKED - asked]
            asked += len(samples)
            if any(map(self._depends, samples)):
                depends += ids
        matched = {id_: earlier for id_ in depends if (earlier := found[id_])}
        name = self._earlier_name(matched) if 2 * len(matched) >= len(depends) > 0 else ORDER
        return {
            id_: self._explain_earlier(name, id_, matched[id_], failures[id_])
            if id_ in matched
            else self._explain_other(name, id_, failures[id_])
            for id_ in depends
        }

    def _before(self, id_: str) -> Sequence[str]:
        """Return the questions that the same process was asked before, in their order."""
        process, place = self._places[id_]
        return self.transcript.processes[process][:place]

    def _samples(self, ids: Sequence[str]) -> list[str]:
        """Return some failures to ask again: the last ones, which most questions precede."""
        return sorted(ids, key=self._places.__getitem__)[-SAMPLES:]

    def _depends(self, id_: str) -> bool:
        """Return whether the program answers the question in another way when it is asked alone."""
        alone = self.ask_alone(self.questions[id_])
        given = self.transcript.answers[id_]
        if alone is None:
            return False
        return (_content(alone), alone.authorization) != (_content(given), given.authorization)

    def _earlier_name(self, matched: Mapping[str, Earlier]) -> str:
        """Return the name of the failures: what all the questions with an earlier answer have in common."""
        differing = Counter(
            " and ".join(_differing(self.questions[id_], each.question)) for id_, each in matched.items()
        )
        [(fields, number)] = differing.most_common(1)
        if fields in FIELDS and number >= MOST * len(matched):
            return f"{EARLIER}, to a question with another {fields}"
        if sum(each.nearest == 1 for each in matched.values()) >= MOST * len(matched):
            return "answer to the question before"
        return EARLIER

    def _explain_earlier(self, name: str, id_: str, earlier: Earlier, judgement: Judgement) -> Judgement:
        other, distance = earlier.question, earlier.distance
        what = next(iter(self.transcript.answers[id_].fields))
        when = "the question before" if distance == 1 else f"{distance} questions before"
        changed = f" with another {other.changed}" if other.changed else ""
        lines = (
            *judgement.lines[:-1],
            labelled("why", f"this is the {what} of `{other.case}`{changed}, asked before ({when})"),
            labelled("", f"the two questions differ in: {', '.join(_differing(self.questions[id_], other))}"),
        )
        return Judgement("failed", name, lines, needs_order=True)

    def _explain_other(self, name: str, id_: str, judgement: Judgement) -> Judgement:
        lines = [*judgement.lines, labelled("why", ALONE)]
        before = self._before(id_)
        refusal = next((each for each in reversed(before) if self.questions[each].vector.refuse), None)
        if judgement.name == "refused" and refusal:
            case = self.questions[refusal].case
            lines.append(labelled("", f"the last input before it that must be refused is `{case}`"))
            return Judgement("failed", "refused after a refusal", tuple(lines), needs_order=True)
        if before:
            lines.append(labelled("", f"the question before it is `{self.questions[before[-1]].case}`"))
        return Judgement("failed", name, tuple(lines), needs_order=True)


def _content(answer: Answer) -> tuple[str, bool, bool]:
    """Return what an answer says, without the words of a reason."""
    texts = (answer.fields[name] for name in sorted(answer.fields) if name != "authorization")
    return "\n".join(texts), answer.refused is not None, answer.cannot is not None


def _right(question: Question) -> str:
    """Return the content of the right answer; of an input that must be refused, what a wrong signer signs."""
    expected = question.vector.expected
    if isinstance(question.vector, SignatureVector):
        return str(expected or signature(question.vector))
    if expected is None or isinstance(expected, str):
        return expected or ""
    return f"{expected.access_key}\n{expected.base_url}\n{expected.secret_key}"


def _differing(one: Question, other: Question) -> list[str]:
    """Return the names of the fields in which two questions differ."""
    return [name for name in one.fields if one.fields[name] != other.fields.get(name)]
