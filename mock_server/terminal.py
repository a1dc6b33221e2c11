"""The lines about requests on the mock's terminal: one for each refusal and for each replay."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final

from mock_server.visible import shown

if TYPE_CHECKING:
    import logging

    from mock_server.journal import Entry

_LONGEST_METHOD: Final = 40
_LONGEST_TARGET: Final = 400


class Terminal:
    """Writes the lines. Text from a request is printable ASCII in them. Thread-safe."""

    def __init__(self, logger: logging.Logger) -> None:
        """Write to a logger."""
        self._logger = logger
        self._last: str | None = None
        self._lock = threading.Lock()

    def refusal(self, entry: Entry) -> None:
        """Write a line for a refused request, with its explanation unless the last refusal had the same."""
        with self._lock:
            repeated, self._last = entry.message == self._last, entry.message
        explanation = "" if repeated else f": {one_line(entry.message or '')}"
        mistake = entry.mistake or entry.code
        self._logger.info("%s %s %s%s", entry.status, _request(entry), mistake, explanation)

    def replay(self, entry: Entry, age: int) -> None:
        """Write a line for an accepted request whose signature came first ``age`` milliseconds ago."""
        self._logger.info(
            "replay %s repeats a signature that was accepted %d ms before: sign each attempt again,"
            " with a new timestamp",
            _request(entry),
            age,
        )


def one_line(text: str) -> str:
    """Return text without control characters and without characters that change the direction of writing."""
    return "".join(character if character.isprintable() else " " for character in text)


def _request(entry: Entry) -> str:
    method, target = shown(entry.method.encode("latin-1")), shown(entry.target.encode("latin-1"))
    return f"{_cut(method, _LONGEST_METHOD)} {_cut(target, _LONGEST_TARGET)}"


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[:limit]}..."
