"""Says in one line whether a service still responds to v2 and v3, from one signed request for each."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from tests.support.unprintable import unprintable

if TYPE_CHECKING:
    from collections.abc import Callable

    import requests

TARGETS: Final = ("/v2/projects", "/v3/clusters")
"""A list of each version, which every key may read."""
_LONGEST: Final = 100
"""Characters of a message."""
_GONE: Final = {
    HTTPStatus.NOT_FOUND,
    HTTPStatus.METHOD_NOT_ALLOWED,
    HTTPStatus.GONE,
    HTTPStatus.NOT_IMPLEMENTED,
}
_TEMPORARY: Final = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS}


def state_line(base_url: str, ask: Callable[[str], requests.Response]) -> str:
    """Return the line.

    Args:
        base_url: where the service is.
        ask: sends a signed GET for a target, follows no redirect, and raises OSError without a response.
    """
    states = (f"GET {target} {_state(ask, target)}" for target in TARGETS)
    return f"v2 and v3 at {base_url}: {'; '.join(states)}"


def _state(ask: Callable[[str], requests.Response], target: str) -> str:
    """Return what one response says: `works`, `is gone`, `refuses these keys` or `is not known`, and why."""
    try:
        response = ask(target)
    except OSError as error:
        return f"is not known (no response: {type(error).__name__})"
    body = _object(response)
    status = response.status_code
    why = f"({f'{status} {message(response)}'.strip()})"
    if status == HTTPStatus.OK:
        return f"works {why}" if body else f"is not known {why[:-1]} without the API's JSON)"
    if "httpStatusCode" in body:  # v2 and v3 have only `errorType` and `message` in an error
        return f"is gone {why[:-1]}, an error of v4)"
    if status in _GONE or status // 100 == 3:  # a redirect
        return f"is gone {why}"
    if status // 100 == 4 and status not in _TEMPORARY and body:  # an error of the client
        return f"refuses these keys {why}"
    return f"is not known {why}"


def _object(response: requests.Response) -> dict[str, Any]:
    """Return the JSON object in a body; an empty one for any other body."""
    try:
        body = json.loads(response.content)
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}


def message(response: requests.Response) -> str:
    """Return the message of an error in one printable line; an empty text without one."""
    found = _object(response).get("message")
    text = found[:_LONGEST] if isinstance(found, str) else ""
    hidden = unprintable(text)
    return "".join(" " if character in hidden else character for character in text)
