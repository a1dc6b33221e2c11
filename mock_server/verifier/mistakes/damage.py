"""Damages a secret key as shells, settings files, parsers and encoders do."""

from __future__ import annotations

import base64
import contextlib
import html
import json
import re
import unicodedata
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, quote_plus, unquote, unquote_plus

from mock_server.verifier.mistakes.words import PLACEHOLDERS, printed, templates, words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mock_server.verifier.mistakes.aspect import Attempt

_NAMES: Final = (
    *words("CBC_SECRET_KEY cbc_secret_key SECRET_KEY secret_key secret SECRET secretKey"),
    *words("secret-key key API_SECRET token"),
    *words(
        "password secrets.CBC_SECRET_KEY env.CBC_SECRET_KEY process.env.CBC_SECRET_KEY"
        " process.env.SECRET_KEY var.secret_key secrets.SECRET_KEY"
    ),
)
_EXAMPLES: Final = (
    *words("changeme change-me change_me xxx xxxx xxxxxxxx ... *** ******** TODO"),
    b"my secret key",
    *words("test mock-secret-key example <secret>"),
    *(
        b"your secret key",
        b"<YOUR_SECRET_KEY>",
        b"YOUR_SECRET_KEY",
        b"<your-secret-key>",
        b"[FILTERED]",
        b"<redacted>",
        b"System.Security.SecureString",
        b"System.String",
        b"System.Char[]",
        b"[C@1b6d3586",
        b"SecretStr('**********')",
        b"**********",
        b"/run/secrets/secret_key",
        b"/run/secrets/cbc_secret_key",
    ),
    b"mysecret",
    b"my-secret-key",
    b"secret key",
    *words("[secret] [REDACTED] REDACTED ***REDACTED***"),
    b"(known after apply)",
    b"<sensitive>",
    b"(sensitive value)",
    *words("Secret [hidden] foo bar dummy fake secret123"),
)
# Bytes: the sizes of fields, of blocks, and of what hash functions take (bcrypt: 72).
_LENGTHS: Final = (*range(8, 129), 200, 250, 254, 255, 256, 512, 1023, 1024, 2048, 4095, 4096)


# Python warns of other escapes.
_ESCAPE: Final = re.compile(
    r"\\(?:[\n\\'\"abfnrtv]|[0-3]?[0-7]{1,2}|x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U000[0-9A-Fa-f]{5})"
)
_SETTINGS: Final = words("CBC_SECRET_KEY SECRET_KEY secret secretKey secret_key")


def _special(secret: bytes) -> Iterator[int]:
    """Find the first and the last place of each byte that is neither a letter nor a digit."""
    for byte in sorted(set(re.findall(rb"[^A-Za-z0-9\x80-\xff]", secret))):
        yield secret.index(byte)
        if secret.rindex(byte) != secret.index(byte):
            yield secret.rindex(byte)


def quoted(attempt: Attempt) -> Iterator[bytes]:
    """Yield the secret key in quotes or brackets, with a setting's name, or without its own quotes."""
    secret = attempt.secret
    for quote_ in (b"'", b'"'):
        yield quote_ + secret + quote_
    if not attempt.thorough:
        return
    for form in printed(secret):
        yield from (form, form + b"\n")
    yield from (
        secret.strip(b"'\""),
        secret.strip(b"`"),
        secret[1:-1],
        re.sub(rb"['\"]", b"", secret),
        secret.replace(b"'", b'"'),
    )
    yield from (
        "“".encode() + secret + "”".encode(),
        "\u2018".encode() + secret + "\u2019".encode(),
        b'"' + secret + b'"}',
    )
    for name in _SETTINGS:
        for joint in (b"=", b": ", b":", b" = ", b" "):
            label = name + joint
            yield from (label + secret, label + b"'" + secret + b"'", label + b'"' + secret + b'"')
        yield from (
            b'{"' + name + b'":"' + secret + b'"}',
            b'{"' + name + b'": "' + secret + b'"}',
            b"export " + name + b"=" + secret,
        )
        yield from (b"{'" + name + b"': '" + secret + b"'}", b"export " + name + b"='" + secret + b"'")


def truncated(attempt: Attempt) -> Iterator[bytes]:
    """Yield the beginning or the end of the secret key, up to each place where readers stop."""
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
    yield from (secret[:1] + secret, secret + secret[-1:])
    for cut in (1, 2, 3, 4):
        if cut < len(secret):
            yield from (secret[cut:], secret[:-cut])
    text = secret.decode()
    for length in (len(text) // 2, 64):
        yield text[:length].encode()


def expanded(attempt: Attempt) -> Iterator[bytes]:
    """Yield the secret key with variables, commands, comments or characters taken out or replaced."""
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
    for special in dict.fromkeys(re.findall(rb"[^A-Za-z0-9]", secret)):
        for other in (b"", special * 2, b"_", b"-", b" ", b"?"):
            yield secret.replace(special, other)
    for pattern in (
        rb"[^A-Za-z0-9]",
        rb"[^\w]",
        rb"[^\w-]",
        rb"[^\w.-]",
        rb"[$#%]",
        rb"[$%&#!]",
        rb"[#$%~&=+/:@]",
    ):
        for other in (b"", b"_", b"-", b"?", b" "):
            yield re.sub(pattern, other, secret)
    yield re.sub(rb"%[^%]*%", b"", secret)  # cmd.exe
    yield re.sub(rb"![^!]*!", b"", secret)
    yield re.sub(rb"[$@]\w+", b"", secret)  # Perl
    for other in (b"", b"?", "\ufffd".encode(), b" "):
        yield re.sub(rb"%..", other, secret)
        yield re.sub(rb"%(?![0-9A-Fa-f]{2})", other, secret)
    yield re.sub(rb"\$\w", b"", secret)  # a shell's $1 and $-: one character
    for old, new in (
        *((b"$$", b"$"), (b"%%", b"%"), (b"~", b"/root"), (b"{{", b"{"), (b"}}", b"}")),
        *((b" ", b"+"), (b"$", b"%"), (b"%", b"%25"), (b"@", b"%40")),
    ):
        yield secret.replace(old, new)
    yield secret.replace(b"+", b"-").replace(b"/", b"_")
    yield secret.replace(b"-", b"+").replace(b"_", b"/")
    yield re.sub(rb"%(\w)", rb"%!\1(MISSING)", secret)  # Go's fmt
    yield re.sub(rb"%(\w)", rb"%!\1(NOVERB)", secret)
    yield re.sub(rb"%[sdiufgexX]", b"%!s(MISSING)", secret)
    for word in (b"undefined", b"None", b"null", b"nil"):
        yield re.sub(rb"\$\{?\w+\}?", word, secret)


def escaped(attempt: Attempt) -> Iterator[bytes]:
    """Yield the secret key with escapes added or resolved."""
    secret = attempt.secret
    text = secret.decode()
    yield html.escape(text).encode()
    yield re.sub(rb"([$#%&\\ ])", rb"\\\1", secret)
    if not attempt.thorough:
        return
    yield re.sub(rb"\\(.)", rb"\1", secret, flags=re.DOTALL)
    yield secret.replace(b"\\\\", b"\\")
    yield secret.replace(b"\\", b"/")
    with contextlib.suppress(UnicodeEncodeError):  # half a surrogate pair
        yield _ESCAPE.sub(lambda escape: escape[0].encode().decode("unicode_escape"), text).encode()
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
    for special in dict.fromkeys(re.findall(rb"[^A-Za-z0-9]", secret)):
        for form in (
            b"%%%02X",
            b"%%%02x",
            b"&#%d;",
            b"&#x%X;",
            b"&#x%x;",
            b"\\x%02x",
            b"\\u%04x",
            b"\\u%04X",
        ):
            yield secret.replace(special, form % ord(special))
        yield from (secret.replace(special, b"^" + special), secret.replace(special, b"`" + special))
    for form in (b"&#%d;", b"&#x%X;", b"&#x%x;", b"\\x%02x", b"\\u%04x"):
        yield re.sub(rb"[^A-Za-z0-9 ]", lambda found, f=form: f % ord(found[0]), secret)  # type: ignore[misc]  # f is bound early
        yield re.sub(rb"[&<>'\"]", lambda found, f=form: f % ord(found[0]), secret)  # type: ignore[misc]  # the same
    yield re.sub(rb"([&|<>^%])", rb"^\1", secret)  # cmd.exe
    yield html.escape(text).replace("&#x27;", "&#39;").replace("&quot;", "&#34;").encode()
    for one, other in (b"O0", b"0O", b"l1", b"1l", b"Il", b"lI"):  # copied by eye
        yield secret.replace(bytes((one,)), bytes((other,)))
    yield secret.replace(b"O", b"\0").replace(b"0", b"O").replace(b"\0", b"0")
    for special in (
        *words("$ # % ' \" ` ! & ="),
        b" ",
        *words("@ : / + ~ ,"),
    ):
        yield secret.replace(special, b"\\" + special)
    yield secret.replace(b"'", b"'\\''")
    yield text.encode("ascii", "backslashreplace")
    yield text.encode("ascii", "xmlcharrefreplace")
    yield re.sub(rb"[\x00-\x1f\x7f]", b"", secret)


def placeholders(attempt: Attempt) -> Iterator[bytes]:
    """Yield words, variables' names and examples that stand where the secret key belongs."""
    yield from (b"undefined", b"None", b"null", b"$CBC_SECRET_KEY", b"${CBC_SECRET_KEY}", b"CBC_SECRET_KEY")
    if not attempt.thorough:
        return
    length = len(attempt.secret)
    for mask in (b"*", b"x", b"X", b"#", b".", "•".encode()):
        yield from (
            mask * length,
            mask * 8,
            mask * 10,
            mask * 12,
            mask * 16,
            attempt.secret[:4] + mask * (length - 4),
        )
    yield from PLACEHOLDERS
    yield from (word + attempt.secret for word in PLACEHOLDERS[:16])
    for name in _NAMES:
        yield name
        yield from templates(name)
    yield from _EXAMPLES


def encodings(attempt: Attempt) -> Iterator[bytes]:
    """Yield the secret key in other encodings, of text and of bytes."""
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
    yield from (
        unquote(text).encode(),
        unquote_plus(text).encode(),
        quote(quote(text, safe=""), safe="").encode(),
    )
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
    yield from (
        secret[::-1],
        str(list(secret)).encode(),
        str(secret).encode(),
        b"".join(b"%d" % byte for byte in secret),
    )
