"""What goes wrong on purpose: which requests are hit, and what becomes of them.

A fault is written in either of two forms that mean the same. On the command line, as words:

    --fault 'GET /v2/projects* status=503 header=Retry-After:0 first=2'

and over HTTP, as JSON:

    PUT /_mock/faults
    {"faults": [{"method": "GET", "path": "/v2/projects*", "status": 503,
                 "headers": {"Retry-After": "0"}, "first": 2}]}

The words are split as a shell would, so a value with a space is quoted: `'header=X-Note: a b'`.
Two come first:

    METHOD   GET, POST ..., or * for any
    PATH     the path as it travels, * standing for any text; with a ? in it, path and query

then which of the requests that fit are hit (all of them, without any of these; at most one):

    first=N   the first N            nth=N   the Nth alone            every=N   the Nth, 2Nth, 3Nth ...
    rate=F    each with probability F, from 0 to 1; seed=N (default 0) makes the same ones each time

and what happens to them (at least one):

    status=N             this status, 200 to 599, with the API's error envelope from 400 on
    header=NAME:VALUE    this header, in place of the answer's own; may be repeated (JSON: "headers": {})
    latency=MS           a wait of so many milliseconds
    connection=reset     a TCP reset instead of an answer
    connection=drop      a closed connection instead of an answer
    body=truncated       half of the body, under the Content-Length of all of it
    body=malformed       half of the body as if it were all: JSON that does not parse
    body=html            a page of HTML, as a gateway sends it
    date_offset=MS       Date so far from the clock of the server, either way
    when=before|after    the operation, and so its effect: `before` (the default) a status or a
                         connection fault keeps it from happening, and a latency comes first;
                         `after` it happens, then the fault

A wrong content type is a header like any other: `header=Content-Type:text/plain`.

Only requests whose signature was accepted (or that need none, `GET /v2/status`) are hit or counted:
a refused one always gets its own 401, and `/_mock/` is never hit. Of several faults that fit, the first
in the list acts; all of them count the request.
"""

from __future__ import annotations

import json
import math
import re
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Final


def _text(pattern: str) -> Callable[[Any], object]:
    return lambda value: isinstance(value, str) and re.fullmatch(pattern, value)


def _whole(low: float, high: float = math.inf) -> Callable[[Any], object]:
    return lambda value: type(value) is int and low <= value <= high  # True is an int too, by isinstance


def _is_rate(value: Any) -> bool:  # noqa: ANN401  # as JSON has it
    return type(value) in (int, float) and 0 <= value <= 1


def _are_headers(value: Any) -> bool:  # noqa: ANN401  # as JSON has it
    return isinstance(value, Mapping) and all(
        re.fullmatch(r"[A-Za-z0-9-]+", name)
        and name.lower() not in ("connection", "content-length", "date", "transfer-encoding")
        and isinstance(text, str)
        and re.fullmatch(r"[ -~]*", text)
        for name, text in value.items()
    )


_CHECKS: Final[dict[str, tuple[Callable[[Any], object], str]]] = {
    "method": (_text(r"\*|[A-Z]+"), "* or a method in capitals"),
    "path": (_text(r"[/*][!-~]*"), "a pattern that begins with / or *"),
    "first": (_whole(1), "a whole number from 1 up"),
    "nth": (_whole(1), "a whole number from 1 up"),
    "every": (_whole(1), "a whole number from 1 up"),
    "rate": (_is_rate, "a number from 0 to 1"),
    "seed": (_whole(0), "a whole number from 0 up"),
    "when": (_text("before|after"), "before or after"),
    "status": (_whole(200, 599), "a whole number from 200 to 599"),
    "headers": (_are_headers, "names with printable values, without Connection, Date and those of framing"),
    "latency": (_whole(0, 3_600_000), "a whole number of milliseconds, at most an hour of them"),
    "connection": (_text("reset|drop"), "reset or drop"),
    "body": (_text("truncated|malformed|html"), "truncated, malformed or html"),
    "date_offset": (_whole(-math.inf), "a whole number of milliseconds"),
}
_SELECTORS: Final = ("first", "nth", "every", "rate")
_EFFECTS: Final = ("status", "headers", "latency", "connection", "body", "date_offset")


class FaultError(ValueError):
    """A fault that cannot be understood. The text is one line that names the part at fault."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One fault: the keys are those of the module's grammar, times in milliseconds.

    Raises:
        FaultError: a value is of the wrong type or out of range, or the whole does not make sense.
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
    headers: Mapping[str, str] = field(default_factory=dict)
    latency: int | None = None
    connection: str | None = None
    body: str | None = None
    date_offset: int | None = None

    def __post_init__(self) -> None:
        """Check every value, and then what they make together."""
        for each in fields(self):
            value, (fits, wanted) = getattr(self, each.name), _CHECKS[each.name]
            if (value is not None or each.default is not None) and not fits(value):
                raise FaultError(f"{each.name}: {value!r:.80} is not {wanted}")
        selectors = [name for name in _SELECTORS if getattr(self, name) is not None]
        if len(selectors) > 1:
            raise FaultError(f"{' and '.join(selectors)}: at most one of them says which requests are hit")
        if self.seed is not None and self.rate is None:
            raise FaultError("seed: it has a meaning for a rate only")
        if not any(getattr(self, name) for name in _EFFECTS):
            raise FaultError(f"nothing would happen: add one of {', '.join(_EFFECTS)}")
        if self.connection and (self.status or self.headers or self.body or self.date_offset):
            raise FaultError(f"connection: after a {self.connection} there is no answer to change")

    @classmethod
    def from_json(cls, value: object) -> Fault:
        """Read the JSON form."""
        if not isinstance(value, dict):
            raise FaultError("an object is wanted")
        for name in value:
            if name not in _CHECKS:
                raise FaultError(f"{name!r:.80}: unknown, known are {', '.join(_CHECKS)}")
        return cls(**value)

    @classmethod
    def from_spec(cls, spec: str) -> Fault:
        """Read the words of ``--fault``."""
        try:
            method, path, *words = shlex.split(spec)
        except ValueError:
            raise FaultError("'METHOD PATH NAME=VALUE ...' is wanted, with quotes closed") from None
        values: dict[str, Any] = {}
        for word in words:
            name, equals, value = word.partition("=")
            if not equals:
                raise FaultError(f"{word}: NAME=VALUE is wanted")
            if name == "header":
                header, colon, text = value.partition(":")
                headers = values.setdefault("headers", {})
                if not colon or header in headers:
                    raise FaultError(f"{word}: header=NAME:VALUE is wanted, each name once")
                headers[header] = text.strip()
            elif name in values or name in ("method", "path", "headers"):
                raise FaultError(f"{name}: said already")
            else:
                values[name] = value if name in ("when", "connection", "body") else _number(value)
        return cls.from_json({"method": method, "path": path, **values})

    def as_json(self) -> dict[str, Any]:
        """The JSON form, what was left out left out."""
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        values["headers"] = dict(self.headers)
        if self.when == "before":
            del values["when"]
        return {name: value for name, value in values.items() if value not in (None, {})}

    def __str__(self) -> str:
        """The words of ``--fault``."""
        values = self.as_json()
        headers = [f"header={name}:{value}" for name, value in values.pop("headers", {}).items()]
        words = [values.pop("method"), values.pop("path"), *(f"{k}={v}" for k, v in values.items()), *headers]
        return " ".join(word if re.fullmatch(r"[^\s'\"\\]+", word) else shlex.quote(word) for word in words)


def _number(text: str) -> object:
    """What JSON would make of it; anything else stays the text it is, for the check to name."""
    try:
        return json.loads(text)
    except ValueError:
        return text
