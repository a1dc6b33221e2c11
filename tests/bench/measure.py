"""A measurement, its limit, and how two things are timed against each other on a busy machine."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

ROUNDS = 5


@dataclass(frozen=True)
class Measure:
    """One line of the closing table.

    Args:
        name: what was measured, and against what.
        value: the figure, in `unit`.
        unit: `x` for a ratio; `/s`, `s`, `ms`, `MB`.
        at_most: the limit from above, if there is one.
        at_least: the limit from below, if there is one.
    """

    name: str
    value: float
    unit: str = "x"
    at_most: float | None = None
    at_least: float | None = None

    @property
    def limit(self) -> str:
        """The limit as the table shows it."""
        if self.at_most is not None:
            return f"at most {self.at_most:g}"
        return f"at least {self.at_least:g}" if self.at_least is not None else "reported"

    @property
    def held(self) -> bool:
        """Whether the figure is within its limit; always true where there is none."""
        return (self.at_most is None or self.value <= self.at_most) and (
            self.at_least is None or self.value >= self.at_least
        )


def seconds(call: Callable[[], object]) -> float:
    """How long one call takes, in seconds."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def alternate(
    ours: Callable[[], float], bare: Callable[[], float], rounds: int = ROUNDS
) -> tuple[float, float]:
    """The medians of two figures, measured in turn so that a slow spell of the machine hits both.

    Each round also changes who goes first. Both are called once before, unmeasured.
    """
    ours()
    bare()
    figures: tuple[list[float], list[float]] = ([], [])
    for number in range(rounds):
        for which in (0, 1) if number % 2 else (1, 0):
            figures[which].append((ours, bare)[which]())
    return statistics.median(figures[0]), statistics.median(figures[1])
