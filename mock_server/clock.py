"""The mock's clock: it runs or stands still, and requests to ``/_mock/clock`` change it."""

from __future__ import annotations

import re
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

LATEST: Final = 2**63 - 1
"""The largest time: milliseconds in a signed integer of 64 bits."""

_USAGE: Final = 'send {"set": "MS"}, {"advance": "MS"} or {"run": true}, with MS in milliseconds'
_DIGITS: Final = re.compile("[0-9]{1,30}")


def system_clock() -> int:
    """Return the system's time in milliseconds since 1970-01-01 UTC."""
    return time.time_ns() // 1_000_000


@dataclass(frozen=True, slots=True)
class FrozenClock:
    """A clock that always returns ``time``, in milliseconds since 1970-01-01 UTC."""

    time: int

    def __call__(self) -> int:
        """Return the time."""
        return self.time


class ClockError(ValueError):
    """Raised for a change of the clock that is not possible. The message is one line."""


class MockClock:
    """A clock that can be set, advanced, stopped and started. Thread-safe."""

    def __init__(self, start: Callable[[], int]) -> None:
        """Follow another clock.

        Args:
            start: returns milliseconds since 1970-01-01 UTC. A ``FrozenClock`` stands still; after ``run``,
                the system's clock makes it run.
        """
        self._start = start
        self._ticks = system_clock if isinstance(start, FrozenClock) else start
        self._lock = threading.Lock()
        self.reset()

    def __call__(self) -> int:
        """Return the time in milliseconds since 1970-01-01 UTC."""
        with self._lock:
            return self._now()

    def _now(self) -> int:
        return self._frozen if self._frozen is not None else min(self._ticks() + self._offset, LATEST)

    def reset(self) -> None:
        """Restore the clock at start."""
        with self._lock:
            self._frozen = self._start.time if isinstance(self._start, FrozenClock) else None
            self._offset = 0
            self._changed = False

    def change(self, change: object) -> None:
        """Apply a JSON value: ``{"set": "MS"}``, ``{"advance": "MS"}`` or ``{"run": true}``.

        ``set`` stops the clock at a time. ``advance`` adds to its time; a clock that runs goes on running.
        ``run`` makes it run from its present time on.

        Raises:
            ClockError: the value is another one, or the time would be beyond 64 bits. The clock is unchanged.
        """
        if not isinstance(change, dict) or len(change) != 1:
            raise ClockError(f"the body is not an object with one key: {_USAGE}")
        ((name, value),) = change.items()
        if name not in ("set", "advance", "run"):
            raise ClockError(f"the key {name!r:.80} is unknown: {_USAGE}")
        if name == "run" and value is not True:
            raise ClockError(f"run is not true: {_USAGE}")
        amount = 0 if name == "run" else _milliseconds(name, value)
        with self._lock:
            now = self._now()
            if name == "advance" and now + amount > LATEST:
                raise ClockError(f"advance: the time would be above {LATEST}: send a smaller number")
            if name == "set":
                self._frozen = amount
            elif name == "advance" and self._frozen is not None:
                self._frozen += amount
            elif name == "advance":
                self._offset += amount
            elif self._frozen is not None:
                self._offset, self._frozen = self._frozen - self._ticks(), None
            self._changed = True

    def as_json(self) -> dict[str, object]:
        """Return the time in milliseconds since 1970-01-01 UTC, and whether the clock runs."""
        with self._lock:
            return {"time": self._now(), "running": self._frozen is None}

    @property
    def advice(self) -> str:
        """What to do about a timestamp refused as too old or too new; empty for the clock of the machine."""
        with self._lock:
            cause = "PUT /_mock/clock changed it" if self._changed else "it was started with --clock"
            if self._frozen is not None:
                return (
                    f"This mock's clock is frozen at {self._frozen} ({cause}):"
                    " sign with that time instead of the machine's."
                )
            if self._offset:
                side = "behind" if self._offset < 0 else "ahead of"
                return (
                    f"This mock's clock is {abs(self._offset)} ms {side} the machine's ({cause}):"
                    " sign with its time, which GET /_mock/clock returns."
                )
            return ""


def _milliseconds(name: str, value: object) -> int:
    """Return the milliseconds of a text or a number.

    Raises:
        ClockError: the value is no whole number of milliseconds, is negative, or is beyond 64 bits.
    """
    text = str(value) if type(value) is int else value  # isinstance would accept True
    if not isinstance(text, str) or not _DIGITS.fullmatch(text) or int(text) > LATEST:
        raise ClockError(f"{name} is not an integer from 0 to {LATEST}: {_USAGE}")
    return int(text)
