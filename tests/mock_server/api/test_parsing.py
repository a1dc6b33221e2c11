"""Parsing of queries and bodies."""

import json
from http import HTTPStatus
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.api.errors import ApiError
from mock_server.api.parsing import parse_body, parse_query
from mock_server.http import ReceivedRequest
from tests.support.api_caller import JSON, ApiCaller

INVALID = (422, "RequestInvalid")


def message(caller: ApiCaller, body: bytes, headers: tuple[tuple[str, str], ...] = JSON) -> str:
    """POST a body that is refused as invalid, and return the message."""
    response = caller.raw("POST", "/v2/projects", body, headers)
    assert response.status == HTTPStatus.UNPROCESSABLE_ENTITY
    assert isinstance(response.body, dict)
    assert response.body["errorType"] == "RequestInvalid"
    text: str = response.body["message"]
    return text


@pytest.mark.parametrize(
    "query",
    [
        "page=0",
        "page=-1",
        "page=abc",
        "page=1.5",
        "page=1.0",
        "page=01",
        "page=+1",
        "page=%2B1",
        "page=",
        "page",
        "page=1&page=2",
        "page=1&page=1",
        "page=\u0661",
        "page=%D9%A1",
        "perPage=0",
        "perPage=" + "9" * 5000,
        "pages=1",
        "PAGE=1",
        "=1",
        "page=1&%70age=1",
        "sortBy=",
        "sortBy=nothing",
        "sortBy=name.up",
        "sortBy=name.desc.",
        "sortBy=name%0A",
        "x=%ff",
        "page=%ff",
        "\xff=1",
    ],
)
@pytest.mark.parametrize("path", ["/v2/clouds", "/v2/users", "/v2/projects", "/v2/clusters"])
def test_a_query_that_is_not_described_is_422(caller: ApiCaller, path: str, query: str) -> None:
    """Unknown, repeated and misspelt parameters are not ignored."""
    assert caller.refused("GET", f"{path}?{query}") == INVALID


def test_a_query_that_is_not_utf_8_is_named(caller: ApiCaller) -> None:
    """The usual cause is Latin-1."""
    assert "not percent-encoded UTF-8" in str(caller.call("GET", "/v2/projects?sortBy=n%e4me").body)


@pytest.mark.parametrize("query", ["", "&", "page=1&&perPage=10&", "page=%31", "page=99999999999999999999"])
def test_an_empty_or_encoded_query_is_accepted(caller: ApiCaller, query: str) -> None:
    """`?` alone is a query without parameters."""
    assert caller.call("GET", f"/v2/projects?{query}").status == HTTPStatus.OK


@pytest.mark.parametrize(
    ("body", "hint"),
    [
        (b"", "has no body: send a JSON object"),
        (b"{", "not JSON"),
        (b"{'name': 'x'}", "line 1, column 2"),
        (b'{"name": "x"} x', "Extra data"),
        (b'\xef\xbb\xbf{"name": "x"}', "not JSON"),
        (b'{"name": "\xff"}', "UTF-8"),
        (b'{"name": "x", "name": "y"}', "same name twice"),
        (b'{"name": "x", "more": {"a": 1, "a": 1}}', "same name twice"),
        (b'{"name": NaN}', "NaN"),
        (b'{"name": -Infinity}', "Infinity"),
        (b'{"name": 1e999}', "too large"),
        (b'{"name": ' + b"9" * 5000 + b"}", "too long"),
        (b"[" * 100_000, "deep"),
        (b'{"name": ' * 50_000, "deep"),
        (b'{"a": ' * 900 + b"1" + b"}" * 900, "deep"),
        (b'{"name": "\\ud800"}', "surrogate"),
        (b'{"\\udfff": "x"}', "surrogate"),
        (b"null", 'not of type "object"'),
        (b"[]", 'not of type "object"'),
        (b'"name"', 'not of type "object"'),
        (b"{}", '"name" is a required property'),
        (b'{"Name": "x"}', '"name" is a required property'),
        (b'{"name": 5}', 'not of type "string"'),
        (b'{"name": null}', 'not of type "string"'),
        (b'{"name": ""}', "shorter than 1"),
        (json.dumps({"name": "x" * 129}).encode(), "longer than 128"),
    ],
)
def test_a_body_that_is_not_as_described_is_422(caller: ApiCaller, body: bytes, hint: str) -> None:
    """The message says what is wrong."""
    assert hint in message(caller, body)


@pytest.mark.parametrize(
    "values",
    [
        (),
        ("",),
        ("text/plain",),
        ("application/x-www-form-urlencoded",),
        ("application/jsonx",),
        ("application/json", "text/plain"),
        ("application/merge-patch+json",),
    ],
)
def test_another_content_type_is_422(caller: ApiCaller, values: tuple[str, ...]) -> None:
    """The message names the right one."""
    headers = tuple(("Content-Type", value) for value in values)
    assert ": send application/json." in message(caller, b'{"name": "x"}', headers)


@pytest.mark.parametrize(
    "headers",
    [
        (("content-type", "application/json; charset=utf-8"),),
        (("CONTENT-TYPE", "Application/JSON"),),
        (("Content-Type", "application/json"), ("Content-Type", "application/json")),
    ],
)
def test_spellings_of_the_content_type(headers: tuple[tuple[str, str], ...]) -> None:
    """Case and parameters are ignored, and a Go proxy sends the header twice."""
    response = ApiCaller().raw("POST", "/v2/projects", b'{"name": "x"}', headers)
    assert response.status == HTTPStatus.CREATED


def test_characters_outside_the_bmp_are_accepted() -> None:
    """A surrogate pair is one character, and a length counts characters."""
    caller = ApiCaller()
    assert caller.raw("POST", "/v2/projects", b'{"name": "\\ud83d\\ude00"}').status == HTTPStatus.CREATED
    assert caller.call("POST", "/v2/projects", {"name": "\U0001f600" * 128}).status == HTTPStatus.CREATED


@given(body=st.binary(max_size=200))
def test_random_bodies_raise_no_exception(body: bytes) -> None:
    """The mock responds to each body."""
    assert message(_FUZZED, body)


_FUZZED = ApiCaller()


@pytest.mark.parametrize(("digits", "accepted"), [(100, True), (101, False)])
@pytest.mark.parametrize("sign", ["", "-"])
def test_an_integer_has_at_most_100_digits(digits: int, sign: str, *, accepted: bool) -> None:
    """A longer integer in a body is refused. In a query it stays text, which the validation refuses."""
    number = sign + "9" * digits
    body = ReceivedRequest("POST", "/", JSON, f"[{number}]".encode())
    expected = int(number) if accepted else number
    assert parse_query(f"page={number}", {"page"}) == {"page": expected}
    if accepted:
        assert parse_body(body) == [int(number)]
    else:
        with pytest.raises(ApiError, match="contains a number that is too long"):
            parse_body(body)


def test_only_named_parameters_become_integers() -> None:
    """Other parameters stay text, decoded once."""
    assert parse_query("a=1&b=1&c=%2531", {"a"}) == {"a": 1, "b": "1", "c": "%31"}


@pytest.mark.parametrize(
    ("text", "value"), [("3.0", 3), ("3.5", 3.5), ("30e-1", 3), ("1e2", 100), ("-0.0", 0), ("-0", 0)]
)
def test_a_number_without_a_fraction_is_an_integer(text: str, value: float) -> None:
    """As in JSON Schema, `3.0` and `1e2` are integers."""
    [parsed] = cast("list[float]", parse_body(ReceivedRequest("POST", "/", JSON, f"[{text}]".encode())))
    assert (parsed, type(parsed)) == (value, type(value))


def test_every_content_type_is_named() -> None:
    """The message contains those sent, in alphabetical order, without their parameters."""
    headers = [("Content-Type", value) for value in ("text/plain; charset=x", "", "Application/JSON")]
    with pytest.raises(ApiError, match="is , application/json, text/plain: send"):
        parse_body(ReceivedRequest("POST", "/", headers, b"{}"))
    with pytest.raises(ApiError, match="The Content-Type of the body is none: send application/json"):
        parse_body(ReceivedRequest("POST", "/", [], b"{}"))
