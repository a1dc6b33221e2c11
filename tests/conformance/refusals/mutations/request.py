"""Functions that make mutations: they change the signed text or the sent request.

This module signs with its own code on purpose: vectors must not depend on the code that they test.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypedDict, Unpack

from tests.conformance.raw_http import RawRequest


@dataclass(frozen=True, slots=True)
class Positive:
    """The fields of a signature vector that a request needs."""

    method: str
    endpoint: str
    timestamp: str
    access_key: str
    secret: bytes


class Fields(TypedDict, total=False):
    """The fields that a mutation replaces."""

    method: str
    endpoint: str
    timestamp: str
    access_key: str
    secret: bytes


Change = Callable[[Positive], RawRequest]
Text = Callable[[Positive], str]

# The id of the signature vector, then the id, the about text and the change of the mutation.
Row = tuple[str, str, str, Change]


@dataclass(frozen=True, slots=True)
class Mutation:
    """One change of a signature vector, and the code and mistake that a server must give."""

    id: str
    about: str
    mutates: str
    authority: str
    code: str
    mistake: str | None
    change: Change


def digest(key: bytes, text: str, algorithm: str = "sha256") -> bytes:
    """Return the HMAC of a text in UTF-8."""
    return hmac.digest(key, text.encode("utf-8"), algorithm)


def b64(data: bytes) -> str:
    """Return base64 with padding (RFC 4648 section 4)."""
    return base64.b64encode(data).decode("ascii")


def message(p: Positive) -> str:
    """Return the text to sign for the case."""
    return f"{p.method}\n{p.endpoint}\n{p.timestamp}"


def mac(p: Positive) -> bytes:
    """Return the correct HMAC of the case."""
    return digest(p.secret, message(p))


def right(p: Positive) -> str:
    """Return the correct signature of the case."""
    return b64(mac(p))


def sends(**fields: Unpack[Fields]) -> Change:
    """Send these fields, but sign the original ones."""
    return lambda p: _send(replace(p, **fields), right(p))


def signs(**fields: Unpack[Fields]) -> Change:
    """Sign these fields, but send the original ones."""
    return lambda p: _send(p, right(replace(p, **fields)))


def signs_and_sends(**fields: Unpack[Fields]) -> Change:
    """Sign and send these fields, as a correct signer does."""
    return lambda p: _send(replace(p, **fields), right(replace(p, **fields)))


def without_headers(**fields: Unpack[Fields]) -> Change:
    """Send these fields with neither of the two headers."""

    def change(p: Positive) -> RawRequest:
        sent = replace(p, **fields)
        return RawRequest(sent.method, sent.endpoint)

    return change


def signs_text(text: Text) -> Change:
    """Sign another text."""
    return lambda p: _send(p, b64(digest(p.secret, text(p))))


def signature(text: Text) -> Change:
    """Send another text as the signature."""
    return lambda p: _send(p, text(p))


def headers(*lines: tuple[str, str]) -> Change:
    """Send exactly these headers; {a}, {s} and {t} are access key, right signature and timestamp."""

    def change(p: Positive) -> RawRequest:
        fill = {"a": p.access_key, "s": right(p), "t": p.timestamp}
        return RawRequest(
            p.method, p.endpoint, tuple((name, value.format_map(fill)) for name, value in lines)
        )

    return change


def group(code: str, mistake: str | None, authority: str, *rows: Row) -> tuple[Mutation, ...]:
    """Return mutations with the same expected code and mistake."""
    return tuple(
        Mutation(name, about, mutates, authority, code, mistake, change)
        for mutates, name, about, change in rows
    )


def refused(code: str, authority: str, *rows: Row) -> tuple[Mutation, ...]:
    """Return mutations whose mistake has the name of the code."""
    return group(code, code, authority, *rows)


def with_header(change: Change, name: str, value: str) -> Change:
    """Send a further header, before the others."""

    def changed(p: Positive) -> RawRequest:
        request = change(p)
        return replace(request, headers=((name, value), *request.headers))

    return changed


def with_body(change: Change, body: str) -> Change:
    """Send a body as well."""
    return lambda p: replace(change(p), body=body)


def _send(p: Positive, text: str) -> RawRequest:
    authorization = ("Authorization", f"Bearer {p.access_key}:{text}")
    return RawRequest(p.method, p.endpoint, (authorization, ("Couchbase-Timestamp", p.timestamp)))
