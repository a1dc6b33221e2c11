"""A measurement with its limit, and a way to compare two durations on a busy machine."""

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
    """One line of the table.

    Args:
        name: the measured operation, and the operation that it is compared with.
        value: the number, in `unit`.
        unit: `x` for a ratio; `/s`, `s`, `ms`, `MB`.
        at_most: the upper limit, if there is one.
        at_least: the lower limit, if there is one.
    """

    name: str
    value: float
    unit: str = "x"
    at_most: float | None = None
    at_least: float | None = None

    @property
    def limit(self) -> str:
        """Return the limit as the table shows it."""
        if self.at_most is not None:
            return f"at most {self.at_most:g}"
        return f"at least {self.at_least:g}" if self.at_least is not None else "reported"

    @property
    def held(self) -> bool:
        """Return whether the value is within its limit. Without a limit it always is."""
        return (self.at_most is None or self.value <= self.at_most) and (
            self.at_least is None or self.value >= self.at_least
        )


def seconds(call: Callable[[], object]) -> float:
    """Return how long one call takes, in seconds."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def alternate(
    first: Callable[[], float], second: Callable[[], float], rounds: int = ROUNDS
) -> tuple[float, float]:
    """Return the medians of two durations, measured in turn so that a slow moment affects both.

    Each round exchanges their order. Both are called once before the first round.
    """
    first()
    second()
    figures: tuple[list[float], list[float]] = ([], [])
    for number in range(rounds):
        for which in (0, 1) if number % 2 else (1, 0):
            figures[which].append((first, second)[which]())
    return statistics.median(figures[0]), statistics.median(figures[1])
