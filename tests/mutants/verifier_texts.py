"""Verifiers that check the time, the key, the signature or the signed text wrongly."""

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
    """Read seconds as milliseconds. The result is a time in 1970 and the code `timestamp_stale`."""


@mutates("unit")
def knows_seconds_only(self: Verifier, timestamp: str) -> None:
    """Return `timestamp_unit` only for seconds. Micro- and nanoseconds get `timestamp_future`."""
    if len(timestamp) in {9, 10}:
        raise Refusal("timestamp_unit")


@mutates("freshness")
def has_no_freshness(self: Verifier, timestamp: int) -> None:
    """Accept timestamps of any age, so an old request can be replayed."""


@mutates("freshness")
def looks_for_old_ones_only(self: Verifier, timestamp: int) -> None:
    """Check only for stale timestamps. A timestamp of next year is accepted until then."""
    if timestamp < self.clock - self.window:
        raise Refusal("timestamp_stale")


@mutates("freshness")
def looks_for_new_ones_only(self: Verifier, timestamp: int) -> None:
    """Check only for timestamps in the future: `if timestamp > now + window`."""
    if timestamp > self.clock + self.window:
        raise Refusal("timestamp_future")


@mutates("freshness")
def shuts_out_the_edge(self: Verifier, timestamp: int) -> None:
    """Refuse a timestamp at the exact edge of the window: `>=` instead of `>`."""
    if timestamp <= self.clock - self.window:
        raise Refusal("timestamp_stale")
    if timestamp >= self.clock + self.window:
        raise Refusal("timestamp_future")


@mutates("freshness")
def counts_whole_seconds(self: Verifier, timestamp: int) -> None:
    """Compare whole seconds. Timestamps up to one second outside the window are accepted."""
    if timestamp // 1000 < (self.clock - self.window) // 1000:
        raise Refusal("timestamp_stale")
    if timestamp // 1000 > (self.clock + self.window) // 1000:
        raise Refusal("timestamp_future")


@mutates("freshness")
def calls_both_stale(self: Verifier, timestamp: int) -> None:
    """Return `timestamp_stale` for future timestamps too: `abs(now - timestamp) > window`."""
    if abs(self.clock - timestamp) > self.window:
        raise Refusal("timestamp_stale")


@mutates("secret")
def takes_an_unknown_key(self: Verifier, access_key: str) -> bytes:
    """Use an empty secret for an unknown access key: `keys.get(access_key, "")`."""
    try:
        return Verifier.secret(self, access_key)
    except Refusal:
        return b""


@mutates("secret")
def takes_access_keys_in_any_case(self: Verifier, access_key: str) -> bytes:
    """Compare access keys without regard to case, as a case-insensitive database column does."""
    known = {name.lower(): name for name in self.keys}
    return Verifier.secret(self, known.get(access_key.lower(), access_key))


@mutates("secret")
def strips_secrets(self: Verifier, access_key: str) -> bytes:
    """Strip the secret, as if it came from a file. A newline belongs to the secret."""
    return Verifier.secret(self, access_key).strip()


@mutates("secret")
def decodes_secrets(self: Verifier, access_key: str) -> bytes:
    """Decode a secret that looks like base64."""
    secret = Verifier.secret(self, access_key)
    try:
        return base64.b64decode(secret, validate=True)
    except binascii.Error:
        return secret


@mutates("secret")
def has_latin_1_secrets(self: Verifier, access_key: str) -> bytes:
    """Encode secrets as Latin-1, the default encoding of some platforms."""
    return Verifier.secret(self, access_key).decode().encode("latin-1", "replace")


@mutates("secret")
def has_c_string_secrets(self: Verifier, access_key: str) -> bytes:
    """End the secret at its first NUL, as a C string does."""
    return Verifier.secret(self, access_key).partition(b"\0")[0]


@mutates("secret")
def cuts_secrets_at_a_block(self: Verifier, access_key: str) -> bytes:
    """Cut secrets at 64 bytes: a buffer of that size."""
    return Verifier.secret(self, access_key)[:64]


def _digest(text: str) -> bytes:
    """Decode padded or unpadded base64 or base64url without validation. Return empty bytes on an error."""
    try:
        return base64.b64decode(text.replace("-", "+").replace("_", "/") + "==")
    except (binascii.Error, ValueError):
        return b""


@mutates("encoding")
def does_not_look_at_the_encoding(self: Verifier, signature: str) -> None:
    """Do not check the encoding. A signature in hex gets `signature_mismatch`, not `signature_encoding`."""


@mutates("encoding")
def takes_non_canonical_base64(self: Verifier, signature: str) -> None:
    """Do not check the unused bits of the base64: four texts have the same digest."""
    if not re.fullmatch(r"[A-Za-z0-9+/]{43}=", signature):
        raise Refusal("signature_encoding")


@mutates("encoding")
def takes_hex(self: Verifier, signature: str) -> None:
    """Return `signature_mismatch` for a signature in hex: two encodings are well-formed."""
    if not re.fullmatch(r"[0-9a-f]{64}", signature):
        Verifier.encoding(self, signature)


@mutates("check")
def compares_what_lenient_base64_gives(self: Verifier, request: RawRequest) -> None:
    """Compare the bytes of lenient base64: no padding, invalid characters and unused bits are accepted."""
    access_key, signature = self.credentials(self.header(request, "authorization", "authorization"))
    good = base64.b64encode(_digest(signature)).decode()
    changed = tuple(
        (name, f"Bearer {access_key}:{good}" if self.called(name) == "authorization" else value)
        for name, value in request.headers
    )
    Verifier.check(self, replace(request, headers=changed))


@mutates("matches")
def compares_a_prefix(self: Verifier, expected: str, signature: str) -> bool:
    """Compare 16 characters: `strncmp` with a small number."""
    return expected[:16] == signature[:16]


@mutates("matches")
def compares_without_case(self: Verifier, expected: str, signature: str) -> bool:
    """Compare without regard to case, as `strcasecmp` does."""
    return expected.lower() == signature.lower()


@mutates("matches")
def compares_all_but_the_end(self: Verifier, expected: str, signature: str) -> bool:
    """Compare 42 of 44 characters, which are 31 bytes of the digest."""
    return expected[:42] == signature[:42]


@mutates("matches")
def finds_every_signature_wrong(self: Verifier, expected: str, signature: str) -> bool:
    """Refuse every signature. All codes before `signature_mismatch` are correct."""
    return False


@mutates("expected")
def verifies_the_swapped_hmac(self: Verifier, secret: bytes, text: bytes) -> str:
    """Swap the key and the text. A client with the same mistake is accepted."""
    return Verifier.expected(self, text, secret)


@mutates("method")
def verifies_head_as_get(self: Verifier, request: RawRequest) -> str:
    """Verify `GET` for HEAD, as in a framework that handles HEAD requests as GET."""
    return "GET" if request.method == "HEAD" else request.method


@mutates("method")
def verifies_methods_in_capitals(self: Verifier, request: RawRequest) -> str:
    """Verify the method in upper case, as Werkzeug's request.method returns it."""
    return request.method.upper()


@mutates("method")
def verifies_any_method(self: Verifier, request: RawRequest) -> str:
    """Verify `GET` for every method. The signature of a GET is then accepted for a DELETE."""
    return "GET"


@mutates("endpoint")
def verifies_without_query(self: Verifier, request: RawRequest) -> str:
    """Verify the path without the query: `request.path`."""
    return request.target.partition("?")[0]


@mutates("endpoint")
def drops_an_empty_query(self: Verifier, request: RawRequest) -> str:
    """Drop a `?` with nothing after it: `path + ("?" + query if query else "")`."""
    return request.target.removesuffix("?")


@mutates("endpoint")
def verifies_the_sorted_query(self: Verifier, request: RawRequest) -> str:
    """Verify the sorted query. Clients that do not sort it are refused."""
    path, mark, query = request.target.partition("?")
    return path + mark + "&".join(sorted(query.split("&")))


@mutates("endpoint")
def verifies_the_decoded_path(self: Verifier, request: RawRequest) -> str:
    """Verify the decoded target, as Werkzeug's request.path returns it."""
    return unquote(request.target, "latin-1")


@mutates("endpoint")
def verifies_the_path_encoded_again(self: Verifier, request: RawRequest) -> str:
    """Decode the target and encode it again: `%2f` becomes `/` or `%2F`."""
    return quote(unquote(request.target, "latin-1"), safe="/?&=;,:@!$'()*+", encoding="latin-1")


@mutates("endpoint")
def folds_leading_slashes(self: Verifier, request: RawRequest) -> str:
    """Replace leading slashes by one slash, as http.server has done since 2022."""
    return "/" + request.target.lstrip("/")


@mutates("endpoint")
def joins_slashes(self: Verifier, request: RawRequest) -> str:
    """Replace several slashes by one, as Nginx with `merge_slashes` does."""
    return re.sub("/+", "/", request.target)


@mutates("endpoint")
def resolves_dots(self: Verifier, request: RawRequest) -> str:
    """Resolve `.` and `..` in the path, as some proxies do."""
    return re.sub(r"/[^/]+/\.\.(?=/|$)|/\.(?=/|$)", "", request.target)


@mutates("endpoint")
def drops_path_parameters(self: Verifier, request: RawRequest) -> str:
    """Drop `;...` from the path, as Java servlets do with `;jsessionid=...`."""
    path, mark, query = request.target.partition("?")
    return re.sub(r";[^/]*", "", path) + mark + query


@mutates("endpoint")
def takes_v2_for_v3(self: Verifier, request: RawRequest) -> str:
    """Verify `/v2/` for a request to `/v3/`: a rewrite rule runs before the verifier."""
    return request.target.replace("/v3/", "/v2/")


@mutates("check")
def looks_at_the_signature_first(self: Verifier, request: RawRequest) -> None:
    """Check the signature first: a stale request with a wrong signature gets `signature_mismatch`."""
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
    """Check the access key before the timestamp: `access_key_unknown` comes before `timestamp_stale`."""
    authorization = self.header(request, "authorization", "authorization")
    self.header(request, "couchbase-timestamp", "timestamp")
    self.secret(self.credentials(authorization)[0])
    Verifier.check(self, request)


@mutates("check")
def looks_at_the_timestamp_first(self: Verifier, request: RawRequest) -> None:
    """Check the format of the timestamp before the Authorization header."""
    timestamp = self.header(request, "couchbase-timestamp", "timestamp")
    self.form(timestamp)
    Verifier.check(self, request)
