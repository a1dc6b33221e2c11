"""The Postman Collection (v2.1) of all operations. Its requests sign themselves, and can be run as a whole.

It is made from openapi.yaml and ``plan.py``. It uses only what the schema of the format describes, so that
other programs can import it too. The scripts are in ``scripts/``; the collection contains them unchanged.
"""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

from mock_server.api.description import load
from mock_server.collection.plan import FOLDERS, IDS, VARIABLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from mock_server.collection.plan import Folder, Step

_SCHEMA: Final = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
_SENT: Final = {"page": "1", "perPage": "100"}
"""The query parameters that every list sends."""
_DESCRIPTION: Final = """\
All operations of the Couchbase Capella Public API, v2 and v3. A pre-request script signs each request.

* Set `baseUrl`, `accessKey` and `secretKey` in the variables of the collection or in an environment. The
  first values are those of the mock, `python -m mock_server`. For the service, `baseUrl` is
  `https://cloudapi.cloud.couchbase.com`.
* The requests that create or list something set the other variables. Or set them yourself.
* A run of the whole collection creates a project and two clusters, and deletes them in the last folder. On
  the service, clusters cost money: if a run fails, look at what it left there.
"""


def collection(base_url: str, access_key: str, secret_key: str) -> dict[str, Any]:
    """Return the collection as a JSON object.

    Args:
        base_url: the first value of the variable ``baseUrl``, without a final slash.
        access_key: the first value of the variable ``accessKey``; it may be empty.
        secret_key: the first value of the variable ``secretKey``. Everybody who gets the collection can read
            it: give only the key of a mock, or an empty text.
    """
    settings = {
        "baseUrl": (base_url, "scheme://host[:port]; keys are sent over plain http to this machine only"),
        "accessKey": (access_key, "the access key"),
        "secretKey": (secret_key, "the secret key; better in an environment, as a secret"),
    }
    described = {name: (path, method, operation) for name, path, method, operation in _operations()}
    return {
        "info": {
            "name": "Couchbase Capella Public API (v2 and v3)",
            "description": _DESCRIPTION,
            "schema": _SCHEMA,
        },
        "item": [_folder(folder, described) for folder in FOLDERS],
        "event": [_event("prerequest", [_script("sign")]), _event("test", [_script("check")])],
        "variable": [
            {"key": key, "value": value, "type": "string", "description": about}
            for key, (value, about) in {**settings, **VARIABLES}.items()
        ],
    }


def as_text(content: Mapping[str, Any]) -> str:
    """Return a collection as the text of a file."""
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


@cache
def _document() -> dict[str, Any]:
    return load()


def _operations() -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """Yield id, path, method and description of each operation; the description has all parameters."""
    for path, item in _document()["paths"].items():
        for method, operation in item.items():
            if method != "parameters":
                parameters = [*item.get("parameters", []), *operation.get("parameters", [])]
                yield operation["operationId"], path, method.upper(), {**operation, "parameters": parameters}


def _folder(folder: Folder, described: Mapping[str, tuple[str, str, dict[str, Any]]]) -> dict[str, Any]:
    return {"name": folder.name, "item": [_item(step, *described[step.operation]) for step in folder.steps]}


def _item(step: Step, path: str, method: str, operation: Mapping[str, Any]) -> dict[str, Any]:
    """Return a request with its scripts."""
    about = f"Operation `{step.operation}`. {operation.get('description', '')}".strip()
    request: dict[str, Any] = {
        "method": method,
        "header": [],
        "url": _url(step, path, operation["parameters"]),
    }
    if "requestBody" in operation:
        example = operation["requestBody"]["content"]["application/json"]["example"]
        raw = json.dumps(_patched(example, step.patch), ensure_ascii=False, indent=4)
        request["header"] = [{"key": "Content-Type", "value": "application/json"}]
        request["body"] = {"mode": "raw", "raw": raw, "options": {"raw": {"language": "json"}}}
    return {
        "name": step.name or operation["summary"],
        "request": {**request, "description": about},
        "event": list(_item_events(step)),
        "response": [],
        # A redirected request would be sent with the signature of another URL.
        "protocolProfileBehavior": {"followRedirects": False},
    }


def _url(step: Step, path: str, parameters: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the URL of a request: path parameters are path variables, whose values are variables."""
    segments = [
        f":{segment[1:-1]}" if segment.startswith("{") else segment
        for segment in path.removeprefix("/").split("/")
    ]
    sent = step.query or {}
    query, variables = [], []
    for parameter in map(_resolved, parameters):
        key = parameter["name"]
        if parameter["in"] == "path":
            variables.append({"key": key, "value": f"{{{{{_variable(key, path)}}}}}"})
        else:
            known = {**_SENT, **sent}
            value = known.get(key) or (f"{{{{{key}}}}}" if key in VARIABLES else str(parameter["example"]))
            query.append({"key": key, "value": value} | ({} if key in known else {"disabled": True}))
    raw = "/".join(["{{baseUrl}}", *segments])
    shown = "&".join(f"{each['key']}={each['value']}" for each in query if "disabled" not in each)
    url: dict[str, Any] = {
        "raw": f"{raw}?{shown}" if shown else raw,
        "host": ["{{baseUrl}}"],
        "path": segments,
    }
    return url | ({"query": query} if query else {}) | ({"variable": variables} if variables else {})


def _resolved(parameter: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a parameter, with a ``$ref`` replaced by the component that it refers to."""
    name = parameter.get("$ref", "").rpartition("/")[2]
    resolved: Mapping[str, Any] = _document()["components"]["parameters"][name] if name else parameter
    return resolved


def _variable(parameter: str, path: str) -> str:
    """Return the variable with the value of a path parameter: ``id`` alone is the id of several kinds."""
    if parameter != "id":
        return parameter
    return next(variable for start, variable in IDS.items() if path.startswith(start))


def _item_events(step: Step) -> Iterator[dict[str, Any]]:
    variable = step.creates or step.remembers
    first = f"const variable = {json.dumps(variable)};"
    if step.creates:
        yield _event("prerequest", [first, _script("forget")])
    if variable:
        yield _event("test", [first, step.finder, _script("remember")])
    if step.waits_for:
        yield _event("test", [f"const wanted = {json.dumps(step.waits_for)};", step.finder, _script("wait")])


def _event(listen: str, parts: Iterable[str]) -> dict[str, Any]:
    lines = "\n".join(part.rstrip("\n") for part in parts).split("\n")
    return {"listen": listen, "script": {"type": "text/javascript", "exec": lines}}


@cache
def _script(name: str) -> str:
    return resources.files(__name__).joinpath("scripts", f"{name}.js").read_text(encoding="utf-8")


def _patched(value: Any, patch: Any) -> Any:  # noqa: ANN401  # any JSON
    """Return a JSON value with a JSON Merge Patch (RFC 7396) applied; None changes nothing."""
    if patch is None:
        return value
    if not isinstance(patch, dict):
        return patch
    merged = dict(value)
    for key, change in patch.items():
        if change is None:
            merged.pop(key, None)
        else:
            merged[key] = _patched(merged.get(key), change)
    return merged
