"""Validate responses with openapi-core, which reads openapi.yaml independently of the mock."""

import json
import re
from collections.abc import Sequence
from functools import cache, partial
from typing import Any
from urllib.parse import quote, unquote_to_bytes

import jsonschema
from openapi_core import OpenAPI
from openapi_core.exceptions import OpenAPIError
from openapi_core.testing import MockRequest, MockResponse
from werkzeug.datastructures import Headers

from mock_server.api.description import load

_ORIGIN = "http://127.0.0.1:8091"  # one of the servers in the description; the mock's own address is not
_WITHOUT_OPERATION = (401, 404, 405)  # the statuses of a request that fits no operation


def validate_response(
    method: str, target: str, status: int, headers: Sequence[tuple[str, str]], body: bytes
) -> None:
    """Check that openapi.yaml describes a response. Injected faults and `/_mock/` are not described.

    Args:
        method: The request's method, as sent.
        target: The request target, as sent.
        status: The status of the response.
        headers: The headers of the response.
        body: The body of the response, as sent.

    Raises:
        AssertionError: The description lacks the status, a header or the body does not fit it, or the keys of
            an object in the body are not in alphabetical order.
    """
    what = f"{method} {target} answered {status} {body[:300]!r}"
    given = Headers(list(headers))
    template = _template(target.partition("?")[0])
    item = _document()["paths"].get(template, {})
    operation = item.get(method.lower()) if method.isupper() else None
    if operation is None:
        assert status in _WITHOUT_OPERATION, f"{what}: no operation has this status"
        assert status != 405 or given.get("Allow"), f"{what}: without Allow"
        jsonschema.validate(json.loads(body), _document()["components"]["schemas"]["Error"])
        return
    response = MockResponse(
        body, status_code=status, headers=dict(given), content_type=given.get("Content-Type", "")
    )
    try:
        _openapi().validate_response(MockRequest(_ORIGIN, method.lower(), template), response)
    except OpenAPIError as error:
        raise AssertionError(f"{what}: {error}; {error.__cause__}") from error
    described = operation["responses"][str(status)]
    assert not body or "content" in described or "$ref" in described, f"{what}: the description has no body"
    if body:
        json.loads(body, object_pairs_hook=partial(_in_order, what))


def _in_order(what: str, pairs: list[tuple[str, Any]]) -> None:
    keys = [key for key, _ in pairs]
    assert keys == sorted(keys), f"{what}: the keys {keys} are not in alphabetical order"


@cache
def _document() -> dict[str, Any]:
    return load()


@cache
def _openapi() -> OpenAPI:
    return OpenAPI.from_dict(_document())


def _template(path: str) -> str:
    """Return the path of openapi.yaml that fits, or "". openapi-core itself would resolve `..`."""
    segments = [quote(unquote_to_bytes(segment), safe="") for segment in path.split("/")]
    for template in _document()["paths"]:
        if re.fullmatch(re.sub(r"{\w+}", "[^/]+", template), "/".join(segments)):
            return str(template)
    return ""
