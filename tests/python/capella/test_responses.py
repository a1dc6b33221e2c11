"""Responses in Python: which become a Response, and which are raised."""

from __future__ import annotations

import pytest

from capella.errors import InvalidError, ResponseError, UnexpectedResponseError
from tests.support.hostile_servers import Action, Rig, ScriptedServer, error_bytes, response_bytes


def raised_by(reply: Action, method: str = "GET") -> ResponseError:
    """Return the error that a request raises if every attempt gets this response."""
    with (
        ScriptedServer(reply) as wire,
        Rig(wire.url).client as client,
        pytest.raises(ResponseError) as raised,
    ):
        client.request(method, "/v2/projects?page=1")
    return raised.value


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "Made up"),
        (b"   ", "Made up"),
        (b"{}", "Made up"),
        (b'{"message": null}', "Made up"),
        (b'{"code": 4, "hint": "h", "message": "of v4"}', "of v4"),
        (b"[1]", "Made up"),
        (b'"text"', "Made up"),
        (b"null", "Made up"),
    ],
)
def test_error_without_an_envelope(body: bytes, message: str) -> None:
    """Without the API's envelope the message is the reason phrase."""
    found = raised_by(response_bytes(422, body, reason="Made up"))
    assert (type(found), found.message, found.error_type) == (InvalidError, message, "")


def test_error_in_another_media_type() -> None:
    """An error envelope is read whatever its media type is."""
    body = b'{"errorType": "Unauthorized", "message": "no"}'
    assert raised_by(response_bytes(401, body, content_type="text/plain")).message == "no"


@pytest.mark.parametrize("status", [200, 201, 401, 403, 404, 422, 429, 500, 502, 503])
@pytest.mark.parametrize(
    ("media_type", "body"),
    [("text/html", b"<html>canary</html>"), ("text/plain", b"canary"), ("application/json", b'{"canary"')],
)
def test_response_that_is_not_the_api(status: int, media_type: str, body: bytes) -> None:
    """HTML from a gateway and malformed JSON are an UnexpectedResponseError without the body's text."""
    found = raised_by(response_bytes(status, body, content_type=media_type))
    assert (type(found), found.status) == (UnexpectedResponseError, status)
    assert "a proxy or a gateway responded" in str(found)
    assert "canary" not in str(found)


@pytest.mark.parametrize(
    "body",
    [
        *(b"NaN", b"[Infinity]", b"[-Infinity]", b"[1e999]", b"9" * 5000, b"[" * 100_000),
        *(b"\xff", b"\xef\xbb\xbf{}", b"{'a': 1}", b"{} {}"),
    ],
)
def test_success_that_is_not_json(body: bytes) -> None:
    """A success whose body is not JSON by RFC 8259 is an UnexpectedResponseError."""
    assert type(raised_by(response_bytes(200, body))) is UnexpectedResponseError


@pytest.mark.parametrize("media_type", ["text/html", "text/plain; charset=utf-8", "application/octet-stream"])
def test_success_in_another_media_type(media_type: str) -> None:
    """A success with another media type is an UnexpectedResponseError."""
    assert type(raised_by(response_bytes(200, b"{}", content_type=media_type))) is UnexpectedResponseError


@pytest.mark.parametrize(
    "media_type", ["application/json", "Application/JSON; charset=utf-8", "application/problem+json"]
)
def test_media_types_of_json(media_type: str) -> None:
    """The media type's case and parameters are ignored."""
    with (
        ScriptedServer(response_bytes(200, b"{}", content_type=media_type)) as wire,
        Rig(wire.url).client as client,
    ):
        assert client.get("/v2/clouds").body == {}


# Fields of a Response


@pytest.mark.parametrize(
    ("location", "new_id"),
    [
        ("/v2/clusters/7f3a", "7f3a"),
        ("https://elsewhere.example/v2/clusters/7f3a/", "7f3a"),
        ("/v2/clusters/1/buckets/YjE%3D", "YjE="),
        ("/v2/clusters/7f3a?a=/b", "7f3a"),
        ("7f3a", "7f3a"),
    ],
)
def test_new_id_is_the_last_segment_of_location(location: str, new_id: str) -> None:
    """The id is the last segment of Location, which is not followed."""
    with (
        ScriptedServer(response_bytes(202, b"", f"Location: {location}")) as wire,
        Rig(wire.url).client as client,
    ):
        found = client.post("/v2/clusters", body={})
        assert (found.location, found.body, found.new_id) == (location, None, new_id)
        assert len(wire.seen) == 1


def test_new_id_of_the_body() -> None:
    """Without Location the id is the body's; without both it is an error."""
    with (
        ScriptedServer(response_bytes(201, b'{"id": "a"}'), response_bytes(201)) as wire,
        Rig(wire.url).client as client,
    ):
        assert client.post("/v2/projects", body={}).new_id == "a"
        with pytest.raises(UnexpectedResponseError, match="the response has no id"):
            _ = client.post("/v2/projects", body={}).new_id


# Clocks: the rig's clock starts at 2023-11-14 22:13:20 UTC


def test_clock_skew_is_explained() -> None:
    """A 401 names both clocks and their difference if they are far apart."""
    text = str(raised_by(error_bytes(401, "no", "Date: Tue, 14 Nov 2023 23:13:20 GMT")))
    assert text.endswith(
        "401 Refused: no; the local clock reads 2023-11-14 22:13:20 UTC,"
        " the server's 2023-11-14 23:13:20 UTC: set the local clock, which is 0:59:59 behind"
    )
    assert "ahead" in str(raised_by(error_bytes(401, "no", "Date: Tue, 14 Nov 2023 21:13:20 GMT")))


@pytest.mark.parametrize(
    "date",
    [
        *("Tue, 14 Nov 2023 22:14:20 GMT", "Tue, 14 Nov 2023 22:12:21 GMT"),
        *("", "today", "Tue, 99 Nov 2023 22:14:20 GMT", "Tue, 14 Nov 99999 22:14:20 GMT", "\xff"),
    ],
)
def test_clock_that_is_near_or_unknown(date: str) -> None:
    """A 401 names no clock up to a minute of difference, or without a valid date."""
    assert str(raised_by(error_bytes(401, "no", f"Date: {date}"))).endswith("401 Refused: no")


def test_clock_is_named_for_401_alone() -> None:
    """Only a 401 names the clocks."""
    assert "clock" not in str(raised_by(error_bytes(403, "no", "Date: Tue, 14 Nov 2023 23:13:20 GMT")))
