"""Selects cases: by exact id or glob (`-k`), by flag and by code."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from .refusals.cases import RefusalVector
from .signatures.cases import SignatureVector

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from .vectors.suite import Suite, Vector


def flags_of(vector: Vector) -> set[str]:
    """Return the values of `--flag` that select a vector."""
    return set(vector.flags) if isinstance(vector, SignatureVector) else set()


def codes_of(vector: Vector) -> set[str]:
    """Return the values of `--code` that select a vector: its code, and its mistake."""
    if isinstance(vector, RefusalVector):
        return {name for name in (vector.expected.code, vector.expected.mistake) if name}
    return {vector.refuse} if vector.refuse else set()


@dataclass(frozen=True)
class Selection:
    """The options that select cases. Without any, every case is selected.

    `patterns` are exact names or globs: of an id, of an implementation, or of both joined by a slash.
    """

    flags: frozenset[str] = frozenset()
    codes: frozenset[str] = frozenset()
    patterns: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether an option was given."""
        return bool(self.flags or self.codes or self.patterns)

    @property
    def options(self) -> tuple[str, ...]:
        """The options as a user types them."""
        given = [
            *(f"--flag={flag}" for flag in sorted(self.flags)),
            *(f"--code={code}" for code in sorted(self.codes)),
        ]
        return (*given, *(["-k", " ".join(self.patterns)] if self.patterns else []))

    def matches(self, implementation: str, id_: str) -> bool:
        """Return whether a pattern selects a case, or there is no pattern."""
        return not self.patterns or any(matches(each, implementation, id_) for each in self.patterns)

    def selects(self, implementation: str, vector: Vector) -> bool:
        """Return whether a vector is selected for an implementation."""
        chosen = self.flags & flags_of(vector) or self.codes & codes_of(vector)
        return bool(chosen or not (self.flags or self.codes)) and self.matches(implementation, vector.id)


def matches(pattern: str, implementation: str, id_: str) -> bool:
    """Return whether a pattern is the name of a case, or a glob that matches it."""
    return any(fnmatchcase(name, pattern) for name in (id_, implementation, f"{implementation}/{id_}"))


def patterns(text: str) -> tuple[str, ...]:
    """Return the patterns of `-k`, which are separated by spaces or commas."""
    return tuple(re.findall(r"[^\s,]+", text))


def selection(suite: Suite, flags: Iterable[str], codes: Iterable[str], keywords: str = "") -> Selection:
    """Return the selection of the options.

    Raises:
        ValueError: no vector has a flag or a code; the text is one line with the nearest existing names.
    """
    chosen = Selection(frozenset(flags), frozenset(codes), patterns(keywords))
    vectors = suite.vectors
    _check("--flag", chosen.flags, set().union(*map(flags_of, vectors)))
    _check("--code", chosen.codes, set().union(*map(codes_of, vectors)))
    return chosen


def check_patterns(chosen: Selection, names: Collection[tuple[str, str]]) -> None:
    """Check that each pattern selects something; `names` are all implementations and ids.

    Raises:
        ValueError: one selects nothing; the text is one line with the nearest ids.
    """
    for pattern in chosen.patterns:
        if not any(matches(pattern, *name) for name in names):
            ids = sorted({id_ for _, id_ in names} | {implementation for implementation, _ in names})
            near = get_close_matches(pattern.rpartition("/")[2], ids)
            hint = f"try {', '.join(near)}" if near else "--list prints all ids"
            raise ValueError(f"-k {pattern!r}: nothing has this id; {hint}")


def _check(option: str, given: Collection[str], existing: Collection[str]) -> None:
    for name in sorted(set(given) - set(existing)):
        near = get_close_matches(name, existing) or sorted(existing)
        raise ValueError(f"{option} {name!r}: no vector has it; try {', '.join(near)}")
