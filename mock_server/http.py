"""An answer on its way to the wire."""

from __future__ import annotations

import json
from dataclasses import dataclass

# In ASCII, json's default: a lone surrogate, which a client's JSON can hold, has no UTF-8.
_encode = json.JSONEncoder(separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class Reply:
    """A status, headers and a body as bytes.

    ``length`` is what Content-Length says where it is not the body's own; ``ending`` is "reset" or "drop"
    where the connection ends without an answer; ``date_offset`` moves Date by milliseconds.
    """

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    length: int | None = None
    ending: str | None = None
    date_offset: int = 0


def json_reply(status: int, body: object | None, headers: tuple[tuple[str, str], ...] = ()) -> Reply:
    """Encode a JSON-able body; None is an empty one."""
    if body is None:
        return Reply(status, b"", headers)
    return Reply(status, _encode(body).encode("ascii"), (("Content-Type", "application/json"), *headers))


def problem(status: int, error_type: str, message: str, headers: tuple[tuple[str, str], ...] = ()) -> Reply:
    """The API's error envelope."""
    return json_reply(status, {"errorType": error_type, "message": message}, headers)
