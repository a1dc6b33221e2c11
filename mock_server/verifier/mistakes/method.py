"""Mistakes in the method: another one, in other letters, or as a language prints it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mock_server.verifier.mistakes.aspect import Aspect, Attempt
from mock_server.verifier.mistakes.words import COMMON, PLACEHOLDERS, printed, templates, words

if TYPE_CHECKING:
    from collections.abc import Iterator

METHOD: Final[Aspect[bytes]] = Aspect("method")

_METHODS: Final = words("GET POST PUT PATCH DELETE HEAD OPTIONS TRACE CONNECT QUERY")
# How languages and HTTP libraries print a method that is a constant, a symbol or an object; * is its name.
_PRINTED: Final = (
    *words(
        "HttpMethod.* HTTPMethod.* Method.* RequestMethod.* http.Method* Verb.* requests.* axios.* client.*"
    ),
    *words(
        "Method::* HttpMethod::* http::Method::* reqwest::Method::* Http::* Verb::* <HTTPMethod.*> Some(*)"
    ),
    *words('Method(*) HttpMethod(*) HttpMethod[*] HttpMethod{*} Ok(*) Some("*") \'*\' "*" `*` b\'*\' b"*"'),
    *words("[*] {*} (*) <*> :* ['*'] [\"*\"] (*,) ('*',) *: *, *; *() GET* method=*"),
    *(b"<HTTPMethod.*: '*'>", b"<HttpMethod.*: '*'>", b"<Method.*: '*'>", b"* HTTP/1.1", b"HTTP *"),
    *words("Http* http* Net::HTTP::* HttpRequest* -X* --request=* Default *Request do* is*"),
    *(b"-X *", b"--request *", b"HTTP/1.1 *", b"function * { [native code] }"),
)
_FULL_WIDTH: Final = {letter: chr(0xFEE0 + letter) for letter in b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"}


@METHOD.mistake(
    "method_case",
    "The method was signed in other letters than it was sent: use capitals in both places.",
)
def other_case(attempt: Attempt) -> Iterator[bytes]:
    """The method that was sent, in upper, lower and title case."""
    yield from (attempt.method.upper(), attempt.method.lower(), attempt.method.capitalize())


@METHOD.mistake(
    "method_differs",
    "Another method was signed than the one sent: sign the method of the request itself, not a default.",
)
def other_method(attempt: Attempt) -> Iterator[bytes]:
    """Any other method of HTTP, in capitals and in small letters."""
    yield from _METHODS[:6]
    if attempt.thorough:
        yield from _METHODS[6:]
        yield from map(bytes.lower, _METHODS)
        yield from words(
            "DEL REMOVE CREATE UPDATE LIST READ DESTROY FETCH INSERT SEND SUBMIT MODIFY SHOW INDEX SEARCH"
        )
        yield from words(
            "del remove create update list read destroy fetch MERGE COPY MOVE LINK PURGE PROPFIND VIEW"
        )


@METHOD.mistake(
    "method_repr",
    (
        "The method was signed as a program prints an object, such as HttpMethod.GET, or with a character"
        " beside it: sign its name alone, such as GET."
    ),
)
def representation(attempt: Attempt) -> Iterator[bytes]:
    """The method as languages print a constant or an object, and the words for a value that is missing."""
    yield from (b"HttpMethod." + attempt.method, b"undefined", attempt.method + b" ", b"")
    if attempt.thorough:
        for name in (attempt.method, attempt.method.lower(), attempt.method.capitalize()):
            yield from (form.replace(b"*", name) for form in _PRINTED)
        yield from printed(attempt.method, before=False)
        for name in words("method METHOD verb HTTP_METHOD request_method REQUEST_METHOD httpMethod"):
            yield from templates(name, COMMON)
            yield from (
                name + b": " + attempt.method,
                name + b":" + attempt.method,
                name + b"=" + attempt.method,
            )
        yield from (attempt.method[:1], attempt.method[1:], attempt.method[:-1], attempt.method + b"S")
        yield "".join(_FULL_WIDTH.get(byte, chr(byte)) for byte in attempt.method).encode()
        yield from (b"%d" % number for number in range(10))
        yield from PLACEHOLDERS
        yield from words("System.Net.Http.HttpMethod HttpMethod Method method METHOD {method} HTTP ANY *")
