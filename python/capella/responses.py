"""Responses: a received response becomes a `Response`, or is raised as a ResponseError."""

import json
import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote

from capella.errors import UnexpectedResponseError, class_for
from capella.transport import MAX_BODY, ReceivedResponse, Request

CLOCK_TOLERANCE = 60_000  # milliseconds two clocks may differ before the error of a 401 names them
_NO_REQUEST = Request("", "")
_NOT_JSON = object()


@dataclass(frozen=True, slots=True)
class Response:
    """The response to a request that succeeded.

    Args:
        status: the HTTP status code, 2xx; 404 for a DELETE whose earlier attempt got no response.
        body: the decoded JSON; None if the body was empty.
        location: the `Location` header, which is never followed; None if it was absent.
        request: the request.
    """

    status: int
    body: Any = None
    location: str | None = None
    request: Request = _NO_REQUEST

    def field(self, *path: str, default: str | None = None) -> str:
        """Return the text or number at a path of names in the body, as text.

        Raises:
            UnexpectedResponseError: the body has no such field, and there is no default.
        """
        found = self.body
        for name in path:
            found = found.get(name) if isinstance(found, dict) else None
        if isinstance(found, str | int | float):
            return str(found)
        if default is not None:
            return default
        raise self.unexpected(f"the response has no {'.'.join(path)}")

    @property
    def items(self) -> list[Any]:
        """The items of a list: the body itself, its `data`, or the `items` of its `data`.

        Raises:
            UnexpectedResponseError: none of these is a list.
        """
        found = self.body
        for name in ("data", "items"):
            if isinstance(found, dict) and name in found:
                found = [] if found[name] is None else found[name]  # some servers write an empty list as null
        if isinstance(found, list):
            return found
        raise self.unexpected("the response has no list")

    @property
    def new_id(self) -> str:
        """The id of a created resource: the last segment of `Location`, or the `id` in the body.

        Raises:
            UnexpectedResponseError: the response has neither.
        """
        path = (self.location or "").partition("?")[0].rstrip("/")
        return unquote(path.rpartition("/")[2]) or self.field("id")

    def unexpected(self, reason: str) -> UnexpectedResponseError:
        """Return the error for a success that is not a valid response of the operation."""
        return UnexpectedResponseError(
            self.status, "", reason, method=self.request.method, endpoint=self.request.target
        )


def read(request: Request, received: ReceivedResponse, now: int) -> Response:
    """Return the response to a request, or raise it as a ResponseError.

    Args:
        request: the request.
        received: the response as received.
        now: the local time in milliseconds since 1970-01-01 UTC.

    Raises:
        ResponseError: the response is not a success, or not the API's.
    """
    media_type = received.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    empty = not received.body.strip()
    try:
        body = None if empty else _decode(received.body)
    except (ValueError, RecursionError):
        body = _NOT_JSON
    if HTTPStatus.OK <= received.status < HTTPStatus.MULTIPLE_CHOICES:
        response = Response(received.status, body, received.headers.get("Location"), request)
        if received.cut:
            raise response.unexpected(f"the response is larger than {MAX_BODY // 1024**2} MB")
        if body is _NOT_JSON or not (
            empty or media_type == "application/json" or media_type.endswith("+json")
        ):
            raise response.unexpected(_not_the_api(media_type))
        return response

    error, error_type, message = class_for(received.status), "", received.reason or "no reason given"
    if received.status < HTTPStatus.BAD_REQUEST:
        error = UnexpectedResponseError
        message = "a redirect is not followed, because the signature is valid for one request target only"
    elif body is _NOT_JSON:
        error, message = UnexpectedResponseError, _not_the_api(media_type)
    elif isinstance(body, dict):
        error_type, message = str(body.get("errorType") or ""), str(body.get("message") or message)
    if received.status == HTTPStatus.UNAUTHORIZED:
        message += _clocks(received.headers.get("Date"), now)
    raise error(
        received.status,
        error_type,
        message,
        method=request.method,
        endpoint=request.target,
        retry_after=_retry_after(received.headers.get("Retry-After"), now),
    )


def _decode(text: bytes) -> Any:  # noqa: ANN401  # JSON
    """Decode JSON, and refuse what Python's decoder accepts beyond it: NaN, infinity and infinite numbers."""
    return json.loads(text.decode(), parse_float=_finite, parse_constant=_finite)


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("not a JSON number")
    return number


def _not_the_api(media_type: str) -> str:
    what = "malformed JSON" if media_type == "application/json" else media_type or "an unknown media type"
    return f"{what} instead of the API's JSON: a proxy or a gateway responded, or CBC_API_URL is not the API"


def _retry_after(header: str | None, now: int) -> float | None:
    """Return the seconds of a `Retry-After`, which is a number or a date (RFC 9110 10.2.3)."""
    if header is None:
        return None
    if header.isascii() and header.isdecimal():
        return float(header)
    then = _date(header)
    return None if then is None else max(0.0, (then - now) / 1000)


def _clocks(header: str | None, now: int) -> str:
    """Return both times if the server's `Date` is more than a minute away; the API refuses old signatures."""
    server = _date(header) if header else None
    if server is None or abs(now - server) <= CLOCK_TOLERANCE:
        return ""
    difference, direction = (
        timedelta(seconds=abs(now - server) // 1000),
        "ahead" if now > server else "behind",
    )
    local, remote = (f"{datetime.fromtimestamp(ms // 1000, UTC):%Y-%m-%d %H:%M:%S}" for ms in (now, server))
    return (
        f"; the local clock reads {local} UTC, the server's {remote} UTC:"
        f" set the local clock, which is {difference} {direction}"
    )


def _date(header: str) -> int | None:
    """Return an HTTP date in milliseconds since 1970-01-01 UTC; None for an invalid date."""
    try:
        date = parsedate_to_datetime(header)
        return int(date.replace(tzinfo=date.tzinfo or UTC).timestamp() * 1000)
    except (ValueError, TypeError, OverflowError):
        return None
