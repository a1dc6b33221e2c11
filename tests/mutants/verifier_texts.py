"""Verifiers that are wrong about the time, the key, the signature or the text that was signed."""

# ruff: noqa: ARG001  # a step is called with all it may need

from __future__ import annotations

import base64
import binascii
import hmac
import re
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from tests.mutants.verifiers import Refusal, Verifier, mutates

if TYPE_CHECKING:
    from tests.conformance.raw_http import RawRequest


@mutates("unit")
def takes_seconds(self: Verifier, timestamp: str) -> None:
    """Judges seconds as milliseconds of 1970: stale."""


@mutates("unit")
def knows_seconds_only(self: Verifier, timestamp: str) -> None:
    """Micro- and nanoseconds are called the future."""
    if len(timestamp) in {9, 10}:
        raise Refusal("timestamp_unit")


@mutates("freshness")
def has_no_freshness(self: Verifier, timestamp: int) -> None:
    """A signature is good for ever: replay."""


@mutates("freshness")
def looks_for_old_ones_only(self: Verifier, timestamp: int) -> None:
    """A timestamp of next year is good until then."""
    if timestamp < self.clock - self.window:
        raise Refusal("timestamp_stale")


@mutates("freshness")
def looks_for_new_ones_only(self: Verifier, timestamp: int) -> None:
    """`if timestamp > now + window`."""
    if timestamp > self.clock + self.window:
        raise Refusal("timestamp_future")


@mutates("freshness")
def shuts_out_the_edge(self: Verifier, timestamp: int) -> None:
    """`>=`: exactly the window is refused."""
    if timestamp <= self.clock - self.window:
        raise Refusal("timestamp_stale")
    if timestamp >= self.clock + self.window:
        raise Refusal("timestamp_future")


@mutates("freshness")
def counts_whole_seconds(self: Verifier, timestamp: int) -> None:
    """A clock of seconds: up to one more is accepted."""
    if timestamp // 1000 < (self.clock - self.window) // 1000:
        raise Refusal("timestamp_stale")
    if timestamp // 1000 > (self.clock + self.window) // 1000:
        raise Refusal("timestamp_future")


@mutates("freshness")
def calls_both_stale(self: Verifier, timestamp: int) -> None:
    """`abs(now - timestamp) > window`."""
    if abs(self.clock - timestamp) > self.window:
        raise Refusal("timestamp_stale")


@mutates("secret")
def takes_an_unknown_key(self: Verifier, access_key: str) -> bytes:
    """`keys.get(access_key, "")`: an empty secret for everybody."""
    try:
        return Verifier.secret(self, access_key)
    except Refusal:
        return b""


@mutates("secret")
def takes_access_keys_in_any_case(self: Verifier, access_key: str) -> bytes:
    """A column of a database that folds case."""
    known = {name.lower(): name for name in self.keys}
    return Verifier.secret(self, known.get(access_key.lower(), access_key))


@mutates("secret")
def strips_secrets(self: Verifier, access_key: str) -> bytes:
    """The secret comes from a file, and its newline belongs to it."""
    return Verifier.secret(self, access_key).strip()


@mutates("secret")
def decodes_secrets(self: Verifier, access_key: str) -> bytes:
    """The secret looks like base64."""
    secret = Verifier.secret(self, access_key)
    try:
        return base64.b64decode(secret, validate=True)
    except binascii.Error:
        return secret


@mutates("secret")
def has_latin_1_secrets(self: Verifier, access_key: str) -> bytes:
    """The verifier's default encoding."""
    return Verifier.secret(self, access_key).decode().encode("latin-1", "replace")


@mutates("secret")
def has_c_string_secrets(self: Verifier, access_key: str) -> bytes:
    """Ends at NUL."""
    return Verifier.secret(self, access_key).partition(b"\0")[0]


@mutates("secret")
def cuts_secrets_at_a_block(self: Verifier, access_key: str) -> bytes:
    """A buffer of 64 bytes."""
    return Verifier.secret(self, access_key)[:64]


def _digest(text: str) -> bytes:
    """Decode any kind of base64, without asking much."""
    try:
        return base64.b64decode(text.replace("-", "+").replace("_", "/") + "==")
    except (binascii.Error, ValueError):
        return b""


@mutates("encoding")
def does_not_look_at_the_encoding(self: Verifier, signature: str) -> None:
    """Hex is called a mismatch, and nobody learns why."""


@mutates("encoding")
def takes_non_canonical_base64(self: Verifier, signature: str) -> None:
    """Every base64 of 32 bytes: four texts for one signature. Called a mismatch."""
    if not re.fullmatch(r"[A-Za-z0-9+/]{43}=", signature):
        raise Refusal("signature_encoding")


@mutates("encoding")
def takes_hex(self: Verifier, signature: str) -> None:
    """Two encodings for one signature."""
    if not re.fullmatch(r"[0-9a-f]{64}", signature):
        Verifier.encoding(self, signature)


@mutates("check")
def compares_what_lenient_base64_gives(self: Verifier, request: RawRequest) -> None:
    """b64decode without validation: garbage between the letters, no padding, spare bits."""
    access_key, signature = self.credentials(self.header(request, "authorization", "authorization"))
    good = base64.b64encode(_digest(signature)).decode()
    changed = tuple(
        (name, f"Bearer {access_key}:{good}" if self.called(name) == "authorization" else value)
        for name, value in request.headers
    )
    Verifier.check(self, replace(request, headers=changed))


@mutates("matches")
def compares_a_prefix(self: Verifier, expected: str, signature: str) -> bool:
    """`expected.startswith(signature[:16])`, or strncmp with a small number."""
    return expected[:16] == signature[:16]


@mutates("matches")
def compares_without_case(self: Verifier, expected: str, signature: str) -> bool:
    """`strcasecmp`."""
    return expected.lower() == signature.lower()


@mutates("matches")
def compares_all_but_the_end(self: Verifier, expected: str, signature: str) -> bool:
    """31 bytes."""
    return expected[:42] == signature[:42]


@mutates("matches")
def finds_every_signature_wrong(self: Verifier, expected: str, signature: str) -> bool:
    """Codes right, and nobody gets in."""
    return False


@mutates("expected")
def verifies_the_swapped_hmac(self: Verifier, secret: bytes, text: bytes) -> str:
    """The same mistake on both sides: client and server agree, and are wrong."""
    return Verifier.expected(self, text, secret)


@mutates("method")
def verifies_head_as_get(self: Verifier, request: RawRequest) -> str:
    """A framework answers HEAD by GET."""
    return "GET" if request.method == "HEAD" else request.method


@mutates("method")
def verifies_methods_in_capitals(self: Verifier, request: RawRequest) -> str:
    """Werkzeug hands out request.method in upper case."""
    return request.method.upper()


@mutates("method")
def verifies_any_method(self: Verifier, request: RawRequest) -> str:
    """A GET's signature is good for a DELETE, if the verifier signs GET for all."""
    return "GET"


@mutates("endpoint")
def verifies_without_query(self: Verifier, request: RawRequest) -> str:
    """`request.path`."""
    return request.target.partition("?")[0]


@mutates("endpoint")
def drops_an_empty_query(self: Verifier, request: RawRequest) -> str:
    """`path + ("?" + query if query else "")`."""
    return request.target.removesuffix("?")


@mutates("endpoint")
def verifies_the_sorted_query(self: Verifier, request: RawRequest) -> str:
    """Both orders are accepted by one side or the other."""
    path, mark, query = request.target.partition("?")
    return path + mark + "&".join(sorted(query.split("&")))


@mutates("endpoint")
def verifies_the_decoded_path(self: Verifier, request: RawRequest) -> str:
    """Werkzeug's request.path is decoded."""
    return unquote(request.target, "latin-1")


@mutates("endpoint")
def verifies_the_path_encoded_again(self: Verifier, request: RawRequest) -> str:
    """Decoded by the framework, encoded for the verifier: %2f comes back as /, or as %2F."""
    return quote(unquote(request.target, "latin-1"), safe="/?&=;,:@!$'()*+", encoding="latin-1")


@mutates("endpoint")
def folds_leading_slashes(self: Verifier, request: RawRequest) -> str:
    """http.server has done so since 2022."""
    return "/" + request.target.lstrip("/")


@mutates("endpoint")
def joins_slashes(self: Verifier, request: RawRequest) -> str:
    """Nginx's merge_slashes."""
    return re.sub("/+", "/", request.target)


@mutates("endpoint")
def resolves_dots(self: Verifier, request: RawRequest) -> str:
    """A proxy that cleans the path."""
    return re.sub(r"/[^/]+/\.\.(?=/|$)|/\.(?=/|$)", "", request.target)


@mutates("endpoint")
def drops_path_parameters(self: Verifier, request: RawRequest) -> str:
    """Java's servlets strip `;jsessionid=...`."""
    path, mark, query = request.target.partition("?")
    return re.sub(r";[^/]*", "", path) + mark + query


@mutates("endpoint")
def takes_v2_for_v3(self: Verifier, request: RawRequest) -> str:
    """A rewrite in front of the verifier."""
    return request.target.replace("/v3/", "/v2/")


@mutates("check")
def looks_at_the_signature_first(self: Verifier, request: RawRequest) -> None:
    """Another order of the codes: a stale request whose signature is wrong says the latter."""
    authorization = self.header(request, "authorization", "authorization")
    timestamp = self.header(request, "couchbase-timestamp", "timestamp")
    access_key, signature = self.credentials(authorization)
    secret = self.secret(access_key)
    if not hmac.compare_digest(
        self.expected(secret, self.text(request, timestamp)).encode(), signature.encode("latin-1")
    ):
        self.encoding(signature)
        raise Refusal("signature_mismatch")
    Verifier.check(self, request)


@mutates("check")
def looks_at_the_key_before_the_time(self: Verifier, request: RawRequest) -> None:
    """An unknown access key wins over a stale timestamp."""
    authorization = self.header(request, "authorization", "authorization")
    self.header(request, "couchbase-timestamp", "timestamp")
    self.secret(self.credentials(authorization)[0])
    Verifier.check(self, request)


@mutates("check")
def looks_at_the_timestamp_first(self: Verifier, request: RawRequest) -> None:
    """The timestamp's faults win over those of Authorization."""
    timestamp = self.header(request, "couchbase-timestamp", "timestamp")
    self.form(timestamp)
    Verifier.check(self, request)
