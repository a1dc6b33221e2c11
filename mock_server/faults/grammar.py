"""The syntax of faults: the requests that a fault applies to, and its effect on them.

There are two forms with the same meaning. On the command line, a fault is a line of words:

    --fault 'GET /v2/projects* status=503 header=Retry-After:0 first=2'

Over HTTP, a fault is a JSON object:

    PUT /_mock/faults
    {"faults": [{"method": "GET", "path": "/v2/projects*", "status": 503,
                 "headers": {"Retry-After": "0"}, "first": 2}]}

The words are split as in a shell. Quote a value that contains a space: `'header=X-Note: a b'`.
The first two words select requests by method and path:

    METHOD   GET, POST ..., or * for any method
    PATH     the path as sent; * matches any text; a PATH with ? is compared with path and query

The next word limits the fault to some of these requests. At most one is allowed; without it
the fault applies to all of them:

    first=N   the first N            nth=N   only the Nth            every=N   the Nth, 2Nth, 3Nth ...
    rate=F    each with probability F, from 0 to 1; seed=N (default 0) makes the selection repeatable

The other words are the effect of the fault. At least one is required:

    status=N             respond with this status, 200 to 599; from 400 with the API's error envelope
    errorType=NAME       the `errorType` in the body of an error; requires a status from 400
    message=TEXT         the `message` in the body of an error; requires a status from 400
    header=NAME:VALUE    set this response header; may be repeated (JSON: "headers": {})
    latency=MS           wait this many milliseconds
    connection=reset     end the connection with a TCP reset, without a response
    connection=drop      close the connection without a response
    body=truncated       send half of the body; Content-Length is that of the whole body
    body=malformed       send half of the body as if it were complete: JSON that does not parse
    body=html            send an HTML page, as a gateway does
    date_offset=MS       add this many milliseconds, or subtract them, in the Date header
    when=before|after    `before` (default): the latency comes before the operation; a status or a
                         connection fault replaces the operation. `after`: the operation runs first

To send a wrong content type, set the header: `header=Content-Type:text/plain`. To refuse the next
change of a cluster as the API does while it changes:

    --fault 'PUT /v3/clusters/* status=422 errorType=ErrClusterStateNotNormal first=1'

Faults apply only to requests with an accepted signature, and to `GET /v2/status`, which needs none.
Other requests are not counted: a refused request always gets its 401, and no fault applies to
`/_mock/`. If several faults apply to a request, only the first in the list is injected; every fault
whose method and path match counts the request.
"""

from __future__ import annotations

import json
import math
import re
import shlex
from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, field, fields
from functools import partial
from http import HTTPStatus
from typing import Any, Final


def _is_text(pattern: str, value: Any) -> object:  # noqa: ANN401  # any JSON value
    return isinstance(value, str) and re.fullmatch(pattern, value)


def _is_integer(low: float, high: float, value: Any) -> bool:  # noqa: ANN401  # any JSON value
    return type(value) is int and low <= value <= high  # isinstance would accept True


def _is_printable(longest: int, value: Any) -> bool:  # noqa: ANN401  # any JSON value
    return isinstance(value, str) and len(value) <= longest and value.isprintable()


def _is_rate(value: Any) -> bool:  # noqa: ANN401  # any JSON value
    return type(value) in (int, float) and 0 <= value <= 1


def _are_headers(value: Any) -> bool:  # noqa: ANN401  # any JSON value
    return isinstance(value, Mapping) and all(
        re.fullmatch(r"[A-Za-z0-9-]+", name)
        and name.lower() not in ("connection", "content-length", "date", "transfer-encoding")
        and isinstance(text, str)
        and re.fullmatch(r"[ -~]*", text)
        for name, text in value.items()
    )


_CHECKS: Final[dict[str, tuple[Callable[[Any], object], str]]] = {
    "method": (partial(_is_text, r"\*|[A-Z]+"), "* or a method in upper case"),
    "path": (partial(_is_text, r"[/*][!-~]*"), "a pattern of visible ASCII that begins with / or *"),
    "first": (partial(_is_integer, 1, math.inf), "an integer of at least 1"),
    "nth": (partial(_is_integer, 1, math.inf), "an integer of at least 1"),
    "every": (partial(_is_integer, 1, math.inf), "an integer of at least 1"),
    "rate": (_is_rate, "a number from 0 to 1"),
    "seed": (partial(_is_integer, 0, math.inf), "an integer of at least 0"),
    "when": (partial(_is_text, "before|after"), "before or after"),
    "status": (partial(_is_integer, 200, 599), "an integer from 200 to 599"),
    "errorType": (partial(_is_printable, 200), "at most 200 printable characters"),
    "message": (partial(_is_printable, 1000), "at most 1000 printable characters"),
    "headers": (
        _are_headers,
        "header names with printable ASCII values (not Connection, Content-Length, Date, Transfer-Encoding)",
    ),
    "latency": (partial(_is_integer, 0, 3_600_000), "an integer of milliseconds from 0 to 3600000"),
    "connection": (partial(_is_text, "reset|drop"), "reset or drop"),
    "body": (partial(_is_text, "truncated|malformed|html"), "truncated, malformed or html"),
    "date_offset": (partial(_is_integer, -math.inf, math.inf), "an integer of milliseconds"),
}
_LIMITS: Final = ("first", "nth", "every", "rate")
_TEXTS: Final = ("when", "connection", "body", "errorType", "message")
_EFFECTS: Final = ("status", "headers", "latency", "connection", "body", "date_offset")


class FaultError(ValueError):
    """Raised for an invalid fault. The message is one line that names the invalid part."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One fault. The fields are the keys of the JSON form, in snake case; times are in milliseconds.

    Raises:
        FaultError: a value has the wrong type or is out of range, or two values exclude each other.
    """

    method: str = "*"
    path: str = "*"
    first: int | None = None
    nth: int | None = None
    every: int | None = None
    rate: float | None = None
    seed: int | None = None
    when: str = "before"
    status: int | None = None
    error_type: str | None = field(default=None, metadata={"key": "errorType"})
    message: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    latency: int | None = None
    connection: str | None = None
    body: str | None = None
    date_offset: int | None = None

    def __post_init__(self) -> None:
        """Validate each value, then their combination."""
        for each in fields(self):
            value, (is_valid, expected) = getattr(self, each.name), _CHECKS[_key(each)]
            if (value is not None or each.default is not None) and not is_valid(value):
                raise FaultError(f"{_key(each)}: {value!r:.80} is not {expected}")
        limits = [name for name in _LIMITS if getattr(self, name) is not None]
        if len(limits) > 1:
            raise FaultError(f"{' and '.join(limits)} exclude each other: use one of them")
        if self.seed is not None and self.rate is None:
            raise FaultError("seed is used without rate: add rate=F or remove seed")
        if not any(getattr(self, name) for name in _EFFECTS):
            raise FaultError(f"the fault has no effect: add one of {', '.join(_EFFECTS)}")
        if self.connection and (self.status or self.headers or self.body or self.date_offset):
            raise FaultError(
                f"connection: a {self.connection} sends no response:"
                " remove status, headers, body and date_offset"
            )
        self._check_envelope()

    def _check_envelope(self) -> None:
        """Check that a response has the error envelope if the fault sets a part of it."""
        parts = {"errorType": self.error_type, "message": self.message}
        for name in (name for name, value in parts.items() if value is not None):
            if self.status is None or self.status < HTTPStatus.BAD_REQUEST:
                raise FaultError(f"{name} is used without the status of an error: add status=N from 400")
            if self.body == "html":
                raise FaultError(f"{name} is used with body=html, which replaces it: remove one of them")

    @classmethod
    def from_json(cls, value: object) -> Fault:
        """Return the fault of a JSON value.

        Raises:
            FaultError: the value is not a valid fault.
        """
        if not isinstance(value, dict):
            raise FaultError("a fault is not a JSON object")
        names = {_key(each): each.name for each in fields(cls)}
        for key in value:
            if key not in names:
                raise FaultError(f"{key!r:.80} is unknown: use {', '.join(_CHECKS)}")
        return cls(**{names[key]: each for key, each in value.items()})

    @classmethod
    def from_spec(cls, spec: str) -> Fault:
        """Return the fault of a ``--fault`` text.

        Raises:
            FaultError: the text is not a valid fault.
        """
        try:
            method, path, *words = shlex.split(spec)
        except ValueError:
            raise FaultError("the text is not METHOD PATH NAME=VALUE ... with closed quotes") from None
        values: dict[str, Any] = {}
        for word in words:
            name, equals, value = word.partition("=")
            if not equals:
                raise FaultError(f"{word}: this is not NAME=VALUE")
            if name == "header":
                header, colon, text = value.partition(":")
                headers = values.setdefault("headers", {})
                if not colon or header in headers:
                    raise FaultError(f"{word}: write header=NAME:VALUE, and each NAME once")
                headers[header] = text.strip()
            elif name == "headers":
                raise FaultError("headers: write header=NAME:VALUE for each header")
            elif name in values or name in ("method", "path"):
                raise FaultError(f"{name}: given twice")
            else:
                values[name] = value if name in _TEXTS else _number(value)
        return cls.from_json({"method": method, "path": path, **values})

    def as_json(self) -> dict[str, Any]:
        """Return the JSON form, without the keys that have their default values."""
        values = {_key(each): getattr(self, each.name) for each in fields(self)}
        values["headers"] = dict(self.headers)
        if self.when == "before":
            del values["when"]
        return {name: value for name, value in values.items() if value not in (None, {})}

    def __str__(self) -> str:
        """Return the ``--fault`` text."""
        values = self.as_json()
        headers = [f"header={name}:{value}" for name, value in values.pop("headers", {}).items()]
        words = [values.pop("method"), values.pop("path"), *(f"{k}={v}" for k, v in values.items()), *headers]
        return " ".join(word if re.fullmatch(r"[^\s'\"\\]+", word) else shlex.quote(word) for word in words)


def _key(each: Field[Any]) -> str:
    """Return the key of a field in the JSON form."""
    key: str = each.metadata.get("key", each.name)
    return key


def _number(text: str) -> object:
    """Return the JSON value of a text, or the text itself, which the validation then rejects by name."""
    try:
        return json.loads(text)
    except ValueError:
        return text
