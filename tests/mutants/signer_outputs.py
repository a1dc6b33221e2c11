"""Signers with a wrong digest, encoding or header, and signers that refuse or accept the wrong input."""

# ruff: noqa: ARG001  # a stage is called with all it may need

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote

from tests.mutants.signers import mutates, refuses

if TYPE_CHECKING:
    from tests.mutants.signers import Ask


@mutates("digest")
def swaps_key_and_text(key: bytes, text: bytes) -> bytes:
    """Swap the key and the text. PHP's hash_hmac takes the data first; other libraries take the key first."""
    return hmac.digest(text, key, "sha256")


@mutates("digest")
def hashes_without_hmac(key: bytes, text: bytes) -> bytes:
    """Return SHA-256 of the secret followed by the text, without HMAC."""
    return hashlib.sha256(key + text).digest()


@mutates("digest")
def uses_sha1(key: bytes, text: bytes) -> bytes:
    """Use HMAC-SHA1, the default in older examples."""
    return hmac.digest(key, text, "sha1")


@mutates("digest")
def strips_the_digest(key: bytes, text: bytes) -> bytes:
    """Drop newline bytes at the end of the digest: `$(openssl dgst -binary)` in a shell, or rstrip()."""
    return hmac.digest(key, text, "sha256").rstrip(b"\n")


@mutates("digest")
def is_always_the_same(key: bytes, text: bytes) -> bytes:
    """Return the digest of the guide's example for every input."""
    return base64.b64decode("/cN4TwNuKQhwyzXHy456DlM85iWWqASUBMaJoDTREzw=")


@mutates("encode")
def writes_hex(digest: bytes) -> str:
    """Encode the digest as hex, as two public clients do."""
    return digest.hex()


@mutates("encode")
def writes_base64_of_hex(digest: bytes) -> str:
    """Encode the hex digits as base64: PHP's hash_hmac without its fourth argument returns hex."""
    return base64.b64encode(digest.hex().encode()).decode()


@mutates("encode")
def writes_base64url(digest: bytes) -> str:
    """Encode the digest as base64url, as libraries for JWT do."""
    return base64.urlsafe_b64encode(digest).decode()


@mutates("encode")
def writes_no_padding(digest: bytes) -> str:
    """Omit the padding, as Perl's hmac_sha256_base64 does."""
    return base64.b64encode(digest).decode().rstrip("=")


@mutates("encode")
def writes_a_newline(digest: bytes) -> str:
    """Add a newline, as `openssl base64` and Python's base64.encodebytes do."""
    return base64.encodebytes(digest).decode()


@mutates("encode")
def writes_python_bytes(digest: bytes) -> str:
    """Return `b'...'`: str() of bytes."""
    return str(base64.b64encode(digest))


@mutates("encode")
def writes_percent_escapes(digest: bytes) -> str:
    """Percent-encode the signature, as for a URL."""
    return quote(base64.b64encode(digest), safe="")


@mutates("encode")
def writes_plus_as_space(digest: bytes) -> str:
    """Replace `+` by a space, as a form decoder does."""
    return base64.b64encode(digest).decode().replace("+", " ")


@mutates("header")
def escapes_the_access_key(ask: Ask, signature: str) -> str:
    """Percent-encode the access key, as a URL builder does."""
    return f"Bearer {quote(ask.access_key)}:{signature}"


@mutates("header")
def writes_another_scheme(ask: Ask, signature: str) -> str:
    """Use the scheme `HMAC-SHA256`, which other APIs have, instead of `Bearer`."""
    return f"HMAC-SHA256 {ask.access_key}:{signature}"


@mutates("header")
def writes_a_space_after_the_colon(ask: Ask, signature: str) -> str:
    """Add a space after the colon, as in a header line."""
    return f"Bearer {ask.access_key}: {signature}"


@mutates("refuses")
def refuses_nothing(ask: Ask) -> bool:
    """Sign every input, valid or not."""
    return False


@mutates("refuses")
def refuses_everything(ask: Ask) -> bool:
    """Refuse every input."""
    return True


def accepts_if(ask: Ask, **harmless: str) -> bool:
    """Return whether a correct signer refuses the input after these replacements."""
    return refuses(replace(ask, **harmless))


@mutates("refuses")
def lets_the_last_newline_through(ask: Ask) -> bool:
    r"""Accept a newline at the end of method, endpoint or timestamp: `$` instead of `\Z` in a pattern."""
    parts = {name: re.sub(r"\n\Z", "", getattr(ask, name)) for name in ("method", "endpoint", "timestamp")}
    return accepts_if(ask, **parts)


@mutates("refuses")
def accepts_a_method_in_lower_case(ask: Ask) -> bool:
    """Accept lower-case methods: a regular expression with re.IGNORECASE."""
    return accepts_if(ask, method=re.sub(r"\A[A-Za-z]+\Z", "GET", ask.method))


@mutates("refuses")
def accepts_any_method(ask: Ask) -> bool:
    """Accept every method. CR and LF in a method split the request."""
    return accepts_if(ask, method="GET")


@mutates("refuses")
def accepts_any_endpoint(ask: Ask) -> bool:
    """Accept every endpoint. CR and LF in an endpoint split the request."""
    return accepts_if(ask, endpoint="/")


@mutates("refuses")
def accepts_an_endpoint_without_slash(ask: Ask) -> bool:
    """Accept an endpoint without its leading slash, such as `v2/clouds`."""
    return accepts_if(ask, endpoint="/" + ask.endpoint.lstrip("/"))


@mutates("refuses")
def accepts_a_space(ask: Ask) -> bool:
    """Accept a space in the endpoint. On the wire, a space ends the target."""
    return accepts_if(ask, endpoint=ask.endpoint.replace(" ", ""))


@mutates("refuses")
def accepts_non_ascii(ask: Ask) -> bool:
    """Accept non-ASCII characters in the endpoint. HTTP libraries encode them in different ways."""
    return accepts_if(ask, endpoint=re.sub(r"[^\x00-\x7f]", "", ask.endpoint))


@mutates("refuses")
def accepts_a_fragment(ask: Ask) -> bool:
    """Accept a `#` in the endpoint. HTTP libraries do not send fragments."""
    return accepts_if(ask, endpoint=ask.endpoint.replace("#", ""))


@mutates("refuses")
def accepts_control_characters(ask: Ask) -> bool:
    """Accept control characters in the endpoint, except CR and LF."""
    return accepts_if(ask, endpoint=re.sub(r"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f]", "", ask.endpoint))


@mutates("refuses")
def accepts_any_timestamp(ask: Ask) -> bool:
    """Accept every timestamp. CR and LF in a timestamp forge a header."""
    return accepts_if(ask, timestamp="0")


@mutates("refuses")
def accepts_what_int_accepts(ask: Ask) -> bool:
    """Accept each timestamp that int() parses: signs, underscores, white space and non-ASCII digits."""
    try:
        return accepts_if(ask, timestamp=str(abs(int(ask.timestamp))))
    except ValueError:
        return refuses(ask)


@mutates("refuses")
def accepts_leading_zeros(ask: Ask) -> bool:
    """Accept timestamps with leading zeros: the regular expression `[0-9]+`."""
    return accepts_if(ask, timestamp=ask.timestamp.lstrip("0") or "0")


@mutates("refuses")
def accepts_unicode_digits(ask: Ask) -> bool:
    r"""Accept non-ASCII digits in a timestamp, as `\d+` does in Python 3 and .NET."""
    return accepts_if(ask, timestamp=re.sub(r"\A\d+\Z", "1", ask.timestamp))


@mutates("refuses")
def accepts_a_fraction(ask: Ask) -> bool:
    """Accept a timestamp with a fraction, such as the value of `time.time() * 1000`."""
    return accepts_if(ask, timestamp=re.sub(r"\.\d+\Z", "", ask.timestamp))


@mutates("refuses")
def accepts_an_empty_secret(ask: Ask) -> bool:
    """Accept an empty secret: the variable is not set."""
    return accepts_if(ask, secret=ask.secret or "s")


@mutates("refuses")
def accepts_an_empty_access_key(ask: Ask) -> bool:
    """Accept an empty access key: the variable is not set."""
    return accepts_if(ask, access_key=ask.access_key or "A")


@mutates("refuses")
def accepts_a_colon_in_the_access_key(ask: Ask) -> bool:
    """Accept a colon in the access key, such as a pasted `key:secret`. The server splits at the colon."""
    return accepts_if(ask, access_key=ask.access_key.replace(":", ""))


@mutates("refuses")
def accepts_space_in_the_access_key(ask: Ask) -> bool:
    """Accept white space in the access key. A newline from a file forges a header."""
    return accepts_if(ask, access_key=re.sub(r"\s", "", ask.access_key))


@mutates("refuses")
def accepts_angle_brackets(ask: Ask) -> bool:
    """Accept `<` and `>` in the access key, as in the placeholder of a template."""
    return accepts_if(ask, access_key=re.sub(r"[<>]", "", ask.access_key))


@mutates("refuses")
def refuses_timestamp_zero(ask: Ask) -> bool:
    """Refuse the timestamp 0: `if not int(timestamp)`."""
    return refuses(ask) or not int(ask.timestamp)


@mutates("refuses")
def refuses_timestamps_of_other_lengths(ask: Ask) -> bool:
    """Refuse timestamps that do not have 13 digits. Only the server checks the unit."""
    return refuses(ask) or len(ask.timestamp) != 13


@mutates("refuses")
def refuses_what_is_not_encoded_canonically(ask: Ask) -> bool:
    """Refuse an endpoint that `quote()` would change. The signer must sign the endpoint as sent."""
    return refuses(ask) or quote(ask.endpoint, safe="/?&=%") != ask.endpoint


@mutates("refuses")
def refuses_control_characters_in_secrets(ask: Ask) -> bool:
    """Refuse unprintable characters in the secret. A valid secret may contain them, NUL and newline too."""
    return refuses(ask) or not ask.secret.isprintable()
