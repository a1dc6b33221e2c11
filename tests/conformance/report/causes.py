"""Shows failures by cause: one of each whole, the others by id."""

from __future__ import annotations

import textwrap
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .text import failure, labelled

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ..signatures.cases import Flag
    from .results import Result

STATE = "an answer is kept, or mixed with that to another question"
STATE_EFFECT = "the first request works, and a later one gets a 401"
WIDTH = 100  # columns of a list of ids
ID_LINES = 6  # lines of ids
DETAIL_LINES = 30  # lines of the failure that is shown whole
WHOLE = 10  # causes of one implementation that are shown whole
NOTES = 12  # reasons of cases that did not run
BRIEF = 20  # causes that are one line each


@dataclass(frozen=True)
class Cause:
    """The failures of one implementation with one cause, and all its results."""

    name: str
    failures: Sequence[Result]
    results: Sequence[Result]

    @property
    def cases(self) -> list[Result]:
        """The failures without that of the protocol."""
        return [each for each in self.failures if each.kind != "protocol"]

    @property
    def title(self) -> str:
        """The implementation, the number of failures, and the name of the cause."""
        return f"{self.failures[0].implementation}  {self._counted()}: {self.name.rpartition(' / ')[2]}"

    def brief(self) -> str:
        """Return one line with the title and an example."""
        return f"FAIL  {self.title}, such as {self.failures[0].id}"

    def whole(self, flags: Mapping[str, Flag]) -> str:
        """Return the text of the cause: one failure whole, the flag in words, and the other ids."""
        flag = self._flag(flags)
        shown = self._shown(flag)
        first, *lines = shown.detail.split("\n      ")
        again = [lines.pop()] if lines and lines[-1].startswith("again ") else []
        more = (
            [labelled("", f"... and {len(lines) - DETAIL_LINES} more lines")] if lines[DETAIL_LINES:] else []
        )
        lines = [*lines[:DETAIL_LINES], *more]
        if shown.kind != "protocol" and self._is_state:
            lines += [labelled("bug", STATE), labelled("effect", STATE_EFFECT)]
        elif shown.kind != "protocol" and flag in flags:
            lines += _wrapped("bug", f"{flag}: {flags[flag].bug}") + _wrapped("effect", flags[flag].effect)
        if len(self.cases) <= 1:
            return "\n      ".join((first, *lines, *again))
        if shown.kind != "protocol":
            lines.insert(0, labelled("such as", shown.id))
            others = [each.id for each in self.cases if each is not shown]
            lines += _ids(others)
        return failure(self.title, [*lines, *again])

    @property
    def _is_state(self) -> bool:
        return all(each.needs_order for each in self.cases)

    def _counted(self) -> str:
        number = len(self.cases)
        noun = dict.fromkeys(("signature", "target", "settings", "refusal", "wire"), "vector")
        word = noun.get(self.cases[0].kind, "case") if self.cases else "protocol"
        return f"{number} {word}{'s' if number != 1 else ''}" if number else word

    def _flag(self, flags: Mapping[str, Flag]) -> str:
        """Return the flag that fits best: the largest share of its vectors fail for this cause.

        If all vectors of the first flag of the file fail, the rule itself is not implemented.
        """
        signatures = [each for each in self.failures if each.kind == "signature"]
        failed = Counter(flag for each in signatures for flag in each.groups)
        total = Counter(flag for each in self.results if each.kind == "signature" for flag in each.groups)
        smoke = next(iter(flags), "")
        rank = {smoke: 1 if total[smoke] > 1 else -1}
        return max(
            failed,
            key=lambda flag: (failed[flag] / total[flag], rank.get(flag, 0), failed[flag]),
            default="",
        )

    def _shown(self, flag: str) -> Result:
        """Return the failure to show: of a program that answers nothing its own, else one with the flag."""
        protocol = [each for each in self.failures if each.kind == "protocol"]
        if not self.cases or (protocol and len(self.cases) > 1 and self._is_whole()):
            return protocol[0]
        return next((each for each in self.cases if flag in each.groups), self.cases[0])

    def _is_whole(self) -> bool:
        return all(each.output is None for each in self.results)


def causes(results: Iterable[Result]) -> list[Cause]:
    """Return the causes of all failures, the most frequent of each implementation first."""
    of: dict[tuple[str, str], list[Result]] = {}
    for result in results:
        of.setdefault((result.implementation, _family(result)), []).append(result)
    found = []
    for members in of.values():
        groups: dict[str, list[Result]] = {}
        for result in members:
            if result.outcome == "failed":
                groups.setdefault(result.cause or result.id, []).append(result)
        made = [Cause(name, failures, members) for name, failures in groups.items()]
        found += sorted(made, key=lambda cause: -len(cause.failures))
    return found


def _family(result: Result) -> str:
    if result.kind == "protocol":
        return result.groups[0]
    return {"signature": "signer", "target": "client", "settings": "client"}.get(result.kind, result.kind)


def render(results: Iterable[Result], flags: Mapping[str, Flag]) -> list[str]:
    """Return the texts of all failures by cause; those of rare causes of one implementation are brief."""
    texts: list[str] = []
    seen: Counter[tuple[str, str]] = Counter()
    for cause in causes(results):
        owner = cause.failures[0].implementation, _family(cause.failures[0])
        seen[owner] += 1
        if seen[owner] <= WHOLE:
            texts.append(cause.whole(flags))
        elif seen[owner] <= WHOLE + BRIEF:
            texts.append(cause.brief())
    texts += [
        f"FAIL  {name}  and {number - WHOLE - BRIEF} more causes: --report DIR writes all of them"
        for (name, _), number in seen.items()
        if number > WHOLE + BRIEF
    ]
    return texts


def notes(results: Iterable[Result]) -> list[str]:
    """Return one line for each reason of cases that a program did not run: how many, which, and why."""
    groups: dict[tuple[str, str, str], list[str]] = {}
    for result in results:
        if result.outcome in {"not run", "cannot"} and result.kind != "protocol":
            key = result.outcome, result.implementation, result.detail
            groups.setdefault(key, []).append(result.id)
    lines = []
    for (outcome, name, why), ids in groups.items():
        which = f", such as {ids[0]}" if ids[1:] else f", {ids[0]}"
        lines.append(f"{outcome}: {why} ({name}: {len(ids)} vector{'s' if ids[1:] else ''}{which})")
    more = [f"... and {len(lines) - NOTES} more reasons"] if lines[NOTES:] else []
    return lines[:NOTES] + more


def _wrapped(label: str, text: str) -> list[str]:
    first, *others = textwrap.wrap(text, WIDTH) or [""]
    return [labelled(label, first), *(labelled("", line) for line in others)]


def _ids(ids: Sequence[str]) -> list[str]:
    lines = textwrap.wrap(", ".join(ids), WIDTH, break_on_hyphens=False, break_long_words=False)
    shown = [labelled("others" if not number else "", line) for number, line in enumerate(lines[:ID_LINES])]
    left = ", ".join(lines[ID_LINES:]).count(", ") + 1 if lines[ID_LINES:] else 0
    return [*shown, labelled("", f"and {left} more")] if left else shown
