"""Signers that compute, write down or send the signature wrongly, and signers that refuse wrongly."""

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
    """PHP's hash_hmac takes the data first, others the key."""
    return hmac.digest(text, key, "sha256")


@mutates("digest")
def hashes_without_hmac(key: bytes, text: bytes) -> bytes:
    """SHA-256 over secret and text."""
    return hashlib.sha256(key + text).digest()


@mutates("digest")
def uses_sha1(key: bytes, text: bytes) -> bytes:
    """The default of older examples."""
    return hmac.digest(key, text, "sha1")


@mutates("digest")
def strips_the_digest(key: bytes, text: bytes) -> bytes:
    """`openssl dgst -binary` through a shell variable, or strip() on bytes."""
    return hmac.digest(key, text, "sha256").rstrip(b"\n")


@mutates("digest")
def is_always_the_same(key: bytes, text: bytes) -> bytes:
    """A signer that has learnt the guide's example by heart."""
    return base64.b64decode("/cN4TwNuKQhwyzXHy456DlM85iWWqASUBMaJoDTREzw=")


@mutates("encode")
def writes_hex(digest: bytes) -> str:
    """Two public clients."""
    return digest.hex()


@mutates("encode")
def writes_base64_of_hex(digest: bytes) -> str:
    """PHP without the fourth argument of hash_hmac."""
    return base64.b64encode(digest.hex().encode()).decode()


@mutates("encode")
def writes_base64url(digest: bytes) -> str:
    """A library made for JWT."""
    return base64.urlsafe_b64encode(digest).decode()


@mutates("encode")
def writes_no_padding(digest: bytes) -> str:
    """Perl's hmac_sha256_base64 leaves it out."""
    return base64.b64encode(digest).decode().rstrip("=")


@mutates("encode")
def writes_a_newline(digest: bytes) -> str:
    """`openssl base64`, and Python's encodebytes."""
    return base64.encodebytes(digest).decode()


@mutates("encode")
def writes_python_bytes(digest: bytes) -> str:
    """str() of bytes."""
    return str(base64.b64encode(digest))


@mutates("encode")
def writes_percent_escapes(digest: bytes) -> str:
    """A signature made for a URL."""
    return quote(base64.b64encode(digest), safe="")


@mutates("encode")
def writes_plus_as_space(digest: bytes) -> str:
    """A form decoder on the way."""
    return base64.b64encode(digest).decode().replace("+", " ")


@mutates("header")
def escapes_the_access_key(ask: Ask, signature: str) -> str:
    """A URL builder used on a header."""
    return f"Bearer {quote(ask.access_key)}:{signature}"


@mutates("header")
def writes_another_scheme(ask: Ask, signature: str) -> str:
    """The API key of version 4 has no colon, and other APIs say HMAC-SHA256."""
    return f"HMAC-SHA256 {ask.access_key}:{signature}"


@mutates("header")
def writes_a_space_after_the_colon(ask: Ask, signature: str) -> str:
    """As in a header."""
    return f"Bearer {ask.access_key}: {signature}"


@mutates("refuses")
def refuses_nothing(ask: Ask) -> bool:
    """Garbage in, garbage out."""
    return False


@mutates("refuses")
def refuses_everything(ask: Ask) -> bool:
    """Safe, and of no use."""
    return True


def accepts_if(ask: Ask, **harmless: str) -> bool:
    """Refuse as is right, but with some parts of the input replaced by harmless ones."""
    return refuses(replace(ask, **harmless))


@mutates("refuses")
def lets_the_last_newline_through(ask: Ask) -> bool:
    r"""`$` for `\Z` in a regular expression: in the method, the endpoint and the timestamp."""
    parts = {name: re.sub(r"\n\Z", "", getattr(ask, name)) for name in ("method", "endpoint", "timestamp")}
    return accepts_if(ask, **parts)


@mutates("refuses")
def accepts_a_method_in_lower_case(ask: Ask) -> bool:
    """re.IGNORECASE."""
    return accepts_if(ask, method=re.sub(r"\A[A-Za-z]+\Z", "GET", ask.method))


@mutates("refuses")
def accepts_any_method(ask: Ask) -> bool:
    """CR and LF in a method split the request."""
    return accepts_if(ask, method="GET")


@mutates("refuses")
def accepts_any_endpoint(ask: Ask) -> bool:
    """CR and LF in an endpoint split the request."""
    return accepts_if(ask, endpoint="/")


@mutates("refuses")
def accepts_an_endpoint_without_slash(ask: Ask) -> bool:
    """`v2/clouds`, as somebody types it."""
    return accepts_if(ask, endpoint="/" + ask.endpoint.lstrip("/"))


@mutates("refuses")
def accepts_a_space(ask: Ask) -> bool:
    """A space ends the target on the wire."""
    return accepts_if(ask, endpoint=ask.endpoint.replace(" ", ""))


@mutates("refuses")
def accepts_non_ascii(ask: Ask) -> bool:
    """Every library encodes it in its own way."""
    return accepts_if(ask, endpoint=re.sub(r"[^\x00-\x7f]", "", ask.endpoint))


@mutates("refuses")
def accepts_a_fragment(ask: Ask) -> bool:
    """It is never sent."""
    return accepts_if(ask, endpoint=ask.endpoint.replace("#", ""))


@mutates("refuses")
def accepts_control_characters(ask: Ask) -> bool:
    """Those other than CR and LF."""
    return accepts_if(ask, endpoint=re.sub(r"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f]", "", ask.endpoint))


@mutates("refuses")
def accepts_any_timestamp(ask: Ask) -> bool:
    """CR and LF in a timestamp forge a header."""
    return accepts_if(ask, timestamp="0")


@mutates("refuses")
def accepts_what_int_accepts(ask: Ask) -> bool:
    """Python's int() takes signs, underscores, blanks and the digits of every script."""
    try:
        return accepts_if(ask, timestamp=str(abs(int(ask.timestamp))))
    except ValueError:
        return refuses(ask)


@mutates("refuses")
def accepts_leading_zeros(ask: Ask) -> bool:
    """`[0-9]+`."""
    return accepts_if(ask, timestamp=ask.timestamp.lstrip("0") or "0")


@mutates("refuses")
def accepts_unicode_digits(ask: Ask) -> bool:
    r"""`\d+` in Python 3 and .NET."""
    return accepts_if(ask, timestamp=re.sub(r"\A\d+\Z", "1", ask.timestamp))


@mutates("refuses")
def accepts_a_fraction(ask: Ask) -> bool:
    """`time.time() * 1000`."""
    return accepts_if(ask, timestamp=re.sub(r"\.\d+\Z", "", ask.timestamp))


@mutates("refuses")
def accepts_an_empty_secret(ask: Ask) -> bool:
    """A variable that is not set signs too."""
    return accepts_if(ask, secret=ask.secret or "s")


@mutates("refuses")
def accepts_an_empty_access_key(ask: Ask) -> bool:
    """A variable that is not set."""
    return accepts_if(ask, access_key=ask.access_key or "A")


@mutates("refuses")
def accepts_a_colon_in_the_access_key(ask: Ask) -> bool:
    """The server splits there: access key and secret pasted together."""
    return accepts_if(ask, access_key=ask.access_key.replace(":", ""))


@mutates("refuses")
def accepts_space_in_the_access_key(ask: Ask) -> bool:
    """A newline from a file forges a header."""
    return accepts_if(ask, access_key=re.sub(r"\s", "", ask.access_key))


@mutates("refuses")
def accepts_angle_brackets(ask: Ask) -> bool:
    """A template's placeholder."""
    return accepts_if(ask, access_key=re.sub(r"[<>]", "", ask.access_key))


@mutates("refuses")
def refuses_timestamp_zero(ask: Ask) -> bool:
    """`if not int(timestamp)`."""
    return refuses(ask) or not int(ask.timestamp)


@mutates("refuses")
def refuses_timestamps_of_other_lengths(ask: Ask) -> bool:
    """Exactly 13 digits: the server's business, not the signer's."""
    return refuses(ask) or len(ask.timestamp) != 13


@mutates("refuses")
def refuses_what_is_not_encoded_canonically(ask: Ask) -> bool:
    """A signer that knows better than the request what was sent."""
    return refuses(ask) or quote(ask.endpoint, safe="/?&=%") != ask.endpoint


@mutates("refuses")
def refuses_control_characters_in_secrets(ask: Ask) -> bool:
    """A secret is opaque: NUL and newline are bytes of it."""
    return refuses(ask) or not ask.secret.isprintable()
