"""A correct signer, made of steps. A mutant replaces one step."""

from __future__ import annotations

import base64
import hmac
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Ask:
    """The input of a signer."""

    method: str
    endpoint: str
    timestamp: str
    access_key: str
    secret: str


def refuses(ask: Ask) -> bool:
    """Return whether a signer must refuse the input."""
    return not (
        re.fullmatch(r"[A-Z]+", ask.method)
        and re.fullmatch(r"/[!\"$-~]*", ask.endpoint)
        and re.fullmatch(r"0|[1-9][0-9]*", ask.timestamp)
        and ask.secret
        and re.fullmatch(r"[!-9;=?-~]+", ask.access_key)
    )


def text(ask: Ask, **changes: str) -> bytes:
    """Return the text to sign, with `changes` to the input."""
    ask = replace(ask, **changes)
    return f"{ask.method}\n{ask.endpoint}\n{ask.timestamp}".encode()


def key(ask: Ask) -> bytes:
    """Return the key of the HMAC."""
    return ask.secret.encode()


def digest(key: bytes, text: bytes) -> bytes:
    """Return the 32 bytes of the HMAC."""
    return hmac.digest(key, text, "sha256")


def encode(digest: bytes) -> str:
    """Return the digest as text."""
    return base64.b64encode(digest).decode()


def header(ask: Ask, signature: str) -> str:
    """Return the value of Authorization."""
    return f"Bearer {ask.access_key}:{signature}"


@dataclass(frozen=True)
class Signer:
    """The steps of a signer."""

    refuses: Callable[[Ask], object] = refuses
    text: Callable[[Ask], bytes] = text
    key: Callable[[Ask], bytes] = key
    digest: Callable[[bytes, bytes], bytes] = digest
    encode: Callable[[bytes], str] = encode
    header: Callable[[Ask, str], str] = header

    def answer(self, ask: Ask) -> dict[str, str]:
        """Return the reply of the signer protocol to one input, without the id."""
        if self.refuses(ask):
            return {"refused": "the input is invalid"}
        signature = self.encode(self.digest(self.key(ask), self.text(ask)))
        return {"signature": signature, "authorization": self.header(ask, signature)}


@dataclass(frozen=True)
class Mutant:
    """A signer with one mistake, and a description of the mistake."""

    name: str
    seen: str
    signer: Signer


MUTANTS: dict[str, Mutant] = {}


def mutates(step: str) -> Callable[[Callable[..., object]], Callable[..., object]]:
    """Return a decorator that registers a mutant: the decorated function replaces the step."""

    def register(function: Callable[..., object]) -> Callable[..., object]:
        name = function.__name__
        MUTANTS[name] = Mutant(name, function.__doc__ or "", replace(Signer(), **{step: function}))  # type: ignore[arg-type]  # a step
        return function

    return register
