r"""Makes text from a request fit for a terminal, and free of the secret key.

Only printable ASCII reaches the terminal: no control character, no character that changes the direction of
writing, and no letter that looks like another one. A newline is ``\n``, a backslash ``\\``, and any other
byte ``\xNN``, so that every byte of a signed text can be read off.
"""

from __future__ import annotations

import base64
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
    """Replaces the secret key, as it is and in its usual encodings."""

    def __init__(self, secret: str) -> None:
        """Prepare the forms of a secret key that are replaced; with an empty one, nothing is."""
        plain = secret.encode()
        forms = {plain}
        if len(plain) >= _SHORTEST_ENCODED:
            encoded = base64.b64encode(plain)
            forms |= {encoded, encoded.rstrip(b"="), base64.urlsafe_b64encode(plain).rstrip(b"=")}
            forms |= {plain.hex().encode(), plain.hex().upper().encode()}
            forms |= {quote(plain, safe="").encode(), quote(plain).encode(), quote_plus(plain).encode()}
        self._forms = sorted(forms - {b""}, key=len, reverse=True)

    def masked(self, data: bytes) -> bytes:
        """Return the bytes with ``<secret>`` in the place of each form of the secret key."""
        for form in self._forms:
            data = data.replace(form, b"<secret>")
        return data

    def shown(self, data: bytes) -> str:
        """Return the masked bytes as printable ASCII."""
        return shown(self.masked(data))
