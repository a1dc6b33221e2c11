"""Mistakes in the frame: what joins, surrounds or is added to method, endpoint and timestamp."""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from functools import cache
from typing import TYPE_CHECKING, Final

from mock_server.verifier.mistakes.aspect import LONG, Aspect, Attempt
from mock_server.verifier.mistakes.layouts import (
    ENDPOINT,
    ESCAPES,
    METHOD,
    TIMESTAMP,
    Frame,
    before,
    behind,
    fields_missing,
    frame,
    in_either_place,
    joined,
    orders,
    separators,
    surroundings,
)
from mock_server.verifier.mistakes.serialisations import encoded
from mock_server.verifier.mistakes.words import words

if TYPE_CHECKING:
    from collections.abc import Iterator

FRAME: Final[Aspect[Frame]] = Aspect("frame")


@FRAME.mistake(
    "separator_crlf",
    "The lines were joined by carriage return and newline: join them by a newline alone.",
    fixed=True,
)
def crlf(attempt: Attempt) -> Iterator[Frame]:
    """CR LF in both places, in one of them, and at the end as well."""
    yield from in_either_place([b"\r\n"], alone=attempt.thorough)
    yield joined(b"\r\n", b"\r\n", b"\r\n")


@FRAME.mistake(
    "separator_escaped",
    (
        "The lines were joined by a backslash and the letter n: in a shell write $'\\n' or use printf,"
        " elsewhere use the kind of string that knows escapes."
    ),
    fixed=True,
)
def escaped(attempt: Attempt) -> Iterator[Frame]:
    """An escape of the newline in place of the newline, in both places or in one of them."""
    yield from in_either_place(ESCAPES if attempt.thorough else (rb"\n",), alone=attempt.thorough)
    for escape in ESCAPES if attempt.thorough else ():
        yield joined(escape, escape, escape)
    if attempt.thorough:
        # The code of the joining itself, quoted into the text.
        for first, second in (
            (b'" + "\\n" + "', b'" + "\\n" + "'),
            (b' + "\\n" + ', b' + "\\n" + '),
            (b"' . \"\\n\" . '", b"' . \"\\n\" . '"),
            (b"+\n+", b"+\n+"),
            (b" + \n + ", b" + \n + "),
        ):
            yield joined(first, second)


@FRAME.mistake(
    "separator_missing",
    (
        "A newline is missing between method, endpoint and timestamp: put one after the method and one after"
        " the endpoint."
    ),
    fixed=True,
)
def missing(attempt: Attempt) -> Iterator[Frame]:  # noqa: ARG001  # every maker takes the attempt
    """Without both newlines, or without one of them."""
    yield from in_either_place([b""])


@FRAME.mistake(
    "separator_space",
    "The parts were joined by spaces: join method, endpoint and timestamp by newlines.",
    fixed=True,
)
def space(attempt: Attempt) -> Iterator[Frame]:
    """Spaces in both places, or in one of them."""
    yield from in_either_place([b" "], alone=attempt.thorough)


@FRAME.mistake(
    "message_trailing_newline",
    (
        "A newline was signed after the timestamp, as echo adds one: the text ends with the timestamp's last"
        " digit."
    ),
    fixed=True,
)
def trailing_newline(attempt: Attempt) -> Iterator[Frame]:  # noqa: ARG001  # every maker takes the attempt
    """A newline after the last line."""
    yield from (behind(b"\n"), behind(b"\r\n"))


@FRAME.mistake(
    "field_order",
    "The parts were signed in another order: method first, then endpoint, then timestamp.",
    fixed=True,
)
def order(attempt: Attempt) -> Iterator[Frame]:
    """The three parts in every order; in a thorough search with other separators and ends as well."""
    return iter(orders(thorough=attempt.thorough))


@FRAME.mistake(
    "body_included",
    "The body was signed too: it takes no part in the signature, the text ends with the timestamp.",
)
def body(attempt: Attempt) -> Iterator[Frame]:
    """The body in any place, as it was sent and as JSON libraries write it again."""
    if not attempt.body or (len(attempt.body) > LONG and not attempt.thorough):
        return
    yield from (behind(b"\n" + attempt.body), behind(attempt.body))
    if attempt.thorough and len(attempt.body) <= LONG:
        yield from _added(attempt.body)
        content = attempt.body
        for joint in (b"", b"\n", b".", b":"):
            yield from (frame(content), frame(TIMESTAMP, joint, content), frame(content, joint, TIMESTAMP))
            yield frame(TIMESTAMP, joint, METHOD, joint, ENDPOINT, joint, content)
            yield frame(METHOD, joint, ENDPOINT, joint, content, joint, TIMESTAMP)
            yield frame(METHOD, joint, content, joint, TIMESTAMP)
            yield frame(METHOD, joint, ENDPOINT, joint, content)
        for text in (
            *_rewritten(attempt.body),
            json.dumps(content.decode("latin-1")).encode(),
            b"[object Object]",
            b'""',
            b"''",
        ):
            yield from (behind(b"\n" + text), behind(text))


def _added(field: bytes) -> Iterator[Frame]:
    """Yield the right frame with another field behind, before or between its parts."""
    escaped = field.replace(b"%", b"%%")
    for pattern, parts, _ in _WITH_FIELD:
        yield Frame(pattern.replace(_FIELD, escaped), parts)


def _with_field() -> Iterator[Frame]:
    for separator in (b"\n", b"", b" ", b":", b"|", b"&", b"\r\n", b","):
        yield behind(separator + _FIELD)
    for separator in (b"\n", b""):
        yield from (
            frame(METHOD, b"\n", ENDPOINT, separator, _FIELD, b"\n", TIMESTAMP),
            before(_FIELD + separator),
        )
    yield from (
        frame(METHOD, b"\n", _FIELD, b"\n", ENDPOINT, b"\n", TIMESTAMP),
        behind(b"\n" + _FIELD + b"\n"),
    )


_FIELD: Final = b"\0field\0"
_WITH_FIELD: Final = tuple(_with_field())


def _rewritten(text: bytes) -> Iterator[bytes]:
    """Yield a JSON text as other JSON libraries write it."""
    yield from (text.strip(), text + b"\n")
    try:
        value = json.loads(text)
        for separators in ((",", ":"), (", ", ": ")):
            for in_order in (False, True):
                yield json.dumps(
                    value, separators=separators, sort_keys=in_order, ensure_ascii=False
                ).encode()
        for indent in (2, 4):
            yield json.dumps(value, indent=indent, ensure_ascii=False).encode()
        yield json.dumps(value).encode()
        yield str(value).encode()
    except (ValueError, RecursionError):
        return


@FRAME.mistake(
    "separator_other",
    (
        "The parts were joined by something else than a newline: put one newline after the method and one"
        " after the endpoint."
    ),
    fixed=True,
)
def other_separator(attempt: Attempt) -> Iterator[Frame]:
    """Any one character, any two that join text, other line ends, and two different separators."""
    return iter(separators(thorough=attempt.thorough))


@FRAME.mistake(
    "message_surrounded",
    (
        "Something was signed before the method or after the timestamp: the text begins with the method's"
        " first letter and ends with the timestamp's last digit."
    ),
    fixed=True,
)
def surrounded(attempt: Attempt) -> Iterator[Frame]:
    """Quotes, brackets, white space, a byte order mark and the like at one end or at both."""
    return iter(surroundings(thorough=attempt.thorough))


@FRAME.mistake(
    "field_missing",
    (
        "One of method, endpoint and timestamp was left out of the signed text: sign all three, joined by"
        " newlines."
    ),
    fixed=True,
)
def missing_field(attempt: Attempt) -> Iterator[Frame]:
    """One or two of the three parts left out, with a separator or without it, or replaced by another part."""
    return iter(fields_missing(thorough=attempt.thorough))


@FRAME.mistake(
    "field_added",
    (
        "A field that does not belong to it was signed too, such as the host, a header or the access key:"
        " sign method, endpoint and timestamp alone."
    ),
)
def added_field(attempt: Attempt) -> Iterator[Frame]:
    """A fixed text or a field of the request behind, before or between the three parts."""
    yield behind(b"\n" + attempt.access_key)
    yield frame(METHOD, b"\n", attempt.host, b"\n", ENDPOINT, b"\n", TIMESTAMP)
    if not attempt.thorough:
        return
    host = attempt.host.partition(b":")[0]
    fields = (
        *(attempt.access_key, attempt.host, host, attempt.secret, b"Bearer " + attempt.access_key),
        *(b"http://" + attempt.host, b"https://" + host, b"host:" + attempt.host, b"Host: " + attempt.host),
        *(attempt.timestamp, b"couchbase-timestamp:" + attempt.timestamp, attempt.method, attempt.target),
        *(attempt.query.removeprefix(b"?"), b"%d" % len(attempt.body)),
    )
    for field in dict.fromkeys(filter(None, fields)):
        yield from _added(field)
    yield from _with_words()


@cache
def _with_words() -> tuple[Frame, ...]:
    """Return the frames with a fixed text behind, before or between the parts."""
    fields = words(
        "Bearer application/json content-type:application/json HTTP/1.1 cloudapi.cloud.couchbase.com"
        " https://cloudapi.cloud.couchbase.com https http v2 v3 {} undefined null None HMAC-SHA256 0 */*"
        " UNSIGNED-PAYLOAD nil"
    )
    return tuple([each for field in fields for each in _added(field)])


@FRAME.mistake(
    "body_hash_included",
    (
        "A hash of the body was signed too: the body takes no part in the signature, the text ends with the"
        " timestamp."
    ),
)
def body_hash(attempt: Attempt) -> Iterator[Frame]:
    """A hash or a checksum of the body, which may be empty, in hexadecimal or base64."""
    if len(attempt.body) > LONG and not attempt.thorough:
        return
    raw = hashlib.sha256(attempt.body).digest()
    yield from (behind(b"\n" + raw.hex().encode()), behind(b"\n" + base64.b64encode(raw)))
    if not attempt.thorough:
        return
    for form in (
        raw.hex().encode(),
        base64.b64encode(raw),
        raw.hex().upper().encode(),
        b"sha256=" + raw.hex().encode(),
    ):
        yield from _added(form)
    others = [
        raw,
        b"sha-256=" + base64.b64encode(raw),
        base64.b64encode(raw.hex().encode()),
        b"%08x" % zlib.crc32(attempt.body),
    ]
    for name in ("md5", "sha1", "sha512"):
        other = hashlib.new(name, attempt.body, usedforsecurity=False).digest()
        others += [other.hex().encode(), base64.b64encode(other), other.hex().upper().encode()]
    if len(attempt.body) <= LONG:
        others += [base64.b64encode(attempt.body), attempt.body.hex().encode()]
    for form in others:
        yield from (
            behind(b"\n" + form),
            behind(form),
            frame(METHOD, b"\n", ENDPOINT, b"\n", form, b"\n", TIMESTAMP),
        )


@FRAME.mistake(
    "message_encoding",
    (
        "The text was encoded or changed as a whole before it was signed, such as in UTF-16, base64 or"
        " capitals: sign its bytes as they are."
    ),
    fixed=True,
)
def encoding(attempt: Attempt) -> Iterator[Frame]:
    """The whole text in another encoding, hashed, as JSON or a form, or in other letters."""
    return iter(encoded(thorough=attempt.thorough))
