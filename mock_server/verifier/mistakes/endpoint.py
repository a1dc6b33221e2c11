"""Mistakes in the endpoint: another text than the request target as it was sent."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from mock_server.verifier.mistakes import escapes, paths, query
from mock_server.verifier.mistakes.aspect import LONG, Aspect, Attempt
from mock_server.verifier.mistakes.words import words

if TYPE_CHECKING:
    from collections.abc import Iterator

ENDPOINT: Final[Aspect[bytes]] = Aspect("endpoint")

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


def urls_without_query(attempt: Attempt) -> Iterator[bytes]:
    """Yield the whole URL without its query: two mistakes that one careless line makes."""
    if attempt.query:
        yield from (url.partition(b"?")[0] for url in paths.urls(attempt))


@ENDPOINT.mistake(
    "endpoint_full_url",
    "The whole URL was signed: leave out scheme and host, the endpoint begins with the slash after them.",
)
def full_url(attempt: Attempt) -> Iterator[bytes]:
    """With scheme and host: those of the request, and the service's own."""
    yield from paths.urls(attempt)
    if attempt.thorough:
        yield from paths.other_urls(attempt)


@ENDPOINT.mistake(
    "endpoint_host_tail",
    (
        "The signed endpoint begins with a piece of the host or port, as splitting the URL on `.com` leaves"
        " it: take path and query from a URL parser instead."
    ),
)
def host_tail(attempt: Attempt) -> Iterator[bytes]:
    """What string surgery leaves of the URL: what follows a ".com", the port, or all but the scheme."""
    return paths.host_tails(attempt)


@ENDPOINT.mistake(
    "endpoint_slash",
    (
        "The signed and the sent endpoint differ in a slash: make the base URL end without one and sign the"
        " path that is really sent."
    ),
)
def slash(attempt: Attempt) -> Iterator[bytes]:
    """A trailing or a second slash, added or dropped: at the ends, one at a time, all together."""
    return paths.slashes(attempt)


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
    for other in forms if attempt.thorough else forms[:2]:
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
        yield from escapes.in_other_letters(attempt)


_SPACES: Final = (
    *((b"+", b"%20"), (b"%20", b"+"), (b"+", b"%2B"), (b"%2B", b"+"), (b"%2b", b"+"), (b"%2B", b"%20")),
    *((b"%20", b""), (b"%20", b"_"), (b"%20", b"-"), (b"+", b"")),
)


@ENDPOINT.mistake(
    "endpoint_plus_space",
    "A space was signed one way and sent the other (`+` and `%20`): sign the target that is sent.",
)
def plus_space(attempt: Attempt) -> Iterator[bytes]:
    """``+`` for ``%20`` and the reverse, in the query or everywhere."""
    for old, new in _SPACES if attempt.thorough else _SPACES[:2]:
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
    yield escapes.unreserved_decoded(attempt)
    yield paths.without_dots(attempt.path) + attempt.query
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


@ENDPOINT.mistake(
    "endpoint_prefix",
    (
        "Leading segments of the path are missing from the signed endpoint, or it has more of them than were"
        " sent (a base URL that holds /v2, a proxy that changes the path): sign the path as it is sent."
    ),
)
def prefix(attempt: Attempt) -> Iterator[bytes]:
    """Leading segments lost, up to the last, or added; trailing segments lost."""
    return paths.prefixes(attempt)


@ENDPOINT.mistake(
    "endpoint_template",
    (
        "A placeholder such as {id} was signed where the sent path has a value: fill the path in first, and"
        " sign the result."
    ),
)
def template(attempt: Attempt) -> Iterator[bytes]:
    """A path parameter as routers, template languages and shells write it before it is filled in."""
    return paths.unfilled(attempt)


@ENDPOINT.mistake(
    "endpoint_case",
    "The endpoint was signed in other letters than it was sent: sign the target as it is sent.",
)
def other_case(attempt: Attempt) -> Iterator[bytes]:
    """The path, the query or both in lower, upper, title or swapped case."""
    return paths.cases(attempt)


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
    return paths.words_for_it(attempt)


@ENDPOINT.mistake(
    "endpoint_repr",
    (
        "The endpoint, or a value in its path, was signed with characters around it, cut, or as a program"
        " prints or encodes an object: sign the target that is sent, character by character."
    ),
)
def printed_value(attempt: Attempt) -> Iterator[bytes]:
    """The endpoint or a segment in quotes or brackets, with a stray character, cut or hashed."""
    return paths.printed_forms(attempt)
