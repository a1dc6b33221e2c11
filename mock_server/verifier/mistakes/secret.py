"""Mistakes in the secret key: damaged on its way, taken for something else, or another one."""

from __future__ import annotations

import base64
import binascii
import contextlib
import hashlib
import re
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote_to_bytes

from mock_server.verifier.mistakes import damage
from mock_server.verifier.mistakes.aspect import Aspect, Attempt
from mock_server.verifier.mistakes.words import words

if TYPE_CHECKING:
    from collections.abc import Iterator

SECRET: Final[Aspect[bytes]] = Aspect("secret")


@SECRET.mistake(
    "secret_whitespace",
    (
        "The secret key was used with white space at its ends that does not belong to it, or without white"
        " space that does: read it without the newline at the end of its file, and change nothing else."
    ),
)
def whitespace(attempt: Attempt) -> Iterator[bytes]:
    """White space, a NUL or a byte order mark added at the ends, removed from them, or changed inside."""
    secret = attempt.secret
    yield from (secret.strip(), secret.lstrip(), secret.rstrip(), secret.strip(b"\r\n"), secret.rstrip(b"\n"))
    yield secret.decode().strip().encode()  # by Unicode's definition of white space
    for end in (b"\n", b"\r\n", b" "):
        yield secret + end
    yield b" " + secret
    if not attempt.thorough:
        return
    for end in (
        *(b" ", b"\n", b"\r\n", b"\r", b"\t", b"\n\n", b"\r\n\r\n", b"  ", b" \n", b"\n ", b"\0", b"\n\n\n"),
        *(b"\v", b"\f", b"\\n", *(character.encode() for character in "\u00a0\u200b\u2028\u3000\u0085")),
    ):
        yield from (secret + end, end + secret, end + secret + end)
    yield re.sub(rb"\s+", b"", secret)
    yield re.sub(rb"\s+", b" ", secret)
    yield re.sub(rb"\s+", b" ", secret).strip()
    yield secret.replace(b"\n", b"\r\n")
    yield secret.replace(b"\r\n", b"\n")
    for width in (16, 20, 24, 32, 40, 48, 50, 64, 80, 100, 128, 255, 256):  # fields of a fixed length
        yield from (secret.ljust(width), secret.rjust(width))
    for width in (40, 60, 64, 72, 76, 80):  # wrapped, as base64 and mail programs do
        for newline in (b"\n", b"\r\n", b" "):
            lines = [secret[at : at + width] for at in range(0, len(secret), width)]
            yield from (newline.join(lines), newline.join(lines) + newline)


@SECRET.mistake(
    "secret_empty",
    (
        "The secret key was empty when the signature was made: check that its variable is set, spelled"
        " correctly and read, and that nothing decodes it from hexadecimal or base64."
    ),
)
def empty(attempt: Attempt) -> Iterator[bytes]:  # noqa: ARG001  # every maker takes the attempt
    """No secret key at all."""
    yield b""


@SECRET.mistake(
    "secret_decoded",
    (
        "The secret key was decoded from base64, hexadecimal or percent-encoding before use: it is text, use"
        " its bytes as they are."
    ),
)
def decoded(attempt: Attempt) -> Iterator[bytes]:
    """The secret key decoded by strict decoders, which stop, and by lenient ones, which skip characters."""
    yield from _decoded(attempt.secret)
    if attempt.thorough:
        yield from _rarely_decoded(attempt.secret)


def _decoded(secret: bytes) -> Iterator[bytes]:
    yield _unbase64(secret.partition(b"=")[0].translate(_URL_SAFE))
    with contextlib.suppress(binascii.Error):  # a strict decoder refuses it: no one could sign with it
        yield base64.b64decode(secret)
    yield _unhex(secret)
    yield unquote_to_bytes(secret)


_URL_SAFE: Final = bytes.maketrans(b"-_", b"+/")


def _unbase64(text: bytes) -> bytes:
    """Decode as lenient decoders do: characters outside the alphabet are skipped, padding is optional."""
    letters = re.sub(rb"[^A-Za-z0-9+/]", b"", text)
    letters = letters[: len(letters) - (len(letters) % 4 == 1)]
    return base64.b64decode(letters + b"=" * (-len(letters) % 4))


def _unhex(text: bytes) -> bytes:
    """Decode the hexadecimal digits at the start, as decoders do that stop at the first other character."""
    pairs = re.match(rb"(?:[0-9A-Fa-f]{2})*", text)
    return binascii.unhexlify(pairs[0] if pairs else b"")


def _rarely_decoded(secret: bytes) -> Iterator[bytes]:
    for text in (secret, secret.translate(_URL_SAFE)):
        for part in (text, text.partition(b"=")[0]):
            leading = re.match(rb"[A-Za-z0-9+/]*", part)
            yield from (_unbase64(part), _unbase64(leading[0] if leading else b""))
            letters = re.sub(rb"[^A-Za-z0-9+/]", b"", part)
            yield _unbase64(letters[: len(letters) // 4 * 4])
    with contextlib.suppress(binascii.Error, ValueError):
        yield base64.b32decode(secret.upper() + b"=" * (-len(secret) % 8))
    with contextlib.suppress(ValueError):
        yield base64.a85decode(secret)
    with contextlib.suppress(ValueError):
        yield base64.b85decode(secret)
    digits = re.sub(rb"[^0-9A-Fa-f]", b"", secret)
    yield from (_unhex(secret.removeprefix(b"0x")), _unhex(digits), _lenient_hex(secret))
    yield unquote_to_bytes(secret.replace(b"+", b" "))


def _lenient_hex(text: bytes) -> bytes:
    """Decode as decoders do that take a character which is no digit for zero."""
    nibbles = [int(chr(byte), 16) if chr(byte) in "0123456789abcdefABCDEF" else 0 for byte in text]
    return bytes(high << 4 | low for high, low in zip(nibbles[::2], nibbles[1::2], strict=False))


@SECRET.mistake(
    "secret_is_access_key",
    "The signature was made with the access key in place of the secret key: the secret key signs.",
)
def access_key(attempt: Attempt) -> Iterator[bytes]:
    """The access key."""
    yield attempt.access_key
    yield base64.b64encode(attempt.access_key)


@SECRET.mistake(
    "secret_quoted",
    (
        "The secret key was used with the quotes or brackets that surround it in a settings file or a"
        " command: remove them, or read the file with a reader that does."
    ),
)
def quoted(attempt: Attempt) -> Iterator[bytes]:
    """Quotes or brackets at both ends, at one end, or removed where they belong to the secret key."""
    return damage.quoted(attempt)


@SECRET.mistake(
    "secret_truncated",
    (
        "Only a part of the secret key was used: a shell, a .env reader or a parser stopped at a special"
        " character (#, $, a space, =, a comma, a NUL), or a field was too short. Put it in single quotes,"
        " and compare its length."
    ),
)
def truncated(attempt: Attempt) -> Iterator[bytes]:
    """The part before or after each special character, the first bytes of usual lengths, an end cut off."""
    return damage.truncated(attempt)


@SECRET.mistake(
    "secret_expanded",
    (
        "A shell, a .env reader or a format string replaced a part of the secret key, such as $name or %s:"
        " put it in single quotes, and turn interpolation off."
    ),
)
def expanded(attempt: Attempt) -> Iterator[bytes]:
    """Variables, commands, format specifiers and comments inside the secret key taken out or replaced."""
    return damage.expanded(attempt)


@SECRET.mistake(
    "secret_escaped",
    (
        "A backslash or another escape was added to the secret key, removed from it or replaced by what it"
        " stands for: use the text of the key itself, without any escape."
    ),
)
def escaped(attempt: Attempt) -> Iterator[bytes]:
    """Escapes of shells, JSON, HTML, XML, SQL and regular expressions, added or resolved."""
    return damage.escaped(attempt)


@SECRET.mistake(
    "secret_placeholder",
    (
        "The name of the variable, a template or the word for a missing value was used in place of the"
        " secret key: check that the setting is read, and that its place is filled in."
    ),
)
def placeholder(attempt: Attempt) -> Iterator[bytes]:
    """The word for a missing value, a variable's name, an unfilled template, an example's value."""
    return damage.placeholders(attempt)


@SECRET.mistake(
    "secret_encoded",
    (
        "The secret key was encoded before use, in base64, hexadecimal, percent-encoding or another"
        " character encoding than UTF-8: use the UTF-8 bytes of the text as they are."
    ),
)
def encoded(attempt: Attempt) -> Iterator[bytes]:
    """The secret key in another encoding, encoded twice, normalised, or with a byte order mark."""
    return damage.encodings(attempt)


@SECRET.mistake(
    "secret_case",
    "The secret key was used in other letters, capitals for small ones or the reverse: copy it exactly.",
)
def other_case(attempt: Attempt) -> Iterator[bytes]:
    """The secret key in lower, upper, title and swapped case."""
    text = attempt.secret.decode()
    yield from (text.lower().encode(), text.upper().encode())
    if not attempt.thorough:
        return
    for changed in (text.swapcase(), text.title(), text.capitalize(), text.casefold()):
        yield changed.encode()
    yield (text[:1].lower() + text[1:]).encode()


@SECRET.mistake(
    "secret_joined",
    (
        "The secret key was joined with the access key or another text before it was used: the key of the"
        " HMAC is the secret key alone."
    ),
)
def joined(attempt: Attempt) -> Iterator[bytes]:
    """The secret key with the access key or a fixed text before or behind it."""
    secret, access = attempt.secret, attempt.access_key
    yield from (access + b":" + secret, access + secret, secret + access)
    if not attempt.thorough:
        return
    for joint in (
        b"",
        *words(": & . - _ | /"),
        b" ",
        b"\n",
        *words(", ; = +"),
        b"\0",
        b"::",
    ):
        yield from (access + joint + secret, secret + joint + access)
    for word in (b"AWS4", b"Bearer ", b"Bearer", b"Basic ", b"secret:", b"key=", b"sk_"):
        yield word + secret
    yield from (secret + b"&", secret + secret)
    yield base64.b64encode(access + b":" + secret)


def joined_with_timestamp(attempt: Attempt) -> Iterator[bytes]:
    """Yield the secret key with the timestamp behind or before it.

    They are not among the variants, which depend on the two keys alone, so that those can be kept.
    """
    yield from (attempt.secret + attempt.timestamp, attempt.timestamp + attempt.secret)


@SECRET.mistake(
    "secret_hashed",
    "The secret key was hashed before use, or another key was derived from it: use its bytes as they are.",
)
def hashed(attempt: Attempt) -> Iterator[bytes]:
    """A hash of the secret key, as bytes, in hexadecimal and in base64."""
    raw = hashlib.sha256(attempt.secret).digest()
    yield from (raw, raw.hex().encode())
    if not attempt.thorough:
        return
    for name in ("md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha3_256", "blake2b", "blake2s"):
        raw = hashlib.new(name, attempt.secret, usedforsecurity=False).digest()
        yield from (raw, raw.hex().encode(), raw.hex().upper().encode(), base64.b64encode(raw))
