r"""Makes text from a request fit for a terminal, and free of secret keys.

Only printable ASCII reaches the terminal: no control character, no character that changes the direction of
writing, and no letter that looks like another one. A newline is ``\n``, a backslash ``\\``, and any other
byte ``\xNN``, so that every byte of a signed text can be read off.
"""

from __future__ import annotations

import base64
import json
import re
from typing import Final
from urllib.parse import quote, quote_plus

_NAMED: Final = {0x0A: r"\n", 0x0D: r"\r", 0x09: r"\t", 0x5C: r"\\"}
_BYTES: Final = tuple(
    _NAMED.get(byte, chr(byte) if 0x20 <= byte < 0x7F else f"\\x{byte:02X}")  # noqa: PLR2004  # printable ASCII
    for byte in range(256)
)
_SPOKEN: Final = {0x0A: "a newline", 0x0D: "a carriage return", 0x09: "a tab", 0x20: "a space"}
_SHORTEST_ENCODED: Final = 6
"""Bytes of a secret key from which its encoded forms are masked too; shorter ones are parts of any text."""


def pieces(data: bytes) -> list[str]:
    """Return how each byte is shown."""
    return [_BYTES[byte] for byte in data]


def shown(data: bytes) -> str:
    """Return bytes as printable ASCII."""
    return "".join(pieces(data))


def spoken(data: bytes, place: int) -> str:
    """Return the byte at a place in words; a place behind the last byte is the end of the text."""
    if place >= len(data):
        return "the end of the text"
    return _SPOKEN.get(data[place]) or f"`{_BYTES[data[place]]}`"


class Mask:
    """Replaces secret keys, as they are and in their usual encodings."""

    def __init__(self, *secrets: str) -> None:
        """Prepare the forms of the secret keys that are replaced; an empty key has none."""
        self._forms = {form for secret in secrets for form in _forms(secret)} - {b""}
        self._longest = max(map(len, self._forms), default=0)

    def extended(self, *secrets: str) -> Mask:
        """Return a mask that replaces these secret keys too."""
        mask = Mask(*secrets)
        mask._forms |= self._forms
        mask._longest = max(mask._longest, self._longest)
        return mask

    def masked(self, data: bytes, limit: int | None = None) -> bytes:
        """Return the bytes with ``<secret>`` in the place of each form of a secret key.

        Args:
            data: the bytes.
            limit: leave out the bytes from this place on. A key that begins before it is replaced whole.
        """
        end = len(data) if limit is None else min(limit, len(data))
        seen = data[: end + self._longest]
        # Most texts contain none of the forms, which this finds out 100 times as fast as a pattern of all.
        forms = sorted((form for form in self._forms if form in seen), key=len, reverse=True)
        if not forms:
            return data[:end]
        parts, place = [], 0
        for found in re.finditer(b"|".join(map(re.escape, forms)), seen):
            if found.start() >= end:
                break
            parts += [seen[place : found.start()], b"<secret>"]
            place = found.end()
        return b"".join((*parts, seen[place:end]))

    def shown(self, data: bytes) -> str:
        """Return the masked bytes as printable ASCII."""
        return shown(self.masked(data))


def _forms(secret: str) -> set[bytes]:
    """Return a secret key as bytes: in UTF-8 and, if it is not short, in its usual encodings."""
    plain = secret.encode()
    forms = {plain}
    if len(plain) >= _SHORTEST_ENCODED:
        encoded = base64.b64encode(plain)
        forms |= {encoded, encoded.rstrip(b"="), base64.urlsafe_b64encode(plain).rstrip(b"=")}
        forms |= {plain.hex().encode(), plain.hex().upper().encode()}
        percent = [quote(plain, safe=""), quote(plain), quote_plus(plain)]
        percent += [re.sub("%..", lambda found: found[0].lower(), each) for each in percent]
        forms |= {each.encode() for each in percent}
        forms |= {json.dumps(secret, ensure_ascii=ascii_only)[1:-1].encode() for ascii_only in (True, False)}
        forms |= {secret.encode("utf-16-le"), secret.encode("utf-16-be")}
    return forms
