"""What was asked and what was answered: the last few hundred requests, and the count of all."""

from __future__ import annotations

import threading
from collections import Counter, deque
from dataclasses import asdict, dataclass
from typing import Any, Final

_KEPT: Final = 500
_LONGEST: Final = 8192  # characters of a target: the journal stays small under 500 of the longest, 64 KiB


@dataclass(slots=True)
class Entry:
    """One request. Headers and bodies are never kept: there is no place for a secret in here.

    ``time`` is the mock's clock in milliseconds; ``status`` is None where a fault ended the connection
    without an answer; ``code`` is a code of a refusal, ``ok``, or ``unsigned`` for what needs no signature;
    ``mistake`` is None, the refusal's, or ``timestamp_unit`` where seconds were let through; ``fault`` is the
    fault that was at work, as one would give it to ``--fault``.
    """

    time: int
    method: str
    target: str
    status: int | None = None
    code: str = "unsigned"
    mistake: str | None = None
    fault: str | None = None


class Journal:
    """The last 500 entries, oldest first, and how many requests there were of each code. Thread-safe."""

    def __init__(self) -> None:
        """Start empty."""
        self._entries: deque[Entry] = deque(maxlen=_KEPT)
        self._counts: Counter[str] = Counter()
        self._hits: Counter[str] = Counter()
        self._lock = threading.Lock()

    def add(self, entry: Entry) -> None:
        """Remember one; the oldest goes."""
        if len(entry.target) > _LONGEST:
            entry.target = entry.target[:_LONGEST] + "..."
        entry.method = entry.method[:_LONGEST]
        with self._lock:
            self._entries.append(entry)
            self._counts[entry.code] += 1
            if entry.fault is not None:
                self._hits[entry.fault] += 1

    def entries(self) -> list[dict[str, Any]]:
        """All that is kept, JSON-able."""
        with self._lock:
            return [asdict(entry) for entry in self._entries]

    def clear(self) -> None:
        """Forget the entries. The counts go on: they are the summary of the server's whole life."""
        with self._lock:
            self._entries.clear()

    def counts(self) -> dict[str, int]:
        """Requests since the start by code, the most frequent first."""
        with self._lock:
            return dict(self._counts.most_common())

    def hits(self) -> dict[str, int]:
        """Requests since the start by the fault that was at work; those without one are not in here."""
        with self._lock:
            return dict(self._hits)
