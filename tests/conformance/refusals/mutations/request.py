"""The tools mutations are made with: a signed request, and the ways to change what is signed or sent.

The arithmetic stands here once more on purpose: vectors made by the code they test would prove nothing.
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
    """A vector of `signatures.yaml`, as far as a request needs it."""

    method: str
    endpoint: str
    timestamp: str
    access_key: str
    secret: bytes


class Fields(TypedDict, total=False):
    """The fields of a positive that a mutation replaces."""

    method: str
    endpoint: str
    timestamp: str
    access_key: str
    secret: bytes


Change = Callable[[Positive], RawRequest]
Text = Callable[[Positive], str]

# The positive it mutates, its id, about, and the change.
Row = tuple[str, str, str, Change]


@dataclass(frozen=True, slots=True)
class Mutation:
    """One way to change a positive, and what a server must say to the request it makes."""

    id: str
    about: str
    mutates: str
    authority: str
    code: str
    mistake: str | None
    change: Change


def digest(key: bytes, text: str, algorithm: str = "sha256") -> bytes:
    """HMAC over the UTF-8 bytes of a text."""
    return hmac.digest(key, text.encode("utf-8"), algorithm)


def b64(data: bytes) -> str:
    """RFC 4648 section 4, with padding."""
    return base64.b64encode(data).decode("ascii")


def message(p: Positive) -> str:
    """The text to sign."""
    return f"{p.method}\n{p.endpoint}\n{p.timestamp}"


def mac(p: Positive) -> bytes:
    """The digest a correct signer makes."""
    return digest(p.secret, message(p))


def right(p: Positive) -> str:
    """The signature a correct signer makes."""
    return b64(mac(p))


def sends(**fields: Unpack[Fields]) -> Change:
    """Send these fields in place of the positive's, which stay the ones that are signed."""
    return lambda p: _send(replace(p, **fields), right(p))


def signs(**fields: Unpack[Fields]) -> Change:
    """Sign these fields in place of the positive's, which stay the ones that are sent."""
    return lambda p: _send(p, right(replace(p, **fields)))


def signs_and_sends(**fields: Unpack[Fields]) -> Change:
    """Replace these fields in what is signed and sent alike: a correct signer's request."""
    return lambda p: _send(replace(p, **fields), right(replace(p, **fields)))


def signs_text(text: Text) -> Change:
    """Sign another text than the message."""
    return lambda p: _send(p, b64(digest(p.secret, text(p))))


def signature(text: Text) -> Change:
    """Send another signature text than the right one."""
    return lambda p: _send(p, text(p))


def headers(*lines: tuple[str, str]) -> Change:
    """Send exactly these header lines; {a}, {s}, {t} are access key, right signature, timestamp."""

    def change(p: Positive) -> RawRequest:
        fill = {"a": p.access_key, "s": right(p), "t": p.timestamp}
        return RawRequest(
            p.method, p.endpoint, tuple((name, value.format_map(fill)) for name, value in lines)
        )

    return change


def group(code: str, mistake: str | None, authority: str, *rows: Row) -> tuple[Mutation, ...]:
    """Make the mutations that share what is expected of a server."""
    return tuple(
        Mutation(name, about, mutates, authority, code, mistake, change)
        for mutates, name, about, change in rows
    )


def refused(code: str, authority: str, *rows: Row) -> tuple[Mutation, ...]:
    """Make the mutations whose mistake is the code itself."""
    return group(code, code, authority, *rows)


def with_header(change: Change, name: str, value: str) -> Change:
    """Send one more header line, first of all."""

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
