"""Rewrites the path of a target: its host, prefix, segments, slashes and letters, and how it is printed."""

from __future__ import annotations

import base64
import hashlib
import itertools
import re
from typing import TYPE_CHECKING, Final

from mock_server.verifier.mistakes import query
from mock_server.verifier.mistakes.aspect import LONG, Attempt
from mock_server.verifier.mistakes.words import COMMON, PLACEHOLDERS, printed, templates, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_SERVICE: Final = b"cloudapi.cloud.couchbase.com"
_MANY: Final = 10  # slashes and segments that are looked at one by one
_MOST: Final = 64  # the same, where each costs little

_PREFIXES: Final = words(
    "api v1 v2 v3 v4 public capella cloudapi rest cloud proxy couchbase mock public/v2 public/v3 api/v1"
    " api/v2 api/v3 api/public public/api capella/api gateway internal prod dev test stage staging default"
    " base root app management admin undefined null None http: https: index.php"
)
_BASES: Final = words("baseUrl base_url BASE_URL baseURL host url CBC_API_URL HOST URL")
_NAMES: Final = words("id ID Id uuid name username bucketId bucket user userId key")


def urls(attempt: Attempt) -> Iterator[bytes]:
    """Yield the whole URL, with the host of the request and with the service's own."""
    for host in dict.fromkeys((attempt.host, _SERVICE)):
        for scheme in (b"http://", b"https://"):
            yield scheme + host + attempt.target


def other_urls(attempt: Attempt) -> Iterator[bytes]:
    """Yield the whole URL with other hosts and ports, and a scheme in capitals."""
    name = attempt.host.partition(b":")[0]
    for host in (
        name,
        _SERVICE + b":443",
        _SERVICE + b":80",
        b"localhost",
        b"127.0.0.1",
        b"api.cloud.couchbase.com",
    ):
        for scheme in (b"http://", b"https://", b"HTTP://", b"HTTPS://"):
            yield scheme + host + attempt.target


def without_dots(path: bytes) -> bytes:
    """Resolve the dot segments of a path (RFC 3986 5.2.4)."""
    if b"." not in path:
        return path
    kept: list[bytes] = []
    segments = path.split(b"/")
    for segment in segments:
        if segment == b"..":
            if len(kept) > 1:
                kept.pop()
        elif segment != b".":
            kept.append(segment)
    if segments[-1] in (b".", b".."):
        kept.append(b"")
    return b"/".join(kept)


def _parameter_names(collection: bytes) -> tuple[bytes, ...]:
    """Return what a path parameter is called that follows a segment such as `clusters`."""
    thing = collection.removesuffix(b"s")
    forms = b"*Id *_id * *ID *-id".split()
    return (
        *(form.replace(b"*", thing) for form in forms),
        *(form.replace(b"*", thing.capitalize()) for form in forms[:4]),
        *(thing.upper() + b"_ID", thing.upper(), thing + b"Name", thing + b"_name"),
    )


def host_tails(attempt: Attempt) -> Iterator[bytes]:
    """Yield the target behind a piece of the host, and the target of URLs cut at another place."""
    for url in urls(attempt):
        pieces = url.split(b".com")
        yield from filter(None, (url.partition(b".com")[2], pieces[-1], *pieces[1:2]))
    _, colon, port = attempt.host.rpartition(b":")
    if colon:
        yield colon + port + attempt.target
    yield attempt.host + attempt.target
    if not attempt.thorough:
        return
    local = (b"localhost", b"127.0.0.1", b"0.0.0.0", b"[::1]", b"host.docker.internal", b"capella", b"mock")
    for host in (*local, *(host + b":" + port for host in local), attempt.host.upper(), _SERVICE.upper()):
        yield host + attempt.target
        yield from (b"http://" + host + attempt.target, b"https://" + host + attempt.target)
    for host in (attempt.host, attempt.host.partition(b":")[0], _SERVICE):
        yield from (b"//" + host + attempt.target, b"/" + host + attempt.target, host + attempt.target)
        labels = host.split(b".")
        for cut in range(1, len(labels)):
            rest = b".".join(labels[cut:])
            yield from (rest + attempt.target, b"." + rest + attempt.target)
        for place in range(1, min(len(host), 64)):  # cut at a fixed length
            yield host[place:] + attempt.target
    yield port + attempt.target
    for end in (b":443", b":80", b":", b"://", b":8091"):
        yield end + attempt.target


def slashes(attempt: Attempt) -> Iterator[bytes]:
    """Yield the target with slashes added, dropped or exchanged."""
    path, query = attempt.path, attempt.query
    yield path + b"/" + query
    if path.endswith(b"/"):
        yield path.removesuffix(b"/") + query
        yield path.rstrip(b"/") + query
    yield b"/" + path + query
    if b"//" in path:
        yield re.sub(rb"/+", b"/", path) + query
    if attempt.thorough and len(attempt.target) <= LONG:
        for slashes in itertools.islice(re.finditer(rb"/+", path), _MANY):
            yield path[: slashes.start()] + b"/" + path[slashes.start() :] + query
            yield path[: slashes.start()] + b"/" + path[slashes.end() :] + query
            yield path[: slashes.start()] + b"\\" + path[slashes.end() :] + query
        yield from (path.replace(b"/", b"\\") + query, path + query + b"/", path.replace(b"/", b"//") + query)
        yield from (
            path + b"//" + query,
            b"//" + path + query,
            b"\\" + attempt.target,
            path.replace(b"/", b"\\/") + query,
        )


def prefixes(attempt: Attempt) -> Iterator[bytes]:
    """Yield the target with leading segments lost or added, and with trailing ones lost."""
    target = attempt.target
    slashes = itertools.islice(re.finditer(rb"/", attempt.path), 1, _MOST if attempt.thorough else 3)
    places = [found.start() for found in slashes]
    for place in places:
        yield from (target[place:], target[place + 1 :])
    yield b"/public" + target
    if not attempt.thorough:
        return
    for name in _BASES:
        yield from (form + target for form in templates(name, COMMON))
    for start in words("C:/Program_Files/Git file:// file:/// C: ~ . / // \\ undefined/ null/ None/"):
        yield start.replace(b"_", b" ") + target
    segments = attempt.path.split(b"/")[1:3]
    for added in (*_PREFIXES, b"/".join(segments[:1]), b"/".join(segments)):
        yield from (b"/" + added + target, added + target)
    for place in places:
        yield from (target[:place] + attempt.query, target[:place], target[: place + 1] + attempt.query)


def unfilled(attempt: Attempt) -> Iterator[bytes]:
    """Yield the target with placeholders in the place of its path parameters."""
    segments = attempt.path.split(b"/", _MOST)
    # Behind /v2 the API's paths consist of a collection and an id in turn.
    places = [place for place in range(3, len(segments)) if segments[place]][:4:2]
    for place in places:
        names = _parameter_names(segments[place - 1])
        forms = [b"{" + names[0] + b"}", b":" + names[0], b"{id}", b":id"]
        if attempt.thorough:
            forms += templates(b"id")
            forms += [form for name in names for form in templates(name)]
            forms += [form for name in _NAMES for form in templates(name, 8)]
            forms += [b"<uuid:" + name + b">" for name in names[:5]] + [
                rb"\(" + name + b")" for name in names[:5]
            ]
            forms += [
                b"00000000-0000-0000-0000-000000000000",
                *words("%s %d {} {0} * ID id 1 123 xxx ..."),
            ]
        yield from _in_place(attempt, segments, place, forms)
    if attempt.thorough and len(places) > 1:  # several of them, each by its own name
        named = {place: templates(_parameter_names(segments[place - 1])[0], 12) for place in places}
        for generic_form in templates(b"id", 12):
            own, generic = list(segments), list(segments)
            for place, forms_of_it in named.items():
                own[place], generic[place] = next(forms_of_it), generic_form
            yield from (b"/".join(own) + attempt.query, b"/".join(generic) + attempt.query)


def _in_place(attempt: Attempt, segments: list[bytes], place: int, forms: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the target with each of the forms in place of one segment."""
    before = b"".join([segment + b"/" for segment in segments[:place]])
    behind = b"".join([b"/" + segment for segment in segments[place + 1 :]]) + attempt.query
    for form in forms:
        yield before + form + behind


def cases(attempt: Attempt) -> Iterator[bytes]:
    """Yield the target, its parts or its segments in other letters."""
    path, parameters = attempt.path, attempt.query
    yield from (
        attempt.target.lower(),
        attempt.target.upper(),
        path.lower() + parameters,
        path + parameters.lower(),
    )
    yield re.sub(rb"[0-9a-f-]{8,}", lambda found: found[0].upper(), path) + parameters
    if not attempt.thorough:
        return
    yield from (
        path.upper() + parameters,
        path + parameters.upper(),
        path.title() + parameters,
        attempt.target.title(),
    )
    yield from (attempt.target.swapcase(), path.swapcase() + parameters)
    segments = path.split(b"/")
    for place, segment in enumerate(segments[:_MANY]):
        small = segment[:1].lower() + segment[1:]
        changed = (segment.lower(), segment.upper(), segment.capitalize(), small)
        yield from _in_place(attempt, segments, place, changed)
    for change in (bytes.lower, bytes.upper, bytes.capitalize, query.snake_case):
        yield path + re.sub(rb"([?&])([^=&]*)", lambda found, c=change: found[1] + c(found[2]), parameters)  # type: ignore[misc]  # c is bound early
        yield path + re.sub(rb"=[^&]*", lambda found, c=change: c(found[0]), parameters)  # type: ignore[misc]  # the same


def words_for_it(attempt: Attempt) -> Iterator[bytes]:
    """Yield what programs write where the endpoint or a segment is missing."""
    yield from (b"", b"/", b"undefined", b"null", b"None")
    if not attempt.thorough:
        return
    for word in PLACEHOLDERS:
        yield from (word, b"/" + word, word + attempt.query, b"/" + word + attempt.query)
    for name in words("endpoint path url ENDPOINT uri pathname"):
        for form in templates(name, COMMON):
            yield from (form, b"/" + form)
    segments = attempt.path.split(b"/")
    for place in range(1, min(len(segments), _MANY)):
        yield from _in_place(attempt, segments, place, PLACEHOLDERS[:16])
        yield b"/".join((*segments[:place], *segments[place + 1 :])) + attempt.query
    for host in (attempt.host, attempt.host.partition(b":")[0], _SERVICE):
        for start in (b"", b"http://", b"https://"):
            yield from (start + host, start + host + b"/")


def printed_forms(attempt: Attempt) -> Iterator[bytes]:
    """Yield the target or a segment with characters around it, cut, encoded or hashed."""
    target = attempt.target
    if not attempt.thorough:
        yield from (b'"' + target + b'"', target + b" ", b" " + target, target + b"\r")
        return
    yield from printed(target)
    yield from _segments_printed(attempt)
    yield from _cut(attempt)
    yield from _as_structures(attempt)
    yield from _escaped(target)


def _segments_printed(attempt: Attempt) -> Iterator[bytes]:
    """Yield the target with one segment behind the collection's name printed, cut, or without its hyphens."""
    segments = attempt.path.split(b"/")
    for place in range(3, min(len(segments), _MANY)):
        value = segments[place]
        changed = (value.replace(b"-", b""), value.replace(b"-", b"_"), value.partition(b"-")[0])
        forms = (*printed(value), *changed, value[:-1], value[1:])
        yield from _in_place(attempt, segments, place, forms)


def _cut(attempt: Attempt) -> Iterator[bytes]:
    """Yield the target without its first or last bytes, or with an ending that was not sent."""
    target = attempt.target
    for cut in (1, 2, 3, 4, 5):
        yield from (target[:-cut], target[cut + 1 :])
    for length in (15, 16, 31, 32, 63, 64, 100, 127, 128, 255, 256):
        yield target[:length]
    for extension in words(".json .xml .html /index /index.html"):
        yield attempt.path + extension + attempt.query
    for end in (b" HTTP/1.1", b" HTTP/2.0", b" HTTP/2", b" HTTP/1.0", b"#top", b"#section"):
        yield target + end


def _as_structures(attempt: Attempt) -> Iterator[bytes]:
    """Yield the target as a list, a parsed URL, a line of a request a named field, or its hash."""
    target, segments = attempt.target, attempt.path.split(b"/")
    for joint in (b",", b".", b"::", b" ", b"\\\\", b"", b"|", b"-"):
        yield from (joint.join(segments) + attempt.query, joint.join(segments[1:]) + attempt.query)
    yield from (b"/".join(segments[::-1]) + attempt.query, b"/" + b"/".join(segments[:0:-1]) + attempt.query)
    for kind, params in ((b"ParseResult", b", params=''"), (b"SplitResult", b"")):  # Python's urlparse
        parts = (kind, attempt.path, params, attempt.query[1:])
        yield b"%b(scheme='', netloc='', path='%b'%b, query='%b', fragment='')" % parts
    yield from (attempt.method + b" " + target, attempt.method + target, b"*")
    yield from (base64.b64encode(target), target.hex().encode(), hashlib.sha256(target).hexdigest().encode())
    yield hashlib.md5(target, usedforsecurity=False).hexdigest().encode()
    for name in words("path url endpoint uri :path target PATH pathname resource"):
        for joint in (b":", b": ", b"=", b" "):
            yield name + joint + target


def _escaped(target: bytes) -> Iterator[bytes]:
    """Yield the target with the escapes of shells and of format strings."""
    for special in (b"&", b"?", b"=", b"/", b"&?", b"&=", b"&?="):
        yield re.sub(b"([%b])" % re.escape(special), rb"\\\1", target)
    yield target.replace(b"&", b"^&")
    for escape in (b"%%", b"", b"\\%"):
        yield target.replace(b"%", escape)
