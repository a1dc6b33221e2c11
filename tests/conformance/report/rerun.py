"""The command that runs a case again, as a user types it."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..programs.implementations import Implementation

NOX = "nox -R -s conformance --"


@dataclass(frozen=True)
class Rerun:
    """How to run cases again: the program, the seed of this run, and other options that matter."""

    command: str = NOX
    seed: int | None = None
    options: tuple[str, ...] = ()  # as given

    def case(self, name: str, implementation: Implementation | None = None) -> str:
        """Return the command for one case, alone."""
        if implementation is None:
            return self._join([f"-k {shlex.quote(name)}"])
        pattern = shlex.quote(f"{implementation.name}/{name}")
        return self._join([*_program(implementation), *map(shlex.quote, self.options), f"-k {pattern}"])

    def everything(self, implementation: Implementation, selected: tuple[str, ...] = ()) -> str:
        """Return the command for all cases of a program in the same order; `selected` are their options."""
        chosen = [shlex.quote(option) for option in selected]
        if not chosen:
            chosen = [f"-k {shlex.quote(implementation.name)}"]
        seed = [f"--seed {self.seed}"] if self.seed is not None else []
        return self._join([*_program(implementation), *map(shlex.quote, self.options), *chosen, *seed])

    def _join(self, words: list[str]) -> str:
        return " ".join((self.command, *words))


def _program(implementation: Implementation) -> list[str]:
    if not implementation.option:
        return []
    return [f"--{implementation.role} {shlex.quote(implementation.option)}"]


RERUN = Rerun()
