"""Compiles openapi.yaml into routes and validators, and binds each operation to its function."""

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any
from urllib.parse import quote, unquote_to_bytes

import jsonschema_rs
import yaml
from werkzeug.exceptions import NotFound
from werkzeug.routing import Map, Rule

from mock_server.api.errors import ApiError, invalid
from mock_server.api.parsing import parse_body, parse_query
from mock_server.api.registry import Handler
from mock_server.documents import SAFE_LOADER
from mock_server.http import ReceivedRequest

_METHODS = ("get", "put", "post", "delete", "patch", "head", "options", "trace")
_UUID = re.compile(r"[0-9a-fA-F-]{36}")
_QUOTED = 200  # characters of a path in a message

_LATER = (
    "A later page of the vendor's names eleven more operations, on audit logs and on turning a cluster on and"
    " off. They are known by name only, and this server has none of them."
)
_OF_A_CLUSTER = re.compile("/v3/clusters/[^/]+/[^/]")
_REASONS = (
    (
        re.compile("/public/"),
        "the links of a cursor are not paths of the API: request a page with ?page=N instead.",
    ),
    (re.compile("/v4(?:/|$)"), "v4 is another API, without signatures. This server has v2 and v3 only."),
    (
        re.compile("/v3/clusters/[^/]+/auditlogs(?:/|$)"),
        (
            "a later page of the vendor's names six operations on audit logs. They are known by name only,"
            " and this server has none of them."
        ),
    ),
)
"""Unknown paths that have a meaning elsewhere, and why this server does not have them."""


def load() -> dict[str, Any]:
    """Return the content of openapi.yaml, read with libyaml's parser if PyYAML has it."""
    text = resources.files("mock_server.api").joinpath("openapi.yaml").read_text(encoding="utf-8")
    document: dict[str, Any] = yaml.load(text, Loader=SAFE_LOADER)  # noqa: S506  # it is a safe loader
    return document


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the description, with its function.

    Attributes:
        id: the `operationId`.
        handler: the function.
        authenticated: whether a request must be signed.
        has_body: whether the operation takes a JSON body.
        integers: the names of the query parameters that are integers.
        defaults: the default values of query parameters.
        validator: validates path, query and body together.
    """

    id: str
    handler: Handler
    authenticated: bool
    has_body: bool
    integers: frozenset[str]
    defaults: Mapping[str, Any]
    validator: jsonschema_rs.Validator

    def read(self, ids: dict[str, str], request: ReceivedRequest) -> dict[str, Any]:
        """Return the validated inputs of a request: `{"path": ..., "query": ..., "body": ...}`.

        Raises:
            ApiError: 422. The message names every invalid field and its rule, and quotes no value.
        """
        inputs: dict[str, Any] = {"path": ids, "query": parse_query(request.query, self.integers)}
        if self.has_body:
            inputs["body"] = parse_body(request)
        try:
            if not self.validator.is_valid(inputs):
                raise invalid(_explain(self.validator.iter_errors(inputs)))
        except ValueError:  # the validator's limit of 255 levels
            raise invalid("The body is nested too deeply.") from None
        inputs["query"] = {**self.defaults, **inputs["query"]}
        return inputs


class Description:
    """The operations, by path and method.

    Attributes:
        unauthenticated: method and path of each operation that needs no signature.
    """

    def __init__(self, document: Mapping[str, Any], handlers: Mapping[str, Handler]) -> None:
        """Compile a description.

        Args:
            document: an OpenAPI document.
            handlers: `operationId` -> function.

        Raises:
            RuntimeError: an operation has no function, or a function has no operation.
        """
        self._components = document["components"]
        self._security = document["security"]
        self._operations: dict[str, dict[str, Operation]] = {}
        unused = dict(handlers)
        for path, item in document["paths"].items():
            shared = item.get("parameters", [])
            methods = {method.upper(): item[method] for method in _METHODS if method in item}
            self._operations[path] = {
                method: self._compile(described, shared, unused) for method, described in methods.items()
            }
        if unused:
            raise RuntimeError(f"functions without an operation in openapi.yaml: {', '.join(sorted(unused))}")
        # A rule matches a whole path: no slashes are merged, and there are no redirects. The method is looked
        # up afterwards, because a Map handles HEAD as GET and ignores the case of a method.
        rules = [Rule(re.sub(r"{(\w+)}", r"<\1>", path), endpoint=path) for path in self._operations]
        self._urls = Map(rules, merge_slashes=False, redirect_defaults=False).bind("mock")
        self.unauthenticated = frozenset(
            (method, path)
            for path, methods in self._operations.items()
            for method, operation in methods.items()
            if not operation.authenticated
        )

    def find(self, method: str, path: str) -> tuple[Operation, dict[str, str]]:
        """Return the operation of a method and a path as sent, and the path parameters, decoded.

        Raises:
            ApiError: 404 `RouteNotFound`, 405 with `Allow`, or 422 for a parameter that is not UTF-8.
        """
        canonical = _canonical(path) if "%" in path else path
        if canonical.startswith("//"):  # the Map would remove all leading slashes except one
            raise self._route_not_found(path)
        try:
            template, ids = self._urls.match(canonical)
        except NotFound:
            raise self._route_not_found(path) from None
        methods = self._operations[template]
        operation = methods.get(method)
        if operation is None:
            allowed = ", ".join(sorted(methods))
            message = f"{template} does not support this method: use {allowed}."
            raise ApiError(405, "MethodNotAllowed", message, (("Allow", allowed),))
        return operation, {name: _decode(name, value) for name, value in ids.items()}

    def _compile(
        self, described: Mapping[str, Any], shared: Iterable[Any], unused: dict[str, Handler]
    ) -> Operation:
        """Return a compiled operation, and remove its function from `unused`."""
        operation_id = described["operationId"]
        if operation_id not in unused:
            raise RuntimeError(f"operation {operation_id} of openapi.yaml has no function")
        parameters = [self._resolve(each) for each in (*shared, *described.get("parameters", []))]
        schemas: dict[str, dict[str, Any]] = {"path": {}, "query": {}}
        for parameter in parameters:
            schemas[parameter["in"]][parameter["name"]] = parameter["schema"]
        properties: dict[str, Any] = {
            "path": {"properties": schemas["path"]},
            "query": {"properties": schemas["query"], "additionalProperties": False},
        }
        if "requestBody" in described:
            properties["body"] = described["requestBody"]["content"]["application/json"]["schema"]
        return Operation(
            id=operation_id,
            handler=unused.pop(operation_id),
            authenticated=described.get("security", self._security) != [],
            has_body="requestBody" in described,
            integers=frozenset(n for n, schema in schemas["query"].items() if schema["type"] == "integer"),
            defaults={n: schema["default"] for n, schema in schemas["query"].items() if "default" in schema},
            validator=jsonschema_rs.Draft202012Validator(
                {"properties": properties, "components": self._components},
                validate_formats=True,
                mask="the value",
                offline=True,
            ),
        )

    def _resolve(self, parameter: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return a parameter, with a `$ref` replaced by the component that it refers to."""
        if "$ref" not in parameter:
            return parameter
        resolved: Mapping[str, Any] = self._components["parameters"][parameter["$ref"].rpartition("/")[2]]
        return resolved

    def _route_not_found(self, path: str) -> ApiError:
        """Return the 404 for an unknown path. The message has the likeliest reason, or a similar path."""
        shown = path[:_QUOTED]
        shape = "/".join("{id}" if _UUID.fullmatch(segment) else segment for segment in shown.split("/"))
        similar = difflib.get_close_matches(shape, self._operations, 1)
        hint = f"did you mean {similar[0]}?" if similar else "no path of the API is similar."
        if _OF_A_CLUSTER.match(path):
            hint += f" {_LATER}"
        hint = next((reason for pattern, reason in _REASONS if pattern.match(path)), hint)
        return ApiError(404, "RouteNotFound", f"There is no path {shown}: {hint}")


def _canonical(path: str) -> str:
    """Return a path in one spelling: `/v2/%63louds` becomes `/v2/clouds`; `%2f` stays encoded."""
    return "/".join(quote(unquote_to_bytes(_octets(segment)), safe="") for segment in path.split("/"))


def _octets(segment: str) -> bytes:
    """Return the bytes of a segment; a character outside Latin-1, which HTTP cannot carry, becomes `?`."""
    return segment.encode("latin-1", "replace")


def _decode(name: str, segment: str) -> str:
    """Return a path parameter, percent-decoded from UTF-8.

    Raises:
        ApiError: 422 for invalid UTF-8.
    """
    try:
        return unquote_to_bytes(_octets(segment)).decode("utf-8")
    except UnicodeDecodeError:
        raise invalid(f"{name} in the path is not percent-encoded UTF-8.") from None


def _explain(errors: Iterable[jsonschema_rs.ValidationError]) -> str:
    """Return a message with every invalid field and its rule. Values are masked: one could be a password."""
    return " ".join(f"In the {_location(error.instance_path)}: {error.message}." for error in errors)


def _location(instance_path: Sequence[str | int]) -> str:
    """Return the location of a value, such as `body, servers/0/size`."""
    part, *inner = map(str, instance_path)
    return f"{part}, {'/'.join(inner)}" if inner else part
