"""Rewrites the percent-encoding of a target, as HTTP libraries and the encoders of languages do."""

from __future__ import annotations

import itertools
import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, quote_plus, unquote_to_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from mock_server.verifier.mistakes.aspect import Attempt

_kept: Final = lru_cache(maxsize=256)  # what the search rewrites again and again for one request
_ESCAPE = re.compile(rb"%[0-9A-Fa-f]{2}")
_RESERVED: Final = b":/?#[]@!$&'()*+,;=%"
_DIGITS: Final = "0123456789abcdefABCDEF"
_BYTES: Final = {f"{a}{b}".encode(): bytes.fromhex(a + b) for a in _DIGITS for b in _DIGITS}
"""The two digits of each escape, and the byte that it stands for."""
_NOT_RESERVED: Final = {digits: byte for digits, byte in _BYTES.items() if byte not in _RESERVED}
_UNRESERVED: Final = {digits: byte for digits, byte in _BYTES.items() if re.match(rb"[A-Za-z0-9._~-]", byte)}
_UPPER: Final = {digits: b"%" + digits.upper() for digits in _BYTES}
_LOWER: Final = {digits: b"%" + digits.lower() for digits in _BYTES}
# The characters beside letters, digits, `-`, `.`, `_` and `~` that encoders of languages leave as they are.
_ENCODERS: Final = (
    b"",  # RFC 3986, Python's quote(safe=""), C#'s EscapeDataString, PHP's rawurlencode
    b"!'()*",  # JavaScript's encodeURIComponent, Perl's uri_escape
    b";,/?:@&=+$#!'()*",  # JavaScript's encodeURI
    b"*",  # Java's URLEncoder
    b"$&+,/:;=@",  # Go's PathEscape and its neighbours
    b"$&+:=@",
    b"!$&'()*+,;=:@",  # RFC 3986, pchar
    b"!$&'()*+,;=:@/?",  # RFC 3986, query
    *(b",:", b":@", b"/:", b"()", b"'"),
)
# Groups of characters that decoders leave encoded, or that alone they decode.
_GROUPS: Final = (b"/", b"/?#%", b"%", b"&=+", b"&=+/?#%", b";/?:@&=+$,#", b"!'()*", b" ", b'"<>\\^`{|} ')
_INSIDE: Final = tuple({d: byte for d, byte in _BYTES.items() if byte in group} for group in _GROUPS)
_OUTSIDE: Final = tuple({d: byte for d, byte in _BYTES.items() if byte not in group} for group in _GROUPS)
_QUOTED: Final = tuple(b"%%%02X" % byte for byte in range(256))
_ALWAYS_SAFE: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-~"
_MOST: Final = 100  # names and values of a query that are encoded one by one
_FEW: Final = 24  # characters or escapes of different kinds that are looked at one by one


@_kept
def decode_unreserved(text: bytes) -> bytes:
    """Decode the escapes of letters, digits, ``-``, ``.``, ``_`` and ``~``."""
    return _replace_escapes(text, _UNRESERVED)


def _replace_escapes(text: bytes, wanted: Mapping[bytes, bytes]) -> bytes:
    """Replace the escapes whose two digits are among ``wanted``."""
    if b"%" not in text:
        return text
    first, *others = text.split(b"%")  # three times as fast as a regular expression that calls a function
    pieces = [first]
    for piece in others:
        byte = wanted.get(piece[:2])
        pieces.append(b"%" + piece if byte is None else byte + piece[2:])
    return b"".join(pieces)


@_kept
def upper(text: bytes) -> bytes:
    """Write the digits of every escape in capitals."""
    return _replace_escapes(text, _UPPER)


@_kept
def lower(text: bytes) -> bytes:
    """Write the digits of every escape in small letters."""
    return _replace_escapes(text, _LOWER)


@_kept
def _decode_unless_reserved(text: bytes) -> bytes:
    return _replace_escapes(text, _NOT_RESERVED)


@_kept
def _decode(text: bytes) -> bytes:
    return unquote_to_bytes(text)


def _by_halves(change: Callable[[bytes], bytes], attempt: Attempt) -> bytes:
    """Apply a change to path and query, one of which is often that of the target tried before."""
    return change(attempt.path) + change(attempt.query)


def encode_some(text: bytes, characters: bytes) -> bytes:
    """Encode some characters of a text, and nothing else; the percent sign must be the first of them."""
    for character in characters:
        text = text.replace(bytes((character,)), _QUOTED[character])
    return text


def _quote(text: bytes, safe: bytes) -> bytes:
    """Encode what ``urllib.parse.quote`` encodes, several times as fast if few characters are encoded."""
    unsafe = set(text.translate(None, safe + _ALWAYS_SAFE))
    if len(unsafe) > _FEW:
        kept = {*safe, *_ALWAYS_SAFE}
        return b"".join([bytes((byte,)) if byte in kept else _QUOTED[byte] for byte in text])
    return encode_some(text, bytes(sorted(unsafe, key=lambda byte: byte != _PERCENT)))


_PERCENT: Final = 0x25


def in_other_letters(attempt: Attempt) -> Iterator[bytes]:
    """Yield the target with the digits of every escape in capitals, and in small letters."""
    yield from (_by_halves(upper, attempt), _by_halves(lower, attempt))


def unreserved_decoded(attempt: Attempt) -> bytes:
    """Return the target with the escapes of letters, digits, ``-``, ``.``, ``_`` and ``~`` decoded."""
    return _by_halves(decode_unreserved, attempt)


def decoded(attempt: Attempt) -> Iterator[bytes]:
    """Yield the target with all its escapes decoded, or with some of them."""
    target = attempt.target
    spaced = attempt.query.replace(b"+", b" ")
    for path in (attempt.path, _decode(attempt.path)):
        for query in (attempt.query, spaced, _decode(attempt.query), _decode(spaced)):
            yield path + query
    yield target.replace(b"%20", b" ")
    yield _by_halves(_decode_unless_reserved, attempt)
    yield unreserved_decoded(attempt)
    if not attempt.thorough:
        return
    yield from (unquote_to_bytes(unquote_to_bytes(target)), unquote_to_bytes(target.replace(b"+", b" ")))
    escapes: dict[bytes, set[bytes]] = {}
    for escape in _ESCAPE.findall(target):
        escapes.setdefault(_BYTES[escape[1:]], set()).add(escape)
    for byte, forms in itertools.islice(escapes.items(), _FEW):
        text = target
        for form in forms:
            text = text.replace(form, byte)
        yield text
    for inside, outside in zip(_INSIDE, _OUTSIDE, strict=True):
        yield from (_replace_escapes(target, inside), _replace_escapes(target, outside))
    text = unquote_to_bytes(target)
    yield text.decode("utf-8", "replace").encode()
    yield text.decode("utf-8", "ignore").encode("latin-1", "replace")
    yield text.decode("latin-1").encode()


def encoded_again(attempt: Attempt) -> Iterator[bytes]:
    """Yield the target encoded once more: the percent signs, the whole, or each part of the query."""
    target = attempt.target
    if b"%" in target:
        yield target.replace(b"%", b"%25")
    yield from (_quote(target, b""), _quote(target, b"/"))
    if not attempt.thorough:
        return
    for safe in (b"/?", b"/?=&", _RESERVED, _RESERVED.replace(b"%", b""), b"!~*'()"):
        yield _quote(target, safe)
    yield _quote(target, b"/ ").replace(b" ", b"+")
    for escape in (b"%2F", b"%2f", b"&#x2F;"):
        yield from (target.replace(b"/", escape), b"/" + target[1:].replace(b"/", escape))
    yield lower(_quote(target, b""))
    for safe in (b"", b"!'()*", b"%"):
        path = _quote(attempt.path, safe + b"/")
        yield path + attempt.query
        if attempt.query:
            # No escape of it contains one of the two characters that separate its parts.
            query = b"?" + _quote(attempt.query[1:], safe + b"=&")
            yield from (attempt.path + query, path + query, attempt.path + query.replace(b"%20", b"+"))
            yield attempt.path + b"?" + _quote(attempt.query[1:], safe)
            yield attempt.path + _quote(attempt.query, safe)


def quote_some(text: str) -> str:
    """Encode the spaces of a text, and nothing else, as JavaScript's escape() does with most ASCII."""
    return text.replace(" ", "%20")


def encoded_otherwise(attempt: Attempt) -> Iterator[bytes]:
    """Yield the target as the encoders of other languages would have written it."""
    target = attempt.target
    for byte in itertools.islice(dict.fromkeys(re.findall(rb"[^A-Za-z0-9/?&=%]", target)), _FEW):
        new_path, new_query = encode_some(attempt.path, byte), encode_some(attempt.query, byte)
        yield from (new_path + new_query, lower(new_path + new_query))
        yield from (attempt.path + new_query, new_path + attempt.query)
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
    parts = [unquote_to_bytes(part) for part in re.split(rb"([=&])", query, maxsplit=_MOST)]
    for safe in _ENCODERS:
        new_path = _quote(path, safe + b"/")
        new_query = b"".join([part if part in (b"=", b"&") else _quote(part, safe) for part in parts])
        new_query = b"?" + new_query if query else b""
        yield from (new_path + attempt.query, attempt.path + new_query, new_path + new_query)
        if b"%20" in new_query or b"+" in query:
            yield attempt.path + new_query.replace(b"%20", b"+")
            yield new_path + new_query.replace(b"%20", b"+")
            yield new_path + new_query.replace(b"%2B", b"+")
