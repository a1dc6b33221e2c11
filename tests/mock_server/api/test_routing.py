"""How a request finds its operation, and what it is told when there is none."""

from http import HTTPStatus

import pytest

from mock_server.api import Api
from mock_server.http import ReceivedRequest
from tests.support.operations import Client

UNKNOWN = "f2b5a1f0-0000-4000-8000-000000000000"


@pytest.fixture(scope="module")
def client() -> Client:
    """A client of the seed; no test here changes anything."""
    return Client()


@pytest.mark.parametrize(
    "target",
    [
        "",
        "*",
        "/",
        "//",
        "/v2",
        "/v2/",
        "/v1/projects",
        "/v3/projects",
        "/V2/projects",
        "/v2/projects/",
        "//v2/projects",
        "/v2//projects",
        "/v2/./projects",
        "/v2/clouds/../projects",
        "/v2%2Fprojects",
        "/v2/projects%2F",
        "/v2/projects;a=1",
        "/v2/projects#x",
        "http://mock.test:8091/v2/projects",
        f"/v2/clusters/{UNKNOWN}/nodes",
        f"/v2/clusters/{UNKNOWN}/buckets/b/c",
        f"/v2/clusters//{UNKNOWN}/buckets",
        "/v2/clusters//health",
        "/v2/proj\xe9cts",
        "/v2/proj\u20acts",
        "/v2/%ff",
        "/v2/%zz",
        "/v2/" + "x" * 60_000,
    ],
)
def test_an_unknown_path_is_route_not_found(client: Client, target: str) -> None:
    """Paths are compared whole, segment by segment: nothing is merged, resolved or forgiven."""
    assert client.refused("GET", target) == (404, "RouteNotFound")


@pytest.mark.parametrize(
    ("target", "hint"),
    [
        ("/v3/projects", "did you mean /v2/projects?"),
        ("/v2/project", "did you mean /v2/projects?"),
        ("/v2/projects/", "did you mean /v2/projects?"),
        (f"/v2/cluster/{UNKNOWN}/bucket", "did you mean /v2/clusters/{id}/buckets?"),
        ("/something/else", "no path of the API is similar"),
    ],
)
def test_the_message_names_the_nearest_path(client: Client, target: str, hint: str) -> None:
    """A slip of the pen is put right."""
    assert hint in str(client.call("GET", target).body)


def test_a_message_stays_short_however_long_the_target(client: Client) -> None:
    """A target can have 64 KB; a message is for reading."""
    answer = client.call("GET", "/v2/" + "x" * 60_000)
    assert len(str(answer.body)) < 700


@pytest.mark.parametrize("target", ["/v2/%63louds", "/%762/clouds", "/v2/cloud%73?perPage=1"])
def test_a_percent_encoded_letter_is_the_letter(client: Client, target: str) -> None:
    """RFC 3986 6.2.2.2: both spellings are one path."""
    assert client.call("GET", target).status == HTTPStatus.OK


@pytest.mark.parametrize(
    "method", ["HEAD", "OPTIONS", "PATCH", "PUT", "DELETE", "TRACE", "get", "Get", "FOO", ""]
)
def test_a_wrong_method_is_405_with_allow(client: Client, method: str) -> None:
    """No method is guessed: a HEAD is no GET, and `get` is another method than `GET`."""
    answer = client.call(method, "/v2/projects")
    assert answer.status == HTTPStatus.METHOD_NOT_ALLOWED
    assert dict(answer.headers)["Allow"] == "GET, POST"


def test_only_get_status_needs_no_authentication() -> None:
    """Nor does anything that is not exactly that: paths to nowhere need a signature too."""
    api = Api(clock=int)
    assert not api.needs_authentication(ReceivedRequest("GET", "/v2/status"))
    assert not api.needs_authentication(ReceivedRequest("GET", "/v2/status?x=1"))
    for method, path in [
        ("POST", "/v2/status"),
        ("get", "/v2/status"),
        ("HEAD", "/v2/status"),
        ("GET", "/v2/%73tatus"),
        ("GET", "//v2/status"),
        ("GET", "/v2/status/"),
        ("GET", "/v2/projects"),
        ("GET", "/nowhere"),
        ("GET", ""),
    ]:
        assert api.needs_authentication(ReceivedRequest(method, path)), (method, path)


@pytest.mark.parametrize(
    "segment",
    [
        "x",
        "7f3a",
        UNKNOWN.replace("-", ""),
        f"{{{UNKNOWN}}}",
        "%2e%2e",
        "..",
        "%00",
        "%ff",
        "\xff",
        "a%2Fb",
        "%20",
    ],
)
@pytest.mark.parametrize("path", ["/v2/clouds/", "/v2/projects/", "/v2/clusters/", "/v3/clusters/"])
def test_an_id_that_is_no_uuid_is_422(client: Client, path: str, segment: str) -> None:
    """The message names the parameter."""
    answer = client.call("GET", path + segment)
    assert answer.status == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "id" in str(answer.body)


@pytest.mark.parametrize("path", ["/v2/clouds/", "/v2/projects/", "/v2/clusters/", "/v3/clusters/"])
def test_an_unknown_id_is_404(client: Client, path: str) -> None:
    """And says which."""
    answer = client.call("GET", path + UNKNOWN)
    assert answer.status == HTTPStatus.NOT_FOUND
    assert UNKNOWN in str(answer.body)


def test_an_id_in_upper_case_is_the_same_id(client: Client) -> None:
    """RFC 9562: UUIDs are read without regard to case."""
    cloud = client.get("/v2/clouds?perPage=1")["data"][0]
    assert client.get(f"/v2/clouds/{cloud['id'].upper()}")["id"] == cloud["id"]


def test_a_location_has_the_id_as_the_mock_writes_it() -> None:
    """In lower case, whatever the case of the request."""
    client = Client()
    cluster = client.get("/v3/clusters?perPage=1")["data"]["items"][0]["id"]
    for path, body in (
        (f"/v2/clusters/{cluster.upper()}/buckets", {"name": "b", "memoryQuota": 100}),
        (f"/v3/clusters/{cluster.upper()}/users", {"username": "u", "password": "p"}),
    ):
        assert f"/{cluster}/" in client.make(path, body)


@pytest.mark.parametrize("name", ["a/b c", "..", "grüße", "%2F", "a?b#c", "+", "\x00", "x" * 128])
def test_a_database_users_name_is_one_segment_whatever_it_holds(name: str) -> None:
    """The segment is decoded once, as UTF-8, after the path was split."""
    client = Client()
    cluster = client.get("/v2/clusters?perPage=1")["data"][0]["id"]
    users = f"/v2/clusters/{cluster}/users"
    assert client.call("POST", users, {"username": name, "password": "p"}).status == HTTPStatus.CREATED
    segment = "".join(f"%{octet:02X}" for octet in name.encode())
    assert client.call("DELETE", f"{users}/{segment}").status == HTTPStatus.NO_CONTENT
    assert [user["username"] for user in client.get(users)] == ["reader"]
