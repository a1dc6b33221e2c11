"""Compares the digests of many candidates with a wanted one, in turns with other searches, on a budget.

Each candidate costs two copies of half-made hashes. A set compares digests by Python's hash of bytes. It is
randomised for each process, so the time of a comparison says nothing about how many bytes are equal.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Final

from mock_server.verifier.hmac_key import Key, find_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from mock_server.verifier.mistakes.aspect import Attempt
    from mock_server.verifier.variants import Texts

_BUDGET: Final = 40_000_000  # units of about a nanosecond of CPU time
_CANDIDATE: Final = 700  # units for a candidate, beside one for each byte of its text
_DIGESTED: Final = 3  # hashes of the whole text that a wrong digest makes at most


@dataclass(frozen=True, slots=True)
class Turns:
    """Lets one search at a time look for everything, so that refusals leave time to other requests.

    A search that waits longer than ``patience`` for its turn looks for one mistake only. Every search pauses
    often, because a thread that computes keeps Python's global lock for 5 ms if another one wants it.

    Attributes:
        patience: seconds to wait for a turn.
        pause: waits for a number of seconds.
    """

    patience: float = 0.25
    pause: Callable[[float], None] = time.sleep
    deep: threading.Lock = field(default_factory=threading.Lock)
    shallow: threading.Lock = field(default_factory=threading.Lock)

    def rest(self) -> None:
        """Let other threads run, if there are any."""
        if threading.active_count() > 1:
            self.pause(_PAUSE)


_PAUSE: Final = 0.001  # seconds
_WORK: Final = 1000  # candidates between two pauses: less than a millisecond of work


class Comparison:
    """Compares candidates with one digest until the budget is used up.

    Attributes:
        attempt: the request whose signature is explained.
        key: its secret key.
        cut: whether the budget was used up, so that candidates were left out.
    """

    def __init__(self, attempt: Attempt, wanted: bytes, turns: Turns) -> None:
        """Take the attempt, the digest, and the turns of the search."""
        self.attempt = attempt
        self.key = Key(attempt.secret)
        self.cut = False
        self._turns = turns
        self._wanted = frozenset((wanted,))
        self._left = _BUDGET
        self._work = 0

    def find(self, texts: Texts, key: Key | None = None) -> bytes | None:
        """Return the text whose HMAC is the digest."""
        prefix, rests = texts
        if not self.affords(len(rests), max(0, len(self.attempt.text) - len(prefix))):
            return None
        find, others = (key or self.key).find, iter(rests)
        while some := list(islice(others, _WORK)):
            self._pause(len(some))
            rest = find(some, self._wanted, prefix)
            if rest is not None:
                return prefix + rest
        return None

    def find_key(self, keys: Sequence[Key]) -> int | None:
        """Return the place of the key by which the HMAC of the right text is the digest."""
        text = self.attempt.text
        if not self.affords(len(keys), len(text)):
            return None
        self._pause(len(keys))
        return find_key(keys, text, self._wanted)

    def place(self, digests: Iterable[bytes], count: int) -> int | None:
        """Return the place of the digest among so many."""
        if not self.affords(count, _DIGESTED * len(self.attempt.text)):
            return None
        self._pause(count)
        wanted = self._wanted
        return next((place for place, digest in enumerate(digests) if digest in wanted), None)

    def affords(self, candidates: int, length: int) -> bool:
        """Take from the budget what so many candidates of a length cost; return whether it was enough."""
        self._left -= candidates * (_CANDIDATE + length)
        self.cut |= self._left < 0
        return self._left >= 0

    def _pause(self, count: int) -> None:
        """Pause from time to time, before so many candidates are compared."""
        self._work += count
        if self._work > _WORK:
            self._work = 0
            self._turns.rest()
