"""Selects vectors by flag and by code; pytest's `-k` selects them by id."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from tests.conformance.signatures.cases import SignatureVector

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from tests.conformance.refusals.cases import RefusalVector
    from tests.conformance.vectors.suite import Suite


def flags_of(vector: SignatureVector | RefusalVector) -> set[str]:
    """Return the values of `--flag` that select a vector."""
    return set(vector.flags) if isinstance(vector, SignatureVector) else set()


def codes_of(vector: SignatureVector | RefusalVector) -> set[str]:
    """Return the values of `--code` that select a vector: its code, and its mistake."""
    if isinstance(vector, SignatureVector):
        return {vector.refuse} if vector.refuse else set()
    return {name for name in (vector.expected.code, vector.expected.mistake) if name}


@dataclass(frozen=True)
class Selection:
    """The flags and codes of the options. Without any, every vector is selected."""

    flags: frozenset[str]
    codes: frozenset[str]

    def __bool__(self) -> bool:
        """Whether an option was given."""
        return bool(self.flags or self.codes)

    def selects(self, vector: SignatureVector | RefusalVector) -> bool:
        """Return whether a vector is selected."""
        return not self or bool(self.flags & flags_of(vector) or self.codes & codes_of(vector))


def selection(suite: Suite, flags: Iterable[str], codes: Iterable[str]) -> Selection:
    """Return the selection of the options.

    Raises:
        ValueError: no vector has a flag or a code; the text is one line with the nearest existing names.
    """
    chosen = Selection(frozenset(flags), frozenset(codes))
    vectors: list[SignatureVector | RefusalVector] = [*suite.signatures, *suite.refusals.vectors]
    _check("--flag", chosen.flags, set().union(*map(flags_of, vectors)))
    _check("--code", chosen.codes, set().union(*map(codes_of, vectors)))
    return chosen


def _check(option: str, given: Collection[str], existing: Collection[str]) -> None:
    for name in sorted(set(given) - set(existing)):
        near = get_close_matches(name, existing) or sorted(existing)
        raise ValueError(f"{option} {name!r}: no vector has it; try {', '.join(near)}")
