"""Classifies malformed signatures by their shape alone."""

from __future__ import annotations

import base64
import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote_to_bytes

from mock_server.verifier.mistakes.words import PLACEHOLDERS

if TYPE_CHECKING:
    from collections.abc import Callable

WELL_FORMED: Final = re.compile(rb"[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=")
"""Base64 of 32 bytes (RFC 4648 section 4), padded, its two unused bits zero; for ``fullmatch``."""

_LENGTH: Final = 32  # bytes of an HMAC-SHA256
_BASE64 = re.compile(rb"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")


@dataclass(frozen=True, slots=True)
class Shape:
    """A way to write a signature wrongly: its name, what is wrong and how to correct it, and its test."""

    name: str
    message: str
    fits: Callable[[bytes], object]


def _looks_like(*patterns: bytes) -> Callable[[bytes], object]:
    return re.compile(b"|".join(patterns), re.DOTALL | re.IGNORECASE).fullmatch


def _decodes_to(fits: Callable[[bytes], object]) -> Callable[[bytes], object]:
    def decoded(signature: bytes) -> object:
        return _BASE64.fullmatch(signature) and fits(base64.b64decode(signature))

    return decoded


def _hash(name: str, algorithm: str, length: int) -> Shape:
    message = f"The signature holds {length} bytes, as {algorithm} gives: the rule is HMAC-SHA256."
    return Shape(name, message, _decodes_to(lambda raw: len(raw) == length))


_HEX: Final = rb"[0-9A-Fa-f]{64}"
_HEX_PAIRS: Final = rb"(?:[0-9A-Fa-f]{2}[: -]){31}[0-9A-Fa-f]{2}"

_PLACEHOLDER: Final = (
    *(re.escape(word) for word in PLACEHOLDERS if word and not word.startswith(b"[object")),
    *(
        rb".*\{\{.*",
        rb".*\}\}",
        rb"\$\w+",
        rb"\$[{(].*",
        rb"%\w+%",
        rb"<[\w-]+(?: here)?>",
        rb"\{[\w .-]*\}",
        rb"#\{.*\}",
    ),
    *(
        rb":\w+",
        rb"\$env:\w+",
        rb"(?:your|my|the)[-_ ]\w{0,30}",
        rb"signature(?:[-_ ]?here)?",
        rb"sig|hmac|xxx+|\.{3}|todo|1",
    ),
    *(
        rb"changeme|change[-_]me|example|base64(?:[-_ ]\w{0,30})?|computed[-_ ]\w{1,30}|placeholder",
        rb"\*+|@\w+|__\w+__",
    ),
)
"""What stands where a signature belongs when a variable was empty or a template was not filled in."""

_REPR: Final = (
    rb"(?:\[[A-Z]|[\w$.]+)@[0-9a-f]+",  # Java's toString(): [B@1b6d35, Base64$Encoder@6d06d69c
    rb"(?:byte|[\w.:]+(?:byte|char|sbyte|uint8|int))s?\[\d*\]",  # C#: System.Byte[]
    rb"system\.[\w.`]+(?:\[.*\])?",
    rb"<.*>",  # <Buffer 6a 3b>, <coroutine object ...>, <function ...>, <bytes>
    rb"#<.*>",  # Ruby: #<OpenSSL::HMAC:0x...>
    rb"\[?-?\d{1,3}(?:[, ]+-?\d{1,3}){7,}\]?",  # Go, Java, Rust: the bytes as numbers
    rb"(?:uint8|int8)?array(?:buffer)?\s*[({\[].*[)}\]]",  # PHP, JavaScript
    rb"(?:ok|some|just|right|success|optional|result|try|left|err)\s*[(\[].*[)\]]",  # Rust, Scala, Swift
    rb"&?[\w.:\[\]]*\s*\{.*\}",  # Go: &{...}, sha256.digest{...}, []byte{0x6a, 0x3b}
    rb"%!\w\(.*\)",  # Go's fmt
    rb"\w[\w.:]*\[.*\]",  # Julia: UInt8[0x6a, 0x3b]
    rb"[0-9a-f]{7,8}:? +(?:[0-9a-f]{2,4} +){4,}.*",  # xxd, hexdump, Go's hex.Dump
    rb"(?:table|userdata|function): 0x[0-9a-f]+|array",  # Lua, PHP
    rb"(?:(?:0x|\\x)[0-9a-f]{1,2}[, ]*){8,}",  # the bytes one by one: 0x6a, 0x3b
    rb"(?:\[1\] )(?:[0-9a-f]{2} ?){8,}",  # R
    rb"-?\d{1,3}(?:[-.:;|/_]\d{1,3}){15,}|-?\d{60,100}",  # numbers joined, or one large number
    rb"(?:[^\x80-\xff]*[\x80-\xff]){4}.*",  # the bytes themselves
    rb"[^\x00-\x08\x0e-\x1f]*[\x00-\x08\x0e-\x1f].*",
    rb"\{.*\}|\[.*\]|\(.*\)",  # objects, lists and tuples
    rb"\w[\w.:$]*\(.*\)",  # constructors: Binary(...), Mac(...), SecretKeySpec(...)
    rb"(?:async )?(?:function|lambda|fn|def|func|sub)\b.*|.*=>.*",  # the text of a function
    rb"(?:hash|code|glob|array|scalar|ref|io|resource)(?:\(0x[0-9a-f]+\)| id #\d+)",  # Perl, PHP
    rb"\w+ object at 0x.*|0x[0-9a-f]{4,16}",  # addresses
    rb"\d+ bytes",  # Swift's Data
    rb"traceback .*|.*(?:error|exception)\b.*",  # an error's text
)
"""How languages print bytes, objects, results and functions."""

_QUOTED = _looks_like(
    *(
        rb"(['\"`]).*\1",
        rb"['\"`].*",
        rb".*['\"`]",
        rb"[\[<({][A-Za-z0-9+/_=-]{43,}[\]>)}]",
        rb".*(?:\xe2\x80[\x98-\x9f]).*",
        rb":[A-Za-z0-9+/]{43}=:",  # a structured field (RFC 8941)
        rb"[A-Za-z0-9+/]{43}=(?:[,;.:!?*\\|)}\]>~#$%&@^_-]|\xe2\x80[\x8b-\x8f]|\xef\xbb\xbf|\xc2\xa0){1,2}",
        rb"(?:[,;.!?*\\|({\[<~#$%&@^_=-]|\xe2\x80[\x8b-\x8f]|\xef\xbb\xbf|\xc2\xa0){1,2}[A-Za-z0-9+/]{43}=",
    ),
)
_OPENSSL = _looks_like(
    *(
        rb"\(?stdin\)?\s*[=:].*",
        rb"(?:HMAC|SHA|MD5|SHA2|SHA3|BLAKE)[\w/-]*\s*\(.*\)\s*[=:].*",
        rb".*\(stdin\).*",
    ),
    rb"(?:sha-?256|hs256|hmac-sha256|base64|b64|md5|sha-?512|data)[:=,;-].*|data:.*|hmac with .*",
    rb"(?:sha|hmac|hs|md5)[\w/-]* +[0-9a-f]{32,128}",  # Haskell
    *(rb"[0-9A-F]{32,128} +\*?[\w.][\w./-]*", rb"(?:sha256|hmac|signature|sig|digest|hash|v1|t)\s*[=:].*"),
)
_REPRS = _looks_like(*_REPR)
_OTHER_BASE = _looks_like(
    *(rb"[A-Z2-7]{52}(?:={4})?", rb"[0-9A-V]{52}(?:={4})?"),  # base32
    *(rb"[0-9a-z]{49,51}", rb"(?=.*[!-*,.:;<>-@\[-`{-~])[!-~]{38,42}"),  # base36; base85, z85, base91
)
_OF_OTHER_LENGTH = re.compile(
    rb"[A-Za-z0-9+/]{20,42}={0,2}|[A-Za-z0-9+/]{44,}={0,2}|(?:[A-Za-z0-9+/]{43}=){2,}|=[A-Za-z0-9+/]{43}"
).fullmatch

SHAPES: Final = (
    Shape(
        "signature_placeholder",
        (
            "The signature is the word for a missing value or a placeholder that was not filled in: check the"
            " variable that holds it, and that the signature is computed before the header is made."
        ),
        _looks_like(*_PLACEHOLDER),
    ),
    Shape(
        "signature_bytes_repr",
        (
            "The signature is Python's way to print bytes, b'...': call .decode() on it before it goes into"
            " the header."
        ),
        _looks_like(rb"b'.*'?", rb'b".*"?', rb"bytearray\(.*\)", rb"memoryview\(.*\)", rb"<memory at .*>"),
    ),
    Shape(
        "signature_js_object",
        (
            "The signature is a printed JavaScript object, such as [object Promise]: await the result and"
            " encode its bytes in base64."
        ),
        _looks_like(rb".*\[object .*\].*"),
    ),
    Shape(
        "signature_repr",
        (
            "The signature is the way a language prints bytes, an object or a function: take the 32 bytes of"
            " the HMAC, encode them in base64, and put that text into the header."
        ),
        lambda signature: not _OPENSSL(signature) and not _QUOTED(signature) and _REPRS(signature),
    ),
    Shape(
        "signature_quoted",
        "The signature has quotes, brackets or a stray character around it: send the base64 text alone.",
        _QUOTED,
    ),
    Shape(
        "signature_percent_encoded",
        "The signature is percent-encoded: send the base64 as it is, a header needs no encoding.",
        _looks_like(rb".*%[0-9A-F]{2}.*"),
    ),
    Shape(
        "signature_escaped",
        (
            "The signature has an escape in it, such as \\u003d, &#x3D; or \\/: send the characters of the"
            " base64 text themselves, not those of a JSON, HTML or string literal."
        ),
        _looks_like(rb".*\\.*", rb".*&(?:#x?[0-9A-F]+|[a-z]+);.*", rb".*=3D.*"),
    ),
    Shape(
        "signature_openssl_prefix",
        (
            "The signature holds the label that openssl or a checksum tool prints, such as (stdin)= : use"
            " `openssl dgst -sha256 -hmac KEY -binary | base64`, which prints base64 alone."
        ),
        _OPENSSL,
    ),
    Shape(
        "signature_hex",
        "The signature is in hexadecimal: take the 32 raw bytes of the HMAC and encode them in base64.",
        _looks_like(
            _HEX,
            rb"[0-9a-f]{40,63}|[0-9a-f]{65,}",
            rb"(?:0x|\\x|h'|x'|#)" + _HEX + rb"'?",
            _HEX_PAIRS,
            rb"(?:0x)?" + _HEX + rb"(?:h| +\*?-|=+)",
        ),
    ),
    Shape(
        "signature_wrapped",
        (
            "The signature contains a space or a line break, as base64 that was wrapped into lines: encode it"
            " without line breaks (`base64 -w0`), and remove what is at its end."
        ),
        _looks_like(
            rb"[A-Za-z0-9+/_=-]+(?:\s+[A-Za-z0-9+/_=-]+)+\s*",
            rb"\s+[A-Za-z0-9+/_=-]{8,}|[A-Za-z0-9+/_=-]{8,}\s+",
        ),
    ),
    Shape(
        "signature_jwt",
        (
            "The signature is a JSON Web Token or another token with dots: v2 and v3 of the API take the"
            " base64 of an HMAC-SHA256 behind the colon."
        ),
        _looks_like(rb"[\w-]{8,}\.[\w-]*(?:\.[\w-]*)?"),
    ),
    Shape(
        "signature_base64url",
        (
            "The signature is in another alphabet of base64, such as the URL-safe one (- and _): use the"
            " standard alphabet, with + and / in their place."
        ),
        _looks_like(rb"(?=.*[-_])[A-Za-z0-9_-]{43}=*", rb"(?=.*[.,])[A-Za-z0-9+/.,]{43}=?"),
    ),
    Shape(
        "signature_overpadded",
        "The signature ends in too many equals signs: the base64 of 32 bytes ends in exactly one.",
        _looks_like(rb"[A-Za-z0-9+/]{43}={2,}"),
    ),
    Shape(
        "signature_unpadded",
        "The signature lacks the equals sign at its end, or has another in its place: use padded base64.",
        _looks_like(rb"[A-Za-z0-9+/]{43}(?:[~.*_-]|\xef\xbc\x9d)?"),
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
        _decodes_to(_looks_like(_HEX + rb"\s*")),
    ),
    Shape(
        "signature_double_base64",
        "The signature was encoded in base64 twice: once is enough.",
        _decodes_to(re.compile(rb"[A-Za-z0-9+/_-]{43}=?\s*").fullmatch),
    ),
    _hash("hash_md5", "MD5", 16),
    _hash("hash_sha1", "SHA-1", 20),
    _hash("hash_sha512", "SHA-512", 64),
    Shape(
        "signature_length",
        (
            "The signature is base64, but not of the 32 bytes of an HMAC-SHA256: encode the whole digest"
            " and nothing else."
        ),
        lambda signature: (
            _decodes_to(bool)(signature) or (_OF_OTHER_LENGTH(signature) and not _OTHER_BASE(signature))
        ),
    ),
    Shape(
        "signature_base32",
        (
            "The signature is in base32 or another base than 64: encode the 32 bytes of the HMAC in base64"
            " (RFC 4648 section 4)."
        ),
        _OTHER_BASE,
    ),
    Shape(
        "signature_encoding",
        (
            "The signature is not the base64 of 32 bytes, 44 characters ending in one equals sign: print it"
            " before sending, and look for characters that do not belong to base64."
        ),
        lambda signature: True,  # noqa: ARG005  # the last shape fits everything
    ),
)
"""In the order they are tried: the first that fits is the mistake."""


_EXAMINED: Final = 1024  # bytes: some patterns need a time that grows with the square of the length


def classify(signature: bytes) -> Shape:
    """Return the first shape that fits a signature which is not ``WELL_FORMED``; of a long one, its ends."""
    if len(signature) > _EXAMINED:
        signature = signature[: _EXAMINED // 2] + signature[-_EXAMINED // 2 :]
    return next(shape for shape in SHAPES if shape.fits(signature))


_ADDED: Final = (
    (re.compile(rb":.*", re.DOTALL), "Two colons are between access key and signature: put one there."),
    (
        re.compile(rb"[0-9]{9,19}[:.,|]?[A-Za-z0-9+/]{43}=|[A-Za-z0-9+/]{43}=[:.,|]?[0-9]{9,19}"),
        "The timestamp is beside the signature: send it as Couchbase-Timestamp alone.",
    ),
    (
        re.compile(rb"[A-Za-z0-9+/]{43}=[,;].*", re.DOTALL),
        (
            "Something follows the signature, as when a header is sent twice or has parameters: send the"
            " signature alone, and the header once."
        ),
    ),
)


def advice(shape: Shape, signature: bytes) -> str:
    """Return the message of a shape; of the last one, a more precise message where the cause can be seen."""
    if shape is not SHAPES[-1]:
        return shape.message
    return next((message for pattern, message in _ADDED if pattern.fullmatch(signature)), shape.message)


def recover(signature: bytes) -> bytes | None:
    """Return the 32 bytes that a malformed signature stands for, or None if they cannot be read from it."""
    if len(signature) > _EXAMINED:
        return None
    text = unquote_to_bytes(html.unescape(signature.decode("latin-1")).encode("latin-1", "replace"))
    text = re.sub(rb"\\u003d|\\x3d", b"=", text, flags=re.IGNORECASE).replace(b"\\", b"")
    text = re.sub(rb"\s", b"", re.sub(rb"^(?:b?['\"]|[A-Za-z]+\(b?['\"]?)|['\"]?\)?$", b"", text))
    label = re.fullmatch(rb"(?:.*?[=:])??(?:0x)?([0-9A-Fa-f:-]{64,})[=h*-]*", text)
    if label and len(digits := re.sub(rb"[:-]", b"", label[1])) == 2 * _LENGTH:
        return bytes.fromhex(digits.decode())
    letters = text.rstrip(b"=").translate(bytes.maketrans(b"-_", b"+/"))
    if len(letters) % 4 == 1 or not re.fullmatch(rb"[A-Za-z0-9+/]+", letters):
        return None
    raw = base64.b64decode(letters + b"=" * (-len(letters) % 4))
    if len(raw) == _LENGTH:
        return raw
    return recover(raw) if len(raw) in (43, 44, 45, 64, 65) else None
