"""Parses JSON and YAML that come from outside: bodies of requests, and state files.

Both formats give the values of JSON. What parsers read differently is refused: a repeated key, NaN, half of a
surrogate pair, a very long number; and in YAML anchors, aliases, merge keys, tags and a second document. A
scalar of YAML without quotes is a text if any version of YAML says so: ``no``, ``2024-01-31``, ``1e3``.
"""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING, Any, Final, NoReturn, Protocol

import yaml

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

INTEGER: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,99})")
"""An integer of at most 100 digits: Python and validators limit the length of integers."""

# The same grammar, parsed by libyaml where PyYAML is built with it: 8 times as fast.
SAFE_LOADER: Final[type[yaml.SafeLoader | yaml.CSafeLoader]] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_DEEPEST: Final = 250  # levels of a document: Python and validators have limits of their own, which vary
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+(?:[eE][+-][0-9]+)?)?")
_NOT_FINITE: Final = re.compile(r"[+-]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_WORDS: Final[dict[str, bool | None]] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


class DocumentError(ValueError):
    """Raised for a malformed document. The message follows its name, as in "the body is not UTF-8"."""


class _SyntaxError(DocumentError):
    """Raised if a document does not have the syntax of its format."""


def parse_json(data: bytes) -> object:
    """Return the value of a JSON document in UTF-8.

    Raises:
        DocumentError: the document is malformed. The message quotes nothing of it.
    """
    text = _decode(data)
    try:
        return _parse_json(text)
    except json.JSONDecodeError as error:
        raise _not_json(error) from None


def parse_json_or_yaml(data: bytes) -> object:
    """Return the value of a JSON or YAML document in UTF-8, with or without a byte order mark.

    Raises:
        DocumentError: the document is empty or malformed.
    """
    text = _decode(data.removeprefix(_BYTE_ORDER_MARK))
    start = text.lstrip()[:1]
    if not start:
        raise DocumentError("is empty")
    if start not in "{[":
        return _parse_yaml(text)
    try:
        return _parse_json(text)
    except json.JSONDecodeError as error:
        problem = _not_json(error)
    try:
        return _parse_yaml(text)  # braces and brackets are YAML too, with keys without quotes
    except _SyntaxError:
        raise problem from None


def _decode(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise DocumentError("is not UTF-8") from None


def _not_json(error: json.JSONDecodeError) -> DocumentError:
    return _SyntaxError(f"is not JSON: {error.msg} at line {error.lineno}, column {error.colno}")


def _parse_json(text: str) -> object:
    try:
        value = _decode_json(text)
        if text.count("[") + text.count("{") > _DEEPEST:
            _check_depth(value)
        if "\\u" in text:
            _check_surrogates(value)
    except (json.JSONDecodeError, DocumentError):
        raise
    except RecursionError:
        raise DocumentError("is nested too deeply") from None
    except ValueError as error:
        raise DocumentError(f"contains {error}") from None
    return value


def _check_depth(value: object) -> None:
    """Check that a value has at most ``_DEEPEST`` levels, without recursion."""
    level = [value]
    for _ in range(_DEEPEST + 1):
        inner: list[object] = []
        for each in level:
            if isinstance(each, dict):
                inner.extend(each.values())
            elif isinstance(each, list):
                inner.extend(each)
        if not inner:
            return
        level = inner
    raise DocumentError("is nested too deeply")


def _check_surrogates(value: object) -> None:
    """Check that no text contains half of a surrogate pair, which is not a character and has no UTF-8."""
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise DocumentError(r"contains half of a surrogate pair after \u: write both halves") from None


def _object_of(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object. Repeated names are refused: JSON parsers differ on which value counts."""
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError("an object with the same name twice")
    return members


def _parse_float(text: str) -> float:
    """Return a number with a fraction or an exponent. `3.0` is the integer 3, as in JSON Schema."""
    number = float(text)
    if math.isinf(number):
        raise ValueError("a number that is too large")
    return int(number) if number.is_integer() else number


def _parse_integer(text: str) -> int:
    if not INTEGER.fullmatch(text):
        raise ValueError("a number that is too long")
    return int(text)


def _refuse_constant(_text: str) -> NoReturn:
    """Refuse NaN and Infinity: Python's parser accepts them, but they are not JSON."""
    raise ValueError("NaN or Infinity, which are not JSON numbers")


_decode_json = json.JSONDecoder(
    object_pairs_hook=_object_of,
    parse_float=_parse_float,
    parse_int=_parse_integer,
    parse_constant=_refuse_constant,
).decode


def _parse_yaml(text: str) -> object:
    try:
        value = _build(yaml.parse(text, Loader=SAFE_LOADER))
    except yaml.MarkedYAMLError as error:
        place = _place(error.problem_mark or error.context_mark)
        raise _SyntaxError(f"is not YAML: {error.problem}{place}") from None
    except yaml.YAMLError:
        raise _SyntaxError("is not YAML: it contains a control character") from None
    _check_surrogates(value)
    return value


class _Mark(Protocol):
    """A place in a document, counted from zero."""

    line: int
    column: int


def _place(mark: _Mark | None) -> str:
    return f" at line {mark.line + 1}, column {mark.column + 1}" if mark else ""


def _refused(what: str, event: yaml.Event, advice: str = "") -> DocumentError:
    """Return the error for YAML that JSON does not have."""
    return DocumentError(f"contains {what}{_place(event.start_mark)}{advice}")


class _Collection:
    """A list or an object that is being read."""

    def __init__(self, value: list[Any] | dict[str, Any]) -> None:
        self.value = value
        self.key: str | None = None  # the key whose value comes next

    def add(self, value: object, event: yaml.Event) -> None:
        """Add an item, a key, or the value of the last key."""
        if isinstance(self.value, list):
            self.value.append(value)
        elif self.key is None:
            self.key = _key(event, self.value)
        else:
            self.value[self.key] = value
            self.key = None


def _key(event: yaml.Event, known: Container[str]) -> str:
    """Return the key that an event stands for. It must not be one of those known."""
    if not isinstance(event, yaml.ScalarEvent):
        raise _refused("a key that is not a text", event)
    if event.value == "<<" and event.implicit[0]:
        raise _refused("the merge key <<", event, ": write the keys themselves")
    if event.value in known:
        raise _refused(f"the key {event.value!a:.80} twice", event)
    key: str = event.value
    return key


def _build(events: Iterable[yaml.Event]) -> object:
    """Return the value of the only document. It builds without recursion, so depth costs nothing."""
    documents: list[Any] = []
    stack = [_Collection(documents)]
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent) and documents:
            raise _refused("a second document", event)
        if isinstance(event, yaml.CollectionEndEvent):
            stack.pop()
        if isinstance(event, yaml.NodeEvent):
            _check_node(event)
        if isinstance(event, yaml.ScalarEvent):
            stack[-1].add(_scalar(event), event)
        elif isinstance(event, yaml.CollectionStartEvent):
            collection = _Collection([] if isinstance(event, yaml.SequenceStartEvent) else {})
            stack[-1].add(collection.value, event)
            stack.append(collection)
            if len(stack) > _DEEPEST + 1:
                raise DocumentError("is nested too deeply")
    if not documents:
        raise DocumentError("is empty")
    return documents[0]


def _check_node(event: yaml.NodeEvent) -> None:
    """Refuse what JSON does not have: anchors, aliases and tags."""
    if event.anchor is not None:  # that of an alias is its name
        raise _refused("an anchor or an alias", event, ": write the value itself")
    if getattr(event, "tag", None) is not None:
        raise _refused("a tag", event, ": write the value without it")


def _scalar(event: yaml.ScalarEvent) -> object:
    """Return the value of a scalar, which is its text if it has quotes."""
    text: str = event.value
    if not event.implicit[0]:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _NOT_FINITE.fullmatch(text):
        raise _refused(f"{text}, which is no number,", event)
    number = _NUMBER.fullmatch(text)
    if number is None:
        return text
    try:
        return _parse_float(text) if number[1] else _parse_integer(text)
    except ValueError as error:
        raise _refused(str(error), event) from None
