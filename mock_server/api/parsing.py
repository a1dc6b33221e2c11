"""Parses the query and the JSON body of a request. Malformed input raises a 422, nothing else."""

from collections.abc import Collection
from typing import Any
from urllib.parse import parse_qsl

from mock_server.api.errors import invalid
from mock_server.documents import INTEGER, DocumentError, parse_json
from mock_server.http import ReceivedRequest


def parse_query(query: str, integers: Collection[str]) -> dict[str, Any]:
    """Return the decoded parameters of a query.

    A parameter named in `integers` becomes an int if its text is one; otherwise it stays a text, which the
    validation rejects.

    Raises:
        ApiError: 422 for a query that is not UTF-8 and for a repeated parameter.
    """
    if not query:
        return {}
    try:
        pairs = parse_qsl(query, keep_blank_values=True, errors="strict")
    except ValueError:
        raise invalid("The query is not percent-encoded UTF-8.") from None
    parameters: dict[str, Any] = {}
    for name, value in pairs:
        if name in parameters:
            raise invalid(f"The query parameter {name!r} is repeated: send it once.")
        parameters[name] = int(value) if name in integers and INTEGER.fullmatch(value) else value
    return parameters


def parse_body(request: ReceivedRequest) -> object:
    """Return the value of a JSON body.

    Raises:
        ApiError: 422 for another content type, and for a body that is not valid JSON in UTF-8. The message
            quotes nothing of the body, which may contain a password.
    """
    if not request.body:
        raise invalid("The request has no body: send a JSON object, with Content-Type: application/json.")
    types = {value.partition(";")[0].strip().lower() for value in request.header_values("content-type")}
    if types != {"application/json"}:
        sent = ", ".join(sorted(types)) or "none"
        raise invalid(f"The Content-Type of the body is {sent}: send application/json.")
    try:
        return parse_json(request.body)
    except DocumentError as error:
        raise invalid(f"The body {error}.") from None
