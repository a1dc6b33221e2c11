"""The request as it was received, and the reply to it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

# ASCII output, the default of json: a client's JSON can contain a lone surrogate, which UTF-8 cannot encode.
_encode = json.JSONEncoder(separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class ReceivedRequest:
    """A request exactly as it was received: nothing is decoded, joined, folded or normalised.

    Text is the bytes of the wire read as Latin-1; ``encode("latin-1")`` gives the bytes back.

    Attributes:
        method: the first word of the request line.
        target: the second word: path and query, percent-encoded as sent.
        headers: name and value of each header, in the order received, repeated headers repeated.
        body: the body, without the framing of ``Transfer-Encoding: chunked``.
        authority: the host and port of a target in absolute form, which takes precedence over the Host header
            (RFC 9112, section 3.2.2); otherwise None. ``target`` is what follows it.
    """

    method: str
    target: str
    headers: Sequence[tuple[str, str]] = ()
    body: bytes = field(default=b"", repr=False)
    authority: str | None = None

    @property
    def path(self) -> str:
        """The target up to its first question mark."""
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        """The target after its first question mark, or an empty string."""
        return self.target.partition("?")[2]

    def header_values(self, name: str) -> list[str]:
        """Return every value of a header, in the order received.

        Names are compared without regard to case. Spaces and tabs around a value are removed: they are
        not part of it (RFC 9110, section 5.5).
        """
        wanted = name.lower()
        return [value.strip(" \t") for each, value in self.headers if each.lower() == wanted]

    def header(self, name: str) -> str | None:
        """Return the first value of a header, or None if the request does not have it."""
        return next(iter(self.header_values(name)), None)


@dataclass(frozen=True, slots=True)
class Reply:
    """A status, headers and a body, ready to be sent.

    Attributes:
        status: the HTTP status; 0 if ``ending`` is set.
        body: the bytes of the body.
        headers: name and value of each header.
        length: the value of Content-Length, if it is not the length of ``body``.
        ending: "reset" or "drop": how the connection ends instead of a response.
        date_offset: milliseconds to add to the Date header.
    """

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    length: int | None = None
    ending: str | None = None
    date_offset: int = 0


def json_reply(status: int, body: object, headers: tuple[tuple[str, str], ...] = ()) -> Reply:
    """Return a reply with a JSON body. Its Content-Type comes before the other headers."""
    return Reply(status, _encode(body).encode("ascii"), (("Content-Type", "application/json"), *headers))


def see_other(location: str) -> Reply:
    """Return a reply that sends a client to another address of this server."""
    return Reply(303, headers=(("Location", location),))


def problem(status: int, error_type: str, message: str, headers: tuple[tuple[str, str], ...] = ()) -> Reply:
    """Return a reply in the API's error envelope: ``{"errorType": ..., "message": ...}``."""
    return json_reply(status, {"errorType": error_type, "message": message}, headers)
