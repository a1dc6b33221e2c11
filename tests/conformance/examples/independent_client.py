"""Calls the API of a mock to see what it remembers: with a signature of its own, by no client under test."""

from __future__ import annotations

import base64
import hmac
import json
import time
from dataclasses import dataclass
from typing import Any

from tests.conformance.raw_http import RawAnswer, exchange
from tests.conformance.vectors.suite import Request

LEAST = 100  # a page that holds all of the seed


@dataclass(frozen=True)
class Caller:
    """Somebody with a key, and the port of a mock on this machine."""

    port: int
    access_key: str
    secret_key: str

    def call(self, method: str, target: str, body: object = None) -> RawAnswer:
        """Send one signed request.

        Raises:
            OSError: no whole answer came.
        """
        timestamp = str(time.time_ns() // 1_000_000)
        text = f"{method}\n{target}\n{timestamp}".encode()
        signature = base64.b64encode(hmac.digest(self.secret_key.encode(), text, "sha256")).decode()
        headers = [
            ("Authorization", f"Bearer {self.access_key}:{signature}"),
            ("Couchbase-Timestamp", timestamp),
            ("Content-Type", "application/json"),
        ]
        text_of_body = None if body is None else json.dumps(body)
        return exchange(Request(method, target, tuple(headers), text_of_body), self.port)

    def get(self, target: str) -> Any:  # noqa: ANN401  # JSON
        """Return what stands at a target; None where there is nothing.

        Raises:
            ValueError: another status than 200 and 404.
        """
        answer = self.call("GET", target)
        if answer.status not in (200, 404):
            raise ValueError(f"GET {target}: {answer.status} {answer.body.decode(errors='replace')}")
        return answer.json() if answer.status == 200 else None


def items(body: Any) -> list[Any]:  # noqa: ANN401  # JSON
    """Return the items of any of the API's lists."""
    data = body["data"] if isinstance(body, dict) else body
    found: list[Any] = data["items"] if isinstance(data, dict) else data
    return found


def holds(found: Any, wanted: Any) -> bool:  # noqa: ANN401  # JSON
    """Say whether everything wanted is in what was found: in an object more may stand beside it."""
    if isinstance(wanted, dict):
        return isinstance(found, dict) and all(
            name in found and holds(found[name], value) for name, value in wanted.items()
        )
    return bool(found == wanted)
