"""Signatures that are not base64 of 32 bytes: `signature_encoding`, and the actual encoding."""

from __future__ import annotations

import base64
import string
from urllib.parse import quote

from tests.conformance.refusals.mutations.request import (
    Mutation,
    Positive,
    Row,
    b64,
    digest,
    group,
    mac,
    message,
    right,
    signature,
)

BASE64 = string.ascii_uppercase + string.ascii_lowercase + string.digits + "+/"


def _encoded(mistake: str, *rows: Row) -> tuple[Mutation, ...]:
    return group("signature_encoding", mistake, "format", *rows)


def _hex(p: Positive) -> str:
    return mac(p).hex()


def _url(p: Positive) -> str:
    return base64.urlsafe_b64encode(mac(p)).decode("ascii")


def _non_canonical(p: Positive) -> str:
    """Set the lowest of the two unused bits in the 43rd character."""
    return right(p)[:42] + BASE64[BASE64.index(right(p)[42]) + 1] + "="


# Tables: each entry has one or two lines.
# fmt: off
MUTATIONS = (
    *_encoded("signature_placeholder",
        ("get-clouds", "placeholder", "the placeholder {{signature}} of a template",
         signature(lambda _: "{{signature}}")),
        ("get-query", "signature-undefined", "a variable that was never set",
         signature(lambda _: "undefined")),
        ("get-query", "signature-none", "Python's None, printed", signature(lambda _: "None")),
    ),
    *_encoded("signature_bytes_repr",
        ("get-query", "bytes-repr", "Python's b'...' around the signature",
         signature(lambda p: f"b'{right(p)}'")),
        ("post-project", "bytes-repr-of-post", "Python's b'...' around the signature of a POST",
         signature(lambda p: f"b'{right(p)}'")),
    ),
    *_encoded("signature_js_object",
        ("get-query", "js-promise", "a Promise without await", signature(lambda _: "[object Promise]")),
        ("get-clouds", "js-array-buffer", "the ArrayBuffer of Web Crypto, converted to text",
         signature(lambda _: "[object ArrayBuffer]")),
    ),
    *_encoded("signature_repr",
        ("get-query", "java-byte-array", "Java's toString() of a byte array",
         signature(lambda _: "[B@1b6d3586")),
        ("get-query", "csharp-byte-array", "C#'s ToString() of a byte array",
         signature(lambda _: "System.Byte[]")),
        ("get-clouds", "rust-result", "Rust's Ok(...) around the text",
         signature(lambda p: f'Ok("{right(p)}")')),
        ("get-clouds", "bytes-as-numbers", "Go's %v of a byte slice",
         signature(lambda p: f"[{' '.join(map(str, mac(p)))}]")),
    ),
    *_encoded("signature_quoted",
        ("get-query", "in-quotes", "the signature in quotes", signature(lambda p: f'"{right(p)}"')),
    ),
    *_encoded("signature_percent_encoded",
        ("get-query", "percent-encoded", "/ and = percent-encoded, as in a URL",
         signature(lambda p: quote(right(p), safe=""))),
        ("get-clouds", "percent-encoded-padding", "%3d, in lower case, instead of =",
         signature(lambda p: right(p).replace("=", "%3d"))),
    ),
    *_encoded("signature_escaped",
        ("get-query", "escaped-equals-sign", "the = as a JSON encoder escapes it",
         signature(lambda p: right(p).replace("=", r"\u003d"))),
        ("get-clouds", "escaped-for-html", "the = as an HTML encoder escapes it",
         signature(lambda p: right(p).replace("=", "&#x3D;"))),
    ),
    *_encoded("signature_openssl_prefix",
        ("get-query", "openssl-label", "the line that openssl prints without -binary",
         signature(lambda p: f"SHA2-256(stdin)= {_hex(p)}")),
    ),
    *_encoded("signature_hex",
        ("get-query", "hex", "the digest in hex", signature(_hex)),
        ("get-clouds", "hex-upper-case", "the digest in hex, upper case",
         signature(lambda p: _hex(p).upper())),
    ),
    *_encoded("signature_wrapped",
        ("get-clouds", "space-after-colon", "a space between colon and signature",
         signature(lambda p: " " + right(p))),
        ("get-clouds", "inner-space", "a space inside, which some decoders skip",
         signature(lambda p: right(p)[:20] + " " + right(p)[20:])),
    ),
    *_encoded("signature_jwt",
        ("get-query", "jwt", "a JSON Web Token",
         signature(lambda p: f"eyJhbGciOiJIUzI1NiJ9.e30.{_url(p)[:-1]}")),
    ),
    *_encoded("signature_base64url",
        ("get-clouds", "base64url", "- and _ instead of + and /", signature(_url)),
        ("get-clouds", "base64url-unpadded", "- and _ without padding, as in a JWT",
         signature(lambda p: _url(p).rstrip("="))),
        ("output-plus", "base64url-minus", "a - instead of the +", signature(_url)),
    ),
    *_encoded("signature_overpadded",
        ("get-query", "overpadded", "one extra =", signature(lambda p: right(p) + "=")),
        ("get-clouds", "overpadded-by-two", "two extra =", signature(lambda p: right(p) + "==")),
    ),
    *_encoded("signature_unpadded",
        ("get-query", "unpadded", "no = at the end", signature(lambda p: right(p).rstrip("="))),
        ("output-neither", "unpadded-neither", "no = at the end, in a signature without + and /",
         signature(lambda p: right(p).rstrip("="))),
    ),
    *_encoded("signature_non_canonical",
        ("get-query", "non-canonical", "an unused bit set, which lenient decoders ignore",
         signature(_non_canonical)),
        ("get-clouds", "non-canonical-clouds", "an unused bit set, in another request",
         signature(_non_canonical)),
    ),
    *_encoded("signature_base64_of_hex",
        ("get-query", "base64-of-hex", "base64 of the hex digits",
         signature(lambda p: b64(_hex(p).encode("ascii")))),
    ),
    *_encoded("signature_double_base64",
        ("get-query", "double-base64", "base64 of base64",
         signature(lambda p: b64(right(p).encode("ascii")))),
    ),
    *_encoded("hash_md5",
        ("get-clouds", "md5", "HMAC-MD5: 16 bytes",
         signature(lambda p: b64(digest(p.secret, message(p), "md5")))),
    ),
    *_encoded("hash_sha1",
        ("get-query", "sha1", "HMAC-SHA1: 20 bytes",
         signature(lambda p: b64(digest(p.secret, message(p), "sha1")))),
    ),
    *_encoded("hash_sha512",
        ("get-query", "sha512", "HMAC-SHA512: 64 bytes",
         signature(lambda p: b64(digest(p.secret, message(p), "sha512")))),
    ),
    *_encoded("signature_length",
        ("get-query", "sha384", "HMAC-SHA384: 48 bytes",
         signature(lambda p: b64(digest(p.secret, message(p), "sha384")))),
        ("get-clouds", "prefix-of-20", "the first 20 characters of the right signature",
         signature(lambda p: right(p)[:20])),
        ("get-query", "prefix-of-4", "the first 4 characters of the right signature",
         signature(lambda p: right(p)[:4])),
        ("get-query", "digest-without-last-byte", "31 bytes: the last byte is missing",
         signature(lambda p: b64(mac(p)[:31]))),
        ("get-query", "digest-and-newline", "33 bytes: a newline after the digest",
         signature(lambda p: b64(mac(p) + b"\n"))),
    ),
    *_encoded("signature_base32",
        ("get-query", "base32", "the digest in base32",
         signature(lambda p: base64.b32encode(mac(p)).decode("ascii"))),
    ),
    *_encoded("signature_encoding",
        ("get-query", "inner-exclamation-mark", "a ! inside, which lenient decoders skip",
         signature(lambda p: right(p)[:20] + "!" + right(p)[20:])),
        ("get-query", "text-after-padding", "text after the =, which lenient decoders ignore",
         signature(lambda p: right(p) + "AAAA")),
        ("get-clouds", "signature-twice", "two headers that a proxy has joined",
         signature(lambda p: f"{right(p)}, Bearer {p.access_key}:{right(p)}")),
        ("get-query", "second-colon", "a colon and text after the signature",
         signature(lambda p: right(p) + ":1")),
        ("get-clouds", "no-break-space", "the byte 0xA0 at the end",
         signature(lambda p: right(p) + "\u00a0")),
    ),
)
# fmt: on
