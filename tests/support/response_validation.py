"""A second opinion on every answer: openapi-core reads openapi.yaml by itself and judges what was sent."""

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any
from urllib.parse import quote, unquote_to_bytes

import jsonschema
import pytest
from openapi_core import OpenAPI
from openapi_core.exceptions import OpenAPIError
from openapi_core.testing import MockRequest, MockResponse
from werkzeug.datastructures import Headers

from mock_server.api import Api
from mock_server.api.description import load
from mock_server.http import ReceivedRequest, Reply

_ORIGIN = (
    "http://127.0.0.1:8091"  # one of the description's servers; where the mock really ran does not matter
)
_OUTSIDE = (401, 404, 405)  # what a request is answered that meets no operation


def check_response(
    method: str, target: str, status: int, headers: Sequence[tuple[str, str]], body: bytes
) -> None:
    """Hold an answer of the mock against the description: one that is no fault and not below `/_mock/`.

    Args:
        method: As it travelled.
        target: The request target as it travelled.
        status: The answer's status.
        headers: The answer's headers.
        body: The answer's body as it travelled.

    Raises:
        AssertionError: the status is not described, or a header or the body is not as described.
    """
    what = f"{method} {target} answered {status} {body[:300]!r}"
    given = Headers(list(headers))
    template = _template(target.partition("?")[0])
    item = _document()["paths"].get(template, {})
    operation = item.get(method.lower()) if method.isupper() else None
    if operation is None:
        assert status in _OUTSIDE, f"{what}: no operation is there to answer so"
        assert status != 405 or given.get("Allow"), f"{what}: without Allow"  # the status
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


@cache
def _document() -> dict[str, Any]:
    return load()


@cache
def _openapi() -> OpenAPI:
    return OpenAPI.from_dict(_document())


def _template(path: str) -> str:
    """Return the described path that a path is one of: openapi-core would read `..` in it as a step up."""
    segments = [quote(unquote_to_bytes(segment), safe="") for segment in path.split("/")]
    for template in _document()["paths"]:
        if re.fullmatch(re.sub(r"{\w+}", "[^/]+", template), "/".join(segments)):
            return str(template)
    return ""


@contextmanager
def every_answer_checked() -> Iterator[None]:
    """Hold every answer of every `Api` in this process against the description, behind a server or not.

    A wrong one is raised where it is made; behind a server it becomes a 500, and `check()` raises it again.
    """
    plain = Api.handle

    def checked(self: Api, request: ReceivedRequest, origin: str) -> Reply:
        reply = plain(self, request, origin)
        check_response(request.method, request.target, reply.status, reply.headers, reply.body)
        return reply

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Api, "handle", checked)
        yield
