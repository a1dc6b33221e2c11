"""The journal: the last requests with their results, and counts of all requests."""

from __future__ import annotations

import secrets
import threading
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from mock_server import redaction

if TYPE_CHECKING:
    from mock_server.http import ReceivedRequest
    from mock_server.verifier import Refused
    from mock_server.visible import Mask

_CAPACITY: Final = 500


@dataclass(slots=True)
class Entry:
    """One request and its result. Text is bytes read as Latin-1, except ``body`` and ``message``.

    Attributes:
        time: the mock's clock when the request arrived, in milliseconds since 1970-01-01 UTC.
        method: the method as received.
        target: the request target as received.
        headers: name and value of each header; an Authorization header has no signature.
        body: the first 8 KiB of the body, without passwords.
        status: the status of the response; None if a fault ended the connection without a response.
        code: the code of a refusal, ``ok``, ``unsigned`` for a request that needs no signature, or
            ``malformed`` for one that cannot be read.
        mistake: the mistake of a refusal, ``timestamp_unit`` for accepted seconds, otherwise None.
        message: what is wrong with a refused request, and how to correct it; otherwise None.
        verified: the text that the mock verified; None if the request is not refused or has no such text.
        signed: the text that the client signed; None if it was not found.
        also: what else is wrong with a refused request: mistakes.
        fault: the fault that was injected, as ``--fault`` takes it, or None.
        replay: whether the signature was accepted in an earlier request, at another time of the mock's clock.
        id: the number of the entry in the journal, from 1; ``Journal.add`` sets it.
    """

    time: int
    method: str
    target: str
    headers: list[list[str]] = field(default_factory=list)
    body: str = ""
    status: int | None = None
    code: str = "unsigned"
    mistake: str | None = None
    message: str | None = None
    verified: str | None = None
    signed: str | None = None
    also: list[str] = field(default_factory=list)
    fault: str | None = None
    replay: bool = False
    id: int = 0

    @classmethod
    def of(cls, request: ReceivedRequest, time: int, mask: Mask) -> Entry:
        """Return the entry of a request without its result, and without secret keys.

        Args:
            request: the request as it was received.
            time: the mock's clock, in milliseconds since 1970-01-01 UTC.
            mask: replaces the secret keys that the mock knows.
        """
        return cls(
            time,
            redaction.text(request.method, mask),
            redaction.text(request.target, mask),
            redaction.headers(request.headers, mask),
            redaction.body(request.body, mask),
        )

    def refuse(self, refused: Refused, mask: Mask) -> None:
        """Add why the request is refused."""
        self.code, self.mistake = refused.code, refused.mistake
        self.message = redaction.unicode_text(refused.message, mask)
        self.verified, self.signed = (
            None if each is None else redaction.text(each.decode("latin-1"), mask)
            for each in (refused.expected, refused.signed)
        )
        self.also = list(refused.also)

    def mask(self, mask: Mask) -> None:
        """Replace the secret keys that became known after the request."""
        self.method, self.target = redaction.text(self.method, mask), redaction.text(self.target, mask)
        self.headers = [[redaction.text(each, mask) for each in header] for header in self.headers]
        if self.verified is not None:
            self.verified = redaction.text(self.verified, mask)
        if self.signed is not None:
            self.signed = redaction.text(self.signed, mask)
        self.body = redaction.unicode_text(self.body, mask)
        if self.message is not None:
            self.message = redaction.unicode_text(self.message, mask)
        if self.fault is not None:
            self.fault = redaction.unicode_text(self.fault, mask)

    def as_json(self) -> dict[str, Any]:
        """Return the entry as a JSON-able dictionary."""
        return {name: getattr(self, name) for name in _FIELDS}


_FIELDS: Final = (
    *("id", "time", "method", "target", "headers", "body", "status", "code", "mistake", "message"),
    *("verified", "signed", "also", "fault", "replay"),
)


class Journal:
    """Keeps the last 500 entries, and counts all entries by code and by fault. Thread-safe."""

    def __init__(self) -> None:
        """Create an empty journal."""
        self._entries: deque[Entry] = deque(maxlen=_CAPACITY)
        self._codes: Counter[str] = Counter()
        self._faults: Counter[str] = Counter()
        self._last_id = 0
        self._generation = secrets.token_hex(8)
        self._lock = threading.Lock()

    @property
    def generation(self) -> str:
        """A text that is another one after each ``clear`` and in each other journal."""
        return self._generation

    def add(self, entry: Entry) -> None:
        """Append an entry and give it its id. The oldest entry is dropped when the journal is full."""
        with self._lock:
            self._last_id += 1
            entry.id = self._last_id
            self._entries.append(entry)
            self._codes[entry.code] += 1
            if entry.fault is not None:
                self._faults[entry.fault] += 1

    def entries(self, since: int = 0) -> list[dict[str, Any]]:
        """Return the entries with an id above ``since``, oldest first, as JSON-able dictionaries."""
        with self._lock:
            kept = list(self._entries)
        return [entry.as_json() for entry in kept if entry.id > since]

    def mask(self, mask: Mask) -> None:
        """Replace secret keys in the entries and in the counts by fault."""
        with self._lock:
            for entry in self._entries:
                entry.mask(mask)
            faults = self._faults.items()
            self._faults = Counter({redaction.unicode_text(fault, mask): n for fault, n in faults})

    def clear(self) -> None:
        """Remove the entries. The ids go on, and the counts stay: they cover the server's whole life."""
        with self._lock:
            self._entries.clear()
            self._generation = secrets.token_hex(8)

    def counts(self) -> dict[str, int]:
        """Return the number of requests by code, most frequent first."""
        with self._lock:
            return dict(self._codes.most_common())

    def fault_counts(self) -> dict[str, int]:
        """Return the number of requests by injected fault. Requests without a fault are not included."""
        with self._lock:
            return dict(self._faults)
