"""The texts of failures: quoted, compared, and marked at the first difference."""

from __future__ import annotations

import pytest

from tests.conformance.report.text import compare, visible


@pytest.mark.parametrize(
    ("got", "expected", "mark"),
    [
        ("ab", "ac", "          ^ byte 1: 'b' got, 'c' expected"),
        ("a", "ab", "          ^ byte 1: the end got, 'b' expected"),
        ("ab", "a", "          ^ byte 1: 'b' got, the end expected"),
        ("\n\tx", "\n\ty", "             ^ byte 2: 'x' got, 'y' expected"),
        ("é", "è", "         ^ byte 1: 0xA9 got, 0xA8 expected"),
        ("", "\0", "         ^ byte 0: the end got, '\\x00' expected"),
    ],
)
def test_the_first_byte_that_differs_is_marked(got: str, expected: str, mark: str) -> None:
    """The mark is below the character with that byte, escapes included."""
    assert compare("got", got, expected)[2] == mark


def test_long_texts_are_shown_around_the_difference() -> None:
    """Both lines begin at the same place, shortly before the first byte that differs."""
    got, expected, mark = compare("got", "a" * 5000 + "b" * 5000, "a" * 5000 + "z" * 5000)
    assert got.index("b") == expected.index("z") == mark.index("^")
    assert "^ byte 5000: 'b' got, 'z' expected" in mark
    assert max(len(got), len(expected)) < 200


def test_every_character_is_visible() -> None:
    """Control characters, quotes, unusual spaces and lone surrogates are escaped."""
    assert visible('a"\\\n\r\t\0\x1b\u00a0\u2028\ud800é😀') == r'"a\"\\\n\r\t\x00\x1b\xa0\u2028\ud800é😀"'
    assert visible("x" * 1000).endswith('x" and 840 more')
