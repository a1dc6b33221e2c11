"""The catalogue of ways to sign wrongly, a module an aspect, in the order of precedence."""

from __future__ import annotations

from typing import Any, Final

from mock_server.verifier.mistakes.aspect import Aspect, Attempt, Mistake
from mock_server.verifier.mistakes.digest import DIGEST
from mock_server.verifier.mistakes.endpoint import ENDPOINT
from mock_server.verifier.mistakes.frame import FRAME
from mock_server.verifier.mistakes.method import METHOD
from mock_server.verifier.mistakes.secret import SECRET
from mock_server.verifier.mistakes.timestamp import TIMESTAMP

__all__ = [
    "ASPECTS",
    "DIGEST",
    "ENDPOINT",
    "FRAME",
    "METHOD",
    "MISTAKES",
    "SECRET",
    "TIMESTAMP",
    "Aspect",
    "Attempt",
    "Mistake",
]

ASPECTS: Final[tuple[Aspect[Any], ...]] = (ENDPOINT, METHOD, TIMESTAMP, FRAME, SECRET, DIGEST)

MISTAKES: Final[tuple[Mistake, ...]] = tuple(mistake for aspect in ASPECTS for mistake in aspect.makers)
"""Every mistake in a well-formed signature. Of two that give the same signature, the first is named."""
