"""Builds the bytes of requests to the mock, signed or not; tests/conformance/raw_http.py sends them."""

from __future__ import annotations

import base64
import hmac

from tests.conformance.raw_http import head

ACCESS_KEY = "mock-access-key"
SECRET_KEY = "mock-secret-key, not#a%real$one"


def signature(method: str, target: str, timestamp: int | str, secret: str = SECRET_KEY) -> str:
    """Return the right signature of a request; method and target are Latin-1."""
    text = f"{method}\n{target}\n{timestamp}".encode("latin-1")
    return base64.b64encode(hmac.digest(secret.encode(), text, "sha256")).decode()


def request(
    method: str,
    target: str,
    headers: list[tuple[str, str]],
    body: bytes = b"",
    *,
    host: str = "127.0.0.1",
) -> bytes:
    """Return an unsigned request with a Host header, and a Content-Length header if it has a body."""
    length = [("Content-Length", str(len(body)))] if body else []
    return head(method, target, [("Host", host), *headers, *length]) + body


def signed(
    method: str,
    target: str,
    timestamp: int,
    body: bytes = b"",
    *headers: tuple[str, str],
    host: str = "127.0.0.1",
) -> bytes:
    """Return a request with the right signature and further headers."""
    mac = signature(method, target, timestamp)
    both = [("Authorization", f"Bearer {ACCESS_KEY}:{mac}"), ("Couchbase-Timestamp", str(timestamp))]
    return request(method, target, [*both, *headers], body, host=host)
