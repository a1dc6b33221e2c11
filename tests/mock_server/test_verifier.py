"""What a 401 tells over real sockets: the text that was signed, the other mistakes, and no secret key."""

from __future__ import annotations

import base64
import hmac
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest

from tests.conformance.raw_http import RawResponse, parse, send_bytes
from tests.support.raw_http import ACCESS_KEY, SECRET_KEY, request, signature, signed

if TYPE_CHECKING:
    from mock_server.server import MockServer
    from tests.conftest import Clock


def exchange(mock: MockServer, raw: bytes) -> RawResponse:
    """Send a request, and return the response."""
    return parse(send_bytes(mock.port, raw))


@pytest.mark.parametrize(("length", "sent"), [(4071, True), (4072, False)])
def test_the_signed_text_is_sent_up_to_its_limit(
    mock: MockServer, clock: Clock, length: int, *, sent: bool
) -> None:
    """4096 characters, percent-encoded: the target, and 25 others."""
    target = "/".ljust(length, "x")
    mac = signature("DELETE", target, clock.now)
    both = [("Authorization", f"Bearer {ACCESS_KEY}:{mac}"), ("Couchbase-Timestamp", str(clock.now))]
    response = exchange(mock, request("GET", target, both))
    assert response.headers["x-mock-mistake"] == "method_differs"
    assert response.headers["x-mock-message"] == f"GET%0A{target}%0A{clock.now}"
    assert response.headers.get("x-mock-signed") == (f"DELETE%0A{target}%0A{clock.now}" if sent else None)


def test_the_signed_text_is_sent(mock: MockServer, clock: Clock) -> None:
    """It holds neither the secret key nor the body. An empty text is sent as well."""
    body = b'{"name":"x"}'
    for text, shown in (
        (
            f"POST\n/v2/projects\n{clock.now}\n{body.decode()}",
            f"POST\n/v2/projects\n{clock.now}\n<body, 12 bytes>",
        ),
        (f"POST\n/v2/projects\n{clock.now}\n{SECRET_KEY}", f"POST\n/v2/projects\n{clock.now}\n<secret>"),
        ("", ""),
    ):
        mac = base64.b64encode(hmac.digest(SECRET_KEY.encode(), text.encode(), "sha256")).decode()
        both = [("Authorization", f"Bearer {ACCESS_KEY}:{mac}"), ("Couchbase-Timestamp", str(clock.now))]
        response = exchange(mock, request("POST", "/v2/projects", both, body))
        assert unquote(response.headers["x-mock-signed"]) == shown


def test_a_refusal_says_what_else_is_wrong(mock: MockServer, clock: Clock) -> None:
    """`X-Mock-Also` has the other mistakes, and the message their advice. One mistake has no such header."""
    seconds = str(clock.now // 1000)
    mac = signature("GET", "/v2/projects", seconds)
    both = [("Authorization", f"Bearer {ACCESS_KEY}:{mac}"), ("Couchbase-Timestamp", seconds)]
    response = exchange(mock, request("GET", "/v2/projects?page=1", both))
    assert response.headers["x-mock-mistake"] == "timestamp_unit"
    assert response.headers["x-mock-also"] == "endpoint_without_query"
    assert exchange(mock, request("GET", "/_mock/requests", [])).json["requests"][-1]["also"] == [
        "endpoint_without_query"
    ]
    assert " Also: The query was left out" in response.json["message"]
    assert unquote(response.headers["x-mock-signed"]) == f"GET\n/v2/projects\n{seconds}"
    response = exchange(mock, request("GET", "/v2/projects?page=1", both[1:]))
    assert response.headers["x-mock-also"] == "timestamp_unit"
    response = exchange(mock, request("GET", "/v2/projects", both))
    assert "x-mock-also" not in response.headers


def test_a_kept_signature_is_recognised(mock: MockServer, clock: Clock) -> None:
    """A signature made for an earlier request, sent with a new timestamp; a reset forgets the earlier one."""
    kept = signature("GET", "/v2/projects", clock.now)
    assert exchange(mock, signed("GET", "/v2/projects", clock.now)).status == 200
    clock.now += 123_457
    both = [("Authorization", f"Bearer {ACCESS_KEY}:{kept}"), ("Couchbase-Timestamp", str(clock.now))]
    response = exchange(mock, request("GET", "/v2/projects", both))
    assert response.headers["x-mock-mistake"] == "timestamp_signed_differs"
    mock.reset()
    response = exchange(mock, request("GET", "/v2/projects", both))
    assert response.headers["x-mock-mistake"] == "signature_mismatch"
