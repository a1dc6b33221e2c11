"""openapi.yaml: valid, complete, and bound to functions. Routing and validation by it."""

import json
import re
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlencode

import pytest
import yaml
from openapi_spec_validator import OpenAPIV31SpecValidator

from mock_server.api.description import Description, load
from mock_server.api.registry import HANDLERS
from tests.support.api_caller import ApiCaller, cluster_v3, server_v3

# The vendor's 38 operations, and the statuses its own description gives them.
VENDOR = """
GET    /v2/status                            getStatus              200 500
GET    /v2/clouds                            listClouds             200 403 422 500
GET    /v2/clouds/{id}                       getCloud               200 403 404 500
GET    /v2/users                             listUsers              200 403 422 500
GET    /v2/projects                          listProjects           200 403 422 500
POST   /v2/projects                          createProject          201 403 422 500
GET    /v2/projects/{id}                     getProject             200 403 404 422 500
DELETE /v2/projects/{id}                     deleteProject          204 403 404 422 500
GET    /v2/clusters                          listClusters           200 403 422 500
POST   /v2/clusters                          createCluster          202 403 422 500
GET    /v2/clusters/{id}                     getCluster             200 403 404 500
DELETE /v2/clusters/{id}                     deleteCluster          202 403 404 422 500
GET    /v2/clusters/{id}/buckets             listBuckets            200 403 404 422 500
POST   /v2/clusters/{id}/buckets             createBucket           201 403 404 422 500
PUT    /v2/clusters/{id}/buckets             updateBuckets          201 403 404 422 500
DELETE /v2/clusters/{id}/buckets             deleteBucket           202 403 404 422 500
PUT    /v2/clusters/{id}/buckets/{bucketId}  updateSingleBucket     202 403 404 422 500
DELETE /v2/clusters/{id}/buckets/{bucketId}  deleteSingleBucket     202 403 404 422 500
GET    /v2/clusters/{id}/health              getClusterHealth       200
GET    /v2/clusters/{id}/allowlist           getAllowList           200 403 404 422 500
POST   /v2/clusters/{id}/allowlist           createAllowListEntry   202 403 404 422 500
PUT    /v2/clusters/{id}/allowlist           updateAllowList        202 403 404 422 500
DELETE /v2/clusters/{id}/allowlist           deleteAllowListEntry   204 403 404 422 500
GET    /v2/clusters/{id}/certificate         getClusterCertificate  200 403 404 500
GET    /v2/clusters/{id}/status              getClusterStatus       200 403 404 500
GET    /v2/clusters/{id}/users               listDatabaseUsers      200 403 404 422 500
POST   /v2/clusters/{id}/users               createDatabaseUser     201 403 404 422 500
PUT    /v2/clusters/{id}/users/{username}    updateDatabaseUser     204 403 404 422 500
DELETE /v2/clusters/{id}/users/{username}    deleteDatabaseUser     204 403 404 500
GET    /v3/clusters                          listClustersV3         200 403 422 500
POST   /v3/clusters                          createClusterV3        202 403 422 500
GET    /v3/clusters/{id}                     getClusterV3           200 403 404 500
DELETE /v3/clusters/{id}                     deleteClusterV3        202 403 404 422 500
GET    /v3/clusters/{id}/status              getClusterStatusV3     200
PUT    /v3/clusters/{id}/meta                updateClusterMetaV3    204 403 404 422 500
PUT    /v3/clusters/{id}/servers             updateClusterServersV3 202 403 404 422 500
PUT    /v3/clusters/{id}/support             updateClusterSupportV3 204 403 404 422 500
POST   /v3/clusters/{id}/users               createDatabaseUserV3   201 403 404 422 500
"""


ROWS = [(row[0], row[1], row[2], set(row[3:])) for row in map(str.split, VENDOR.strip().splitlines())]
METHODS = {"get", "put", "post", "delete", "patch", "head", "options", "trace"}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """The description as the mock loads it."""
    return load()


def resolved(document: dict[str, Any], entry: dict[str, Any]) -> dict[str, Any]:
    """Return an entry, with a `$ref` replaced by the component."""
    while "$ref" in entry:
        _, _, kind, name = entry["$ref"].split("/")
        entry = document["components"][kind][name]
    return entry


def test_it_is_valid_openapi_3_1(document: dict[str, Any]) -> None:
    """The package openapi-spec-validator finds no error."""
    assert document["openapi"].startswith("3.1.")
    OpenAPIV31SpecValidator(document).validate()


def test_it_has_exactly_the_vendors_operations(document: dict[str, Any]) -> None:
    """38 operations on 23 paths."""
    described = {
        (method.upper(), path, item[method]["operationId"])
        for path, item in document["paths"].items()
        for method in METHODS & set(item)
    }
    assert described == {row[:3] for row in ROWS}
    assert (len(described), len(document["paths"])) == (38, 23)


@pytest.mark.parametrize(("method", "path", "name", "documented"), ROWS, ids=[row[2] for row in ROWS])
def test_what_the_vendor_does_not_document_is_marked_as_policy(
    document: dict[str, Any], method: str, path: str, name: str, documented: set[str]
) -> None:
    """401, 422, 429 and 500 are described for every operation, and marked if the vendor has none."""
    described = document["paths"][path][method.lower()]
    assert described["operationId"] == name
    responses = {status: resolved(document, response) for status, response in described["responses"].items()}
    assert {status for status, response in responses.items() if "x-policy" not in response} == documented
    assert {"401", "422", "429", "500"} <= set(responses)
    assert ("413" in responses) == ("requestBody" in described)
    assert ("404" in responses) == ("{" in path)
    errors = {status: response for status, response in responses.items() if int(status) >= 400}
    for response in errors.values():
        assert response["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/Error"}


def test_each_observation_names_its_witnesses(document: dict[str, Any]) -> None:
    """`x-observed` says what the service does, and who shows it; the entry is one that describes a part."""

    def observations(node: object) -> list[str]:
        each = list(node.values()) if isinstance(node, dict) else node if isinstance(node, list) else []
        here = [str(node["x-observed"])] if isinstance(node, dict) and "x-observed" in node else []
        return here + [text for inner in each for text in observations(inner)]

    found = observations(document)
    assert len(found) == len(set(found)) == 10
    for text in found:
        assert re.search(r"\. Witness(es)?: .{10}", text), text


def test_the_vendors_location_headers_are_required(document: dict[str, Any]) -> None:
    """A Location header is required where the vendor describes it: some ids are only in Location."""
    located = {
        item[method]["operationId"]
        for item in document["paths"].values()
        for method in METHODS & set(item)
        for response in item[method]["responses"].values()
        if response.get("headers", {}).get("Location", {}).get("required")
    }
    assert located == {
        *("createCluster", "deleteCluster", "createClusterV3", "deleteClusterV3", "updateClusterServersV3"),
        *("createBucket", "deleteBucket", "createDatabaseUserV3"),
    }


def test_only_the_status_needs_no_authentication(document: dict[str, Any]) -> None:
    """Every other operation has the security of the whole description: both headers."""
    assert document["security"] == [{"token": [], "timestamp": []}]
    exceptions = {
        item[method]["operationId"]
        for item in document["paths"].values()
        for method in METHODS & set(item)
        if "security" in item[method]
    }
    assert exceptions == {"getStatus"}
    assert document["paths"]["/v2/status"]["get"]["security"] == []


def test_every_component_is_used() -> None:
    """No component is left over."""
    document = load()
    used = set(re.findall(r"#/components/(\w+/\w+)", str(document)))
    there = {f"{kind}/{name}" for kind, parts in document["components"].items() for name in parts}
    assert there - used == {"securitySchemes/token", "securitySchemes/timestamp"}
    assert used <= there


def test_an_operation_without_a_function_fails_at_start(document: dict[str, Any]) -> None:
    """The mock does not start with a part of its operations."""
    handlers = {name: handler for name, handler in HANDLERS.items() if name != "getCloud"}
    with pytest.raises(RuntimeError, match=r"operation getCloud of openapi\.yaml has no function"):
        Description(document, handlers)


def test_a_function_without_an_operation_fails_at_start(document: dict[str, Any]) -> None:
    """The cause is usually a renamed operation."""
    with pytest.raises(RuntimeError, match=r"functions without an operation in openapi.yaml: .*getMoon"):
        Description(document, {**HANDLERS, "getMoon": HANDLERS["getCloud"]})


@pytest.mark.parametrize(("method", "path", "name", "documented"), ROWS, ids=[row[2] for row in ROWS])
def test_every_example_works_against_a_fresh_mock(
    document: dict[str, Any], method: str, path: str, name: str, documented: set[str]
) -> None:
    """The examples of an operation make a request that succeeds."""
    item = document["paths"][path]
    described = item[method.lower()]
    parameters = [
        resolved(document, each) for each in [*item.get("parameters", []), *described.get("parameters", [])]
    ]
    examples = {each["name"]: each["example"] for each in parameters if "example" in each}
    target = re.sub(r"{(\w+)}", lambda match: quote(examples.pop(match[1]), safe=""), path)
    if examples:
        target += f"?{urlencode(examples)}"
    body = described.get("requestBody", {"content": {"application/json": {"example": None}}})
    response = ApiCaller().call(method, target, body["content"]["application/json"]["example"])
    assert {str(response.status)} == {status for status in documented if status.startswith("2")}, (
        name,
        response,
    )
    if name.startswith("list"):
        assert re.search(r'"(id|username)": ', json.dumps(response.body)), "the example finds nothing"


UNKNOWN = "f2b5a1f0-0000-4000-8000-000000000000"


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
def test_an_unknown_path_is_route_not_found(caller: ApiCaller, target: str) -> None:
    """Paths are compared segment by segment: slashes are not merged, and dot segments are not resolved."""
    assert caller.refused("GET", target) == (404, "RouteNotFound")


@pytest.mark.parametrize(
    ("target", "hint"),
    [
        ("/v3/projects", "did you mean /v2/projects?"),
        ("/v2/project", "did you mean /v2/projects?"),
        ("/v2/projects/", "did you mean /v2/projects?"),
        (f"/v2/cluster/{UNKNOWN}/bucket", "did you mean /v2/clusters/{id}/buckets?"),
        ("/something/else", "no path of the API is similar"),
        ("/public/v2/projects?page=2", "request a page with ?page=N instead"),
        ("/public", "no path of the API is similar"),
        ("/v4/organizations", "v4 is another API, without signatures"),
        ("/v4", "v4 is another API, without signatures"),
        ("/v42", "no path of the API is similar"),
        (
            f"/v3/clusters/{UNKNOWN}/auditlogs",
            "names six operations on audit logs. They are known by name only",
        ),
        (
            f"/v3/clusters/{UNKNOWN}/auditlogs/7",
            "names six operations on audit logs. They are known by name only",
        ),
        (f"/v3/clusters/{UNKNOWN}/buckets", "did you mean /v2/clusters/{id}/buckets? A later page of"),
        (f"/v3/clusters/{UNKNOWN}/off", "and on turning a cluster on and off. They are known by name only"),
    ],
)
def test_the_message_suggests_a_similar_path(caller: ApiCaller, target: str, hint: str) -> None:
    """The usual cause is a misspelling."""
    assert hint in str(caller.call("GET", target).body)


def test_a_message_about_a_long_target_is_short(caller: ApiCaller) -> None:
    """A target can have 64 KiB."""
    response = caller.call("GET", "/v2/" + "x" * 60_000)
    assert len(str(response.body)) < 700


@pytest.mark.parametrize("target", ["/v2/%63louds", "/%762/clouds", "/v2/cloud%73?perPage=1"])
def test_a_percent_encoded_letter_is_equal_to_the_letter(caller: ApiCaller, target: str) -> None:
    """RFC 3986 6.2.2.2: both spellings are one path."""
    assert caller.call("GET", target).status == HTTPStatus.OK


@pytest.mark.parametrize(
    "method", ["HEAD", "OPTIONS", "PATCH", "PUT", "DELETE", "TRACE", "get", "Get", "FOO", ""]
)
def test_a_wrong_method_is_405_with_allow(caller: ApiCaller, method: str) -> None:
    """HEAD is not GET, and `get` is not `GET`."""
    response = caller.call(method, "/v2/projects")
    assert response.status == HTTPStatus.METHOD_NOT_ALLOWED
    assert dict(response.headers)["Allow"] == "GET, POST"


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
def test_an_id_that_is_not_a_uuid_is_422(caller: ApiCaller, path: str, segment: str) -> None:
    """The message names the parameter."""
    response = caller.call("GET", path + segment)
    assert response.status == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "id" in str(response.body)


@pytest.mark.parametrize("name", ["a/b c", "..", "grüße", "%2F", "a?b#c", "+", "\x00", "x" * 128])
def test_any_name_of_a_database_user_is_one_path_segment(name: str) -> None:
    """The segment is decoded once, as UTF-8, after the path is split."""
    caller = ApiCaller()
    cluster = caller.get("/v2/clusters?perPage=1")["data"][0]["id"]
    users = f"/v2/clusters/{cluster}/users"
    assert caller.call("POST", users, {"username": name, "password": "p"}).status == HTTPStatus.CREATED
    segment = "".join(f"%{octet:02X}" for octet in name.encode())
    assert caller.call("DELETE", f"{users}/{segment}").status == HTTPStatus.NO_CONTENT
    assert [user["username"] for user in caller.get(users)] == ["reader"]


INVALID = (422, "RequestInvalid")


def test_v3_clusters_have_no_sort_by_and_ids_are_uuids(caller: ApiCaller) -> None:
    """The vendor documents no `sortBy` for v3 clusters."""
    assert caller.refused("GET", "/v3/clusters?sortBy=name") == INVALID
    assert caller.refused("GET", "/v3/clusters?cloudId=7") == INVALID
    assert caller.refused("GET", "/v2/clusters?projectId=7") == INVALID
    assert caller.refused("GET", "/v2/status?x=1") == INVALID


def test_every_invalid_parameter_is_named_with_its_rule(caller: ApiCaller) -> None:
    """One response names all invalid parameters."""
    response = caller.call("GET", "/v2/clouds?page=0&perPage=-1&pages=3")
    text = str(response.body)
    assert "In the query, page: the value is less than the minimum of 1." in text
    assert "In the query, perPage: the value is less than the minimum of 1." in text
    assert "pages" in text


def test_a_message_about_a_long_query_is_short(caller: ApiCaller) -> None:
    """The message quotes only the beginning of a long unknown parameter."""
    response = caller.call("GET", f"/v2/projects?{'x' * 60_000}=1")
    assert response.status == HTTPStatus.UNPROCESSABLE_ENTITY
    assert len(str(response.body)) < 700


def test_a_body_without_a_described_body_is_ignored() -> None:
    """A body of a GET is ignored, because some clients send a body with every request."""
    assert ApiCaller().raw("GET", "/v2/projects", b"{", ()).status == HTTPStatus.OK


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
def test_the_message_contains_the_path_of_a_field(
    caller: ApiCaller, change: dict[str, object], hint: str
) -> None:
    """The path is in the message for a field at any depth."""
    response = caller.call("POST", "/v3/clusters", cluster_v3(caller.project(), **change))
    assert response.status == HTTPStatus.UNPROCESSABLE_ENTITY
    assert isinstance(response.body, dict)
    assert hint in response.body["message"]


def test_basic_support_is_for_one_availability_zone(caller: ApiCaller) -> None:
    """The vendor says so in prose; openapi.yaml says so in a rule."""
    place = {**cluster_v3("")["place"], "singleAZ": False}
    body = cluster_v3(caller.project(), place=place, supportPackage={"type": "Basic", "timezone": "ET"})
    response = caller.call("POST", "/v3/clusters", body)
    assert "place/singleAZ: true was expected" in str(response.body)


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
def test_an_error_contains_no_value_of_the_body(caller: ApiCaller, body: object) -> None:
    """A password can be in any field, also in the wrong one."""
    cluster = caller.get("/v3/clusters?perPage=1")["data"]["items"][0]["id"]
    users = f"/v2/clusters/{cluster}/users"
    responses = [
        caller.call("POST", users, body),
        caller.call("PUT", f"{users}/reader", body),
        caller.call("POST", f"/v3/clusters/{cluster}/users", body),
    ]
    assert responses[0].status == HTTPStatus.UNPROCESSABLE_ENTITY  # the others need or know fewer fields
    assert "canary" not in str(responses)
    assert "canary" not in str(caller.get(users))
    broken = f'{{"password": "{_SECRET}" "username": 1}}'.encode()
    assert "canary" not in str(caller.raw("POST", users, broken))


@pytest.mark.parametrize(("length", "shown"), [(200, 200), (201, 200)])
def test_a_message_quotes_at_most_200_characters_of_a_path(
    caller: ApiCaller, length: int, shown: int
) -> None:
    """A longer path is cut off."""
    message = caller.call("GET", "/".ljust(length, "x")).body["message"]
    assert message == f"There is no path {'/'.ljust(shown, 'x')}: no path of the API is similar."


def test_no_text_is_cut_off_at_a_comma(document: dict[str, Any]) -> None:
    """In `{description: a, b}` YAML reads a text `a` and a key `b` without a value."""

    def keys_without_value(node: object, path: str) -> list[str]:
        if isinstance(node, list):
            return [
                key for index, each in enumerate(node) for key in keys_without_value(each, f"{path}/{index}")
            ]
        if not isinstance(node, dict):
            return []
        empty = [f"{path}/{key}" for key, value in node.items() if value is None]
        return empty + [
            key for name, each in node.items() for key in keys_without_value(each, f"{path}/{name}")
        ]

    assert keys_without_value(document, "") == []
    assert keys_without_value(yaml.safe_load("[{a: {description: b, c}}]"), "") == ["/0/a/c"]


@pytest.mark.parametrize(
    "path", ["/v2/clusters", "/v3/clusters", "/v3/project", f"/v3/cluster/{UNKNOWN}/off"]
)
def test_later_operations_are_named_below_a_v3_cluster_only(caller: ApiCaller, path: str) -> None:
    """Other paths have nothing to do with them."""
    assert "later page" not in str(caller.call("GET", path).body)
