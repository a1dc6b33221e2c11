"""Rewrites the percent-encoding of a target, as HTTP libraries and the encoders of languages do."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, quote_plus, unquote_to_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from mock_server.verifier.mistakes.aspect import Attempt

_ESCAPE = re.compile(rb"%[0-9A-Fa-f]{2}")
_RESERVED: Final = b":/?#[]@!$&'()*+,;=%"
_DIGITS: Final = "0123456789abcdefABCDEF"
_BYTES: Final = {f"%{a}{b}".encode(): bytes.fromhex(a + b) for a in _DIGITS for b in _DIGITS}
_NOT_RESERVED: Final = {escape: byte for escape, byte in _BYTES.items() if byte not in _RESERVED}
_UNRESERVED: Final = {escape: byte for escape, byte in _BYTES.items() if re.match(rb"[A-Za-z0-9._~-]", byte)}
# The characters beside letters, digits, `-`, `.`, `_` and `~` that encoders of languages leave as they are.
_ENCODERS: Final = (
    "",  # RFC 3986, Python's quote(safe=""), C#'s EscapeDataString, PHP's rawurlencode
    "!'()*",  # JavaScript's encodeURIComponent, Perl's uri_escape
    ";,/?:@&=+$#!'()*",  # JavaScript's encodeURI
    "*",  # Java's URLEncoder
    "$&+,/:;=@",  # Go's PathEscape and its neighbours
    "$&+:=@",
    "!$&'()*+,;=:@",  # RFC 3986, pchar
    "!$&'()*+,;=:@/?",  # RFC 3986, query
    *(",:", ":@", "/:", "()", "'"),
)
# Groups of characters that decoders leave encoded, or that alone they decode.
_GROUPS: Final = (b"/", b"/?#%", b"%", b"&=+", b"&=+/?#%", b";/?:@&=+$,#", b"!'()*", b" ", b'"<>\\^`{|} ')


def decode_unreserved(text: bytes) -> bytes:
    """Decode the escapes of letters, digits, ``-``, ``.``, ``_`` and ``~``."""
    return _decode_some(text, _UNRESERVED)


def _decode_some(text: bytes, wanted: Mapping[bytes, bytes]) -> bytes:
    return _ESCAPE.sub(lambda escape: wanted.get(escape[0], escape[0]), text)


def upper(text: bytes) -> bytes:
    """Write the digits of every escape in capitals."""
    return _ESCAPE.sub(lambda escape: escape[0].upper(), text)


def lower(text: bytes) -> bytes:
    """Write the digits of every escape in small letters."""
    return _ESCAPE.sub(lambda escape: escape[0].lower(), text)


def encode_some(text: bytes, characters: bytes) -> bytes:
    """Encode some characters of a text, and nothing else."""
    return re.sub(b"[%b]" % re.escape(characters), lambda found: b"%%%02X" % ord(found[0]), text)


def decoded(attempt: Attempt) -> Iterator[bytes]:
    """Yield the target with all its escapes decoded, or with some of them."""
    target = attempt.target
    spaced = attempt.query.replace(b"+", b" ")
    for path in (attempt.path, unquote_to_bytes(attempt.path)):
        for query in (attempt.query, spaced, unquote_to_bytes(attempt.query), unquote_to_bytes(spaced)):
            yield path + query
    yield target.replace(b"%20", b" ")
    yield from (_decode_some(target, _NOT_RESERVED), decode_unreserved(target))
    if not attempt.thorough:
        return
    yield from (unquote_to_bytes(unquote_to_bytes(target)), unquote_to_bytes(target.replace(b"+", b" ")))
    for escape in dict.fromkeys(escape.upper() for escape in _ESCAPE.findall(target)):
        yield re.sub(escape, lambda found: _BYTES[found[0]], target, flags=re.IGNORECASE)
    for group in _GROUPS:
        inside = {escape: byte for escape, byte in _BYTES.items() if byte in group}
        yield _decode_some(target, inside)
        yield _decode_some(target, {escape: byte for escape, byte in _BYTES.items() if escape not in inside})
    text = unquote_to_bytes(target)
    yield text.decode("utf-8", "replace").encode()
    yield text.decode("utf-8", "ignore").encode("latin-1", "replace")
    yield text.decode("latin-1").encode()


def encoded_again(attempt: Attempt) -> Iterator[bytes]:
    """Yield the target encoded once more: the percent signs, the whole, or each part of the query."""
    target = attempt.target
    if b"%" in target:
        yield target.replace(b"%", b"%25")
    yield quote(target, safe=b"").encode()
    yield quote(target, safe=b"/").encode()
    if not attempt.thorough:
        return
    for safe in (b"/?", b"/?=&", _RESERVED, _RESERVED.replace(b"%", b""), b"-_.!~*'()"):
        yield quote(target, safe=safe).encode()
    yield quote_plus(target, safe=b"/").encode()
    yield from (target.replace(b"/", b"%2F"), target.replace(b"/", b"%2f"), target.replace(b"/", b"&#x2F;"))
    yield lower(quote(target, safe=b"").encode())
    for safe in (b"", b"!'()*", b"%"):
        path = quote(attempt.path, safe=safe + b"/").encode()
        yield path + attempt.query
        if attempt.query:
            parts = re.split(rb"([=&])", attempt.query[1:])
            query = b"?" + b"".join(quote(part, safe=safe + b"=&").encode() for part in parts)
            yield from (attempt.path + query, path + query, attempt.path + query.replace(b"%20", b"+"))
            yield attempt.path + b"?" + quote(attempt.query[1:], safe=safe).encode()
            yield attempt.path + quote(attempt.query, safe=safe).encode()


def quote_some(text: str) -> str:
    """Encode the spaces of a text, and nothing else, as JavaScript's escape() does with most ASCII."""
    return text.replace(" ", "%20")


def encoded_otherwise(attempt: Attempt) -> Iterator[bytes]:
    """Yield the target as the encoders of other languages would have written it."""
    target = attempt.target
    for byte in dict.fromkeys(re.findall(rb"[^A-Za-z0-9/?&=%]", target)):
        replace: Callable[[bytes], bytes] = lambda text, b=byte: text.replace(b, b"%%%02X" % ord(b))  # type: ignore[misc]  # noqa: E731  # bound early, used thrice
        yield from (replace(target), lower(replace(target)))
        yield from (attempt.path + replace(attempt.query), replace(attempt.path) + attempt.query)
    if re.search(rb"%[89A-Fa-f]", target):  # not ASCII
        text = unquote_to_bytes(target).decode("utf-8", "replace")
        for form in ("NFC", "NFD", "NFKC", "NFKD"):
            yield quote(unicodedata.normalize(form, text), safe="/?&=").encode()
            yield unicodedata.normalize(form, text).encode()
        for charset in ("latin-1", "cp1252"):
            yield quote(text, safe="/?&=", encoding=charset, errors="replace").encode()
            yield quote_plus(text, safe="/?&=", encoding=charset, errors="replace").encode()
        plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
        yield from (quote(plain, safe="/?&=+").encode(), plain.encode())
        yield re.sub(r"[^\x00-\x7f]", lambda found: f"%u{ord(found[0]):04X}", quote_some(text)).encode()
    path, query = unquote_to_bytes(attempt.path), attempt.query[1:]
    parts = [unquote_to_bytes(part) for part in re.split(rb"([=&])", query)]
    for safe in _ENCODERS:
        new_path = quote(path, safe=safe + "/").encode()
        new_query = b"".join(
            part if part in (b"=", b"&") else quote(part, safe=safe).encode() for part in parts
        )
        new_query = b"?" + new_query if query else b""
        yield from (new_path + attempt.query, attempt.path + new_query, new_path + new_query)
        if b"%20" in new_query or b"+" in query:
            yield attempt.path + new_query.replace(b"%20", b"+")
            yield new_path + new_query.replace(b"%20", b"+")
            yield new_path + new_query.replace(b"%2B", b"+")
