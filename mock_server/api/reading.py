"""Read what a client sent: the query and the JSON body, strictly, and never with a traceback."""

import json
import math
import re
from collections.abc import Collection, Sequence
from typing import Any, NoReturn
from urllib.parse import parse_qsl

from mock_server.api.answers import invalid

_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,99})")


def read_query(text: str, integers: Collection[str]) -> dict[str, Any]:
    """Decode a query string; the parameters named in `integers` become numbers where they are written as one.

    Raises:
        ApiError: 422 for a query that is not UTF-8 and for a parameter that comes twice.
    """
    if not text:
        return {}
    try:
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict")
    except ValueError:
        raise invalid("The query is not percent-encoded UTF-8.") from None
    query: dict[str, Any] = {}
    for name, value in pairs:
        if name in query:
            raise invalid(f"The query parameter {name!r} comes twice; send it once.")
        query[name] = int(value) if name in integers and _INTEGER.fullmatch(value) else value
    return query


def read_json(headers: Sequence[tuple[str, str]], body: bytes) -> object:
    """Read a JSON body.

    Raises:
        ApiError: 422 for another content type, and for a body that is not one plain JSON text. The message
            quotes nothing of the body, which may hold a password.
    """
    types = {
        value.partition(";")[0].strip().lower() for name, value in headers if name.lower() == "content-type"
    }
    if types != {"application/json"}:
        sent = ", ".join(sorted(types)) or "none"
        raise invalid(f"The body must be sent with Content-Type: application/json; the request has {sent}.")
    try:
        text = body.decode("utf-8")
        value = _decode(text)
        if "\\u" in text:
            # A lone half of a surrogate pair can be written in JSON, but is no character and has no UTF-8.
            json.dumps(value, ensure_ascii=False).encode()
    except UnicodeDecodeError:
        raise invalid("The body is not UTF-8.") from None
    except UnicodeEncodeError:
        raise invalid("The body has half a surrogate pair after \\u; write both halves.") from None
    except json.JSONDecodeError as error:
        raise invalid(
            f"The body is not JSON: {error.msg} at line {error.lineno}, column {error.colno}."
        ) from None
    except RecursionError:
        raise invalid("The body is nested too deeply.") from None
    except ValueError as error:
        raise invalid(f"The body is not plain JSON: {error}.") from None
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Make an object of its members, none of which may come twice: readers differ on which one counts."""
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError("an object has the same name twice")
    return members


def _finite(text: str) -> float:
    """Read a number with a fraction or an exponent; `3.0` is the integer 3, as JSON Schema has it."""
    number = float(text)
    if math.isinf(number):
        raise ValueError("a number is too large")
    return int(number) if number.is_integer() else number


def _integer(text: str) -> int:
    """Read a whole number of a length that anything after us can still handle."""
    if not _INTEGER.fullmatch(text):
        raise ValueError("a number is too long")
    return int(text)


def _constant(_text: str) -> NoReturn:
    """Refuse NaN and Infinity, which Python reads and JSON does not have."""
    raise ValueError("NaN and Infinity are no JSON numbers")


_decode = json.JSONDecoder(
    object_pairs_hook=_once, parse_float=_finite, parse_int=_integer, parse_constant=_constant
).decode
