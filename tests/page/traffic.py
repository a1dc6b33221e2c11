"""Sends requests to a mock: signed, signed wrongly, repeated."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from tests.conformance.raw_http import parse, send_bytes
from tests.support.raw_http import ACCESS_KEY, request, signature

if TYPE_CHECKING:
    from mock_server.server import MockServer

AN_EARLIER_RECEIPT = 0.06
"""Seconds after which a signature that comes again is a replay."""


def send(  # noqa: PLR0913  # every parameter except the target is keyword-only
    mock: MockServer,
    target: str,
    *,
    method: str = "GET",
    signed: str | None = None,
    signed_method: str | None = None,
    timestamp: int | None = None,
    headers: tuple[tuple[str, str], ...] = (),
    body: bytes = b"",
) -> int:
    """Send a request, and return the status of the response.

    Args:
        mock: receives the request.
        target: the request target.
        method: the method.
        signed: the endpoint that is signed, if it is not the target.
        signed_method: the method that is signed, if it is another one.
        timestamp: in milliseconds; None for now.
        headers: further headers.
        body: the body.
    """
    now = time.time_ns() // 1_000_000 if timestamp is None else timestamp
    mac = signature(signed_method or method, target if signed is None else signed, now)
    both = [("Authorization", f"Bearer {ACCESS_KEY}:{mac}"), ("Couchbase-Timestamp", str(now))]
    return parse(send_bytes(mock.port, request(method, target, [*both, *headers], body))).status


def replay(mock: MockServer, target: str) -> None:
    """Send a request twice with the same signature."""
    now = time.time_ns() // 1_000_000
    assert send(mock, target, timestamp=now) == 200
    time.sleep(AN_EARLIER_RECEIPT)
    assert send(mock, target, timestamp=now) == 200
