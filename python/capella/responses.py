"""Responses: a received response becomes a `Response`, or is raised as a ResponseError."""

import json
import re
from collections.abc import Mapping
from dataclasses import InitVar, dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, NoReturn, Self
from urllib.parse import unquote_to_bytes

from capella.errors import UnexpectedResponseError, class_for
from capella.printable import valid
from capella.transport import MAX_BODY, ReceivedResponse, Request

CLOCK_TOLERANCE = 60_000  # milliseconds two clocks may differ before the error of a 401 names them
MAX_DEPTH = 500  # arrays and objects inside each other; Python's decoder cannot decode 1000
_MAX_DIGITS = 4000  # of an integer; Python's `int` refuses more than 4300
_NO_REQUEST = Request("", "")
_NOT_JSON = object()
_PRINTABLE = range(0x20, 0x7F)
_ESCAPES = {0x0A: r"\n", 0x0D: r"\r", 0x09: r"\t", 0x5C: r"\\"}


class Number(float):
    """A JSON number with its text, because a float does not keep every digit."""

    def __new__(cls, text: str) -> Self:
        """Return the number that a text is."""
        number = super().__new__(cls, text)
        number.text = text
        return number

    text: str


@dataclass(frozen=True, slots=True)
class Response:
    """The response to a request that succeeded.

    Args:
        status: the HTTP status code, 2xx; 404 for a DELETE whose earlier attempt got no response.
        body: the decoded JSON; None if the body was empty.
        location: the `Location` header, which is never followed; None if it was absent.
        request: the request.
        received: the JSON text of the body. Without it, the text is made from the body.
    """

    status: int
    body: Any = None
    location: str | None = None
    request: Request = _NO_REQUEST
    received: InitVar[str | None] = None
    text: str = field(init=False, repr=False, compare=False)

    def __post_init__(self, received: str | None) -> None:
        """Store the JSON text of the body, "" for none; `dataclasses.replace` makes it from a new body."""
        text = received
        if text is None:
            text = "" if self.body is None else json.dumps(self.body, ensure_ascii=False)
        object.__setattr__(self, "text", text)

    def field(self, *path: str, default: str | None = None) -> str:
        """Return the text or number at a path of names in the body, as text. Empty text is no text.

        Raises:
            UnexpectedResponseError: the body has no such field, and there is no default.
        """
        found = self.body
        for name in path:
            found = found.get(name) if isinstance(found, dict) else None
        if isinstance(found, Number):
            return found.text
        if isinstance(found, str | int | float) and not isinstance(found, bool) and found != "":
            return str(found)
        if default is not None:
            return default
        raise self.unexpected(f"the response has no {'.'.join(path)}")

    @property
    def new_id(self) -> str:
        """The id of a created resource: the last segment of `Location`, or the `id` in the body.

        Raises:
            UnexpectedResponseError: the response has neither. The message contains the `Location`, so that
                the resource can be found.
        """
        found = _last_segment(valid(self.location or "")) or self.field("id", default="")
        if not found:
            where = f", and its Location has none: {self.location}" if self.location else ""
            raise self.unexpected(f"the response has no id{where}")
        return found

    def unexpected(self, reason: str) -> UnexpectedResponseError:
        """Return the error for a success that is not a valid response of the operation."""
        error = UnexpectedResponseError(
            self.status, "", reason, method=self.request.method, endpoint=self.request.target
        )
        error.location = self.location
        return error


def read(request: Request, received: ReceivedResponse, now: int) -> Response:
    """Return the response to a request, or raise it as a ResponseError.

    Args:
        request: the request.
        received: the response as received.
        now: the local time in milliseconds since 1970-01-01 UTC.

    Raises:
        ResponseError: the response is not a success, or not the API's.
    """
    media_type = received.headers.get("Content-Type", "").partition(";")[0].strip(" \t")
    kind = media_type.lower()
    empty = not received.body.strip()
    text, body = None, None
    try:
        if not empty:
            text = received.body.decode()
            body = decode(text)
    except (ValueError, RecursionError):
        body = _NOT_JSON
    if HTTPStatus.OK <= received.status < HTTPStatus.MULTIPLE_CHOICES:
        response = Response(
            received.status, None, valid(received.headers.get("Location", "")) or None, request
        )
        if received.cut:
            raise response.unexpected(f"the response is larger than {MAX_BODY // 1024**2} MB")
        if body is _NOT_JSON or not (empty or kind == "application/json" or kind.endswith("+json")):
            raise response.unexpected(_not_the_api(media_type))
        return Response(received.status, body, response.location, request, text)

    error, error_type, message = class_for(received.status), "", received.reason or "no reason given"
    if received.status < HTTPStatus.BAD_REQUEST:
        error = UnexpectedResponseError
        message = "a redirect is not followed, because the signature is valid for one request target only"
    elif body is _NOT_JSON:
        error, message = UnexpectedResponseError, _not_the_api(media_type)
    elif isinstance(body, dict):
        error_type, message = _text(body, "errorType"), _text(body, "message") or message
    if received.status == HTTPStatus.UNAUTHORIZED:
        message += _signed_texts(received.headers) + _clocks(received.headers.get("Date"), now)
    raise error(
        received.status,
        error_type,
        message,
        method=request.method,
        endpoint=request.target,
        retry_after=_retry_after(received.headers.get("Retry-After"), now),
    )


def decode(text: str) -> Any:  # noqa: ANN401  # JSON
    """Return the value of a JSON text, with every number that has a fraction or an exponent as a `Number`.

    Raises:
        ValueError: the text is not JSON, or is nested deeper than `MAX_DEPTH`.
    """
    if text.count("[") + text.count("{") > MAX_DEPTH and _depth(text) > MAX_DEPTH:
        raise ValueError("nested too deeply")
    return DECODER.decode(text)


def _integer(text: str) -> int | Number:
    return int(text) if len(text) <= _MAX_DIGITS and text != "-0" else Number(text)


def _refuse(text: str) -> NoReturn:
    """Refuse NaN and infinity, which Python's decoder accepts and JSON does not have."""
    raise ValueError(text)


DECODER = json.JSONDecoder(parse_float=Number, parse_int=_integer, parse_constant=_refuse)
_BRACKETS = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|([\[{])|([\]}])', re.DOTALL)


def _depth(text: str) -> int:
    """Return how many arrays and objects are inside each other."""
    depth = deepest = 0
    for found in _BRACKETS.finditer(text):
        depth += bool(found[1]) - bool(found[2])
        deepest = max(deepest, depth)
    return deepest


def _text(body: dict[str, Any], name: str) -> str:
    """Return the text under a name in an object; empty text for anything else."""
    found = body.get(name)
    return found if isinstance(found, str) else ""


def _last_segment(location: str) -> str:
    """Return the decoded last segment of the path in a `Location`; "" if it cannot be an id.

    The function does not use `urllib.parse`: it and Go's net/url split malformed URLs in different ways.
    """
    path = re.split("[?#]", location, maxsplit=1)[0]
    scheme = _SCHEME.match(path)
    if scheme:
        path = path[scheme.end() :]
        if not path.startswith("/"):  # `mailto:x` has no segments
            return ""
    if path.startswith("//"):
        path = path[2:].partition("/")[2]
    segment = path.rstrip("/").rpartition("/")[2]
    if _MALFORMED.search(segment):
        return ""
    found = unquote_to_bytes(segment).decode(errors="replace")
    return "" if found in {".", ".."} or "\ufffd" in found else found


_SCHEME = re.compile("[A-Za-z][A-Za-z0-9+.-]*:")
_MALFORMED = re.compile("%(?![0-9A-Fa-f]{2})")


def _not_the_api(media_type: str) -> str:
    what = (
        "malformed JSON"
        if media_type.lower() == "application/json"
        else media_type or "an unknown media type"
    )
    return f"{what} instead of the API's JSON: a proxy or a gateway responded, or CBC_API_URL is not the API"


def _retry_after(header: str | None, now: int) -> float | None:
    """Return the seconds of a `Retry-After`, which is a number or a date (RFC 9110 10.2.3)."""
    if header is None:
        return None
    if header.isascii() and header.isdecimal():
        return float(header)
    then = _date(header)
    return None if then is None else max(0.0, (then - now) / 1000)


def _signed_texts(headers: Mapping[str, str]) -> str:
    """Return the text signed and the text expected; a mock sends them with a 401, percent-encoded."""
    shown = ""
    for label, name in (("signed", "X-Mock-Signed"), ("expected", "X-Mock-Message")):
        if text := headers.get(name):
            shown += f"; text {label}: {_visible(unquote_to_bytes(text.encode(errors='surrogateescape')))}"
    return shown


def _visible(text: bytes) -> str:
    r"""Return bytes as printable ASCII: a newline is `\n`, a byte that is not printable `\xNN`."""
    return "".join(
        _ESCAPES.get(byte) or (chr(byte) if byte in _PRINTABLE else f"\\x{byte:02X}") for byte in text
    )


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
