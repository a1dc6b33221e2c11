"""What came back: the answer of a call that succeeded, or the error that it is."""

import json
import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote

from capella.errors import UnexpectedAnswerError, kind_of
from capella.transport import MAX_BODY, Call, Received

CLOCK_TOLERANCE = 60_000  # milliseconds two clocks may differ before it is worth a word
_NO_CALL = Call("", "")
_NOT_JSON = object()


@dataclass(frozen=True, slots=True)
class Answer:
    """What the API answered to a call that succeeded.

    Args:
        status: HTTP status code.
        body: the JSON, None when there was none.
        location: the `Location` header, None when there was none; never followed.
        call: the request.
    """

    status: int
    body: Any = None
    location: str | None = None
    call: Call = _NO_CALL

    def field(self, *path: str, default: str | None = None) -> str:
        """Return the text or the number at the end of a path into the body.

        Raises:
            UnexpectedAnswerError: it is not there, and there is no default.
        """
        found = self.body
        for name in path:
            found = found.get(name) if isinstance(found, dict) else None
        if isinstance(found, str | int | float):
            return str(found)
        if default is not None:
            return default
        raise self.unexpected(f"no {'.'.join(path)} in the answer")

    @property
    def items(self) -> list[Any]:
        """The items of a list: the body itself, its `data`, or the `items` of its `data`.

        Raises:
            UnexpectedAnswerError: the body is none of these.
        """
        found = self.body
        for name in ("data", "items"):
            if isinstance(found, dict) and name in found:
                found = [] if found[name] is None else found[name]  # some servers write an empty list as null
        if isinstance(found, list):
            return found
        raise self.unexpected("no list in the answer")

    @property
    def new_id(self) -> str:
        """The id of what was created: the last segment of `Location`, or the `id` in the body.

        Raises:
            UnexpectedAnswerError: there is neither.
        """
        path = (self.location or "").partition("?")[0].rstrip("/")
        return unquote(path.rpartition("/")[2]) or self.field("id")

    def unexpected(self, why: str) -> UnexpectedAnswerError:
        """Return the error of an answer that is not what its call is answered with."""
        return UnexpectedAnswerError(self.status, "", why, method=self.call.method, endpoint=self.call.target)


def read(call: Call, received: Received, now: int) -> Answer:
    """Return the answer to a call, or raise the AnswerError that it is.

    `now` is our time in milliseconds since 1970-01-01 UTC.
    """
    media_type = received.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    empty = not received.body.strip()
    try:
        body = None if empty else _json(received.body)
    except (ValueError, RecursionError):
        body = _NOT_JSON
    if HTTPStatus.OK <= received.status < HTTPStatus.MULTIPLE_CHOICES:
        answer = Answer(received.status, body, received.headers.get("Location"), call)
        if received.cut:
            raise answer.unexpected(f"more than {MAX_BODY // 1024**2} MB")
        if body is _NOT_JSON or not (
            empty or media_type == "application/json" or media_type.endswith("+json")
        ):
            raise answer.unexpected(_not_the_api(media_type))
        return answer

    kind, error_type, message = kind_of(received.status), "", received.reason or "no reason given"
    if received.status < HTTPStatus.BAD_REQUEST:
        kind = UnexpectedAnswerError
        message = "a redirect is not followed: a signature is for one place"
    elif body is _NOT_JSON:
        kind, message = UnexpectedAnswerError, _not_the_api(media_type)
    elif isinstance(body, dict):
        error_type, message = str(body.get("errorType") or ""), str(body.get("message") or message)
    if received.status == HTTPStatus.UNAUTHORIZED:
        message += _clocks(received.headers.get("Date"), now)
    raise kind(
        received.status,
        error_type,
        message,
        method=call.method,
        endpoint=call.target,
        retry_after=_retry_after(received.headers.get("Retry-After"), now),
    )


def _json(text: bytes) -> Any:  # noqa: ANN401  # JSON
    """Read JSON, and only JSON: Python's own reader takes NaN and numbers that become infinite."""
    return json.loads(text.decode(), parse_float=_finite, parse_constant=_finite)


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("not a JSON number")
    return number


def _not_the_api(media_type: str) -> str:
    what = "malformed JSON" if media_type == "application/json" else media_type or "an unknown media type"
    return (
        f"{what} in place of the API's JSON: a proxy or a gateway has answered, or CBC_API_URL is not the API"
    )


def _retry_after(header: str | None, now: int) -> float | None:
    """Return the seconds a `Retry-After` asks for, written as a number or as a date (RFC 9110 10.2.3)."""
    if header is None:
        return None
    if header.isascii() and header.isdecimal():
        return float(header)
    then = _date(header)
    return None if then is None else max(0.0, (then - now) / 1000)


def _clocks(header: str | None, now: int) -> str:
    """Name both clocks when the server's `Date` is far from ours: a signature is good for minutes only."""
    server = _date(header) if header else None
    if server is None or abs(now - server) <= CLOCK_TOLERANCE:
        return ""
    off, way = timedelta(seconds=abs(now - server) // 1000), "ahead" if now > server else "behind"
    ours, theirs = (f"{datetime.fromtimestamp(ms // 1000, UTC):%Y-%m-%d %H:%M:%S}" for ms in (now, server))
    return f"; our clock says {ours} UTC, the server's {theirs} UTC: ours is {off} {way}, so set it"


def _date(header: str) -> int | None:
    """Return an HTTP date in milliseconds since 1970-01-01 UTC; None for what is no date."""
    try:
        date = parsedate_to_datetime(header)
        return int(date.replace(tzinfo=date.tzinfo or UTC).timestamp() * 1000)
    except (ValueError, TypeError, OverflowError):
        return None
