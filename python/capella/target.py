"""Request targets: the path and query of a request, percent-encoded exactly as sent and signed."""

import re
from collections.abc import Iterable, Mapping
from urllib.parse import quote

from capella.errors import InputInvalidError

# RFC 3986: a path, and a query after the first question mark.
_PCHAR = r"[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2}"
_TARGET = re.compile(rf"/(?:{_PCHAR}|/)*(?:\?(?:{_PCHAR}|[/?])*)?")


def wire_target(path: Iterable[str], query: Iterable[tuple[str, str]] = ()) -> str:
    """Return the request target for unencoded path segments and query pairs, in their order.

    Every byte outside RFC 3986 *unreserved* is percent-encoded, in upper case.

    Raises:
        InputInvalidError: a segment is empty, `.` or `..`, which libraries and servers remove; or a text is
            not valid UTF-8.
    """
    segments = list(path)
    for segment in segments:
        if segment in {"", ".", ".."}:
            raise InputInvalidError(f"{segment!r} cannot be a path segment: give an id or a name")
    try:
        encoded = "".join(f"/{quote(segment, safe='')}" for segment in segments)
        pairs = "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in query)
    except UnicodeEncodeError:
        raise InputInvalidError("part of the path or the query is not valid UTF-8: copy it again") from None
    return f"{encoded}?{pairs}" if pairs else encoded


def expand(template: str, values: Iterable[str], query: Mapping[str, object] | None = None) -> str:
    """Return the request target for a path template such as `/v2/projects/{id}`.

    Args:
        template: the path as in the API's description.
        values: replace the names in braces, in their order; unencoded.
        query: the query, unencoded; a pair whose value is None is left out.

    Raises:
        InputInvalidError: as for `wire_target`, or there are fewer values than names, or more.
    """
    left = list(values)
    segments = template.removeprefix("/").split("/")
    names = sum(segment.startswith("{") for segment in segments)
    if names != len(left):
        raise InputInvalidError(f"{template} has {names} names in braces, and {len(left)} values were given")
    filled = [left.pop(0) if segment.startswith("{") else segment for segment in segments]
    pairs = [(name, str(value)) for name, value in (query or {}).items() if value is not None]
    return wire_target(filled, pairs)


def check(target: str) -> None:
    """Refuse an encoded target that could not be sent exactly as written.

    Raises:
        InputInvalidError: the target has a character that RFC 3986 does not allow in a path or a query.
    """
    if not _TARGET.fullmatch(target):
        raise InputInvalidError(
            f"the target {target!a:.200} is not a path that begins with `/`, with or without a query:"
            " percent-encode the characters that RFC 3986 does not allow there"
        )
