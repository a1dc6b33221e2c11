"""Mistakes in the secret key: damaged on its way, taken for something else, or another one."""

from __future__ import annotations

import base64
import binascii
import contextlib
import hashlib
import html
import json
import re
import unicodedata
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, quote_plus, unquote, unquote_plus, unquote_to_bytes

from mock_server.verifier.mistakes.aspect import Aspect, Attempt
from mock_server.verifier.mistakes.words import PLACEHOLDERS, templates, words

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
    for end in (b"\n", b"\r\n", b" ", b"\r", b"\n\n"):
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
    for width in (60, 64, 76):  # wrapped, as base64 and mail programs do
        for newline in (b"\n", b"\r\n"):
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


_QUOTES: Final = (
    "'",
    '"',
    "`",
    "''",
    '""',
    "“”",
    "«»",
    "\\'",
    '\\"',
    "<>",
    "[]",
    "()",
    "{}",
    "$''",
    '$""',
    "b''",
    'b""',
)


@SECRET.mistake(
    "secret_quoted",
    (
        "The secret key was used with the quotes or brackets that surround it in a settings file or a"
        " command: remove them, or read the file with a reader that does."
    ),
)
def quoted(attempt: Attempt) -> Iterator[bytes]:
    """Quotes or brackets at both ends, at one end, or removed where they belong to the secret key."""
    secret = attempt.secret
    for quote_ in (b"'", b'"'):
        yield quote_ + secret + quote_
    if not attempt.thorough:
        return
    for pair in _QUOTES:
        half = len(pair) // 2 if pair[0] not in "$b" else 2
        before, after = pair[:half].encode(), (pair[half:] or pair[:half]).encode()
        yield from (before + secret + after, before + secret, secret + after)
        yield before + secret + after + b"\n"
    yield from (secret + b",", secret + b";", b"=" + secret, b": " + secret, secret + b'",', secret + b"';")
    yield secret.strip(b"'\"")
    yield re.sub(rb"['\"]", b"", secret)
    for name in (
        *words("CBC_SECRET_KEY= SECRET_KEY= secret= cbc_secret_key= secret_key="),
        b"Secret: ",
        b"secretKey=",
    ):
        yield from (name + secret, name + b"'" + secret + b"'", name + b'"' + secret + b'"')


# Bytes: the sizes of fields, of blocks, and of what hash functions take (bcrypt: 72).
_LENGTHS: Final = (*range(8, 129), 200, 250, 254, 255, 256, 512, 1023, 1024, 2048, 4095, 4096)


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
    secret = attempt.secret
    for byte in b"#$ =%&,;\0\"'":
        yield secret.partition(bytes((byte,)))[0].rstrip()
    for length in (32, 64, 72):
        yield secret[:length]
    if not attempt.thorough:
        return
    for place in _special(secret):
        rest = secret[place + 1 :]
        yield from (
            secret[:place],
            secret[:place].rstrip(),
            secret[: place + 1],
            rest,
            rest.lstrip(),
            secret[place:],
        )
    for length in _LENGTHS:
        if length < len(secret):
            yield secret[:length]
            yield secret[-length:]
    for cut in (1, 2, 3, 4):
        if cut < len(secret):
            yield from (secret[cut:], secret[:-cut])
    text = secret.decode()
    for length in (len(text) // 2, 32, 64):
        yield text[:length].encode()


def _special(secret: bytes) -> Iterator[int]:
    """Find the first and the last place of each byte that is neither a letter nor a digit."""
    for byte in sorted(set(re.findall(rb"[^A-Za-z0-9\x80-\xff]", secret))):
        yield secret.index(byte)
        if secret.rindex(byte) != secret.index(byte):
            yield secret.rindex(byte)


@SECRET.mistake(
    "secret_expanded",
    (
        "A shell, a .env reader or a format string replaced a part of the secret key, such as $name or %s:"
        " put it in single quotes, and turn interpolation off."
    ),
)
def expanded(attempt: Attempt) -> Iterator[bytes]:
    """Variables, commands, format specifiers and comments inside the secret key taken out or replaced."""
    secret = attempt.secret
    yield re.sub(rb"\$\{?\w+\}?", b"", secret)
    if not attempt.thorough:
        return
    for pattern in (
        *(rb"\$\w+", rb"\$\{[^}]*\}", rb"\$\{?\w+\}?", rb"\$[A-Za-z_]\w*", rb"\$[0-9]", rb"\$.", rb"\$"),
        *(rb"\$\([^)]*\)", rb"`[^`]*`", rb"%\w+%", rb"%[A-Za-z]", rb"%", rb"\{\{.*?\}\}", rb"\{[^}]*\}"),
        *(rb"\$\W", rb"!\w+", rb"!\S+", rb"!", rb"#.*", rb"\s#.*", rb"&\w+;?", rb"&.*", rb";.*", rb"\|.*"),
        *(
            rb"<[^>]*>",
            rb"~",
            rb"\*",
            rb"\^",
            rb"\^(.)",
            rb"&",
            rb"#",
            rb"=",
            rb"@",
            rb"//.*",
            rb"--.*",
            rb"@\w+",
        ),
    ):
        yield re.sub(pattern, b"", secret)
        yield re.sub(pattern, b"", secret, count=1)
    yield re.sub(rb"\$\w", b"", secret)  # a shell's $1 and $-: one character
    for old, new in (
        *(
            (b"$$", b"$"),
            (b"$", b"$$"),
            (b"%%", b"%"),
            (b"%", b"%%"),
            (b"&", b"&&"),
            (b"#", b"##"),
            (b"~", b"/root"),
        ),
        *(
            (b"{{", b"{"),
            (b"}}", b"}"),
            (b"+", b" "),
            (b" ", b"+"),
            (b"_", b"-"),
        ),
        *(
            (b"-", b"_"),
            (b"/", b"_"),
            (b"+", b"-"),
            (b"$", b"%"),
            (b".", b"_"),
            (b"%", b"%25"),
            (b"@", b"%40"),
        ),
    ):
        yield secret.replace(old, new)
    yield secret.replace(b"+", b"-").replace(b"/", b"_")
    yield secret.replace(b"-", b"+").replace(b"_", b"/")
    yield re.sub(rb"%(\w)", rb"%!\1(MISSING)", secret)  # Go's fmt
    yield re.sub(rb"%(\w)", rb"%!\1(NOVERB)", secret)
    yield re.sub(rb"%[sdiufgexX]", b"%!s(MISSING)", secret)
    for word in (b"undefined", b"None", b"null", b"nil"):
        yield re.sub(rb"\$\{?\w+\}?", word, secret)


@SECRET.mistake(
    "secret_escaped",
    (
        "A backslash or another escape was added to the secret key, removed from it or replaced by what it"
        " stands for: use the text of the key itself, without any escape."
    ),
)
def escaped(attempt: Attempt) -> Iterator[bytes]:
    """Escapes of shells, JSON, HTML, XML, SQL and regular expressions, added or resolved."""
    secret = attempt.secret
    text = secret.decode()
    yield html.escape(text).encode()
    yield re.sub(rb"([$#%&\\ ])", rb"\\\1", secret)
    if not attempt.thorough:
        return
    yield re.sub(rb"\\(.)", rb"\1", secret, flags=re.DOTALL)
    yield secret.replace(b"\\", b"")
    yield secret.replace(b"\\", b"\\\\")
    yield secret.replace(b"\\\\", b"\\")
    yield secret.replace(b"\\", b"/")
    with contextlib.suppress(UnicodeDecodeError, UnicodeEncodeError):
        yield text.encode("latin-1").decode("unicode_escape").encode()
    with contextlib.suppress(ValueError):
        yield json.loads(f'"{text}"').encode()
    for ascii_only in (True, False):
        yield json.dumps(text, ensure_ascii=ascii_only)[1:-1].encode()
        yield json.dumps(text, ensure_ascii=ascii_only)[1:-1].replace("/", "\\/").encode()
    yield from (
        html.escape(text).encode(),
        html.escape(text, quote=False).encode(),
        html.unescape(text).encode(),
    )
    yield text.replace("&", "&amp;").encode()
    yield re.escape(secret)
    yield re.sub(rb"([^A-Za-z0-9_@%+=:,./-])", rb"\\\1", secret)  # a shell's printf %q
    yield re.sub(rb"([^A-Za-z0-9])", rb"\\\1", secret)
    for special in (
        *words("$ # % ' \" ` ! & ="),
        b" ",
        *words("@ : / + ~ ,"),
    ):
        yield secret.replace(special, b"\\" + special)
    yield secret.replace(b"'", b"''")
    yield secret.replace(b'"', b'""')
    yield secret.replace(b"'", b"'\\''")
    yield text.encode("ascii", "backslashreplace")
    yield text.encode("ascii", "xmlcharrefreplace")
    yield re.sub(rb"[\x00-\x1f\x7f]", b"", secret)


_NAMES: Final = (
    *words("CBC_SECRET_KEY cbc_secret_key SECRET_KEY secret_key secret SECRET secretKey"),
    *words("secret-key SecretKey CAPELLA_SECRET_KEY CB_SECRET_KEY key SECRETKEY API_SECRET token"),
    *words("password secrets.CBC_SECRET_KEY env.CBC_SECRET_KEY process.env.CBC_SECRET_KEY"),
)
_EXAMPLES: Final = (
    *words("changeme change-me change_me xxx xxxx xxxxxxxx ... *** ******** TODO"),
    b"my secret key",
    *words("test mock-secret-key example <secret>"),
    b"your secret key",
    b"mysecret",
    b"my-secret-key",
    b"secret key",
    *words("[secret] [REDACTED] REDACTED ***REDACTED***"),
    b"(known after apply)",
    b"<sensitive>",
    b"(sensitive value)",
    *words("Secret [hidden] foo bar dummy fake secret123"),
)


@SECRET.mistake(
    "secret_placeholder",
    (
        "The name of the variable, a template or the word for a missing value was used in place of the"
        " secret key: check that the setting is read, and that its place is filled in."
    ),
)
def placeholder(attempt: Attempt) -> Iterator[bytes]:
    """The word for a missing value, a variable's name, an unfilled template, an example's value."""
    yield from (b"undefined", b"None", b"null", b"$CBC_SECRET_KEY", b"${CBC_SECRET_KEY}", b"CBC_SECRET_KEY")
    if not attempt.thorough:
        return
    yield from PLACEHOLDERS
    for name in _NAMES:
        yield name
        yield from templates(name)
    yield from _EXAMPLES


@SECRET.mistake(
    "secret_encoded",
    (
        "The secret key was encoded before use, in base64, hexadecimal, percent-encoding or another"
        " character encoding than UTF-8: use the UTF-8 bytes of the text as they are."
    ),
)
def encoded(attempt: Attempt) -> Iterator[bytes]:
    """The secret key in another encoding, encoded twice, normalised, or with a byte order mark."""
    secret = attempt.secret
    text = secret.decode()
    yield from (base64.b64encode(secret), secret.hex().encode(), quote(text, safe="").encode())
    yield from (text.encode("latin-1", "replace"), "\ufeff".encode() + secret, text.encode("utf-16-le"))
    if not attempt.thorough:
        return
    for encoding in (
        base64.b64encode,
        base64.urlsafe_b64encode,
        base64.b32encode,
        base64.b85encode,
        base64.a85encode,
    ):
        yield from (
            encoding(secret),
            encoding(secret).rstrip(b"="),
            encoding(secret) + b"\n",
            encoding(secret + b"\n"),
        )
    yield from (
        base64.encodebytes(secret),
        base64.encodebytes(secret).strip(),
        base64.b64encode(base64.b64encode(secret)),
    )
    yield from (
        secret.hex().encode(),
        secret.hex().upper().encode(),
        secret.hex(" ").encode(),
        secret.hex(":").encode(),
    )
    for safe in ("", "/", "~", "-_.!~*'()", "/:?=&+", "!$&'()*+,;=:@/?", "*-._"):
        yield quote(text, safe=safe).encode()
        yield quote_plus(text, safe=safe).encode()
        yield re.sub("%..", lambda escape: escape[0].lower(), quote(text, safe=safe)).encode()
    yield from (unquote(text).encode(), unquote_plus(text).encode())
    for name in (
        "latin-1",
        "cp1252",
        "cp437",
        "mac-roman",
        "utf-16",
        "utf-16-le",
        "utf-16-be",
        "utf-32-le",
        "utf-32-be",
        "utf-7",
        "shift-jis",
    ):
        with contextlib.suppress(UnicodeEncodeError):
            yield text.encode(name)
    yield b"\xfe\xff" + text.encode("utf-16-be")
    for name in ("latin-1", "cp1252", "ascii"):
        yield text.encode(name, "replace")
        yield text.encode(name, "ignore")
    for name in ("latin-1", "cp1252"):
        yield secret.decode(name, "replace").encode()
    yield "\ufeff".encode() + secret
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        yield unicodedata.normalize(form, text).encode()
    yield unicodedata.normalize("NFKD", text).encode("ascii", "ignore")
    yield text.encode("utf-16", "surrogatepass")
    yield from (
        secret[::-1],
        str(list(secret)).encode(),
        str(secret).encode(),
        b"".join(b"%d" % byte for byte in secret),
    )


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
    yield from (secret + b"&", secret + secret, secret + attempt.timestamp, attempt.timestamp + secret)
    yield base64.b64encode(access + b":" + secret)


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
