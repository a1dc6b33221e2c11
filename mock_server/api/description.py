"""openapi.yaml made ready to work: routes and validators, compiled once at start, bound to functions."""

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

from mock_server.api.answers import ApiError, invalid
from mock_server.api.reading import read_json, read_query
from mock_server.api.registry import Handler

_METHODS = ("get", "put", "post", "delete", "patch", "head", "options", "trace")
_UUID = re.compile(r"[0-9a-fA-F-]{36}")


def load() -> dict[str, Any]:
    """Read openapi.yaml out of the package, with the fast parser where PyYAML was built with it."""
    text = resources.files("mock_server.api").joinpath("openapi.yaml").read_text(encoding="utf-8")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    document: dict[str, Any] = yaml.load(text, Loader=loader)  # noqa: S506  # both loaders are the safe one
    return document


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the description, with the function that does it."""

    id: str
    handler: Handler
    authenticated: bool
    has_body: bool
    integers: frozenset[str]  # query parameters that are whole numbers
    defaults: Mapping[str, Any]
    validator: jsonschema_rs.Validator

    def read(
        self, ids: dict[str, str], query: str, headers: Sequence[tuple[str, str]], body: bytes
    ) -> dict[str, Any]:
        """Decode the inputs and check them: `{"path": ..., "query": ..., "body": ...}`.

        Raises:
            ApiError: 422, naming every field at fault and its rule, and no value.
        """
        inputs: dict[str, Any] = {"path": ids, "query": read_query(query, self.integers)}
        if self.has_body:
            inputs["body"] = read_json(headers, body)
        try:
            if not self.validator.is_valid(inputs):
                raise invalid(_explain(self.validator.iter_errors(inputs)))
        except ValueError:  # the validator's own limit, 255 levels
            raise invalid("The body is nested too deeply.") from None
        inputs["query"] = {**self.defaults, **inputs["query"]}
        return inputs


class Description:
    """The operations by path and method."""

    def __init__(self, document: Mapping[str, Any], handlers: Mapping[str, Handler]) -> None:
        """Compile the description.

        Raises:
            RuntimeError: an operation without a function, or a function without an operation.
        """
        self._components = document["components"]
        self._security = document["security"]
        self._operations: dict[str, dict[str, Operation]] = {}
        waiting = dict(handlers)
        for path, item in document["paths"].items():
            shared = item.get("parameters", [])
            methods = {method.upper(): item[method] for method in _METHODS if method in item}
            self._operations[path] = {
                method: self._compile(described, shared, waiting) for method, described in methods.items()
            }
        if waiting:
            raise RuntimeError(
                f"functions without an operation in openapi.yaml: {', '.join(sorted(waiting))}"
            )
        # A rule is a whole path, slash by slash: nothing is merged, redirected or forgiven. Methods are
        # looked up afterwards, because a Map answers HEAD with GET and does not mind the case.
        rules = [Rule(re.sub(r"{(\w+)}", r"<\1>", path), endpoint=path) for path in self._operations]
        self._urls = Map(rules, merge_slashes=False, redirect_defaults=False).bind("mock")
        self.unauthenticated = frozenset(
            (method, path)
            for path, methods in self._operations.items()
            for method, operation in methods.items()
            if not operation.authenticated
        )

    def find(self, method: str, path: str) -> tuple[Operation, dict[str, str]]:
        """Find the operation of a path as it travelled, and the path's parameters, decoded.

        Raises:
            ApiError: 404 `RouteNotFound`, 405 with `Allow`, 422 for a parameter that is not UTF-8.
        """
        canonical = _canonical(path) if "%" in path else path
        if canonical.startswith("//"):  # the Map would strip all slashes but one
            raise self._nothing_at(path)
        try:
            template, ids = self._urls.match(canonical)
        except NotFound:
            raise self._nothing_at(path) from None
        methods = self._operations[template]
        operation = methods.get(method)
        if operation is None:
            allow = ", ".join(sorted(methods))
            raise ApiError(405, "MethodNotAllowed", f"{template} takes {allow}.", (("Allow", allow),))
        return operation, {name: _decode(name, value) for name, value in ids.items()}

    def _compile(
        self, described: Mapping[str, Any], shared: Iterable[Any], waiting: dict[str, Handler]
    ) -> Operation:
        """Make the operation of one entry, and take its function from those waiting."""
        operation_id = described["operationId"]
        if operation_id not in waiting:
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
            handler=waiting.pop(operation_id),
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

    def _resolve(self, entry: Mapping[str, Any]) -> Mapping[str, Any]:
        """Follow a reference to one of the components' parameters."""
        if "$ref" not in entry:
            return entry
        resolved: Mapping[str, Any] = self._components["parameters"][entry["$ref"].rpartition("/")[2]]
        return resolved

    def _nothing_at(self, path: str) -> ApiError:
        """Return the 404 that says that a path leads nowhere, and which one is nearest."""
        shape = "/".join("{id}" if _UUID.fullmatch(segment) else segment for segment in path[:200].split("/"))
        nearest = difflib.get_close_matches(shape, self._operations, 1)
        hint = f"; did you mean {nearest[0]}?" if nearest else " and nothing like it."
        return ApiError(404, "RouteNotFound", f"There is no path {path[:200]}{hint}")


def _canonical(path: str) -> str:
    """Write every segment in one way, so that `/v2/%63louds` is `/v2/clouds` and `%2f` is no slash."""
    return "/".join(quote(unquote_to_bytes(_octets(segment)), safe="") for segment in path.split("/"))


def _octets(segment: str) -> bytes:
    """Return what travelled; a character that cannot have travelled becomes a question mark."""
    return segment.encode("latin-1", "replace")


def _decode(name: str, segment: str) -> str:
    """Decode a path parameter, strictly."""
    try:
        return unquote_to_bytes(_octets(segment)).decode("utf-8")
    except UnicodeDecodeError:
        raise invalid(f"{name} in the path is not percent-encoded UTF-8.") from None


def _explain(errors: Iterable[jsonschema_rs.ValidationError]) -> str:
    """Name every field at fault and its rule. The validators mask values: one could be a password."""
    return " ".join(f"In the {_where(error.instance_path)}: {error.message}." for error in errors)


def _where(instance_path: Sequence[str | int]) -> str:
    """Write where a value stands, as in `body, servers/0/size`."""
    part, *inner = map(str, instance_path)
    return f"{part}, {'/'.join(inner)}" if inner else part
