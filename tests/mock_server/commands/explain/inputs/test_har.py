"""The requests in a HAR file."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mock_server.commands.explain.inputs import har
from mock_server.commands.explain.inputs.found import UnreadableError


def entry(**changes: object) -> dict[str, Any]:
    """Return an entry as browsers write it."""
    request = {
        "method": "POST",
        "url": "https://h.example/v2/projects?page=2#part",
        "headers": [
            {"name": "Authorization", "value": "Bearer A:c2ln"},
            {"name": "Couchbase-Timestamp", "value": "1700000000123"},
        ],
        "postData": {"mimeType": "application/json", "text": '{"a": "é"}'},
        "bodySize": 11,
    } | changes
    response = {"status": 401, "headers": [{"name": "date", "value": "Tue, 14 Nov 2023 22:13:21 GMT"}]}
    return {"request": request, "response": response}


def encoded(*entries: object) -> bytes:
    """Return a HAR file."""
    return json.dumps({"log": {"version": "1.2", "entries": entries}}).encode()


def test_request_is_read() -> None:
    """Method, target, headers, body and the Date of the response are those of the entry."""
    data = encoded(entry())
    assert har.recognises(b"\r\n " + data)
    ((found,), unsigned) = har.read(data)
    request = found.request
    assert (request.method, request.target) == ("POST", "/v2/projects?page=2")
    assert request.header_values("Host") == ["h.example"]
    assert request.header("authorization") == "Bearer A:c2ln"
    assert (found.body_known, request.body) == (True, '{"a": "é"}'.encode())
    assert found.server_time == 1_700_000_001_000
    assert unsigned == []


def test_headers_of_http2() -> None:
    """`:path` and `:authority` are what was sent."""
    pseudo = [{"name": ":path", "value": "/v2/x?y=%7E"}, {"name": ":authority", "value": "other.example"}]
    ((found,), _) = har.read(encoded(entry(headers=pseudo + entry()["request"]["headers"])))
    assert found.request.target == "/v2/x?y=%7E"
    assert found.request.headers[-1] == ("Host", "other.example")
    assert not [name for name, _ in found.request.headers if name.startswith(":")]


@pytest.mark.parametrize(("size", "known"), [(0, True), (-1, True), (5, False)])
def test_body_that_is_not_saved(size: int, known: bool) -> None:  # noqa: FBT001  # a parameter of the test
    """Without text, a body of some size is not known."""
    ((found,), _) = har.read(encoded(entry(postData=None, bodySize=size)))
    assert found.body_known == known


def test_requests_without_authorization_are_listed() -> None:
    """Requests without an Authorization header are listed separately from those to verify."""
    reading = har.read(encoded(entry(headers=[]), entry(), entry(headers=[], url="https://h.example/x")))
    assert [found.request.target for found in reading.requests] == ["/v2/projects?page=2"]
    assert [found.request.target for found in reading.unsigned] == ["/v2/projects?page=2", "/x"]


def test_no_request_with_authorization() -> None:
    """The message says that browsers leave the header out."""
    with pytest.raises(UnreadableError, match="browsers leave it out"):
        har.read(encoded(entry(headers=[])))


@pytest.mark.parametrize(
    "response", [None, {}, {"headers": [{}]}, {"headers": [{"name": "Date", "value": 5}]}, []]
)
def test_response_is_optional(response: object) -> None:
    """A missing or malformed response has no Date."""
    ((found,), _) = har.read(encoded(entry() | {"response": response}))
    assert found.server_time is None


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"{", "not valid JSON"),
        (b'{"log": {"entries": [' + b"[" * 200_000, "not valid JSON"),
        (b'{"a":' * 200_000, "not valid JSON"),
        (b"{\xff}", "not valid JSON"),
        (b"{}", "not a HAR file"),
        (b'{"log": []}', "not a HAR file"),
        (b'{"log": {"entries": 5}}', "not a HAR file"),
        (encoded(5), "not a HAR file"),
        (encoded({}), "not a HAR file"),
        (encoded(entry(url=None)), "not a HAR file"),
        (encoded(entry(method=None)), "not a HAR file"),
        (encoded(entry(headers=[{"name": None, "value": ""}])), "not a HAR file"),
        (encoded(entry(headers=None)), "not a HAR file"),
        (encoded(), "no request"),
    ],
)
def test_other_json(data: bytes, message: str) -> None:
    """What is no HAR file is an error that says so."""
    with pytest.raises(UnreadableError, match=message):
        har.read(data)


def test_lone_surrogates_and_long_numbers() -> None:
    """JSON can hold them. They are kept as bytes, and numbers are not computed."""
    data = encoded(entry(url="https://h.example/\ud800")).replace(b"401", b"4" * 1_000_000)
    ((found,), _) = har.read(data)
    assert found.request.target.encode("latin-1") == "/\ud800".encode("utf-8", "surrogatepass")
