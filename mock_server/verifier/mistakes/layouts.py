"""Texts with another layout than the rule's: frames that leave the three parts open."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final, NamedTuple

from mock_server.verifier.mistakes.transforms import ENCODINGS
from mock_server.verifier.mistakes.words import BEFORE, BEHIND, PLACEHOLDERS, templates, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# The three parts of the text, in a frame that leaves them open.
METHOD: Final = 0
ENDPOINT: Final = 1
TIMESTAMP: Final = 2
PARTS: Final = (METHOD, ENDPOINT, TIMESTAMP)


class Frame(NamedTuple):
    """What is signed: a pattern, the parts that fill it in, in order, and the encoding of the whole, if any.

    Patterns are filled in by ``%``, several thousand for one explanation: so their own ``%`` is doubled.
    """

    pattern: bytes
    parts: tuple[int, ...]
    encoding: str = ""

    def text(self, *parts: bytes) -> bytes:
        """Fill in method, endpoint and timestamp."""
        text = self.pattern % tuple([parts[part] for part in self.parts])
        return ENCODINGS[self.encoding](text) if self.encoding else text


def fill(frames: Iterable[Frame], parts: tuple[bytes, bytes, bytes]) -> list[bytes]:
    """Return the texts of many frames with the same method, endpoint and timestamp."""
    filled: dict[tuple[int, ...], tuple[bytes, ...]] = {PARTS: parts}
    texts: list[bytes] = []
    for pattern, order, encoding in frames:
        if order is PARTS:
            text = pattern % parts
        else:
            if order not in filled:
                filled[order] = tuple([parts[part] for part in order])
            text = pattern % filled[order]
        texts.append(ENCODINGS[encoding](text) if encoding else text)
    return texts


def frame(*pieces: int | bytes, encoding: str = "") -> Frame:
    """Return the frame of these pieces in order: parts, and fixed bytes."""
    pattern = b"".join([b"%b" if isinstance(piece, int) else piece.replace(b"%", b"%%") for piece in pieces])
    parts = tuple([piece for piece in pieces if isinstance(piece, int)])
    return Frame(pattern, PARTS if parts == PARTS else parts, encoding)  # one object, compared by identity


def joined(first: bytes, second: bytes, end: bytes = b"", *, start: bytes = b"", encoding: str = "") -> Frame:
    """Return the frame of the three parts in their order, with two separators, an end and a start."""
    return frame(start, METHOD, first, ENDPOINT, second, TIMESTAMP, end, encoding=encoding)


RIGHT: Final = joined(b"\n", b"\n")
"""The frame of the rule."""


def encoded_as(encoding: str, end: bytes = b"") -> Frame:
    """Return the right frame, with an end, in an encoding of the whole."""
    return joined(b"\n", b"\n", end, encoding=encoding)


def behind(end: bytes) -> Frame:
    """Return the right frame with something behind it."""
    return joined(b"\n", b"\n", end)


def before(start: bytes, end: bytes = b"") -> Frame:
    """Return the right frame with something before it and, if wanted, behind it."""
    return joined(b"\n", b"\n", end, start=start)


def in_either_place(separators: Iterable[bytes], *, alone: bool = True) -> Iterator[Frame]:
    """Yield a separator in both places and, if wanted, in the first and in the second alone."""
    for separator in separators:
        yield joined(separator, separator)
        if alone:
            yield from (joined(separator, b"\n"), joined(b"\n", separator))


ESCAPES: Final = (
    *words(
        "`r`n %n LF CRLF <newline> <LF> [LF] CHAR(10) char(10) chr(10) PHP_EOL $/ endl NEWLINE \\N"
        " {{newline}} ${newline}"
    ),
    *words(
        "\\x0A \\n\\r &NewLine; &#010; &lt;br&gt; %5Cn \\u{000A} \\u{a} \\a ${\\n} #{\\n} '\\n' \"\\n\""
        " +'\\n'+"
    ),
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


def orders(*, thorough: bool) -> tuple[Frame, ...]:
    """Return frames with the three parts in another order."""
    orders = list(itertools.permutations(PARTS))[1:]
    if not thorough:
        return tuple(frame(first, b"\n", second, b"\n", third) for first, second, third in orders)
    return tuple(
        frame(first, separator, second, separator, third, end)
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


_JOINING: Final = tuple(bytes((byte,)) for byte in b"\n\r\t !#$%&*+,-./:;=?@_|~")
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
        *words("undefined null None newline => -> <> \\ \0"),
        b"' '",
        b'", "',
        *words("',' \",\" %20 %7C"),
        b" -> ",
        b" => ",
    ),
    *(b"\\0", b"\r\n\r\n", b" , ", b"::::", b"__"),
)


def separators(*, thorough: bool) -> tuple[Frame, ...]:
    """Return frames with other separators than a newline."""
    common = (b":", b"|", b",", b"\t", b"&", b"\r", b"\n\n")
    if not thorough:
        return tuple(joined(separator, separator) for separator in common)
    single = [bytes((byte,)) for byte in range(256)]
    double = [one + two for one, two in itertools.product(_JOINING, repeat=2)]
    frames = [joined(separator, separator) for separator in (*common, *single, *double, *_WORDS_THAT_JOIN)]
    frames += in_either_place((*_JOINING, *_WORDS_THAT_JOIN))
    frames += [
        joined(one, two)
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
        frames += [joined(end, end, end), joined(end, end, b"\n"), joined(end, end, start=end)]
    return tuple(frames)


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
_INDENTATIONS: Final = (*(b" " * width for width in range(1, 17)), b"\t", b"\t\t", b"\t\t\t")
_STARTS: Final = (
    *words("f b u r Bearer sign: message= v0: v1: v1 data= payload: stringToSign= hmac: sha256= t= 1."),
    *(b"-e ", b"-n ", b"(stdin)= ", b"$ ", b"> ", b"% ", b"blob 0\0", b"POST\n", b"string to sign: "),
    *(b"Bearer ", b"HMAC-SHA256\n", b"AWS4-HMAC-SHA256\n", b"HMAC-SHA256", b"HTTP "),
)
_ENDS: Final = (
    *(
        b"1",
        b"0",
        b"PHP_EOL",
        b"\nPHP_EOL",
        b"\\n\\n",
        b" \\n",
        b"\n1",
        b"\n0",
        b"\n{}",
        b"\n''",
        b'\n""',
        b"\n[]",
        b"''",
        b'""',
    ),
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


def surroundings(*, thorough: bool) -> tuple[Frame, ...]:
    """Return frames with something before the method or behind the timestamp."""
    frames = [behind(end) for end in (b"\n\n", b" ", b"\0", b"\r", b"\t")]
    frames += [before(start) for start in (b"\n", b" ", "\ufeff".encode())]
    frames += [before(start, end) for start, end in _BRACKETS[:3]]
    if thorough:
        for end in (*_JOINING, *_ENDS, b"'", b'"', b"`", b"(", b")", b"[", b"]", b"{", b"}", b"\v", b"\f"):
            frames += [behind(end), before(end), before(end, end)]
        frames += [before(start, end) for start, end in _BRACKETS]
        frames += [before(start) for start in (*_STARTS, *BEFORE)]
        frames += [before(start, b"\n") for start in _STARTS]  # as echo adds it
        frames += [behind(end) for end in BEHIND]
        for pad in (*_INDENTATIONS, b"> ", b"+ "):
            frames.append(frame(pad, METHOD, b"\n" + pad, ENDPOINT, b"\n" + pad, TIMESTAMP))
            frames.append(frame(METHOD, b"\n" + pad, ENDPOINT, b"\n" + pad, TIMESTAMP))
            frames.append(frame(b"\n" + pad, METHOD, b"\n" + pad, ENDPOINT, b"\n" + pad, TIMESTAMP, b"\n"))
            frames.append(frame(pad, METHOD, b"\n" + pad, ENDPOINT, b"\n" + pad, TIMESTAMP, b"\n"))
        for pad in (b" ", b"\t", b"\r", b",", b";", b"\\"):  # behind each line
            frames.append(frame(METHOD, pad + b"\n", ENDPOINT, pad + b"\n", TIMESTAMP, pad))
            frames.append(frame(METHOD, pad + b"\n", ENDPOINT, pad + b"\n", TIMESTAMP))
        for start, end in _BRACKETS[:12]:  # around each line
            frames.append(
                frame(start, METHOD, end + b"\n" + start, ENDPOINT, end + b"\n" + start, TIMESTAMP, end)
            )
    return tuple(frames)


def fields_missing(*, thorough: bool) -> tuple[Frame, ...]:
    """Return frames that lack parts, or have one of them in place of another."""
    frames: list[Frame] = []
    for separator in (b"\n", b"", b" ", b":", b"|", b",", b"\r\n", rb"\n", b"&") if thorough else (b"\n",):
        for absent in PARTS:
            first, second = (part for part in PARTS if part != absent)
            frames.append(frame(first, separator, second))
            kept = [b"" if part == absent else part for part in PARTS]
            frames.append(frame(kept[0], separator, kept[1], separator, kept[2]))
            if thorough:
                frames += [
                    frame(first, separator, second, end) for end in (b"\n", separator, separator + b"\n")
                ]
                frames += [
                    frame(second, separator, first),
                    frame(first, separator, first, separator, second),
                ]
                frames.append(frame(first, separator, second, separator, second))
    frames.append(frame(b""))
    if thorough:
        for part in PARTS:
            frames.append(frame(part))
            ends = ((b"", b"\n"), (b"\n", b""), (b"", b"\n\n"), (b"\n\n", b""), (b"\n", b"\n"))
            frames += [frame(start, part, end) for start, end in ends]
            frames += [frame(part, b"\n", part), frame(part, b"\n", part, b"\n", part)]
        # The text was never formatted, or a word took its place.
        for names in (
            (b"method", b"endpoint", b"timestamp"),
            (b"METHOD", b"ENDPOINT", b"TIMESTAMP"),
            (b"method", b"path", b"timestamp"),
            (b"method", b"url", b"timestamp"),
            (b"method", b"path", b"ts"),
        ):
            forms = [list(templates(name)) for name in names]
            frames += [frame(b"\n".join(parts)) for parts in zip(*forms, strict=True)]
        for word in (b"%s", b"%v", b"{}", b"%@", b"?", b"%1$s"):
            frames += [frame(b"\n".join([word] * 3)), frame(word)]
        frames += [
            frame(b"{0}\n{1}\n{2}"),
            frame(b"$1\n$2\n$3"),
            frame(b"%s\n%s\n%d"),
            frame(b"message"),
            frame(b"stringToSign"),
        ]
        frames += [frame(word) for word in PLACEHOLDERS]
    return (*frames, frame(b"\n\n"), frame(b"\n")) if thorough else tuple(frames)
