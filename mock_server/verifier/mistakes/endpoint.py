"""Mistakes in the endpoint: another text than the request target as it was sent."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Final

from mock_server.verifier.mistakes import escapes, query
from mock_server.verifier.mistakes.aspect import LONG, Aspect, Attempt
from mock_server.verifier.mistakes.words import PLACEHOLDERS, templates, words

if TYPE_CHECKING:
    from collections.abc import Iterator

ENDPOINT: Final[Aspect[bytes]] = Aspect("endpoint")

_SERVICE: Final = b"cloudapi.cloud.couchbase.com"
_MANY: Final = 10  # slashes, segments and parameters that are looked at one by one


@ENDPOINT.mistake(
    "endpoint_empty_query",
    (
        "A bare `?` at the end was signed but not sent, or sent but not signed: sign the target of the"
        " request as the HTTP library sends it."
    ),
)
def empty_query(attempt: Attempt) -> Iterator[bytes]:
    """A bare question mark dropped or added."""
    if attempt.query in (b"", b"?"):
        yield attempt.path
        yield attempt.path + b"?"


@ENDPOINT.mistake(
    "endpoint_without_query",
    (
        "The query was left out of the signed text: the endpoint goes from the first slash to the end of the"
        " query."
    ),
)
def without_query(attempt: Attempt) -> Iterator[bytes]:
    """The path alone."""
    yield attempt.path


@ENDPOINT.mistake(
    "endpoint_without_params",
    (
        "The part of the path after a semicolon was left out of the signed text, as Python's urlparse does:"
        " sign the target as it is sent, semicolons included."
    ),
)
def without_params(attempt: Attempt) -> Iterator[bytes]:
    """``;...`` dropped from the last segment (urlparse) or from all, the query kept or lost with it."""
    head, slash, last = attempt.path.rpartition(b"/")
    for path in (head + slash + last.partition(b";")[0], re.sub(rb";[^/]*", b"", attempt.path)):
        if path != attempt.path:
            yield path + attempt.query
            yield path


def _urls(attempt: Attempt) -> Iterator[bytes]:
    for host in dict.fromkeys((attempt.host, _SERVICE)):
        for scheme in (b"http://", b"https://"):
            yield scheme + host + attempt.target


@ENDPOINT.mistake(
    "endpoint_full_url",
    "The whole URL was signed: leave out scheme and host, the endpoint begins with the slash after them.",
)
def full_url(attempt: Attempt) -> Iterator[bytes]:
    """With scheme and host: those of the request, and the service's own."""
    yield from _urls(attempt)
    if not attempt.thorough:
        return
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


@ENDPOINT.mistake(
    "endpoint_host_tail",
    (
        "The signed endpoint begins with a piece of the host or port, as splitting the URL on `.com` leaves"
        " it: take path and query from a URL parser instead."
    ),
)
def host_tail(attempt: Attempt) -> Iterator[bytes]:
    """What string surgery leaves of the URL: what follows a ".com", the port, or all but the scheme."""
    for url in _urls(attempt):
        pieces = url.split(b".com")
        yield from filter(None, (url.partition(b".com")[2], pieces[-1], *pieces[1:2]))
    _, colon, port = attempt.host.rpartition(b":")
    if colon:
        yield colon + port + attempt.target
    yield attempt.host + attempt.target
    if not attempt.thorough:
        return
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


@ENDPOINT.mistake(
    "endpoint_slash",
    (
        "The signed and the sent endpoint differ in a slash: make the base URL end without one and sign the"
        " path that is really sent."
    ),
)
def slash(attempt: Attempt) -> Iterator[bytes]:
    """A trailing or a second slash, added or dropped: at the ends, one at a time, all together."""
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


@ENDPOINT.mistake(
    "endpoint_no_leading_slash",
    "The signed endpoint lacks its leading slash: begin it with the slash after the host.",
)
def no_leading_slash(attempt: Attempt) -> Iterator[bytes]:
    """Beginning after the slash."""
    yield attempt.target[1:]
    yield attempt.target.lstrip(b"/")


@ENDPOINT.mistake(
    "endpoint_version",
    "Another version of the API was signed than the one requested: sign the path that is sent.",
)
def version(attempt: Attempt) -> Iterator[bytes]:
    """Another of /v1 to /v4, or in another form."""
    found = re.match(rb"/[vV][0-9]+(?=[/?]|$)", attempt.target)
    if not found:
        return
    rest = attempt.target[found.end() :]
    forms = words("v2 v3 v4 v1 V2 V3 V4 2 3 2.0 3.0 v2.0 v3.0 latest v0 beta")
    for other in forms if attempt.thorough else forms[:4]:
        yield b"/" + other + rest


@ENDPOINT.mistake(
    "endpoint_query_order",
    (
        "The parameters of the query were signed in another order than they were sent: build the query once,"
        " and sign what was built."
    ),
)
def query_order(attempt: Attempt) -> Iterator[bytes]:
    """The parameters sorted, reversed, and, while few, in every order."""
    return query.orders(attempt)


@ENDPOINT.mistake(
    "endpoint_decoded",
    (
        "The endpoint was signed as typed, before percent-encoding: sign what is sent, in Python"
        " `PreparedRequest.path_url`, in Go `req.URL.RequestURI()`."
    ),
)
def decoded(attempt: Attempt) -> Iterator[bytes]:
    """As typed: everything decoded, or as much of it as an HTTP library has to encode."""
    if (b"%" in attempt.target or b"+" in attempt.target) and len(attempt.target) <= LONG:
        yield from escapes.decoded(attempt)


@ENDPOINT.mistake(
    "endpoint_double_encoded",
    (
        "The signed endpoint is percent-encoded once more than the one sent: encode once, and sign the result"
        " as it is."
    ),
)
def double_encoded(attempt: Attempt) -> Iterator[bytes]:
    """Encoded again: the percent signs, the target as a whole, or each name and value of the query."""
    if len(attempt.target) <= LONG:
        yield from escapes.encoded_again(attempt)


@ENDPOINT.mistake(
    "endpoint_percent_case",
    (
        "The percent-escapes were signed in other letters than they were sent (%2f and %2F): sign the target"
        " after the HTTP library has written it."
    ),
)
def percent_case(attempt: Attempt) -> Iterator[bytes]:
    """Escapes in capitals, and in small letters."""
    if b"%" in attempt.target and len(attempt.target) <= LONG:
        yield from (escapes.upper(attempt.target), escapes.lower(attempt.target))


@ENDPOINT.mistake(
    "endpoint_plus_space",
    "A space was signed one way and sent the other (`+` and `%20`): sign the target that is sent.",
)
def plus_space(attempt: Attempt) -> Iterator[bytes]:
    """``+`` for ``%20`` and the reverse, in the query or everywhere."""
    for old, new in (
        (b"+", b"%20"),
        (b"%20", b"+"),
        (b"+", b"%2B"),
        (b"%2B", b"+"),
        (b"%2b", b"+"),
        (b"%2B", b"%20"),
    ):
        if old in attempt.target:
            yield attempt.path + attempt.query.replace(old, new)
            yield attempt.target.replace(old, new)


@ENDPOINT.mistake(
    "endpoint_normalised",
    (
        "The endpoint was signed in another of its equivalent forms (`~` and `%7E`, `'` and `%27`, `.` or"
        " `..` segments): sign the target after the HTTP library has written it."
    ),
)
def normalised(attempt: Attempt) -> Iterator[bytes]:
    """Other characters escaped than were sent, as the encoders of languages choose; dot segments."""
    target = attempt.target
    if len(target) > LONG:
        return
    yield escapes.decode_unreserved(target)
    yield _without_dots(attempt.path) + attempt.query
    for characters in (b"~", b"!'()*", b":", b","):
        if any(byte in target for byte in characters):
            yield escapes.encode_some(target, characters)
    if attempt.thorough:
        yield from escapes.encoded_otherwise(attempt)
        for start in words("/. /./ . ./ /.. ../ < \" '"):
            yield from (start + target, start + target[1:])
        for end in (*words("# %23 /. /.. > \" '"), b" ", b"\n", b"\r", b"%20", b"\0"):
            yield target + end
        yield from (b" " + target, b"<" + target + b">", b'"' + target + b'"', b"'" + target + b"'")


def _without_dots(path: bytes) -> bytes:
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


@ENDPOINT.mistake(
    "endpoint_prefix",
    (
        "Leading segments of the path are missing from the signed endpoint, or it has more of them than were"
        " sent (a base URL that holds /v2, a proxy that changes the path): sign the path as it is sent."
    ),
)
def prefix(attempt: Attempt) -> Iterator[bytes]:
    """Leading segments lost, up to the last, or added; trailing segments lost."""
    target = attempt.target
    places = [found.start() for found in re.finditer(rb"/", attempt.path)][1:]
    for place in places[:64] if attempt.thorough else places[:2]:
        yield from (target[place:], target[place + 1 :])
    yield b"/public" + target
    if not attempt.thorough:
        return
    segments = attempt.path.split(b"/")[1:3]
    for added in (*_PREFIXES, b"/".join(segments[:1]), b"/".join(segments)):
        yield from (b"/" + added + target, added + target)
    for place in places[:64]:
        yield from (target[:place] + attempt.query, target[:place], target[: place + 1] + attempt.query)


_PREFIXES: Final = words(
    "api v1 v2 v3 v4 public capella cloudapi rest cloud proxy couchbase mock public/v2 public/v3 api/v1"
    " api/v2 api/v3 api/public public/api capella/api gateway internal prod dev test stage staging default"
    " base root app management admin undefined null None http: https: index.php"
)
_NAMES: Final = words("id ID Id uuid name username bucketId bucket user userId key")


@ENDPOINT.mistake(
    "endpoint_template",
    (
        "A placeholder such as {id} was signed where the sent path has a value: fill the path in first, and"
        " sign the result."
    ),
)
def template(attempt: Attempt) -> Iterator[bytes]:
    """A path parameter as routers, template languages and shells write it before it is filled in."""
    segments = attempt.path.split(b"/")
    # Behind /v2 the API's paths consist of a collection and an id in turn.
    places = [place for place in range(3, len(segments)) if segments[place]][:4]
    for place in places:
        names = _parameter_names(segments[place - 1])
        forms = list(templates(names[0], 3)) + list(templates(b"id", 3))
        if attempt.thorough:
            forms += [form for name in names for form in templates(name)]
            forms += [form for name in _NAMES for form in templates(name, 8)]
        for form in forms:
            yield b"/".join((*segments[:place], form, *segments[place + 1 :])) + attempt.query
    if attempt.thorough and len(places) > 1:  # several of them, each by its own name
        for number in range(12):
            own, generic = list(segments), list(segments)
            for place in places[::2]:
                own[place] = list(templates(_parameter_names(segments[place - 1])[0]))[number]
                generic[place] = list(templates(b"id"))[number]
            yield from (b"/".join(own) + attempt.query, b"/".join(generic) + attempt.query)


def _parameter_names(collection: bytes) -> tuple[bytes, ...]:
    """Return what a path parameter is called that follows a segment such as `clusters`."""
    thing = collection.removesuffix(b"s")
    forms = b"*Id *_id * *ID *-id".split()
    return (
        *(form.replace(b"*", thing) for form in forms),
        *(form.replace(b"*", thing.capitalize()) for form in forms[:4]),
        *(thing.upper() + b"_ID", thing.upper(), thing + b"Name", thing + b"_name"),
    )


@ENDPOINT.mistake(
    "endpoint_case",
    "The endpoint was signed in other letters than it was sent: sign the target as it is sent.",
)
def other_case(attempt: Attempt) -> Iterator[bytes]:
    """The path, the query or both in lower, upper, title or swapped case."""
    path, parameters = attempt.path, attempt.query
    yield from (
        attempt.target.lower(),
        attempt.target.upper(),
        path.lower() + parameters,
        path + parameters.lower(),
    )
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
        for changed in (
            segment.lower(),
            segment.upper(),
            segment.capitalize(),
            segment[:1].lower() + segment[1:],
        ):
            yield b"/".join((*segments[:place], changed, *segments[place + 1 :])) + parameters
    for change in (bytes.lower, bytes.upper, bytes.capitalize, query.snake_case):
        yield path + re.sub(rb"([?&])([^=&]*)", lambda found, c=change: found[1] + c(found[2]), parameters)  # type: ignore[misc]  # c is bound early
        yield path + re.sub(rb"=[^&]*", lambda found, c=change: c(found[0]), parameters)  # type: ignore[misc]  # the same


@ENDPOINT.mistake(
    "endpoint_query_part",
    (
        "The query was signed with a part missing, added or exchanged (a parameter, a `?` or `&`, a line of"
        " its own): sign path, `?` and query as they are sent."
    ),
)
def query_part(attempt: Attempt) -> Iterator[bytes]:
    """A parameter or a separator lost, added, doubled or exchanged; the query elsewhere."""
    return query.parts(attempt)


@ENDPOINT.mistake(
    "endpoint_placeholder",
    (
        "The endpoint was empty or the word for a missing value, such as undefined, when it was signed: check"
        " the variable that holds it, and sign the target that is sent."
    ),
)
def placeholder(attempt: Attempt) -> Iterator[bytes]:
    """Nothing, a slash, or the word for a missing value, in place of the endpoint or of a segment."""
    yield from (b"", b"/", b"undefined", b"null", b"None")
    if not attempt.thorough:
        return
    for word in PLACEHOLDERS:
        yield from (word, b"/" + word, word + attempt.query, b"/" + word + attempt.query)
    for name in words(
        "endpoint path url ENDPOINT PATH URL uri URI target pathname request resource canonicalUri"
    ):
        for form in templates(name):
            yield from (form, b"/" + form)
    segments = attempt.path.split(b"/")
    for place in range(1, min(len(segments), _MANY)):
        for word in PLACEHOLDERS[:16]:
            yield b"/".join((*segments[:place], word, *segments[place + 1 :])) + attempt.query
        yield b"/".join((*segments[:place], *segments[place + 1 :])) + attempt.query
    for host in (attempt.host, attempt.host.partition(b":")[0], _SERVICE):
        for start in (b"", b"http://", b"https://"):
            yield from (start + host, start + host + b"/")
