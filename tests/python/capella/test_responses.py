"""Responses in Python: which become a Response, and which are raised."""

from __future__ import annotations

import time

import pytest

from capella import responses
from capella.errors import InvalidError, RateLimitedError, ResponseError, ServerError, UnexpectedResponseError
from capella.responses import Response
from capella.transport import ReceivedResponse, Request
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
        (b'{"message": ["m"]}', "Made up"),
        (b'{"errorType": 7, "message": "m"}', "m"),
        (b'{"ErrorType": "E", "Message": "m"}', "Made up"),
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


def test_error_without_a_reason() -> None:
    """Without an envelope and without a reason phrase the message says so."""
    assert raised_by(response_bytes(422, b"", reason="")).message == "no reason given"


def test_error_in_another_media_type() -> None:
    """An error envelope is read with any media type."""
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
        *(b"NaN", b"[Infinity]", b"[-Infinity]", b"[" * 100_000, b"[" * 501 + b"]" * 501),
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


# Texts: a mock sends what was signed and what it expected; go/capella/response_test.go has the same cases


@pytest.mark.parametrize(
    ("headers", "shown"),
    [
        ((), ""),
        (("X-Mock-Message: GET%0A/v2?a=%2520%0A1",), r"; text expected: GET\n/v2?a=%20\n1"),
        (("X-Mock-Message: e", "x-mock-signed: s"), "; text signed: s; text expected: e"),
        (("X-Mock-Message:", "X-Mock-Signed: s"), "; text signed: s"),
        (
            ("X-Mock-Message: %1B%5B2J%E2%80%AE%5C%0d%09%7F%c3%A9",),
            r"; text expected: \x1B[2J\xE2\x80\xAE\\\r\t\x7F\xC3\xA9",
        ),
        (("X-Mock-Message: %zz%4%",), "; text expected: %zz%4%"),
        (("X-Mock-Message: a\xe9b",), r"; text expected: a\xE9b"),
        (("X-Mock-Message: a", "X-Mock-Message: b"), "; text expected: a"),
    ],
)
def test_a_401_shows_the_text_expected(headers: tuple[str, ...], shown: str) -> None:
    """The texts are percent-decoded, in one line of printable ASCII."""
    assert str(raised_by(error_bytes(401, "no", *headers))).endswith(f": 401 Refused: no{shown}")


def test_other_errors_show_no_text() -> None:
    """Only a 401 is about a signature."""
    assert str(raised_by(error_bytes(403, "no", "X-Mock-Message: a"))).endswith(": 403 Refused: no")


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


SERVER = "Tue, 14 Nov 2023 22:13:20 GMT"
SERVER_MS = 1_700_000_000_000


def read_at(now: int, status: int = 401, body: bytes = b"", **headers: str) -> Response | ResponseError:
    """Read a response at this local time, and return the Response or the error."""
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    received = ReceivedResponse(status, "Reason", fields, body, cut=False)
    try:
        return responses.read(Request("GET", "/v2/x"), received, now)
    except ResponseError as raised:
        return raised


@pytest.mark.parametrize(
    ("difference", "words"),
    [
        (60_000, ""),
        (-60_000, ""),
        (60_001, "0:01:00 ahead"),
        (-60_001, "0:01:00 behind"),
        (61_000, "0:01:01 ahead"),
        (86_400_000, "1 day, 0:00:00 ahead"),
    ],
)
def test_clock_tolerance_at_its_edge(difference: int, words: str) -> None:
    """The clocks may differ by exactly a minute; one millisecond more is explained."""
    text = str(read_at(SERVER_MS + difference, Date=SERVER))
    assert ("the local clock reads" in text) is bool(words)
    assert text.endswith(words)


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="Windows has no function that sets the time zone")
def test_clocks_in_another_zone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both times are shown in UTC, whatever the zone of the machine is."""
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        text = str(read_at(SERVER_MS + 3_600_000, Date=SERVER))
    finally:
        monkeypatch.undo()
        time.tzset()
    assert "the local clock reads 2023-11-14 23:13:20 UTC, the server's 2023-11-14 22:13:20 UTC" in text


@pytest.mark.parametrize("date", ["Tue, 14 Nov 2023 22:13:20 -0000", "Tue, 14 Nov 2023 23:13:20 +0100"])
def test_date_in_another_zone(date: str) -> None:
    """A date without a zone is UTC, and one with a zone is converted."""
    assert "clock" not in str(read_at(SERVER_MS, Date=date))


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (199, UnexpectedResponseError),
        (200, Response),
        (299, Response),
        (300, UnexpectedResponseError),
        (399, UnexpectedResponseError),
        (400, ResponseError),
        (499, ResponseError),
        (500, ServerError),
    ],
)
def test_kinds_at_their_edges(status: int, kind: type) -> None:
    """2xx is a success, 3xx and 1xx are unexpected, and a server error begins at 500."""
    assert type(read_at(0, status)) is kind


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("0", 0.0),
        ("1", 1.0),
        (SERVER, 10.0),
        ("Tue, 14 Nov 2023 22:13:10 GMT", 0.0),
        ("Tue, 14 Nov 2023 22:13:09 GMT", 0.0),
        ("-1", None),
        ("soon", None),
    ],
)
def test_retry_after(header: str, seconds: float | None) -> None:
    """The error has the seconds of Retry-After, from a number or a date."""
    error = read_at(SERVER_MS - 10_000, 429, Retry_After=header)
    assert isinstance(error, RateLimitedError)
    assert error.retry_after == seconds


@pytest.mark.parametrize("status", [200, 401])
def test_cut_body(status: int) -> None:
    """A success that was cut is an error; an error that was cut is only not JSON."""
    received = ReceivedResponse(status, "", {"Content-Type": "application/json"}, b'{"a": ', cut=True)
    with pytest.raises(UnexpectedResponseError, match="larger than 10 MB" if status == 200 else "malformed"):
        responses.read(Request("GET", "/"), received, 0)


@pytest.mark.parametrize(
    ("content_type", "words"),
    [("application/json", "malformed JSON"), ("", "an unknown media type"), ("Text/HTML ; a=b", "Text/HTML")],
)
def test_message_for_a_body_that_is_not_json(content_type: str, words: str) -> None:
    """The message names the media type, or says that the JSON is malformed or that no type was sent."""
    error = read_at(0, 200, b"{", Content_Type=content_type)
    assert str(error) == (
        f"GET /v2/x: 200: {words} instead of the API's JSON:"
        " a proxy or a gateway responded, or CBC_API_URL is not the API"
    )


def test_words_without_a_media_type() -> None:
    """A response without a Content-Type has an unknown media type."""
    assert "200: an unknown media type instead of the API's JSON" in str(read_at(0, 200, b"{}"))


FIELDS = Response(
    200,
    {"text": "a", "number": 0, "float": 1.5, "empty": "", "true": True, "null": None, "in": {"list": [1]}},
)


@pytest.mark.parametrize(("name", "text"), [("text", "a"), ("number", "0"), ("float", "1.5")])
def test_field(name: str, text: str) -> None:
    """A text or a number of the body is returned as text, also if it is zero."""
    assert FIELDS.field(name) == text
    assert FIELDS.field(name, default="other") == text


@pytest.mark.parametrize(
    "path",
    [
        ("empty",),
        ("true",),
        ("null",),
        ("in",),
        ("in", "list"),
        ("text", "a"),
        ("nothing",),
        ("nothing", "a"),
    ],
)
def test_field_that_is_missing(path: tuple[str, ...]) -> None:
    """For a path without a text or number, `field` returns the default, or raises an error with the path."""
    assert FIELDS.field(*path, default="") == ""
    with pytest.raises(UnexpectedResponseError, match=rf"200: the response has no {'.'.join(path)}$"):
        FIELDS.field(*path)


def test_response_without_a_request() -> None:
    """A Response that was created in code names no request."""
    assert FIELDS.request == Request("", "")
    error = FIELDS.unexpected("why")
    assert (str(error), error.error_type) == (" : 200: why", "")


@pytest.mark.parametrize("body", [None, b""])
def test_empty_success(body: bytes | None) -> None:
    """An empty body is None with any media type; a Location is kept."""
    found = read_at(0, 202, body or b" \n", Content_Type="text/html", Location="/v2/a")
    assert isinstance(found, Response)
    assert (found.status, found.body, found.location) == (202, None, "/v2/a")
    assert found.request == Request("GET", "/v2/x")


@pytest.mark.parametrize(
    "text", ["1e999", "9" * 5000, "-0", "1.50", "1E+2", "12345678901234567890.10", "12345678901234567890"]
)
def test_number_keeps_its_text(text: str) -> None:
    """A number has every digit and the exponent of the response."""
    found = read_at(0, 200, f'{{"id": {text}}}'.encode(), Content_Type="application/json")
    assert isinstance(found, Response)
    assert found.new_id == text
    assert found.text == f'{{"id": {text}}}'


@pytest.mark.parametrize(
    "location",
    [
        *("https://elsewhere.example", "http://[/", "/", "?a=b", "#a", ".", "/v3/..", "//h", "/%2e%2E"),
        *("mailto:x", "A+b.c-1:x", "/a%4", "/a%zz", "/%ff", "/\ufffd", "/\udcff"),
    ],
)
def test_location_without_an_id(location: str) -> None:
    """A Location without a path, or with a malformed segment, contains no id; the id is the body's."""
    assert Response(201, {"id": "a"}, location).new_id == "a"
    with pytest.raises(UnexpectedResponseError) as raised:
        _ = Response(201, {}, location).new_id
    shown = location.replace("\udcff", "\ufffd")
    assert str(raised.value).endswith(f": the response has no id, and its Location has none: {shown}")


@pytest.mark.parametrize("location", ["//h/7f3a", "x:/a/7f3a", "/a:7f3a", "1:7f3a", "/a/7f3a//", "/%c3%A9"])
def test_location_with_an_id(location: str) -> None:
    """A scheme needs a letter first, and a path with a slash after it."""
    assert Response(201, {"id": "b"}, location).new_id in {"7f3a", "a:7f3a", "1:7f3a", "é"}


def test_signed_text_beyond_latin_1() -> None:
    """A character that no header can contain does not hide the error."""
    text = str(read_at(SERVER_MS, Date=SERVER, X_Mock_Signed="\u20ac", X_Mock_Message="a"))
    assert r"; text signed: \xE2\x82\xAC; text expected: a" in text
