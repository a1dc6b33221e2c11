"""Calls the mock's API with its own signature, without any code of the clients under test."""

from __future__ import annotations

import base64
import hmac
import json
import time
from dataclasses import dataclass
from typing import Any

from tests.conformance.raw_http import RawRequest, RawResponse, send


@dataclass(frozen=True)
class IndependentClient:
    """A client of a mock on a port of this machine."""

    port: int
    access_key: str
    secret_key: str

    def call(self, method: str, target: str, body: object = None) -> RawResponse:
        """Send one signed request with a JSON body, and return the response.

        Raises:
            OSError: no complete response was received.
        """
        timestamp = str(time.time_ns() // 1_000_000)
        message = f"{method}\n{target}\n{timestamp}".encode()
        signature = base64.b64encode(hmac.digest(self.secret_key.encode(), message, "sha256")).decode()
        headers = (
            ("Authorization", f"Bearer {self.access_key}:{signature}"),
            ("Couchbase-Timestamp", timestamp),
            ("Content-Type", "application/json"),
        )
        text = None if body is None else json.dumps(body)
        return send(self.port, RawRequest(method, target, headers, text))

    def get(self, target: str) -> Any:  # noqa: ANN401  # JSON
        """Return the decoded body of a GET request, or None if the status is 404.

        Raises:
            ValueError: the status is neither 200 nor 404.
        """
        response = self.call("GET", target)
        if response.status not in (200, 404):
            raise ValueError(f"GET {target}: {response.status} {response.body.decode(errors='replace')}")
        return response.json if response.status == 200 else None


def items(body: Any) -> list[Any]:  # noqa: ANN401  # JSON
    """Return the items of any of the API's list responses. `data` is `{}` if there are no v3 clusters."""
    data = body["data"] if isinstance(body, dict) else body
    found: list[Any] = data.get("items", []) if isinstance(data, dict) else data
    return found


def contains(found: Any, expected: Any) -> bool:  # noqa: ANN401  # JSON
    """Return whether JSON has all expected content; an object may have further keys, a list must be equal."""
    if isinstance(expected, dict):
        return isinstance(found, dict) and all(
            name in found and contains(found[name], value) for name, value in expected.items()
        )
    return bool(found == expected)
