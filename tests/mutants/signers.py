"""A correct signer, made of steps. A mutant replaces one step."""

from __future__ import annotations

import base64
import hmac
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


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
        try:
            if self.refuses(ask):
                return {"refused": "the input is invalid"}
            signature = self.encode(self.digest(self.key(ask), self.text(ask)))
            return {"signature": signature, "authorization": self.header(ask, signature)}
        except (ValueError, OverflowError) as error:  # such as int() of 8,192 digits
            return {"cannot": str(error)}


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
        add(step, function.__name__, function.__doc__ or "", function)
        return function

    return register


def add(step: str, name: str, seen: str, function: Callable[..., object]) -> None:
    """Register a mutant in which the function replaces the step."""
    if name in MUTANTS:
        raise ValueError(f"two mutants have the name {name}")
    MUTANTS[name] = Mutant(name, seen, replace(Signer(), **{step: function}))  # type: ignore[arg-type]  # a step


def add_secrets(table: Mapping[str, tuple[str, Callable[[str], str]]]) -> None:
    """Register mutants that change the text of the secret: name -> description and change."""
    for name, (seen, change) in table.items():
        add("key", name, seen, _changed_secret(change))


def _changed_secret(change: Callable[[str], str]) -> Callable[[Ask], bytes]:
    return lambda ask: change(ask.secret).encode()


def add_endpoints(table: Mapping[str, tuple[str, Callable[[str], str]]]) -> None:
    """Register mutants that change the endpoint before they sign it: name -> description and change."""
    for name, (seen, change) in table.items():
        add("text", name, seen, _changed_endpoint(change))


def _changed_endpoint(change: Callable[[str], str]) -> Callable[[Ask], bytes]:
    return lambda ask: text(ask, endpoint=change(ask.endpoint))


def add_checks(table: Mapping[str, tuple[str, Callable[[Ask], object]]]) -> None:
    """Register mutants that refuse other inputs: name -> description and whether the input is refused."""
    for name, (seen, check) in table.items():
        add("refuses", name, seen, check)
