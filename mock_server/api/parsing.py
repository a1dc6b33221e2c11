"""Parses the query and the JSON body of a request. Malformed input raises a 422, nothing else."""

import json
import math
import re
from collections.abc import Collection
from typing import Any, NoReturn
from urllib.parse import parse_qsl

from mock_server.api.errors import invalid
from mock_server.http import ReceivedRequest

_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,99})")


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
        parameters[name] = int(value) if name in integers and _INTEGER.fullmatch(value) else value
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
        text = request.body.decode("utf-8")
        value = _decode(text)
        if "\\u" in text:
            # JSON can contain half of a surrogate pair, which is not a character and has no UTF-8.
            json.dumps(value, ensure_ascii=False).encode()
    except UnicodeDecodeError:
        raise invalid("The body is not UTF-8.") from None
    except UnicodeEncodeError:
        raise invalid(r"The body contains half of a surrogate pair after \u: write both halves.") from None
    except json.JSONDecodeError as error:
        raise invalid(
            f"The body is not JSON: {error.msg} at line {error.lineno}, column {error.colno}."
        ) from None
    except RecursionError:
        raise invalid("The body is nested too deeply.") from None
    except ValueError as error:
        raise invalid(f"The body is not valid JSON: {error}.") from None
    return value


def _object_of(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object. Repeated names are rejected: JSON parsers differ on which value counts."""
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError("an object has the same name twice")
    return members


def _parse_float(text: str) -> float:
    """Return a number with a fraction or an exponent. `3.0` is the integer 3, as in JSON Schema."""
    number = float(text)
    if math.isinf(number):
        raise ValueError("a number is too large")
    return int(number) if number.is_integer() else number


def _parse_integer(text: str) -> int:
    """Return an integer of at most 100 digits: Python and the validator limit the length of integers."""
    if not _INTEGER.fullmatch(text):
        raise ValueError("a number is too long")
    return int(text)


def _reject_constant(_text: str) -> NoReturn:
    """Reject NaN and Infinity: Python's parser accepts them, but they are not JSON."""
    raise ValueError("NaN and Infinity are not JSON numbers")


_decode = json.JSONDecoder(
    object_pairs_hook=_object_of,
    parse_float=_parse_float,
    parse_int=_parse_integer,
    parse_constant=_reject_constant,
).decode
