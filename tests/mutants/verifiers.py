"""A correct verifier, made of steps. A mutant replaces one step.

It returns only codes, and shares no code with the mock: these mutants test the vectors, not the mock.
"""

from __future__ import annotations

import base64
import hmac
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.conformance.raw_http import RawRequest

WELL_FORMED = re.compile(r"[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=")


def relative(request: RawRequest) -> str:
    """Return the target, without scheme and authority if it is in absolute form."""
    rest = re.sub(r"\A[A-Za-z]+://[^/?]*", "", request.target)
    return rest if rest.startswith("/") else "/" + rest


class Refusal(Exception):  # noqa: N818  # a result, not an error
    """Ends a verification with a code."""


@dataclass(frozen=True)
class Verifier:
    """The clock and the window in milliseconds, and the keys. Texts hold bytes, as Latin-1."""

    clock: int
    window: int
    keys: Mapping[str, str]

    def verify(self, request: RawRequest) -> str:
        """Return the code."""
        if not self.authenticates(request):
            return "unsigned"
        try:
            self.check(request)
        except Refusal as refusal:
            return str(refusal)
        except ValueError:  # such as int() of 8,192 digits
            return "error"
        return "ok"

    def authenticates(self, request: RawRequest) -> bool:
        """Return whether the operation needs authentication."""
        return request.method not in {"GET", "HEAD"} or relative(request).partition("?")[0] != "/v2/status"

    def check(self, request: RawRequest) -> None:
        """Raise the first refusal that applies."""
        authorization = self.header(request, "authorization", "authorization")
        timestamp = self.header(request, "couchbase-timestamp", "timestamp")
        access_key, signature = self.credentials(authorization)
        self.form(timestamp)
        self.unit(timestamp)
        self.freshness(int(timestamp))
        secret = self.secret(access_key)
        self.encoding(signature)
        if not self.matches(self.expected(secret, self.text(request, timestamp)), signature):
            raise Refusal("signature_mismatch")

    def header(self, request: RawRequest, name: str, code: str) -> str:
        """Return the value of a header; this is called for both headers before either is parsed."""
        values = self.values(request, name)
        if not values:
            raise Refusal(f"{code}_missing")
        if len(values) > 1:
            raise Refusal(f"{code}_duplicated")
        return values[0]

    def values(self, request: RawRequest, name: str) -> list[str]:
        """Return the values of a header."""
        return [value.strip(" \t") for known, value in request.headers if self.called(known) == name]

    def called(self, name: str) -> str:
        """Return the name of a header in lower case."""
        return name.lower()

    def credentials(self, authorization: str) -> tuple[str, str]:
        """Return access key and signature."""
        scheme, _, rest = authorization.partition(" ")
        self.scheme(scheme)
        found = re.fullmatch(r"([!-9;=?-~]+):(.*[^ \t])", rest)
        if not found or rest != rest.strip(" \t"):
            raise Refusal("authorization_malformed")
        return found[1], found[2]

    def scheme(self, scheme: str) -> None:
        """Check the word before the credentials."""
        if scheme != "Bearer":
            raise Refusal("authorization_scheme")

    def form(self, timestamp: str) -> None:
        """Check the format of the timestamp."""
        if not re.fullmatch(r"0|[1-9][0-9]{0,18}", timestamp):
            raise Refusal("timestamp_malformed")

    def unit(self, timestamp: str) -> None:
        """Check the timestamp's unit by its length."""
        if len(timestamp) in {9, 10, 16, 19}:
            raise Refusal("timestamp_unit")

    def freshness(self, timestamp: int) -> None:
        """Check the timestamp against the clock."""
        if timestamp < self.clock - self.window:
            raise Refusal("timestamp_stale")
        if timestamp > self.clock + self.window:
            raise Refusal("timestamp_future")

    def secret(self, access_key: str) -> bytes:
        """Return the secret of an access key."""
        for known, secret in self.keys.items():
            if known.encode() == access_key.encode("latin-1"):
                return secret.encode()
        raise Refusal("access_key_unknown")

    def encoding(self, signature: str) -> None:
        """Check the format of the signature."""
        if not WELL_FORMED.fullmatch(signature):
            raise Refusal("signature_encoding")

    def text(self, request: RawRequest, timestamp: str) -> bytes:
        """Return the text that the client must have signed."""
        return "\n".join((self.method(request), self.endpoint(request), self.stamp(timestamp))).encode(
            "latin-1"
        )

    def method(self, request: RawRequest) -> str:
        """Return the method that is verified."""
        return request.method

    def endpoint(self, request: RawRequest) -> str:
        """Return the endpoint that is verified."""
        return relative(request)

    def stamp(self, timestamp: str) -> str:
        """Return the timestamp that is verified."""
        return timestamp

    def expected(self, secret: bytes, text: bytes) -> str:
        """Return the correct signature."""
        return base64.b64encode(hmac.digest(secret, text, "sha256")).decode()

    def matches(self, expected: str, signature: str) -> bool:
        """Compare in constant time, which no vector can test."""
        return hmac.compare_digest(expected.encode(), signature.encode("latin-1"))


@dataclass(frozen=True)
class Mutant:
    """A verifier with one mistake, and a description of the mistake."""

    name: str
    seen: str
    verifier: type[Verifier]


MUTANTS: dict[str, Mutant] = {}


def mutates(step: str) -> Callable[[Callable[..., object]], Callable[..., object]]:
    """Return a decorator that registers a mutant: the decorated function replaces the step."""

    def register(function: Callable[..., object]) -> Callable[..., object]:
        add(step, function.__name__, function.__doc__ or "", function)
        return function

    return register


def add(step: str, name: str, seen: str, function: Callable[..., object]) -> None:
    """Register a mutant in which the function replaces the step."""
    if name in MUTANTS:
        raise ValueError(f"two mutants have the name {name}")
    MUTANTS[name] = Mutant(name, seen, type(name, (Verifier,), {step: function}))
