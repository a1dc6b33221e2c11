"""Removes from a request what the journal must not hold: signatures, passwords, cookies and secret keys."""

from __future__ import annotations

import contextlib
import json
import re
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mock_server.visible import Mask

TEXT_LIMIT: Final = 8192
"""Characters of a method, a target, a header and a body: 64 KiB of each are possible, in 500 entries."""

HEADERS_LIMIT: Final = 16_384
"""Characters of all headers of a request together."""

_CREDENTIALS: Final = ("authorization", "proxy-authorization")
_COOKIES: Final = ("cookie", "set-cookie")
_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9-]{0,19})[ \t]")
_SIGNATURE: Final = re.compile(r"[A-Za-z0-9+/_-]{43}(?:=|%3D)?", re.IGNORECASE)
# Each of these always matches what it begins to read, so no input makes it read the same text twice.
_STRING: Final = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?\Z)', re.DOTALL)
_COLON: Final = re.compile(r"\s*:\s*")
_WORD: Final = re.compile(r'[^\s"{}\[\],]*')
_BETWEEN_FIELDS: Final = re.compile(r"([&\s]+)")
_PASSWORD: Final = "passw"  # noqa: S105  # a part of a name, such as "password" or "passwd"


def text(value: str, mask: Mask) -> str:
    """Return a text, which is bytes read as Latin-1, without secret keys, cut to ``TEXT_LIMIT``."""
    data = value.encode("latin-1")
    cut = "..." if len(data) > TEXT_LIMIT else ""
    return mask.masked(data, TEXT_LIMIT).decode("latin-1") + cut


def unicode_text(value: str, mask: Mask) -> str:
    """Return a text, which is characters and not bytes, without secret keys."""
    return mask.masked(value.encode(errors="replace")).decode(errors="replace")


def headers(received: Iterable[tuple[str, str]], mask: Mask) -> list[list[str]]:
    """Return names and values without signatures, credentials, cookies and secret keys.

    Headers above ``HEADERS_LIMIT`` are left out; the last name is then ``...``.
    """
    kept: list[list[str]] = []
    room = HEADERS_LIMIT
    for name, value in received:
        shown = [text(name, mask), text(_without_credentials(name, value.strip(" \t")), mask)]
        room -= sum(map(len, shown))
        if room < 0:
            kept.append(["...", "more headers"])
            break
        kept.append(shown)
    return kept


def authorization(value: str) -> str:
    """Return the value of an Authorization header with ``<signature>`` or ``<credentials>`` in it.

    The scheme stays, and so does what precedes the first colon, which is the access key.
    """
    before, colon, after = value.partition(":")
    if colon:
        return _SIGNATURE.sub("<signature>", before) + ":" + ("<signature>" if after else "")
    scheme = _SCHEME.match(value)
    if scheme is not None:
        return f"{scheme[1]} <credentials>" if value[scheme.end() :] else value
    return "<credentials>" if value not in ("", "Bearer", "Basic") else value


def body(received: bytes, mask: Mask) -> str:
    """Return the first 8 KiB of a body, without passwords and secret keys.

    A body that is not text has U+FFFD in the place of each byte that is not.
    """
    cut = "..." if len(received) > TEXT_LIMIT else ""
    start = mask.masked(received, TEXT_LIMIT)
    shown = start.decode(json.detect_encoding(start), "replace")
    return _without_fields(_without_members(shown)) + cut


def _without_credentials(name: str, value: str) -> str:
    lower = name.lower()
    if lower in _CREDENTIALS:
        return authorization(value)
    return "<cookie>" if lower in _COOKIES else value


def _without_members(shown: str) -> str:
    """Return JSON, whole or cut off, with a mask in the place of each password."""
    parts, place = [], 0
    name = _STRING.search(shown)
    while name is not None:
        end = name.end()
        colon = _COLON.match(shown, end)
        if colon is not None and _is_password(name[0]):
            value = _STRING.match(shown, colon.end()) or _WORD.match(shown, colon.end())
            if value:
                parts += [shown[place : value.start()], '"<password>"' * bool(value[0])]
                place = end = value.end()
        name = _STRING.search(shown, end)
    return "".join((*parts, shown[place:]))


def _without_fields(shown: str) -> str:
    """Return the fields of a form with a mask in the place of each password."""
    fields = _BETWEEN_FIELDS.split(shown)
    for at, each in enumerate(fields):
        name, equals, value = each.partition("=")
        if value and '"' not in name and _PASSWORD in unquote(name).lower():
            fields[at] = f"{name}{equals}<password>"
    return "".join(fields)


def _is_password(name: str) -> bool:
    """Return whether a JSON string is the name of a password."""
    if "\\" in name:
        with contextlib.suppress(ValueError):  # a malformed escape: the text itself is compared
            name = json.loads(name, strict=False)
    return _PASSWORD in name.lower()
