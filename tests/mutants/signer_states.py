"""Signers that keep a state between questions. Each gives the right answer to its first question."""

from __future__ import annotations

import base64
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.mutants.signers import Ask, Signer, header, refuses

if TYPE_CHECKING:
    from collections.abc import Callable

Answer = dict[str, str]
RIGHT = Signer()
OTHERS = {
    "method": ("endpoint", "timestamp", "access_key", "secret"),
    "endpoint": ("method", "timestamp", "access_key", "secret"),
    "timestamp": ("method", "endpoint", "access_key", "secret"),
    "access_key": ("method", "endpoint", "timestamp", "secret"),
    "secret": ("method", "endpoint", "timestamp", "access_key"),
}
"""Each field, and those of a cache's key that lacks it."""


@dataclass(frozen=True)
class StateMutant:
    """A signer with a state: name, description, how to start it, and a pattern of its cause's name."""

    name: str
    seen: str
    start: Callable[[], Callable[[Ask], Answer]]
    cause: str


STATES: dict[str, StateMutant] = {}


def mutant(
    cause: str,
) -> Callable[[Callable[[], Callable[[Ask], Answer]]], Callable[[], Callable[[Ask], Answer]]]:
    """Return a decorator that registers a function that starts a signer."""

    def register(start: Callable[[], Callable[[Ask], Answer]]) -> Callable[[], Callable[[Ask], Answer]]:
        name = start.__name__
        STATES[name] = StateMutant(name, start.__doc__ or "", start, cause)
        return start

    return register


def _caches(*names: str) -> Callable[[Ask], Answer]:
    """Return a signer that keeps each answer under these fields."""
    kept: dict[tuple[str, ...], Answer] = {}

    def answer(ask: Ask) -> Answer:
        if refuses(ask):
            return RIGHT.answer(ask)
        return kept.setdefault(tuple(getattr(ask, name) for name in names), RIGHT.answer(ask))

    return answer


@mutant("earlier answer, to a question with another method")
def caches_without_method() -> Callable[[Ask], Answer]:
    """Keep signatures in a map whose key has no method."""
    return _caches(*OTHERS["method"])


@mutant("earlier answer, to a question with another endpoint")
def caches_without_endpoint() -> Callable[[Ask], Answer]:
    """Keep one signature for each moment."""
    return _caches(*OTHERS["endpoint"])


@mutant("earlier answer, to a question with another timestamp")
def caches_without_timestamp() -> Callable[[Ask], Answer]:
    """Keep one signature for each call, so that it is sent again later."""
    return _caches(*OTHERS["timestamp"])


@mutant("earlier answer, to a question with another access_key")
def caches_without_access_key() -> Callable[[Ask], Answer]:
    """Keep the header of the first access key: two accounts in one process."""
    return _caches(*OTHERS["access_key"])


@mutant("earlier answer, to a question with another secret")
def caches_without_secret() -> Callable[[Ask], Answer]:
    """Keep signatures after the secret was rotated."""
    return _caches(*OTHERS["secret"])


@mutant("earlier answer, to a question with another method")
def keeps_the_last_one_without_method() -> Callable[[Ask], Answer]:
    """Keep only the last signature, and use it again if endpoint, timestamp and keys are the same."""
    last: dict[tuple[str, ...], Answer] = {}

    def answer(ask: Ask) -> Answer:
        if refuses(ask):
            return RIGHT.answer(ask)
        key = (ask.endpoint, ask.timestamp, ask.access_key, ask.secret)
        if key not in last:
            last.clear()
            last[key] = RIGHT.answer(ask)
        return last[key]

    return answer


@mutant("earlier answer")
def caches_by_the_length() -> Callable[[Ask], Answer]:
    """Use a cache with a poor hash: the length of the text and of the secret."""
    kept: dict[tuple[int, int], Answer] = {}

    def answer(ask: Ask) -> Answer:
        if refuses(ask):
            return RIGHT.answer(ask)
        text = f"{ask.method}{ask.endpoint}{ask.timestamp}"
        return kept.setdefault((len(text), len(ask.secret)), RIGHT.answer(ask))

    return answer


@mutant("answer to the question before")
def answers_the_question_before() -> Callable[[Ask], Answer]:
    """Sign the request that was prepared before: a variable is set too late."""
    before: list[Ask] = []

    def answer(ask: Ask) -> Answer:
        before.append(ask)
        if refuses(ask):
            return RIGHT.answer(ask)
        earlier = before[-2] if len(before) > 1 else ask
        signature = RIGHT.encode(RIGHT.digest(RIGHT.key(earlier), RIGHT.text(earlier)))
        return {"signature": signature, "authorization": header(ask, signature)}

    return answer


@mutant("refused after a refusal")
def refuses_after_a_refusal() -> Callable[[Ask], Answer]:
    """Refuse everything after the first invalid input: an error flag is never reset."""
    failed: list[bool] = []

    def answer(ask: Ask) -> Answer:
        if refuses(ask):
            failed.append(True)
        return {"refused": "an error"} if failed else RIGHT.answer(ask)

    return answer


@mutant("(depends on the order|earlier answer, to a question with another secret)")
def signs_with_the_first_secret() -> Callable[[Ask], Answer]:
    """Create the HMAC once, with the first secret, and use it for all later ones."""
    secrets: list[str] = []

    def answer(ask: Ask) -> Answer:
        if refuses(ask):
            return RIGHT.answer(ask)
        secrets.append(ask.secret)
        signature = RIGHT.encode(RIGHT.digest(secrets[0].encode(), RIGHT.text(ask)))
        return {"signature": signature, "authorization": header(ask, signature)}

    return answer


@mutant("depends on the order")
def never_resets_the_hmac() -> Callable[[Ask], Answer]:
    """Update one HMAC object with each text, without a reset: Java's `Mac` after an exception."""
    texts: dict[str, bytes] = {}

    def answer(ask: Ask) -> Answer:
        if refuses(ask):
            return RIGHT.answer(ask)
        texts[ask.secret] = texts.get(ask.secret, b"") + RIGHT.text(ask)
        digest = hmac.digest(ask.secret.encode(), texts[ask.secret], "sha256")
        signature = base64.b64encode(digest).decode()
        return {"signature": signature, "authorization": header(ask, signature)}

    return answer


@mutant("depends on the order")
def wears_out() -> Callable[[Ask], Answer]:
    """Sign 50 requests, then return an empty signature: a pool of handles is used up."""
    count: list[Ask] = []

    def answer(ask: Ask) -> Answer:
        count.append(ask)
        return RIGHT.answer(ask) if refuses(ask) or len(count) <= 50 else {"signature": ""}

    return answer
