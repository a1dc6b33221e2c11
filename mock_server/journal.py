"""The journal: the last requests with their results, and counts of all requests."""

from __future__ import annotations

import threading
from collections import Counter, deque
from dataclasses import asdict, dataclass
from typing import Any, Final

_CAPACITY: Final = 500
_TEXT_LIMIT: Final = 8192  # characters of a target; 64 KiB are possible, and 500 of those would be 32 MB


@dataclass(slots=True)
class Entry:
    """One request and its result. It holds no header and no body, so it cannot hold a secret.

    Attributes:
        time: the mock's clock when the request arrived, in milliseconds since 1970-01-01 UTC.
        method: the method as received.
        target: the request target as received.
        status: the status of the response; None if a fault ended the connection without a response.
        code: the code of a refusal, ``ok``, or ``unsigned`` for a request that needs no signature.
        mistake: the mistake of a refusal, ``timestamp_unit`` for accepted seconds, otherwise None.
        fault: the fault that was injected, as ``--fault`` takes it, or None.
    """

    time: int
    method: str
    target: str
    status: int | None = None
    code: str = "unsigned"
    mistake: str | None = None
    fault: str | None = None


class Journal:
    """Keeps the last 500 entries, and counts all entries by code and by fault. Thread-safe."""

    def __init__(self) -> None:
        """Create an empty journal."""
        self._entries: deque[Entry] = deque(maxlen=_CAPACITY)
        self._codes: Counter[str] = Counter()
        self._faults: Counter[str] = Counter()
        self._lock = threading.Lock()

    def add(self, entry: Entry) -> None:
        """Append an entry, with its method and target shortened to 8192 characters each.

        The oldest entry is dropped when the journal is full.
        """
        if len(entry.target) > _TEXT_LIMIT:
            entry.target = entry.target[:_TEXT_LIMIT] + "..."
        entry.method = entry.method[:_TEXT_LIMIT]
        with self._lock:
            self._entries.append(entry)
            self._codes[entry.code] += 1
            if entry.fault is not None:
                self._faults[entry.fault] += 1

    def entries(self) -> list[dict[str, Any]]:
        """Return the entries, oldest first, as JSON-able dictionaries."""
        with self._lock:
            return [asdict(entry) for entry in self._entries]

    def clear(self) -> None:
        """Remove the entries. The counts stay: they cover the server's whole life."""
        with self._lock:
            self._entries.clear()

    def counts(self) -> dict[str, int]:
        """Return the number of requests by code, most frequent first."""
        with self._lock:
            return dict(self._codes.most_common())

    def fault_counts(self) -> dict[str, int]:
        """Return the number of requests by injected fault. Requests without a fault are not included."""
        with self._lock:
            return dict(self._faults)
