"""Mistakes in the method: another one, in other letters, or as a language prints it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mock_server.verifier.mistakes.aspect import Aspect, Attempt
from mock_server.verifier.mistakes.words import PLACEHOLDERS, words

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
    *(b" *", b"* ", b" * ", b"\t*", b"*\t", b"*\n", b"*\r", b"*\r\n", b"*\0", b"\n*", b"\xef\xbb\xbf*"),
)


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
def other_method(attempt: Attempt) -> Iterator[bytes]:  # noqa: ARG001  # every maker takes the attempt
    """Any other method of HTTP, in capitals and in small letters."""
    yield from _METHODS
    yield from map(bytes.lower, _METHODS)


@METHOD.mistake(
    "method_repr",
    (
        "The method was signed as a program prints an object, such as HttpMethod.GET, or with a character"
        " beside it: sign its name alone, such as GET."
    ),
)
def printed(attempt: Attempt) -> Iterator[bytes]:
    """The method as languages print a constant or an object, and the words for a value that is missing."""
    yield from (b"HttpMethod." + attempt.method, b"undefined", attempt.method + b" ", b"")
    if attempt.thorough:
        for name in (attempt.method, attempt.method.lower(), attempt.method.capitalize()):
            yield from (form.replace(b"*", name) for form in _PRINTED)
        yield from PLACEHOLDERS
        yield from words("System.Net.Http.HttpMethod HttpMethod Method method METHOD {method} HTTP ANY *")
