"""Makes signatures, right and wrong, and returns how the verifier refuses them."""

from __future__ import annotations

import base64
import hmac

from mock_server.http import ReceivedRequest
from mock_server.verifier import Refused, verify

NOW = 1_700_000_000_000
ACCESS, SECRET = "mock-access-key", "c2VjcmV0LWtleSBvZiB0ZXN0cw=="
HOST = "127.0.0.1:8091"
ENCODED = "/v2/users/a%20b%2Fc?q=x%20y&z=%c3%a9"
QUERY = "/v3/clusters?page=1&perPage=10&sortBy=name"
BODY = b'{"name":"x"}'


def mac(text: str | bytes, secret: str | bytes = SECRET, algorithm: str = "sha256") -> bytes:
    """The raw HMAC of a text."""
    secret, text = (part if isinstance(part, bytes) else part.encode() for part in (secret, text))
    return hmac.digest(secret, text, algorithm)


def b64(raw: bytes) -> str:
    """Base64 as text."""
    return base64.b64encode(raw).decode()


def refuse(  # noqa: PLR0913  # all but the signature have defaults
    signature: str,
    target: str = QUERY,
    *,
    method: str = "GET",
    secret: str = SECRET,
    host: str = HOST,
    body: bytes = BODY,
) -> Refused:
    """The refusal of a request with this signature."""
    received = [
        ("Host", host),
        ("Authorization", f"Bearer {ACCESS}:{signature}"),
        ("Couchbase-Timestamp", str(NOW)),
    ]
    result = verify(ReceivedRequest(method, target, received, body), {ACCESS: secret}, lambda: NOW)
    assert isinstance(result, Refused)
    return result


def message(target: str = QUERY, *, method: str = "GET", timestamp: str = str(NOW)) -> str:
    """The text to sign."""
    return f"{method}\n{target}\n{timestamp}"


RAW = mac(message())
