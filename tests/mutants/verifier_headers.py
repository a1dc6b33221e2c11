"""Verifiers that parse the headers wrongly or check too little of them."""

# ruff: noqa: ARG001  # a step is called with all it may need

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from tests.mutants.verifiers import Refusal, Verifier, mutates

if TYPE_CHECKING:
    from tests.conformance.raw_http import RawRequest


@mutates("verify")
def accepts_everything(self: Verifier, request: RawRequest) -> str:
    """Accept every request, as a mock without a verifier does."""
    return "ok"


@mutates("verify")
def refuses_everything(self: Verifier, request: RawRequest) -> str:
    """Refuse every request with the last code, `signature_mismatch`."""
    return "signature_mismatch"


@mutates("verify")
def has_one_code(self: Verifier, request: RawRequest) -> str:
    """Return one code for every refusal, as a service does that sends 401 without a reason."""
    code = Verifier.verify(self, request)
    return "ok" if code == "ok" else "signature_mismatch"


@mutates("verify")
def accepts_what_carries_a_header(self: Verifier, request: RawRequest) -> str:
    """Accept every request with an Authorization header, as a simple stub does."""
    return "ok" if self.values(request, "authorization") else "authorization_missing"


@mutates("header")
def takes_the_first_of_two(self: Verifier, request: RawRequest, name: str, code: str) -> str:
    """Use the first of two headers: `headers[0]`. A proxy may use the last one."""
    values = self.values(request, name)
    if not values:
        raise Refusal(f"{code}_missing")
    return values[0]


@mutates("header")
def takes_the_last_of_two(self: Verifier, request: RawRequest, name: str, code: str) -> str:
    """Use the last of two headers, as a map of headers does."""
    values = self.values(request, name)
    if not values:
        raise Refusal(f"{code}_missing")
    return values[-1]


@mutates("header")
def joins_two_headers(self: Verifier, request: RawRequest, name: str, code: str) -> str:
    """Join two headers by a comma, as WSGI servers do."""
    values = self.values(request, name)
    if not values:
        raise Refusal(f"{code}_missing")
    return ",".join(values)


@mutates("header")
def forgives_two_of_the_same(self: Verifier, request: RawRequest, name: str, code: str) -> str:
    """Accept a repeated header if all values are equal: a set of values."""
    values = set(self.values(request, name))
    return Verifier.header(
        self, replace(request, headers=tuple((name, value) for value in values)), name, code
    )


@mutates("header")
def takes_an_empty_header_for_none(self: Verifier, request: RawRequest, name: str, code: str) -> str:
    """Treat an empty header as missing: `if not headers.get(name)`."""
    value = Verifier.header(self, request, name, code)
    if not value:
        raise Refusal(f"{code}_missing")
    return value


@mutates("values")
def keeps_the_space_around_values(self: Verifier, request: RawRequest, name: str) -> list[str]:
    """Keep white space around values: a custom parser removes only the one space after the colon."""
    return [value for known, value in request.headers if self.called(known) == name]


@mutates("values")
def strips_all_space(self: Verifier, request: RawRequest, name: str) -> list[str]:
    """Strip all white space around values. str.strip() also removes 0x85 and 0xA0: bytes of UTF-8 letters."""
    return [value.strip() for known, value in request.headers if self.called(known) == name]


@mutates("called")
def knows_header_names_in_one_case(self: Verifier, name: str) -> str:
    """Find headers only by the documented spelling. HTTP clients in Rust send lower-case names."""
    return name.lower() if name in {"Authorization", "Couchbase-Timestamp"} else ""


@mutates("called")
def takes_underscores_for_dashes(self: Verifier, name: str) -> str:
    """Treat `_` in a header name as `-`. CGI and WSGI write both as HTTP_COUCHBASE_TIMESTAMP."""
    return name.lower().replace("_", "-")


@mutates("scheme")
def takes_the_scheme_in_any_case(self: Verifier, scheme: str) -> None:
    """Compare the scheme without regard to case, as RFC 9110 11.1 requires. This API requires `Bearer`."""
    if scheme.lower() != "bearer":
        raise Refusal("authorization_scheme")


@mutates("scheme")
def takes_any_scheme(self: Verifier, scheme: str) -> None:
    """Accept every scheme: `header.split(" ")[1]`."""


@mutates("credentials")
def splits_at_any_space(self: Verifier, authorization: str) -> tuple[str, str]:
    """Split scheme and credentials at any white space: str.split() without a separator."""
    scheme, *rest = authorization.split(None, 1) or [""]
    return Verifier.credentials(self, " ".join((scheme, *rest)))


@mutates("credentials")
def splits_at_the_last_colon(self: Verifier, authorization: str) -> tuple[str, str]:
    """Split the credentials at the last colon: `rsplit(":", 1)`."""
    access_key, signature = Verifier.credentials(self, authorization)
    whole, _, last = f"{access_key}:{signature}".rpartition(":")
    return whole, last


@mutates("credentials")
def splits_in_two_and_ignores_the_rest(self: Verifier, authorization: str) -> tuple[str, str]:
    """Ignore everything after a second colon: `split(":")[:2]`."""
    access_key, signature = Verifier.credentials(self, authorization)
    return access_key, signature.partition(":")[0]


@mutates("credentials")
def takes_an_empty_signature(self: Verifier, authorization: str) -> tuple[str, str]:
    """Return `signature_encoding` for an empty signature, not `authorization_malformed`: `(.*):(.*)`."""
    scheme, _, rest = authorization.partition(" ")
    if scheme == "Bearer" and re.fullmatch(r"[!-9;=?-~]+:", rest):
        return rest[:-1], ""
    return Verifier.credentials(self, authorization)


@mutates("credentials")
def takes_placeholders(self: Verifier, authorization: str) -> tuple[str, str]:
    """Return `access_key_unknown` for the access key `<ACCESS>`, not `authorization_malformed`."""
    return Verifier.credentials(self, authorization.replace("<", "").replace(">", ""))


@mutates("credentials")
def ignores_what_follows_the_signature(self: Verifier, authorization: str) -> tuple[str, str]:
    """Ignore text after the signature: `re.match` instead of `re.fullmatch`."""
    access_key, signature = Verifier.credentials(self, authorization)
    return access_key, signature[:44]


@mutates("form")
def takes_what_int_takes(self: Verifier, timestamp: str) -> None:
    """Accept each timestamp that int() parses: signs, underscores, white space and leading zeros."""
    try:
        int(timestamp)
    except ValueError:
        raise Refusal("timestamp_malformed") from None


@mutates("form")
def takes_leading_zeros(self: Verifier, timestamp: str) -> None:
    """Accept timestamps with leading zeros: the regular expression `[0-9]+`."""
    Verifier.form(self, timestamp.lstrip("0") or timestamp)


@mutates("form")
def takes_any_length(self: Verifier, timestamp: str) -> None:
    """Accept timestamps of any length: 20 digits get `timestamp_future`, or overflow an integer."""
    if not re.fullmatch(r"0|[1-9][0-9]*", timestamp):
        raise Refusal("timestamp_malformed")


@mutates("values")
def reprints_the_timestamp(self: Verifier, request: RawRequest, name: str) -> list[str]:
    """Parse the timestamp and verify the printed number, so a signature for the cleaned text is accepted."""
    values = Verifier.values(self, request, name)
    if name != "couchbase-timestamp":
        return values
    return [_reprinted(value) for value in values]


def _reprinted(value: str) -> str:
    try:
        return str(int(float(value.replace("_", "").replace(" ", ""))))
    except (ValueError, OverflowError):
        return value
