"""The Postman Collection: its shape, its operations, its variables, and that it has no secret."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
import yaml

from mock_server.collection import as_text, collection
from mock_server.server import DEFAULT_KEYS
from tests.conformance.raw_http import RawResponse, parse, send_bytes
from tests.support.paths import ROOT
from tests.support.raw_http import request

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mock_server.server import MockServer

COLLECTION = collection("http://127.0.0.1:8091", "access", "secret #1")
FOLDERS: list[dict[str, Any]] = COLLECTION["item"]
ITEMS: list[dict[str, Any]] = [each for folder in FOLDERS for each in folder["item"]]
VARIABLES = {each["key"]: each["value"] for each in COLLECTION["variable"]}
PATHS = yaml.safe_load((ROOT / "mock_server/api/openapi.yaml").read_text(encoding="utf-8"))["paths"]
OPERATIONS = {
    operation["operationId"]: (method.upper(), path)
    for path, methods in PATHS.items()
    for method, operation in methods.items()
    if method != "parameters"
}


def shape(**properties: object) -> dict[str, Any]:
    """Return the schema of an object with these properties and no others; `_x` may be left out."""
    names = {name.lstrip("_"): schema for name, schema in properties.items()}
    required = [name for name in properties if not name.startswith("_")]
    return {"type": "object", "properties": names, "required": required, "additionalProperties": False}


def array(items: object) -> dict[str, Any]:
    """Return the schema of an array."""
    return {"type": "array", "items": items}


TEXT = {"type": "string"}
EVENTS = array(
    shape(
        listen={"enum": ["prerequest", "test"]},
        script=shape(
            type={"const": "text/javascript"}, exec=array({"type": "string", "pattern": r"^[^\r\n]*$"})
        ),
    )
)
URL = shape(
    raw=TEXT,
    host=array(TEXT),
    path=array(TEXT),
    _query=array(shape(key=TEXT, value=TEXT, _disabled={"type": "boolean"})),
    _variable=array(shape(key=TEXT, value=TEXT)),
)
REQUEST = shape(
    method={"enum": ["GET", "POST", "PUT", "DELETE"]},
    header=array(shape(key=TEXT, value=TEXT)),
    url=URL,
    _body=shape(mode={"const": "raw"}, raw=TEXT, options=shape(raw=shape(language={"const": "json"}))),
    description=TEXT,
)
ITEM = shape(
    name=TEXT,
    request=REQUEST,
    event=EVENTS,
    response={"type": "array", "maxItems": 0},
    protocolProfileBehavior=shape(followRedirects={"const": False}),
)
SCHEMA = shape(
    info=shape(
        name=TEXT,
        description=TEXT,
        schema={"const": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},
    ),
    item=array(shape(name=TEXT, item=array(ITEM))),
    event=EVENTS,
    variable=array(shape(key=TEXT, value=TEXT, type={"const": "string"}, description=TEXT)),
)
"""What the collection uses of the format v2.1, in which every name has this meaning."""


def test_the_shape_is_that_of_the_format() -> None:
    """The collection has only names that the format v2.1 has, each with a value of the format's type."""
    jsonschema.validate(COLLECTION, SCHEMA)
    assert json.loads(as_text(COLLECTION)) == COLLECTION


def operation_of(item: Mapping[str, Any]) -> str:
    """Return the `operationId` in the description of a request."""
    found = re.match(r"Operation `(\w+)`\.", item["request"]["description"])
    assert found is not None
    return found[1]


def test_every_operation_is_in_the_collection() -> None:
    """Each operation of openapi.yaml has a request with its method, its path and its summary."""
    names = Counter(map(operation_of, ITEMS))
    assert set(names) == set(OPERATIONS)
    assert len(OPERATIONS) == 38
    assert {name for name, count in names.items() if count > 1} == {
        *("createBucket", "listClusters", "listClustersV3")
    }
    for each in ITEMS:
        method, path = OPERATIONS[operation_of(each)]
        assert each["request"]["method"] == method
        assert "/" + "/".join(each["request"]["url"]["path"]) == re.sub(r"{(\w+)}", r":\1", path)
    assert {each["name"] for each in ITEMS} >= {
        PATHS[path][method.lower()]["summary"] for method, path in OPERATIONS.values()
    }


def test_names_are_unique() -> None:
    """A run repeats a request by its name."""
    assert max(Counter(each["name"] for each in ITEMS).values()) == 1


def texts(value: object) -> Iterator[str]:
    """Yield every text in a JSON value."""
    if isinstance(value, str):
        yield value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from texts(each)


def test_every_variable_is_known() -> None:
    """`{{name}}` in a request is a variable of the collection, and each variable is used."""
    used = {name for text in texts(FOLDERS) for name in re.findall(r"{{([^{}]+)}}", text)}
    scripts = "\n".join(texts([COLLECTION["event"], [each["event"] for each in ITEMS]]))
    by_script = set(re.findall(r"pm\.variables\.get\('(\w+)'\)", scripts)) - {"polls", "retries"}
    assert {name for name in used if not name.startswith("$")} | by_script <= set(VARIABLES)
    assert set(VARIABLES) <= used | by_script | {"accessKey", "secretKey"}


@pytest.mark.parametrize(
    "item", [each for each in ITEMS if "body" in each["request"]], ids=lambda each: each["name"]
)
def test_bodies_are_json(item: dict[str, Any]) -> None:
    """Each body is JSON with the type of JSON, and no id of openapi.yaml's examples is left in it."""
    assert item["request"]["header"] == [{"key": "Content-Type", "value": "application/json"}]
    raw = item["request"]["body"]["raw"]
    assert json.loads(raw)
    assert not re.search("[0-9a-f]{8}-[0-9a-f]{4}-", raw)


def test_requests_without_a_body_have_no_type() -> None:
    """A body and its type come together."""
    assert {bool(each["request"]["header"]) for each in ITEMS if "body" not in each["request"]} == {False}


def test_the_address_is_the_sum_of_its_parts() -> None:
    """`raw`, which people read, is host, path and the parameters that are sent."""
    for each in ITEMS:
        url = each["request"]["url"]
        sent = "&".join(f"{q['key']}={q['value']}" for q in url.get("query", []) if not q.get("disabled"))
        path = "/".join([*url["host"], *url["path"]])
        assert url["raw"] == (f"{path}?{sent}" if sent else path)
        variables = {f":{each['key']}" for each in url.get("variable", [])}
        assert variables == {segment for segment in url["path"] if segment.startswith(":")}


def test_resources_exist_before_they_are_used_and_are_deleted_last() -> None:
    """The id of a resource is set before it is used. Clusters and project are deleted in the last folder."""
    known = {*VARIABLES} - {name for name, value in VARIABLES.items() if value == ""}
    for each in ITEMS:
        sent = {**each["request"], "description": ""}
        sent["url"] = {
            **sent["url"],
            "query": [q for q in sent["url"].get("query", []) if "disabled" not in q],
        }
        used = {name for text in texts(sent) for name in re.findall(r"{{(\w+)}}", text)}
        assert used <= known, each["name"]
        known |= set(re.findall(r'const variable = "(\w+)"', "\n".join(texts(each["event"]))))
    last = [operation_of(each) for each in FOLDERS[-1]["item"]]
    assert last[:2] == ["deleteCluster", "deleteClusterV3"]
    assert last[-1] == "deleteProject"


def test_settings_are_those_given() -> None:
    """The base URL and the keys are the values of three variables, and are nowhere else."""
    assert [VARIABLES[name] for name in ("baseUrl", "accessKey", "secretKey")] == [
        *("http://127.0.0.1:8091", "access", "secret #1")
    ]
    text = as_text(COLLECTION)
    assert text.count("secret #1") == 1
    other = collection("https://cloudapi.cloud.couchbase.com", "", "")
    assert [each["value"] for each in other["variable"][:3]] == [
        "https://cloudapi.cloud.couchbase.com",
        "",
        "",
    ]
    assert other["item"] == FOLDERS


def test_scripts_stand_in_the_collection_unchanged() -> None:
    """The signing script runs before every request, and the check after it."""
    events = {each["listen"]: "\n".join(each["script"]["exec"]) + "\n" for each in COLLECTION["event"]}
    folder = ROOT / "mock_server/collection/scripts"
    assert events == {
        "prerequest": (folder / "sign.js").read_text(encoding="utf-8"),
        "test": (folder / "check.js").read_text(encoding="utf-8"),
    }


def served(
    mock: MockServer, method: str, target: str, body: bytes = b"", host: str = "127.0.0.1"
) -> RawResponse:
    """Send an unsigned request, and return the response."""
    return parse(send_bytes(mock.port, request(method, target, [], body, host=host)))


@pytest.mark.parametrize("host", ["127.0.0.1:9", "localhost", "[::1]:8091"])
def test_collection_has_the_address_of_the_request(mock: MockServer, host: str) -> None:
    """The Postman Collection works with the mock that serves it, under the name that the client used."""
    response = served(mock, "GET", "/_mock/collection.json", host=host)
    assert response.status == 200
    assert response.headers["content-type"] == "application/json"
    expected = collection(f"http://{host}", *next(iter(DEFAULT_KEYS.items())))
    assert response.body.decode() == as_text(expected)
    head = served(mock, "HEAD", "/_mock/collection.json", host=host)
    assert (head.status, head.body) == (200, b"")
    assert head.headers["content-length"] == response.headers["content-length"]


def test_collection_has_no_secret_key_of_the_user(mock: MockServer) -> None:
    """With keys that only the user knows, the secret key is empty and the access key is the first one."""
    secret = "only the user knows this"
    body = json.dumps({"keys": {"mine": secret, "other": secret}}).encode()
    assert served(mock, "PUT", "/_mock/keys", body).status == 200
    response = served(mock, "GET", "/_mock/collection.json")
    assert secret not in response.body.decode()
    found = {each["key"]: each["value"] for each in json.loads(response.body)["variable"]}
    assert (found["accessKey"], found["secretKey"]) == ("mine", "")
    assert served(mock, "PUT", "/_mock/keys", b'{"keys": {}}').status == 200
    text = served(mock, "GET", "/_mock/collection.json").body.decode()
    assert text == as_text(collection("http://127.0.0.1", "", ""))
