"""The description itself: valid, complete, honest about what is policy, and bound to its functions."""

import json
import re
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from mock_server.api.description import Description, load
from mock_server.api.registry import HANDLERS, operation
from tests.support.operations import Client

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
    """The description as the mock reads it."""
    return load()


def resolved(document: dict[str, Any], entry: dict[str, Any]) -> dict[str, Any]:
    """Follow a reference into the components."""
    while "$ref" in entry:
        _, _, kind, name = entry["$ref"].split("/")
        entry = document["components"][kind][name]
    return entry


def test_it_is_valid_openapi_3_1(document: dict[str, Any]) -> None:
    """A validator that is not ours finds nothing."""
    assert document["openapi"].startswith("3.1.")
    OpenAPIV31SpecValidator(document).validate()


def test_it_has_exactly_the_vendors_operations(document: dict[str, Any]) -> None:
    """38 operations on 23 paths, each under its own name."""
    ours = {
        (method.upper(), path, item[method]["operationId"])
        for path, item in document["paths"].items()
        for method in METHODS & set(item)
    }
    assert ours == {row[:3] for row in ROWS}
    assert (len(ours), len(document["paths"])) == (38, 23)


@pytest.mark.parametrize(("method", "path", "name", "documented"), ROWS, ids=[row[2] for row in ROWS])
def test_what_the_vendor_does_not_document_is_marked_as_policy(
    document: dict[str, Any], method: str, path: str, name: str, documented: set[str]
) -> None:
    """All of the vendor's statuses are there and unmarked; 401, 422, 429 and 500 too, marked where ours."""
    described = document["paths"][path][method.lower()]
    assert described["operationId"] == name
    answers = {status: resolved(document, answer) for status, answer in described["responses"].items()}
    assert {status for status, answer in answers.items() if "x-policy" not in answer} == documented
    assert {"401", "422", "429", "500"} <= set(answers)
    assert ("413" in answers) == ("requestBody" in described)
    assert ("404" in answers) == ("{" in path)
    errors = {status: answer for status, answer in answers.items() if int(status) >= 400}
    for answer in errors.values():
        assert answer["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/Error"}


def test_the_vendors_location_headers_are_described_and_always_sent(document: dict[str, Any]) -> None:
    """Some ids come back nowhere else."""
    located = {
        item[method]["operationId"]
        for item in document["paths"].values()
        for method in METHODS & set(item)
        for answer in item[method]["responses"].values()
        if answer.get("headers", {}).get("Location", {}).get("required")
    }
    assert located == {
        *("createCluster", "deleteCluster", "createClusterV3", "deleteClusterV3", "updateClusterServersV3"),
        *("createBucket", "deleteBucket", "createDatabaseUserV3"),
    }


def test_only_the_status_needs_no_authentication(document: dict[str, Any]) -> None:
    """Every other operation takes the security of the whole description: both headers."""
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
    """Nothing is left over from an operation that changed."""
    document = load()
    used = set(re.findall(r"#/components/(\w+/\w+)", str(document)))
    there = {f"{kind}/{name}" for kind, parts in document["components"].items() for name in parts}
    assert there - used == {"securitySchemes/token", "securitySchemes/timestamp"}
    assert used <= there


def test_an_operation_without_a_function_fails_at_start(document: dict[str, Any]) -> None:
    """The mock does not start half able."""
    handlers = {name: handler for name, handler in HANDLERS.items() if name != "getCloud"}
    with pytest.raises(RuntimeError, match=r"operation getCloud of openapi\.yaml has no function"):
        Description(document, handlers)


def test_a_function_without_an_operation_fails_at_start(document: dict[str, Any]) -> None:
    """A renamed operation is found at once."""
    with pytest.raises(RuntimeError, match=r"functions without an operation in openapi.yaml: .*getMoon"):
        Description(document, {**HANDLERS, "getMoon": HANDLERS["getCloud"]})


def test_an_operation_with_two_functions_fails_at_import() -> None:
    """The second would silently win."""
    with pytest.raises(RuntimeError, match="operation getCloud has two functions"):
        operation("getCloud")(HANDLERS["getCloud"])


@pytest.mark.parametrize(("method", "path", "name", "documented"), ROWS, ids=[row[2] for row in ROWS])
def test_every_example_works_against_a_fresh_mock(
    document: dict[str, Any], method: str, path: str, name: str, documented: set[str]
) -> None:
    """Whoever copies the examples of one operation is answered with its success."""
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
    answer = Client().call(method, target, body["content"]["application/json"]["example"])
    assert {str(answer.status)} == {status for status in documented if status.startswith("2")}, (name, answer)
    if name.startswith("list"):
        assert re.search(r'"(id|username)": ', json.dumps(answer.body)), "the example finds nothing"
