"""Recognises an accepted signature that comes again: a client must sign each attempt afresh."""

from __future__ import annotations

import hashlib
import threading
import time
from collections import OrderedDict
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

_CAPACITY: Final = 10_000
_SAME_MOMENT: Final = 50_000_000
"""Nanoseconds within which a signature that comes again is no replay: two requests of one
millisecond sign alike."""


class Replays:
    """Remembers the last 10,000 accepted signatures. Thread-safe."""

    def __init__(self, monotonic: Callable[[], int] = time.monotonic_ns) -> None:
        """Remember nothing yet.

        Args:
            monotonic: returns nanoseconds that never run backwards.
        """
        self._monotonic = monotonic
        self._first: OrderedDict[bytes, tuple[int, int]] = OrderedDict()
        self._lock = threading.Lock()

    def age(self, authorization: str, time: int) -> int | None:
        """Remember an accepted Authorization header.

        Args:
            authorization: the value of the header.
            time: the mock's clock. While it stands still, new signatures are like the old ones: a signature
                that comes again then is no replay.

        Returns:
            The milliseconds since it was received first, if it is a replay, otherwise None.
        """
        digest = hashlib.sha256(authorization.encode("latin-1")).digest()
        with self._lock:
            now = self._monotonic()
            first, first_time = self._first.setdefault(digest, (now, time))
            self._first.move_to_end(digest)
            if len(self._first) > _CAPACITY:
                self._first.popitem(last=False)
        is_replay = now - first >= _SAME_MOMENT and time != first_time
        return (now - first) // 1_000_000 if is_replay else None

    def clear(self) -> None:
        """Forget all signatures."""
        with self._lock:
            self._first.clear()
