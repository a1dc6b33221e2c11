"""The independent validation accepts described responses and refuses all others."""

import pytest

from mock_server.api import Api
from mock_server.http import ReceivedRequest, json_reply
from tests.support.response_hook import every_response_validated
from tests.support.response_validation import validate_response

JSON = (("Content-Type", "application/json"),)
ERROR = b'{"errorType": "x", "message": "y"}'
CLUSTER = "/v2/clusters/f2b5a1f0-0000-4000-8000-000000000000"


@pytest.mark.parametrize(
    ("method", "target", "status", "headers", "body"),
    [
        ("GET", "/v2/status?x=1", 200, JSON, b'{"status": "OK"}'),
        ("GET", "/v2/%73tatus", 200, JSON, b'{"status": "OK"}'),
        ("GET", "/v2/status", 429, (*JSON, ("Retry-After", "1")), ERROR),
        ("POST", "/v2/clusters", 202, (("location", "/v2/clusters/x"),), b""),
        ("DELETE", f"{CLUSTER}/users/..", 204, (), b""),
        ("DELETE", f"{CLUSTER}/users/a%2Fb", 404, JSON, ERROR),
        ("GET", "/nowhere", 404, JSON, ERROR),
        ("GET", "/nowhere", 401, JSON, ERROR),
        ("HEAD", "/v2/status", 405, (*JSON, ("Allow", "GET")), ERROR),
    ],
)
def test_what_is_described_passes(
    method: str, target: str, status: int, headers: tuple[tuple[str, str], ...], body: bytes
) -> None:
    """Paths are decoded before they are compared. The case of header names is ignored."""
    validate_response(method, target, status, headers, body)


@pytest.mark.parametrize(
    ("method", "target", "status", "headers", "body", "why"),
    [
        ("GET", "/v2/status", 200, JSON, b'{"state": "OK"}', "'status' is a required property"),
        ("GET", "/v2/status", 200, JSON, b'{"status": 1}', "not of type 'string'"),
        ("GET", "/v2/status", 200, JSON, b"{", "deserialize"),
        ("GET", "/v2/status", 200, (("Content-Type", "text/html"),), b'{"status": "OK"}', "text/html"),
        ("GET", "/v2/status", 200, (), b'{"status": "OK"}', "mimetype"),
        ("GET", "/v2/status", 404, JSON, ERROR, "404"),
        ("GET", "/v2/status", 302, (), b"", "302"),
        ("GET", "/v2/clouds", 200, JSON, b'{"data": []}', "'cursor' is a required property"),
        ("POST", "/v2/clusters", 202, (), b"", "Location"),
        ("DELETE", f"{CLUSTER}/users/a", 204, (), b"x", "has no body"),
        ("DELETE", f"{CLUSTER}/users/a", 404, JSON, b"{}", "'errorType' is a required property"),
        ("GET", "/nowhere", 200, JSON, b"{}", "no operation"),
        ("get", "/v2/status", 200, JSON, b'{"status": "OK"}', "no operation"),
        ("HEAD", "/v2/status", 405, JSON, ERROR, "without Allow"),
    ],
)
def test_what_is_not_described_fails(  # noqa: PLR0913, PLR0917  # one exchange and why it fails
    method: str, target: str, status: int, headers: tuple[tuple[str, str], ...], body: bytes, why: str
) -> None:
    """The message says what is wrong."""
    with pytest.raises(AssertionError, match=why):
        validate_response(method, target, status, headers, body)


def test_every_api_of_the_process_is_watched(monkeypatch: pytest.MonkeyPatch) -> None:
    """The responses of every `Api` are validated inside the block, and not after it."""
    api = Api(clock=int)
    request = ReceivedRequest("GET", "/v2/status")
    monkeypatch.setattr(Api, "handle", lambda *_: json_reply(200, {"state": "OK"}))
    with every_response_validated(), pytest.raises(AssertionError, match="status"):
        api.handle(request, "http://mock.test")
    assert api.handle(request, "http://mock.test").body == b'{"state":"OK"}'
