"""Signers that use another key than the bytes of the secret."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
import unicodedata
from contextlib import suppress
from typing import TYPE_CHECKING

from tests.mutants.signers import mutates

if TYPE_CHECKING:
    from tests.mutants.signers import Ask

BLOCK = 64  # bytes: HMAC-SHA256 hashes longer keys


@mutates("key")
def strips_secret(ask: Ask) -> bytes:
    """`os.environ["SECRET"].strip()`."""
    return ask.secret.strip().encode()


@mutates("key")
def strips_the_last_newline(ask: Ask) -> bytes:
    """`$(cat secret)` in a shell."""
    return ask.secret.rstrip("\n").encode()


@mutates("key")
def strips_leading_space(ask: Ask) -> bytes:
    """`read secret` in a shell with the usual IFS, and some readers of YAML."""
    return ask.secret.lstrip().encode()


@mutates("key")
def strips_trailing_space(ask: Ask) -> bytes:
    """A reader of properties files."""
    return ask.secret.rstrip(" \t").encode()


@mutates("key")
def ends_at_nul(ask: Ask) -> bytes:
    """A C string."""
    return ask.secret.partition("\0")[0].encode()


@mutates("key")
def drops_nul(ask: Ask) -> bytes:
    """A shell variable."""
    return ask.secret.replace("\0", "").encode()


@mutates("key")
def drops_trailing_nuls(ask: Ask) -> bytes:
    """HMAC pads a short key with zeros, so those of 64 bytes and less look right: longer ones do not."""
    return ask.secret.rstrip("\0").encode()


@mutates("key")
def decodes_hex(ask: Ask) -> bytes:
    """One public client decodes the secret from hex, and so has an empty key."""
    with suppress(ValueError):
        return bytes.fromhex(ask.secret)
    return ask.secret.encode()


@mutates("key")
def decodes_base64(ask: Ask) -> bytes:
    """AWS and Azure keys are base64; this one is a text."""
    with suppress(binascii.Error, ValueError):
        return base64.b64decode(ask.secret, validate=True)
    return ask.secret.encode()


@mutates("key")
def encodes_latin_1(ask: Ask) -> bytes:
    """The default encoding of older Java and of HTTP headers."""
    return ask.secret.encode("latin-1", "replace")


@mutates("key")
def encodes_utf_16(ask: Ask) -> bytes:
    """.NET's Encoding.Unicode."""
    return ask.secret.encode() if ask.secret.isascii() else ask.secret.encode("utf-16-le")


@mutates("key")
def encodes_surrogates(ask: Ask) -> bytes:
    """CESU-8: what old Java and MySQL call UTF-8 outside the BMP."""
    pairs = ask.secret.encode("utf-16-be")
    units = [chr(int.from_bytes(pairs[at : at + 2])) for at in range(0, len(pairs), 2)]
    return "".join(units).encode(errors="surrogatepass")


@mutates("key")
def normalises_to_nfc(ask: Ask) -> bytes:
    """An input field, or a file name on the way."""
    return unicodedata.normalize("NFC", ask.secret).encode()


@mutates("key")
def normalises_to_nfd(ask: Ask) -> bytes:
    """A file system of Apple's."""
    return unicodedata.normalize("NFD", ask.secret).encode()


@mutates("key")
def cuts_at_64_bytes(ask: Ask) -> bytes:
    """A buffer of one block."""
    return ask.secret.encode()[:BLOCK]


@mutates("key")
def cuts_at_128_bytes(ask: Ask) -> bytes:
    """A column of the database."""
    return ask.secret.encode()[:128]


@mutates("key")
def hashes_keys_of_a_whole_block(ask: Ask) -> bytes:
    """An HMAC of one's own: `>=` for `>`."""
    secret = ask.secret.encode()
    return hashlib.sha256(secret).digest() if len(secret) >= BLOCK else secret


@mutates("key")
def counts_characters(ask: Ask) -> bytes:
    """An HMAC of one's own that asks for the length of the text, not of its bytes, and cuts."""
    secret = ask.secret.encode()
    return secret if len(ask.secret) > BLOCK else secret[:BLOCK]


@mutates("key")
def unquotes(ask: Ask) -> bytes:
    """A dotenv reader that takes quotes inside a value for its own."""
    return ask.secret.replace('"', "").replace("'", "").encode()


@mutates("key")
def ends_at_hash(ask: Ask) -> bytes:
    """An unquoted value of a dotenv file."""
    return ask.secret.partition(" #")[0].partition("#")[0].encode()


@mutates("key")
def expands_dollar(ask: Ask) -> bytes:
    """A double-quoted value in a shell or a dotenv file."""
    return re.sub(r"\$\{?\w+\}?", "", ask.secret).encode()


@mutates("key")
def formats_percent(ask: Ask) -> bytes:
    """`printf "$secret"`, or `%` in an ini file."""
    return re.sub(r"%.", "", ask.secret, flags=re.DOTALL).encode()


@mutates("key")
def drops_backslashes(ask: Ask) -> bytes:
    """`read` without -r."""
    return ask.secret.replace("\\", "").encode()


@mutates("key")
def reads_json_again(ask: Ask) -> bytes:
    """YAML and configuration libraries make numbers and null of texts that look so."""
    with suppress(ValueError):
        value = json.loads(ask.secret)
        return str(value).encode()
    return ask.secret.encode()


@mutates("key")
def reads_one_line(ask: Ask) -> bytes:
    """`readline()`."""
    return ask.secret.partition("\n")[0].encode()


@mutates("key")
def is_the_access_key(ask: Ask) -> bytes:
    """The two settings swapped."""
    return ask.access_key.encode()


@mutates("key")
def is_empty(ask: Ask) -> bytes:  # noqa: ARG001  # that is the mistake
    """A misspelled variable."""
    return b""
