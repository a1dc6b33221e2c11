"""Mistakes in the frame: what joins, surrounds or is added to method, endpoint and timestamp."""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
import zlib
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import quote, quote_plus

from mock_server.verifier.mistakes.aspect import LONG, Aspect, Attempt
from mock_server.verifier.mistakes.words import words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

# The three parts of the text, in a frame that leaves them open.
METHOD: Final = 0
ENDPOINT: Final = 1
TIMESTAMP: Final = 2
_PARTS: Final = (METHOD, ENDPOINT, TIMESTAMP)


class Frame(NamedTuple):
    """What is signed: parts and fixed bytes in order, and the encoding of the whole, if any."""

    pieces: tuple[int | bytes, ...]
    encoding: str = ""

    def text(self, *parts: bytes) -> bytes:
        """Fill in method, endpoint and timestamp."""
        text = b"".join([parts[piece] if isinstance(piece, int) else piece for piece in self.pieces])
        return _ENCODINGS[self.encoding](text) if self.encoding else text


def _frame(*pieces: int | bytes) -> Frame:
    return Frame(pieces)


def _joined(first: bytes, second: bytes, end: bytes = b"") -> Frame:
    return Frame(
        (METHOD, first, ENDPOINT, second, TIMESTAMP, end)
        if end
        else (METHOD, first, ENDPOINT, second, TIMESTAMP)
    )


RIGHT: Final = _joined(b"\n", b"\n")
"""The frame of the rule."""

FRAME: Final[Aspect[Frame]] = Aspect("frame")


def _behind(end: bytes) -> Frame:
    return _joined(b"\n", b"\n", end)


def _before(start: bytes, end: bytes = b"") -> Frame:
    return Frame((start, *_behind(end).pieces))


def _in_either_place(separators: Iterable[bytes]) -> Iterator[Frame]:
    """Yield a separator in both places, in the first and in the second alone."""
    for separator in separators:
        yield from (_joined(separator, separator), _joined(separator, b"\n"), _joined(b"\n", separator))


@FRAME.mistake(
    "separator_crlf",
    "The lines were joined by carriage return and newline: join them by a newline alone.",
)
def crlf(attempt: Attempt) -> Iterator[Frame]:  # noqa: ARG001  # every maker takes the attempt
    """CR LF in both places, in one of them, and at the end as well."""
    yield from _in_either_place([b"\r\n"])
    yield _joined(b"\r\n", b"\r\n", b"\r\n")


_ESCAPES: Final = (
    *(
        rb"\n",
        rb"\r\n",
        rb"\\n",
        *words("/n %0A %0a %0D%0A"),
        rb"\u000a",
        rb"\u000A",
        rb"\x0a",
        rb"\x0A",
        rb"\012",
    ),
    *(
        *words("&#10; &#xA; <br> <br/>"),
        b"<br />",
        b"\\\n",
        b"$'\\n'",
        b"`n",
        b"^J",
        b"$n",
        b"\\r",
        b"\\\\\\n",
    ),
)


@FRAME.mistake(
    "separator_escaped",
    (
        "The lines were joined by a backslash and the letter n: in a shell write $'\\n' or use printf,"
        " elsewhere use the kind of string that knows escapes."
    ),
)
def escaped(attempt: Attempt) -> Iterator[Frame]:
    """An escape of the newline in place of the newline, in both places or in one of them."""
    yield from _in_either_place(_ESCAPES if attempt.thorough else _ESCAPES[:1])
    for escape in _ESCAPES if attempt.thorough else ():
        yield _joined(escape, escape, escape)


@FRAME.mistake(
    "separator_missing",
    (
        "A newline is missing between method, endpoint and timestamp: put one after the method and one after"
        " the endpoint."
    ),
)
def missing(attempt: Attempt) -> Iterator[Frame]:  # noqa: ARG001  # every maker takes the attempt
    """Without both newlines, or without one of them."""
    yield from _in_either_place([b""])


@FRAME.mistake(
    "separator_space",
    "The parts were joined by spaces: join method, endpoint and timestamp by newlines.",
)
def space(attempt: Attempt) -> Iterator[Frame]:  # noqa: ARG001  # every maker takes the attempt
    """Spaces in both places, or in one of them."""
    yield from _in_either_place([b" "])


@FRAME.mistake(
    "message_trailing_newline",
    (
        "A newline was signed after the timestamp, as echo adds one: the text ends with the timestamp's last"
        " digit."
    ),
)
def trailing_newline(attempt: Attempt) -> Iterator[Frame]:  # noqa: ARG001  # every maker takes the attempt
    """A newline after the last line."""
    yield from (_behind(b"\n"), _behind(b"\r\n"))


@FRAME.mistake(
    "field_order",
    "The parts were signed in another order: method first, then endpoint, then timestamp.",
)
def order(attempt: Attempt) -> Iterator[Frame]:
    """The three parts in every order; in a thorough search with other separators and ends as well."""
    return iter(_orders(attempt.thorough))


@cache
def _orders(thorough: bool) -> tuple[Frame, ...]:  # noqa: FBT001  # called once, with the attempt's own flag
    orders = list(itertools.permutations(_PARTS))[1:]
    if not thorough:
        return tuple(_frame(first, b"\n", second, b"\n", third) for first, second, third in orders)
    return tuple(
        _frame(first, separator, second, separator, third, end)
        for separator in (
            b"\n",
            b"",
            b" ",
            b"\r\n",
            *words(": | , &"),
            rb"\n",
            *words("- . / + ; _"),
            b"\t",
        )
        for first, second, third in orders
        for end in dict.fromkeys((b"", b"\n", separator))
    )


@FRAME.mistake(
    "body_included",
    "The body was signed too: it takes no part in the signature, the text ends with the timestamp.",
)
def body(attempt: Attempt) -> Iterator[Frame]:
    """The body in any place, as it was sent and as JSON libraries write it again."""
    if not attempt.body or (len(attempt.body) > LONG and not attempt.thorough):
        return
    yield from (_behind(b"\n" + attempt.body), _behind(attempt.body))
    if attempt.thorough and len(attempt.body) <= LONG:
        yield from _added(attempt.body)
        for text in _rewritten(attempt.body):
            yield from (_behind(b"\n" + text), _behind(text))


def _added(field: bytes) -> Iterator[Frame]:
    """Yield the right frame with another field behind, before or between its parts."""
    for separator in (b"\n", b"", b" ", b":", b"|", b"&", b"\r\n", b","):
        yield _behind(separator + field)
    for separator in (b"\n", b""):
        yield from (
            _frame(METHOD, b"\n", ENDPOINT, separator, field, b"\n", TIMESTAMP),
            _before(field + separator),
        )
    yield from (
        _frame(METHOD, b"\n", field, b"\n", ENDPOINT, b"\n", TIMESTAMP),
        _behind(b"\n" + field + b"\n"),
    )


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
)
def other_separator(attempt: Attempt) -> Iterator[Frame]:
    """Any one character, any two that join text, other line ends, and two different separators."""
    return iter(_separators(attempt.thorough))


_JOINING: Final = tuple(bytes((byte,)) for byte in b"\n\r\t \0!#$%&*+,-./:;<=>?@\\^_|~")
_WORDS_THAT_JOIN: Final = (
    *(
        b" | ",
        b" - ",
        b"\n\n\n",
        b" :: ",
        b"---",
        b" + ",
        b"===",
        b"\n \n",
        b" \n ",
        b"\n-\n",
        b" & ",
        b"...",
        b"|||",
    ),
    *(
        "\u2028".encode(),
        "\u2029".encode(),
        "\u0085".encode(),
        "\u00a0".encode(),
        b"\\t",
        b"and",
        b" and ",
        b"', '",
    ),
    *(
        *words("undefined null None newline"),
        b"' '",
        b'", "',
        *words("',' \",\" %20 %7C"),
        b" -> ",
        b" => ",
    ),
    *(b"\\0", b"\r\n\r\n", b" , ", b"::::", b"__"),
)


@cache
def _separators(thorough: bool) -> tuple[Frame, ...]:  # noqa: FBT001  # called once, with the attempt's own flag
    common = (b":", b"|", b",", b"\t", b"&", b"\r", b"\n\n")
    if not thorough:
        return tuple(_joined(separator, separator) for separator in common)
    single = [bytes((byte,)) for byte in range(256)]
    double = [one + two for one, two in itertools.product(_JOINING, repeat=2)]
    frames = [_joined(separator, separator) for separator in (*common, *single, *double, *_WORDS_THAT_JOIN)]
    frames += _in_either_place((*_JOINING, *_WORDS_THAT_JOIN))
    frames += [
        _joined(one, two)
        for one, two in itertools.product((b"", b" ", b":", b"|", b",", b"&", b"-", b"\r\n"), repeat=2)
    ]
    for end in (
        *words(": | , &"),
        b" ",
        b"",
        *words("; - . /"),
        b"\t",
        b"\r",
        b"\n\n",
        b"\0",
        rb"\n",
        b"_",
        b"+",
    ):
        frames += [_joined(end, end, end), _joined(end, end, b"\n"), _frame(end, *_joined(end, end).pieces)]
    return tuple(frames)


@FRAME.mistake(
    "message_surrounded",
    (
        "Something was signed before the method or after the timestamp: the text begins with the method's"
        " first letter and ends with the timestamp's last digit."
    ),
)
def surrounded(attempt: Attempt) -> Iterator[Frame]:
    """Quotes, brackets, white space, a byte order mark and the like at one end or at both."""
    return iter(_surroundings(attempt.thorough))


_BRACKETS: Final = (
    *(
        (b'"', b'"'),
        (b"'", b"'"),
        (b"b'", b"'"),
        (b'b"', b'"'),
        (b"`", b"`"),
        (b"(", b")"),
        (b"[", b"]"),
        (b"{", b"}"),
    ),
    *(
        (b"<", b">"),
        (b'"""', b'"""'),
        (b"$'", b"'"),
        ("“".encode(), "”".encode()),
        (b'"', b'"\n'),
        (b"'", b"'\n"),
    ),
    *(
        (b"('", b"')"),
        (b'Some("', b'")'),
        (b"<![CDATA[", b"]]>"),
        (b"```\n", b"\n```"),
        (b"\\'", b"\\'"),
        (b'\\"', b'\\"'),
    ),
)
_STARTS: Final = (
    *(
        b"Bearer ",
        b"Bearer",
        b"sign:",
        b"message=",
        b"HMAC-SHA256\n",
        b"AWS4-HMAC-SHA256\n",
        b"v0:",
        b"v1:",
        b"v1",
    ),
    *(b"data=", b"payload:", b"stringToSign=", b"hmac:", b"sha256=", b"t=", b"1.", b"HMAC-SHA256", b"HTTP "),
)
_ENDS: Final = (
    *(
        b"\n\n",
        b"\r\n",
        b"\n\n\n",
        rb"\n",
        b"\r\n\r\n",
        b"\\0",
        b" \n",
        b"\n ",
        b"\xff\xfe",
        b"EOF",
        b"\nEOF",
        b"END",
    ),
    *(
        *words("n %0A null undefined None"),
        b"\n.",
        b"\n-",
        b"\n--",
        b"L",
        b"Z",
        b"ms",
        b"\\r\\n",
        b"</s>",
    ),
    *(
        "\ufeff".encode(),
        "\u200b".encode(),
        b"\x80",
        b"\x01",
        b"\x03",
        b"\x04",
        b"\x1a",
        b"\x1b",
        b"\x7f",
        b"\xff",
    ),
)


@cache
def _surroundings(thorough: bool) -> tuple[Frame, ...]:  # noqa: FBT001  # called once, with the attempt's own flag
    frames = [_behind(end) for end in (b"\n\n", b" ", b"\0", b"\r", b"\t")]
    frames += [_before(start) for start in (b"\n", b" ", "\ufeff".encode())]
    frames += [_before(start, end) for start, end in _BRACKETS[:3]]
    if thorough:
        for end in (*_JOINING, *_ENDS, b"'", b'"', b"`", b"(", b")", b"[", b"]", b"{", b"}", b"\v", b"\f"):
            frames += [_behind(end), _before(end), _before(end, end)]
        frames += [_before(start, end) for start, end in _BRACKETS]
        frames += [_before(start) for start in _STARTS]
    return tuple(frames)


@FRAME.mistake(
    "field_missing",
    (
        "One of method, endpoint and timestamp was left out of the signed text: sign all three, joined by"
        " newlines."
    ),
)
def missing_field(attempt: Attempt) -> Iterator[Frame]:
    """One or two of the three parts left out, with a separator or without it, or replaced by another part."""
    return iter(_with_fields_missing(attempt.thorough))


@cache
def _with_fields_missing(thorough: bool) -> tuple[Frame, ...]:  # noqa: FBT001  # called once, with the attempt's own flag
    frames: list[Frame] = []
    for separator in (b"\n", b"", b" ", b":", b"|", b",", b"\r\n", rb"\n", b"&") if thorough else (b"\n",):
        for absent in _PARTS:
            first, second = (part for part in _PARTS if part != absent)
            frames.append(_frame(first, separator, second))
            kept = [b"" if part == absent else part for part in _PARTS]
            frames.append(_frame(kept[0], separator, kept[1], separator, kept[2]))
            if thorough:
                frames += [
                    _frame(first, separator, second, end) for end in (b"\n", separator, separator + b"\n")
                ]
                frames += [
                    _frame(second, separator, first),
                    _frame(first, separator, first, separator, second),
                ]
                frames.append(_frame(first, separator, second, separator, second))
    for part in _PARTS:
        frames.append(_frame(part))
        if thorough:
            ends = ((b"", b"\n"), (b"\n", b""), (b"", b"\n\n"), (b"\n\n", b""), (b"\n", b"\n"))
            frames += [_frame(start, part, end) for start, end in ends]
            frames += [_frame(part, b"\n", part), _frame(part, b"\n", part, b"\n", part)]
    frames.append(_frame(b""))
    return (*frames, _frame(b"\n\n"), _frame(b"\n")) if thorough else tuple(frames)


@FRAME.mistake(
    "field_added",
    (
        "A field that does not belong to it was signed too, such as the host, a header or the access key:"
        " sign method, endpoint and timestamp alone."
    ),
)
def added_field(attempt: Attempt) -> Iterator[Frame]:
    """A fixed text or a field of the request behind, before or between the three parts."""
    yield _behind(b"\n" + attempt.access_key)
    yield _frame(METHOD, b"\n", attempt.host, b"\n", ENDPOINT, b"\n", TIMESTAMP)
    if not attempt.thorough:
        return
    host = attempt.host.partition(b":")[0]
    fields = (
        *(
            attempt.access_key,
            attempt.host,
            host,
            b"http://" + attempt.host,
            b"https://" + host,
            attempt.secret,
        ),
        *(b"host:" + attempt.host, b"Host: " + attempt.host, b"couchbase-timestamp:" + attempt.timestamp),
        *(
            b"Bearer " + attempt.access_key,
            *words("Bearer application/json content-type:application/json HTTP/1.1"),
        ),
        *words("cloudapi.cloud.couchbase.com https://cloudapi.cloud.couchbase.com https http v2 v3"),
        *(
            attempt.timestamp,
            attempt.method,
            attempt.target,
            attempt.query.removeprefix(b"?"),
            b"{}",
            b"undefined",
        ),
        *(
            b"null",
            b"None",
            b"HMAC-SHA256",
            b"%d" % len(attempt.body),
            *words("0 */* UNSIGNED-PAYLOAD nil"),
        ),
    )
    for field in dict.fromkeys(filter(None, fields)):
        yield from _added(field)


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
    yield from (_behind(b"\n" + raw.hex().encode()), _behind(b"\n" + base64.b64encode(raw)))
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
            _behind(b"\n" + form),
            _behind(form),
            _frame(METHOD, b"\n", ENDPOINT, b"\n", form, b"\n", TIMESTAMP),
        )


@FRAME.mistake(
    "message_encoding",
    (
        "The text was encoded or changed as a whole before it was signed, such as in UTF-16, base64 or"
        " capitals: sign its bytes as they are."
    ),
)
def encoding(attempt: Attempt) -> Iterator[Frame]:
    """The whole text in another encoding, hashed, as JSON or a form, or in other letters."""
    return iter(_encoded(attempt.thorough))


@cache
def _encoded(thorough: bool) -> tuple[Frame, ...]:  # noqa: FBT001  # called once, with the attempt's own flag
    if not thorough:
        return tuple(Frame(RIGHT.pieces, name) for name in ("base64", "utf-16-le", "lower", "hex"))
    frames = [Frame(RIGHT.pieces, name) for name in _ENCODINGS]
    frames += [
        Frame(_behind(b"\n").pieces, name) for name in ("lower", "upper", "base64", "percent", "hex", "json")
    ]
    for name, end in itertools.product((b"endpoint", b"path", b"url", b"uri"), (b"", b'"')):
        for comma, colon in ((b",", b":"), (b", ", b": ")):
            frames.append(
                _frame(
                    b'{"method"' + colon + b'"', METHOD,
                    b'"' + comma + b'"' + name + b'"' + colon + b'"', ENDPOINT,
                    b'"' + comma + b'"timestamp"' + colon + end, TIMESTAMP, end + b"}",
                )
            )  # fmt: skip
    for name in (b"endpoint", b"path", b"url", b"uri"):
        for joint, colon in (
            (b"&", b"="),
            (b"\n", b":"),
            (b"\n", b": "),
            (b"\n", b"="),
            (b", ", b": "),
            (b",", b"="),
        ):
            frames.append(
                _frame(
                    b"method" + colon,
                    METHOD,
                    joint + name + colon,
                    ENDPOINT,
                    joint + b"timestamp" + colon,
                    TIMESTAMP,
                )
            )
    for start, joint, last, end in (
        *((b"['", b"', '", b"', '", b"']"), (b"('", b"', '", b"', '", b"')"), (b"['", b"', '", b"', ", b"]")),
        *((b"('", b"', '", b"', ", b")"), (b'["', b'","', b'","', b'"]'), (b'["', b'", "', b'", "', b'"]')),
        *(
            (b'["', b'","', b'",', b"]"),
            (b"[", b" ", b" ", b"]"),
            (b"[", b", ", b", ", b"]"),
            (b"(", b", ", b", ", b")"),
        ),
        *((b"{", b" ", b" ", b"}"), (b"{", b", ", b", ", b"}")),
    ):
        frames.append(_frame(start, METHOD, joint, ENDPOINT, last, TIMESTAMP, end))
    return tuple(frames)


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


_ENCODINGS: Final[dict[str, Callable[[bytes], bytes]]] = {
    "utf-16-le": lambda data: _text(data).encode("utf-16-le", "surrogatepass"),
    "utf-16-be": lambda data: _text(data).encode("utf-16-be", "surrogatepass"),
    "utf-16-le with a byte order mark": lambda data: (
        b"\xff\xfe" + _text(data).encode("utf-16-le", "surrogatepass")
    ),
    "utf-16-be with a byte order mark": lambda data: (
        b"\xfe\xff" + _text(data).encode("utf-16-be", "surrogatepass")
    ),
    "utf-32-le": lambda data: _text(data).encode("utf-32-le", "surrogatepass"),
    "utf-32-be": lambda data: _text(data).encode("utf-32-be", "surrogatepass"),
    "base64": base64.b64encode,
    "base64url": base64.urlsafe_b64encode,
    "base64 unpadded": lambda data: base64.b64encode(data).rstrip(b"="),
    "base64 lines": base64.encodebytes,
    "hex": lambda data: data.hex().encode(),
    "hex capitals": lambda data: data.hex().upper().encode(),
    "percent": lambda data: quote(data, safe="").encode(),
    "percent but slashes": lambda data: quote(data).encode(),
    "form": lambda data: quote_plus(data).encode(),
    "json": lambda data: json.dumps(data.decode("latin-1")).encode(),
    "json inside": lambda data: json.dumps(data.decode("latin-1"))[1:-1].encode(),
    "python repr": lambda data: repr(data.decode("latin-1")).encode(),
    "python bytes": lambda data: repr(data).encode(),
    "lower": bytes.lower,
    "upper": bytes.upper,
    "reversed": lambda data: data[::-1],
    "latin-1 as utf-8": lambda data: data.decode("latin-1").encode(),
    "without white space": lambda data: b"".join(data.split()),
    "html": lambda data: data.replace(b"&", b"&amp;"),
}
