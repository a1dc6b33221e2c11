"""The list of characters that must not reach a terminal."""

from __future__ import annotations

import pytest

from tests.support.unprintable import unprintable


@pytest.mark.parametrize(
    "character",
    [
        "\x00",
        "\t",
        "\n",
        "\x1b",
        "\x7f",
        "\x85",
        "\x9b",
        "\xad",
        "\u061c",
        "\u200f",
        "\u2028",
        "\u202e",
        "\udcff",
    ],
)
def test_unprintable(character: str) -> None:
    """A control, a format character, a separator and half a surrogate pair are found unless allowed."""
    assert unprintable(f"a{character}b") == {character}
    assert unprintable(f"a{character}b", allowed=character) == set()


@pytest.mark.parametrize("text", ["", "a b", "é", "漢", "\xa0", "\U0001f600", "\ufffd", "e\u0301"])
def test_printable(text: str) -> None:
    """Letters of any script, spaces and marks are printable."""
    assert unprintable(text) == set()
