"""Classifies malformed signatures by their shape alone."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

WELL_FORMED: Final = re.compile(rb"[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=")
"""Base64 of 32 bytes (RFC 4648 section 4), padded, its two unused bits zero; for ``fullmatch``."""

_BASE64 = re.compile(rb"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")


@dataclass(frozen=True, slots=True)
class Shape:
    """A way to write a signature wrongly: its name, what is wrong and how to correct it, and its test."""

    name: str
    message: str
    fits: Callable[[bytes], object]


def _looks_like(pattern: bytes) -> Callable[[bytes], object]:
    return re.compile(pattern, re.DOTALL).fullmatch


def _decodes_to(fits: Callable[[bytes], object]) -> Callable[[bytes], object]:
    def decoded(signature: bytes) -> object:
        return _BASE64.fullmatch(signature) and fits(base64.b64decode(signature))

    return decoded


_HEX = rb"[0-9A-Fa-f]{64}"

SHAPES: Final = (
    Shape(
        "signature_bytes_repr",
        (
            "The signature is Python's way to print bytes, b'...': call .decode() on it before it goes into"
            " the header."
        ),
        _looks_like(rb"b'.*'|b\".*\""),
    ),
    Shape(
        "signature_js_object",
        (
            "The signature is a printed JavaScript object, such as [object Promise]: await the result and"
            " encode its bytes in base64."
        ),
        _looks_like(rb"\[object .*\]"),
    ),
    Shape(
        "signature_percent_encoded",
        "The signature is percent-encoded: send the base64 as it is, a header needs no encoding.",
        _looks_like(rb".*%[0-9A-Fa-f]{2}.*"),
    ),
    Shape(
        "signature_hex",
        "The signature is in hexadecimal: take the 32 raw bytes of the HMAC and encode them in base64.",
        _looks_like(_HEX),
    ),
    Shape(
        "signature_base64url",
        "The signature is in the URL-safe alphabet of base64 (- and _): use + and / in their place.",
        _looks_like(rb"(?=.*[-_])[A-Za-z0-9_-]{43}=?"),
    ),
    Shape(
        "signature_overpadded",
        "The signature ends in too many equals signs: the base64 of 32 bytes ends in exactly one.",
        _looks_like(rb"[A-Za-z0-9+/]{43}={2,}"),
    ),
    Shape(
        "signature_unpadded",
        "The signature lacks the equals sign at its end: use the padded form of base64.",
        _looks_like(rb"[A-Za-z0-9+/]{43}"),
    ),
    Shape(
        "signature_non_canonical",
        (
            "The signature's last character sets bits that no base64 encoder sets: send what the encoder"
            " gave, unchanged."
        ),
        _looks_like(rb"[A-Za-z0-9+/]{43}="),
    ),
    Shape(
        "signature_base64_of_hex",
        "The signature is the base64 of the hexadecimal digest: encode the 32 raw bytes of the HMAC instead.",
        _decodes_to(_looks_like(_HEX)),
    ),
    Shape(
        "signature_double_base64",
        "The signature was encoded in base64 twice: once is enough.",
        _decodes_to(WELL_FORMED.fullmatch),
    ),
    Shape(
        "hash_sha1",
        "The signature holds 20 bytes, as SHA-1 gives: the rule is HMAC-SHA256.",
        _decodes_to(lambda raw: len(raw) == 20),  # noqa: PLR2004  # the sentence above says what it is
    ),
    Shape(
        "hash_sha512",
        "The signature holds 64 bytes, as SHA-512 gives: the rule is HMAC-SHA256.",
        _decodes_to(lambda raw: len(raw) == 64),  # noqa: PLR2004  # the same
    ),
    Shape(
        "signature_length",
        (
            "The signature is base64, but not of the 32 bytes of an HMAC-SHA256: encode the whole digest"
            " and nothing else."
        ),
        _decodes_to(lambda raw: True),  # noqa: ARG005  # every other length
    ),
    Shape(
        "signature_encoding",
        (
            "The signature is not the base64 of 32 bytes, 44 characters ending in one equals sign: print it"
            " before sending and look for quotes, line breaks, blanks or a variable that was never filled"
            " in."
        ),
        lambda signature: True,  # noqa: ARG005  # the last shape fits everything
    ),
)
"""In the order they are tried: the first that fits is the mistake."""


def classify(signature: bytes) -> Shape:
    """Return the first shape that fits a signature which is not ``WELL_FORMED``."""
    return next(shape for shape in SHAPES if shape.fits(signature))
