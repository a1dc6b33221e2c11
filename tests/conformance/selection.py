"""Chooses vectors by flag and by code; by id pytest's own -k does it."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from tests.conformance.vectors.suite import RefusalVector, SignatureVector

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from tests.conformance.vectors.suite import Suite


def flags_of(vector: SignatureVector | RefusalVector) -> set[str]:
    """Return the names that --flag takes for a vector."""
    return set(vector.flags) if isinstance(vector, SignatureVector) else set()


def codes_of(vector: SignatureVector | RefusalVector) -> set[str]:
    """Return the names that --code takes for a vector: what refuses it, and for a server the mistake too."""
    if isinstance(vector, SignatureVector):
        return {vector.refuse} if vector.refuse else set()
    return {name for name in (vector.expected.code, vector.expected.mistake) if name}


@dataclass(frozen=True)
class Selection:
    """Flags and codes asked for: a vector with any of them is selected; all are where none is."""

    flags: frozenset[str]
    codes: frozenset[str]

    def __bool__(self) -> bool:
        """Whether anything was asked for."""
        return bool(self.flags or self.codes)

    def wants(self, vector: SignatureVector | RefusalVector) -> bool:
        """Say whether a vector is selected."""
        return not self or bool(self.flags & flags_of(vector) or self.codes & codes_of(vector))


def selection(suite: Suite, flags: Iterable[str], codes: Iterable[str]) -> Selection:
    """Read the options.

    Raises:
        ValueError: a flag or a code that no vector has; one line, with the nearest that exist.
    """
    chosen = Selection(frozenset(flags), frozenset(codes))
    vectors: list[SignatureVector | RefusalVector] = [*suite.signatures, *suite.refusals.vectors]
    _check("--flag", chosen.flags, set().union(*map(flags_of, vectors)))
    _check("--code", chosen.codes, set().union(*map(codes_of, vectors)))
    return chosen


def _check(option: str, asked: Collection[str], there: Collection[str]) -> None:
    for name in sorted(set(asked) - set(there)):
        near = get_close_matches(name, there) or sorted(there)
        raise ValueError(f"{option} {name!r}: no vector has it; there are {', '.join(near)}")
