"""What is read strictly: queries and bodies. Nothing a client can send is a 500, and no value is repeated."""

import json
from http import HTTPStatus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.http import ReceivedRequest
from tests.support.operations import JSON, Client, cluster_v3, server_v3

INVALID = (422, "RequestInvalid")


@pytest.fixture(scope="module")
def client() -> Client:
    """A client whose requests here are all refused."""
    return Client()


def message(client: Client, body: bytes, headers: tuple[tuple[str, str], ...] = JSON) -> str:
    """POST a body that must be refused as invalid, and return the message."""
    answer = client.raw("POST", "/v2/projects", body, headers)
    assert answer.status == HTTPStatus.UNPROCESSABLE_ENTITY
    assert isinstance(answer.body, dict)
    assert answer.body["errorType"] == "RequestInvalid"
    text: str = answer.body["message"]
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
        "perPage=101",
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
def test_a_query_outside_the_description_is_422(client: Client, path: str, query: str) -> None:
    """Unknown, repeated and misspelt parameters are found, rather than silently ignored."""
    assert client.refused("GET", f"{path}?{query}") == INVALID


def test_a_query_that_is_not_utf_8_is_told_so(client: Client) -> None:
    """Latin-1 is the usual reason."""
    assert "not percent-encoded UTF-8" in str(client.call("GET", "/v2/projects?sortBy=n%e4me").body)


def test_a_message_stays_short_however_long_the_query(client: Client) -> None:
    """The name of an unknown parameter is quoted, but not 60 KB of it."""
    answer = client.call("GET", f"/v2/projects?{'x' * 60_000}=1")
    assert answer.status == HTTPStatus.UNPROCESSABLE_ENTITY
    assert len(str(answer.body)) < 700


@pytest.mark.parametrize("query", ["", "&", "page=1&&perPage=10&", "page=%31", "page=99999999999999999999"])
def test_an_empty_or_encoded_query_is_no_mistake(client: Client, query: str) -> None:
    """`?` alone is a query without parameters."""
    assert client.call("GET", f"/v2/projects?{query}").status == HTTPStatus.OK


def test_v3_clusters_do_not_sort_and_ids_in_queries_are_uuids(client: Client) -> None:
    """The vendor gives v3 clusters no `sortBy`."""
    assert client.refused("GET", "/v3/clusters?sortBy=name") == INVALID
    assert client.refused("GET", "/v3/clusters?cloudId=7") == INVALID
    assert client.refused("GET", "/v2/clusters?projectId=7") == INVALID
    assert client.refused("GET", "/v2/status?x=1") == INVALID


def test_every_mistake_is_named_with_its_rule(client: Client) -> None:
    """One answer is enough to put a request right."""
    answer = client.call("GET", "/v2/clouds?page=0&perPage=500&pages=3")
    text = str(answer.body)
    assert "In the query, page: the value is less than the minimum of 1." in text
    assert "In the query, perPage: the value is greater than the maximum of 100." in text
    assert "pages" in text


@pytest.mark.parametrize(
    ("body", "hint"),
    [
        (b"", "Expecting value"),
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
def test_a_body_that_is_not_as_described_is_422(client: Client, body: bytes, hint: str) -> None:
    """Each says what is wrong with it."""
    assert hint in message(client, body)


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
def test_a_body_under_another_content_type_is_422(client: Client, values: tuple[str, ...]) -> None:
    """The message names the right one."""
    headers = tuple(("Content-Type", value) for value in values)
    assert ": send application/json." in message(client, b'{"name": "x"}', headers)


@pytest.mark.parametrize(
    "headers",
    [
        (("content-type", "application/json; charset=utf-8"),),
        (("CONTENT-TYPE", "Application/JSON"),),
        (("Content-Type", "application/json"), ("Content-Type", "application/json")),
    ],
)
def test_json_is_json_however_the_header_is_written(headers: tuple[tuple[str, str], ...]) -> None:
    """A Go proxy sends the header twice."""
    answer = Client().raw("POST", "/v2/projects", b'{"name": "x"}', headers)
    assert answer.status == HTTPStatus.CREATED


def test_characters_outside_the_bmp_are_welcome_both_ways() -> None:
    """A whole surrogate pair is one character, and lengths count characters."""
    client = Client()
    assert client.raw("POST", "/v2/projects", b'{"name": "\\ud83d\\ude00"}').status == HTTPStatus.CREATED
    assert client.call("POST", "/v2/projects", {"name": "\U0001f600" * 128}).status == HTTPStatus.CREATED


def test_a_body_where_none_belongs_is_ignored() -> None:
    """Some clients send one with every request."""
    assert Client().raw("GET", "/v2/projects", b"{", ()).status == HTTPStatus.OK


@pytest.mark.parametrize(
    ("change", "hint"),
    [
        ({"servers": [server_v3(size=2)]}, "servers/0/size: the value is less than the minimum of 3"),
        ({"servers": [server_v3(size=3.5)]}, 'servers/0/size: the value is not of type "integer"'),
        ({"servers": [server_v3(storage={"type": "GP3", "size": 50})]}, '"IOPS" is a required property'),
        ({"servers": [server_v3(storage={"type": "GP3", "size": 50, "IOPS": 2999})]}, "minimum of 3000"),
        ({"servers": [server_v3(storage={"type": "GP3", "size": 50, "IOPS": 16001})]}, "maximum of 16000"),
        ({"servers": [server_v3(storage={"type": "IO2", "size": 50, "IOPS": 999})]}, "minimum of 1000"),
        ({"servers": [server_v3(storage={"type": "IO2", "size": 49, "IOPS": 1000})]}, "minimum of 50"),
        ({"servers": [server_v3(storage={"type": "HDD", "size": 50})]}, 'one of "GP3", "IO2" or "PD-SSD"'),
        ({"supportPackage": {"type": "Gold", "timezone": "GMT"}}, 'one of "Basic", "DeveloperPro"'),
        ({"clusterName": "x"}, "clusterName: the value is shorter than 2"),
        ({"projectId": "x"}, 'projectId: the value is not a "uuid"'),
    ],
)
def test_the_message_leads_to_the_field(client: Client, change: dict[str, object], hint: str) -> None:
    """However deep it lies."""
    answer = client.call("POST", "/v3/clusters", cluster_v3(client.project(), **change))
    assert answer.status == HTTPStatus.UNPROCESSABLE_ENTITY
    assert isinstance(answer.body, dict)
    assert hint in answer.body["message"]


def test_basic_support_is_for_one_availability_zone(client: Client) -> None:
    """The vendor says so in prose; the description says so in a rule."""
    place = {**cluster_v3("")["place"], "singleAZ": False}
    body = cluster_v3(client.project(), place=place, supportPackage={"type": "Basic", "timezone": "ET"})
    answer = client.call("POST", "/v3/clusters", body)
    assert "place/singleAZ: true was expected" in str(answer.body)


_SECRET = "canary-Pa55word!"


@pytest.mark.parametrize(
    "body",
    [
        {"username": "u", "password": [_SECRET]},
        {"username": 5, "password": _SECRET},
        {"username": "u", "password": {"value": _SECRET}},
        {"password": _SECRET},
        {"username": "u", "password": _SECRET, "allBucketsAccess": _SECRET},
        {"username": "u", "password": _SECRET, "userId": _SECRET},
        {"username": _SECRET * 9, "password": _SECRET},
        _SECRET,
        [_SECRET],
    ],
)
def test_no_value_of_a_body_comes_back_in_an_error(client: Client, body: object) -> None:
    """A password may stand anywhere, the wrong field included."""
    cluster = client.get("/v3/clusters?perPage=1")["data"]["items"][0]["id"]
    users = f"/v2/clusters/{cluster}/users"
    answers = [
        client.call("POST", users, body),
        client.call("PUT", f"{users}/reader", body),
        client.call("POST", f"/v3/clusters/{cluster}/users", body),
    ]
    assert answers[0].status == HTTPStatus.UNPROCESSABLE_ENTITY  # the others need or know fewer fields
    assert "canary" not in str(answers)
    assert "canary" not in str(client.get(users))
    broken = f'{{"password": "{_SECRET}" "username": 1}}'.encode()
    assert "canary" not in str(client.raw("POST", users, broken))


@given(body=st.binary(max_size=200))
def test_random_bytes_are_never_an_exception(body: bytes) -> None:
    """Whatever comes, an answer goes."""
    assert message(_FUZZED, body)


@given(target=st.text(st.characters(max_codepoint=0xFF), max_size=80))
def test_random_targets_are_never_an_exception(target: str) -> None:
    """Any character that can travel, in the path and in the query."""
    for prefix in ("", "/v2/projects?", "/v2/clouds/", "/v2/clusters/"):
        answer = _FUZZED.api.handle(ReceivedRequest("GET", prefix + target), "http://mock.test")
        assert answer.status in {200, 404, 405, 422}


_FUZZED = Client()
