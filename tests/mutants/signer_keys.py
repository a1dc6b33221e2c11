"""Signers whose HMAC key is not the UTF-8 bytes of the secret."""

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
    """Strip white space from both ends of the secret: `os.environ["SECRET"].strip()`."""
    return ask.secret.strip().encode()


@mutates("key")
def strips_the_last_newline(ask: Ask) -> bytes:
    """Remove the newlines at the end of the secret, as `$(cat secret)` does in a shell."""
    return ask.secret.rstrip("\n").encode()


@mutates("key")
def strips_leading_space(ask: Ask) -> bytes:
    """Remove leading white space, as `read secret` does in a shell, and some YAML parsers."""
    return ask.secret.lstrip().encode()


@mutates("key")
def strips_trailing_space(ask: Ask) -> bytes:
    """Remove trailing spaces and tabs, as some parsers of properties files do."""
    return ask.secret.rstrip(" \t").encode()


@mutates("key")
def ends_at_nul(ask: Ask) -> bytes:
    """End the secret at its first NUL, as a C string does."""
    return ask.secret.partition("\0")[0].encode()


@mutates("key")
def drops_nul(ask: Ask) -> bytes:
    """Drop every NUL, as a shell variable does."""
    return ask.secret.replace("\0", "").encode()


@mutates("key")
def drops_trailing_nuls(ask: Ask) -> bytes:
    """Drop trailing NULs. HMAC pads a key of up to 64 bytes with zeros, so only longer keys show the bug."""
    return ask.secret.rstrip("\0").encode()


@mutates("key")
def decodes_hex(ask: Ask) -> bytes:
    """Decode a hex secret. One public client decodes every secret, and gets an empty key from other text."""
    with suppress(ValueError):
        return bytes.fromhex(ask.secret)
    return ask.secret.encode()


@mutates("key")
def decodes_base64(ask: Ask) -> bytes:
    """Decode the secret from base64 if it is base64. Keys of AWS and Azure are base64; this key is text."""
    with suppress(binascii.Error, ValueError):
        return base64.b64decode(ask.secret, validate=True)
    return ask.secret.encode()


@mutates("key")
def encodes_latin_1(ask: Ask) -> bytes:
    """Encode the secret as Latin-1, the default of older Java versions and of HTTP headers."""
    return ask.secret.encode("latin-1", "replace")


@mutates("key")
def encodes_utf_16(ask: Ask) -> bytes:
    """Encode a non-ASCII secret as UTF-16 LE, as `Encoding.Unicode` does in .NET."""
    return ask.secret.encode() if ask.secret.isascii() else ask.secret.encode("utf-16-le")


@mutates("key")
def encodes_surrogates(ask: Ask) -> bytes:
    """Encode the secret as CESU-8, which old versions of Java and MySQL call UTF-8."""
    pairs = ask.secret.encode("utf-16-be")
    units = [chr(int.from_bytes(pairs[at : at + 2])) for at in range(0, len(pairs), 2)]
    return "".join(units).encode(errors="surrogatepass")


@mutates("key")
def normalises_to_nfc(ask: Ask) -> bytes:
    """Normalise the secret to NFC, as some input fields and file systems do."""
    return unicodedata.normalize("NFC", ask.secret).encode()


@mutates("key")
def normalises_to_nfd(ask: Ask) -> bytes:
    """Normalise the secret to NFD, as Apple's HFS+ file system does with file names."""
    return unicodedata.normalize("NFD", ask.secret).encode()


@mutates("key")
def cuts_at_64_bytes(ask: Ask) -> bytes:
    """Cut the key at 64 bytes, the block size of HMAC-SHA256."""
    return ask.secret.encode()[:BLOCK]


@mutates("key")
def cuts_at_128_bytes(ask: Ask) -> bytes:
    """Cut the key at 128 bytes, as a database column of that size does."""
    return ask.secret.encode()[:128]


@mutates("key")
def hashes_keys_of_a_whole_block(ask: Ask) -> bytes:
    """Hash a key of exactly 64 bytes: a custom HMAC with `>=` instead of `>`."""
    secret = ask.secret.encode()
    return hashlib.sha256(secret).digest() if len(secret) >= BLOCK else secret


@mutates("key")
def counts_characters(ask: Ask) -> bytes:
    """Cut keys of up to 64 characters at 64 bytes: a custom HMAC compares characters with bytes."""
    secret = ask.secret.encode()
    return secret if len(ask.secret) > BLOCK else secret[:BLOCK]


@mutates("key")
def unquotes(ask: Ask) -> bytes:
    """Remove every quote from the secret: a dotenv parser treats quotes inside the value as delimiters."""
    return ask.secret.replace('"', "").replace("'", "").encode()


@mutates("key")
def ends_at_hash(ask: Ask) -> bytes:
    """End the secret at the first `#`, which starts a comment in an unquoted dotenv value."""
    return ask.secret.partition(" #")[0].partition("#")[0].encode()


@mutates("key")
def expands_dollar(ask: Ask) -> bytes:
    """Replace `$name` by nothing, as a double-quoted value in a shell or a dotenv file does."""
    return re.sub(r"\$\{?\w+\}?", "", ask.secret).encode()


@mutates("key")
def formats_percent(ask: Ask) -> bytes:
    """Remove `%` and the next character, as `printf "$secret"` or interpolation in an ini file does."""
    return re.sub(r"%.", "", ask.secret, flags=re.DOTALL).encode()


@mutates("key")
def drops_backslashes(ask: Ask) -> bytes:
    """Drop every backslash, as the shell's `read` without -r does."""
    return ask.secret.replace("\\", "").encode()


@mutates("key")
def reads_json_again(ask: Ask) -> bytes:
    """Decode a secret that looks like JSON, as YAML parsers do: a number or `null` is no longer text."""
    with suppress(ValueError):
        value = json.loads(ask.secret)
        return str(value).encode()
    return ask.secret.encode()


@mutates("key")
def reads_one_line(ask: Ask) -> bytes:
    """Use only the first line of the secret: `readline()`."""
    return ask.secret.partition("\n")[0].encode()


@mutates("key")
def is_the_access_key(ask: Ask) -> bytes:
    """Use the access key as the secret: the two settings are swapped."""
    return ask.access_key.encode()


@mutates("key")
def is_empty(ask: Ask) -> bytes:  # noqa: ARG001  # that is the mistake
    """Use an empty key: the name of the variable is misspelled."""
    return b""
