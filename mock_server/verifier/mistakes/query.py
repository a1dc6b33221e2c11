"""Rewrites the query of a target: parameters and separators lost, added, doubled, exchanged or moved."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Final

from mock_server.verifier.mistakes.words import PLACEHOLDERS, printed, templates, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mock_server.verifier.mistakes.aspect import Attempt

_FEW: Final = 5  # parameters, whose 120 orders are all tried
_MANY: Final = 10  # parameters that are looked at one by one
_MOST: Final = 50  # parameters of a query that is taken apart
_SORTED: Final = 500  # parameters that are sorted

_PARAMETERS: Final = words(
    "page=1 perPage=10 perPage=100 page=1&perPage=10 page=1&perPage=100 perPage=10&page=1 perPage=100&page=1"
    " page=0 page=2 perPage=25 perPage=50 page= sortBy=name page=undefined perPage=undefined page=null"
    " page=None limit=10 offset=0"
)
# In place of the `?`, and in place of each `&`.
_STARTS: Final = (
    *words("& ; : # %3F %3f | , \\n \\? / ?/ ?? ?& /? ! ?query= ?params= ?q="),
    b"",
    b"\n",
    b"\n\n",
    b"?\n",
    b"\r\n",
    b"\n?",
    b" ",
    b" ?",
    b"? ",
)
_PRINTED: Final = (
    # start, name to value, joint, end: a map of parameters as languages print it
    *((b"{'", b"': '", b"', '", b"'}"), (b'{"', b'":"', b'","', b'"}'), (b'{"', b'": "', b'", "', b'"}')),
    *((b"{'", b"': ", b", '", b"}"), (b'{"', b'":', b',"', b"}"), (b'{"', b'": ', b', "', b"}")),
    *(
        (b"map[", b":", b" ", b"]"),
        (b"{", b"=", b", ", b"}"),
        (b"{", b"=", b",", b"}"),
        (b'{"', b'"=>"', b'", "', b'"}'),
    ),
    *(
        (b'{"', b'" => "', b'", "', b'"}'),
        (b"{", b": ", b", ", b"}"),
        (b"[", b"=", b", ", b"]"),
        (b"[('", b"', '", b"'), ('", b"')]"),
    ),
    # Clojure, Elixir
    *((b"{:", b" ", b", :", b"}"), (b'%{"', b'" => "', b'", "', b'"}'), (b"[", b": ", b", ", b"]")),
    *((b'[{"', b'", "', b'"}, {"', b'"}]'), (b'[["', b'", "', b'"], ["', b'"]]')),
    *((b"", b": ", b", ", b""), (b"%7B%22", b"%22%3A%22", b"%22%2C%22", b"%22%7D"), (b"", b"=", b"; ", b"")),
)
_JOINTS: Final = (
    *words("; &amp; , %26 && ? | \\u0026"),
    b"",
    b"\n",
    b" ",
    b"&\n",
    b"& ",
    b" & ",
    b"\\&",
    b"^&",
)


def with_query(attempt: Attempt, parameters: Iterable[bytes]) -> bytes:
    """Return the target with these parameters."""
    return attempt.path + b"?" + b"&".join(parameters)


def orders(attempt: Attempt) -> Iterator[bytes]:
    """Yield the parameters sorted (wholly, or by name as Go does), reversed, and, if few, in every order."""
    parameters = attempt.query[1:].split(b"&")
    if not 1 < len(parameters) <= _SORTED:
        return
    by_name = sorted(parameters, key=lambda parameter: parameter.partition(b"=")[0])
    for order in (
        sorted(parameters),
        by_name,
        parameters[::-1],
        by_name[::-1],
        sorted(parameters, key=bytes.lower),
    ):
        yield with_query(attempt, order)
    yield with_query(attempt, parameters[1:] + parameters[:1])
    yield with_query(attempt, parameters[-1:] + parameters[:-1])
    if attempt.thorough and len(parameters) <= _FEW:
        yield from (with_query(attempt, order) for order in itertools.permutations(parameters))


def parts(attempt: Attempt) -> Iterator[bytes]:
    """Yield targets whose query has a part missing, added or exchanged."""
    path, query = attempt.path, attempt.query
    if not query:
        yield from (
            path + b"?" + parameter for parameter in (_PARAMETERS if attempt.thorough else _PARAMETERS[:2])
        )
        if attempt.thorough:
            yield from (
                path + word
                for word in (*words("& ?& ?undefined ?null ?None ?{} {} ?= ?? ?%7B%7D"), *PLACEHOLDERS[1:10])
            )
            yield from (path + b"\n", path + b"\n\n", path + b"?[object Object]", path + b" ")
        return
    text = query[1:]
    parameters = text.split(b"&")
    kept = parameters[:_MANY]
    rest = b"".join([b"&" + parameter for parameter in parameters[_MANY:]])
    for place in range(len(kept)):
        if len(parameters) > 1:
            yield with_query(attempt, kept[:place] + kept[place + 1 :]) + rest
        yield with_query(attempt, kept[: place + 1])
    yield from (
        path + text,
        path + b"\n" + text,
        path + b"\n" + query,
        path + b"&" + text,
        path + b" " + text,
    )
    if attempt.thorough and len(parameters) <= _MOST:
        yield from _separated(attempt, parameters)
        yield from _whole(attempt, parameters)
        for place in range(min(len(parameters), _MANY)):
            yield from _one_by_one(attempt, parameters, place)


def _separated(attempt: Attempt, parameters: list[bytes]) -> Iterator[bytes]:
    for start in _STARTS:
        yield attempt.path + start + b"&".join(parameters)
        yield attempt.path + start + b"".join(parameters)
    for joint in _JOINTS:
        yield attempt.path + b"?" + joint.join(parameters)
        yield attempt.path + b"\n" + joint.join(parameters)
    for end in (*words("& ? = # / ; ,"), b"\n", b" "):
        yield attempt.target + end
    for equals in (*words(": %3D == =>"), b"", b" = ", b": ", b"\n", b" ", b"= "):
        yield with_query(attempt, [parameter.replace(b"=", equals, 1) for parameter in parameters])


def _whole(attempt: Attempt, parameters: list[bytes]) -> Iterator[bytes]:
    path, text = attempt.path, attempt.query[1:]
    yield from (
        text,
        attempt.query,
        b"/" + attempt.query,
        b"/" + text,
        path + b"?",
        path + b"?" + text.replace(b",", b"%2C"),
    )
    yield path + b"?" + text.replace(b"=", b"%3D").replace(b"&", b"%26")
    named = [(parameter.partition(b"=")[0], parameter) for parameter in parameters]
    names = [name for name, _ in named]
    values = [parameter.partition(b"=")[2] for parameter in parameters]
    for changed in (
        names,
        values,
        [name + b"=" for name in names],
        [parameter for parameter, value in zip(parameters, values, strict=True) if value],
        [parameter for parameter in parameters if b"=" in parameter],
        [parameter.removesuffix(b"=") for parameter in parameters],
        [parameter if b"=" in parameter else parameter + b"=" for parameter in parameters],
        [*parameters, *parameters],
        list(dict.fromkeys(parameters)),
        list(dict(named).values()),  # of a name that comes twice, the last value
        list(dict(named[::-1]).values())[::-1],  # the first
        [
            name + b"=" + b",".join(v for n, v in zip(names, values, strict=True) if n == name)
            for name in dict.fromkeys(names)
        ],
    ):
        yield with_query(attempt, changed)
    yield from _printed(attempt, list(zip(names, values, strict=True)))
    yield from _added(attempt)


def _printed(attempt: Attempt, pairs: list[tuple[bytes, bytes]]) -> Iterator[bytes]:
    """Yield the query as languages print a map of parameters, and with all its values replaced."""
    path, query = attempt.path, attempt.query
    names = [name for name, _ in pairs]
    for start, colon, joint, end in _PRINTED:
        shown = start + joint.join(name + colon + value for name, value in pairs) + end
        yield from (path + b"?" + shown, path + shown)
    for form in printed(query[1:], before=False, behind=False):
        yield from (path + form, path + b"?" + form)
    yield from (
        path + b"?Array",
        path + b"?[object Object]",
        path + b"Array",
        query + path,
        query[1:] + path,
    )
    for word in (*PLACEHOLDERS[:12], b"1", b"10"):
        yield with_query(attempt, [name + b"=" + word for name in names])
    for number in range(12):
        yield with_query(attempt, [name + b"=" + list(templates(name))[number] for name in names])
    for form in (b"*.0", b"%5B%27*%27%5D", b"['*']", b"%22*%22", b'"*"', b"'*'", b"[*]"):
        yield with_query(attempt, [name + b"=" + form.replace(b"*", value) for name, value in pairs])
    yield with_query(attempt, [snake_case(name) + b"=" + value for name, value in pairs])
    yield attempt.target + attempt.query


def _added(attempt: Attempt) -> Iterator[bytes]:
    """Yield the query with one more parameter, before or behind the others."""
    keys = [name + attempt.access_key for name in words("access_key= accessKey= access=")]
    times = [name + attempt.timestamp for name in words("_= timestamp= ts=")]
    for parameter in (*_PARAMETERS, *keys, *times):
        yield attempt.target + b"&" + parameter
        yield attempt.path + b"?" + parameter + b"&" + attempt.query[1:]


def _one_by_one(attempt: Attempt, parameters: list[bytes], place: int) -> Iterator[bytes]:
    before = attempt.path + b"?" + b"".join([parameter + b"&" for parameter in parameters[:place]])
    behind = b"".join([b"&" + parameter for parameter in parameters[place + 1 :]])
    name, _, value = parameters[place].partition(b"=")
    yield before + parameters[place] + b"&" + parameters[place] + behind
    for other in (
        *PLACEHOLDERS[:12],
        *words("true false 1 0 10"),
        b"%22" + value + b"%22",
        b'"' + value + b'"',
        b"'" + value + b"'",
    ):
        yield before + name + b"=" + other + behind
    if value.isdigit() and len(value) < 9:  # noqa: PLR2004  # a number of pages or items
        for number in (int(value) - 1, int(value) + 1, int(value) + 2, int(value) * 10):
            yield b"%b%b=%d%b" % (before, name, number, behind)
    for template in itertools.islice(templates(name), 12):
        yield before + name + b"=" + template + behind
    for other in (b"pageSize", b"per_page", b"size", b"limit", b"sort", b"pagesize", b"pageNumber", b"p"):
        yield before + other + b"=" + value + behind
    for other in (value.partition(b",")[0], value.partition(b".")[0], value + b".0", value.lstrip(b"0")):
        yield before + name + b"=" + other + behind
    for other in (
        name + b"[]",
        name + b"%5B%5D",
        name + b"[0]",
        b"",
        snake_case(name),
        name.lower(),
        name.capitalize(),
    ):
        yield before + other + b"=" + value + behind
    yield before + value + b"=" + name + behind


def snake_case(name: bytes) -> bytes:
    """Return `per_page` for `perPage`."""
    return re.sub(rb"(?<!^)([A-Z])", rb"_\1", name).lower()
