"""Text from the network on a terminal, in Python. go/capella/printable_test.go has the same cases."""

from __future__ import annotations

import json
import sys

import pytest

from capella.printable import json_text, one_line, valid
from tests.support.unprintable import unprintable


def test_every_character() -> None:
    """Every unprintable character becomes a space, half a pair U+FFFD, and no other character changes."""
    surrogates = "".join(map(chr, range(0xD800, 0xE000)))
    assert set(one_line(surrogates)) == {"\ufffd"}
    others = "".join(chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code < 0xE000)
    changed = {character for character, shown in zip(others, one_line(others), strict=True) if shown == " "}
    assert one_line("".join(set(others) - changed)) == "".join(set(others) - changed)
    assert unprintable(others) | {" "} <= changed
    # The list has characters that later releases of Unicode define, and only these.
    assert {character for character in changed if character.isprintable()} == {" "}


@pytest.mark.parametrize(
    ("text", "limit", "line"),
    [
        ("", None, ""),
        ("", 3, ""),
        ("abc", None, "abc"),
        ("abc", 3, "abc"),
        ("abcd", 3, "abc..."),
        ("é 漢字 \U0001f600", None, "é 漢字 \U0001f600"),
        ("a\xa0b\u3000c", None, "a\xa0b\u3000c"),
        ("\x00\t\n\x1b\x1f", None, "     "),
        ("a\x7fb\x80c\x9fd\xade", None, "a b c d e"),
        ("\u061c\u200b\u200f\u2028\u202e\u2066\ufeff", None, "       "),
        ("\U000e0041\U00013430\U0001d173", None, "   "),
        ("a\ud800b\udfff", None, "a\ufffdb\ufffd"),
    ],
)
def test_one_line(text: str, limit: int | None, line: str) -> None:
    """A text at the limit is whole, a longer one is cut; unprintable characters become spaces."""
    assert one_line(text, limit) == line


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ('{"a": 1}', '{"a": 1}'),
        ('{\n  "é": "漢\U0001f600"\n}', '{\n  "é": "漢\U0001f600"\n}'),
        ('"\x7f\x80\x9b\xad"', r'"\u007f\u0080\u009b\u00ad"'),
        ('"\u202e\u2028\ufeff"', r'"\u202e\u2028\ufeff"'),
        ('"\U000e0041"', r'"\udb40\udc41"'),
        ('"\ud800"', r'"\ud800"'),
        (r'"\u202e\\\u001b"', r'"\u202e\\\u001b"'),
        ('{"\u200b": "\\\u200b"}', '{"\\u200b": "\\\\u200b"}'),
    ],
)
def test_json_text(text: str, printed: str) -> None:
    r"""An unprintable character is a `\u` escape, and every other one is printed as received."""
    assert json_text(text) == printed


def test_json_text_keeps_the_value() -> None:
    """JSON with every character parses to the same text, also in ASCII."""
    value = "".join(chr(code) for code in range(0x20000) if not 0xD800 <= code < 0xE000) + "\U000e0001"
    text = json.dumps({"a": value}, ensure_ascii=False, indent=2)
    assert json.loads(json_text(text)) == {"a": value}
    in_ascii = json_text(text, ascii_only=True)
    assert in_ascii.isascii()
    assert json.loads(in_ascii) == {"a": value}


def test_valid() -> None:
    """Each half of a surrogate pair becomes U+FFFD; every other character is kept."""
    assert valid("é\x1b\udcc3\ud800\U0001f600") == "é\x1b\ufffd\ufffd\U0001f600"
