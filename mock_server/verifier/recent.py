"""Remembers the timestamps of the last requests: a client that keeps a signature signs with one of them."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Final

_KEPT: Final = 20  # timestamps for each access key
_LONGEST: Final = 19  # digits


class RecentTimestamps:
    """The last 20 different timestamps of each access key. Thread-safe."""

    def __init__(self) -> None:
        """Remember nothing yet."""
        self._timestamps: dict[bytes, OrderedDict[bytes, None]] = {}
        self._lock = threading.Lock()

    def of(self, access_key: bytes) -> tuple[bytes, ...]:
        """Return the timestamps that came with an access key, newest first."""
        with self._lock:
            return tuple(reversed(self._timestamps.get(access_key, ())))

    def add(self, access_key: bytes, timestamp: bytes) -> None:
        """Remember a timestamp. Call this for known access keys only: their number bounds the memory."""
        if not timestamp.isdigit() or len(timestamp) > _LONGEST:
            return
        with self._lock:
            kept = self._timestamps.setdefault(access_key, OrderedDict())
            kept[timestamp] = None
            kept.move_to_end(timestamp)
            if len(kept) > _KEPT:
                kept.popitem(last=False)

    def clear(self) -> None:
        """Forget all timestamps."""
        with self._lock:
            self._timestamps.clear()
