"""Formats the lines of a failure: labels, quoted texts, the first difference."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SHOWN = 160  # characters of a quoted text
LINE = 400  # characters of a line of another program


def failure(title: str, lines: Iterable[str]) -> str:
    """Return the whole text of a failure: `FAIL`, the title, and the indented lines."""
    return "\n      ".join((f"FAIL  {title}", *lines))


def labelled(label: str, text: str) -> str:
    """Return a text after a label of fixed width."""
    return f"{label:<7} {text}"


def compare(label: str, got: str, expected: str) -> tuple[str, str, str]:
    """Return two different texts as lines, and a line that marks the first byte that differs.

    Long texts are shown from shortly before that byte.
    """
    got_bytes, expected_bytes = _bytes(got), _bytes(expected)
    pairs = enumerate(zip(got_bytes, expected_bytes, strict=False))
    shorter = min(len(got_bytes), len(expected_bytes))
    at = next((place for place, (one, other) in pairs if one != other), shorter)
    same = len(got_bytes[:at].decode(errors="ignore"))  # two characters can differ in their second byte only
    start = max(0, same - SHOWN // 2) if max(len(got), len(expected)) > SHOWN else 0
    mark = labelled("", " " * (len(visible(got[start:same])) - 1))
    return (
        labelled(label, visible(got[start:])),
        labelled("expects", visible(expected[start:])),
        f"{mark}^ byte {at}: {_byte(got_bytes, at)} {label}, {_byte(expected_bytes, at)} expected",
    )


def visible(text: str) -> str:
    """Return the beginning of a text in quotes, with every invisible character escaped."""
    inner = "".join(
        {"\n": r"\n", "\r": r"\r", "\t": r"\t", "\\": r"\\", '"': r"\""}.get(character)
        or (character if character.isprintable() else character.encode("unicode_escape").decode())
        for character in text[:SHOWN]
    )
    left = len(text) - SHOWN
    return f'"{inner}"' + (f" and {left} more" if left > 0 else "")


def plain(line: str) -> str:
    """Return the beginning of a line of another program, with every invisible character escaped.

    Escape sequences of a terminal and the characters that reorder text must not reach a terminal or a page.
    """
    shown = "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode()
        for character in line[:LINE].replace("\t", "    ")
    )
    left = len(line) - LINE
    return shown + (f" ... and {left} more characters" if left > 0 else "")


def cause_of(problems: Sequence[str]) -> str:
    """Return the beginning of the first problem, up to a value in it: the name of its cause."""
    return re.split(r"[\"'{\[:]|\d", problems[0])[0].strip()[:60] if problems else ""


def _bytes(text: str) -> bytes:
    return text.encode(errors="surrogatepass")


def _byte(text: bytes, at: int) -> str:
    if at >= len(text):
        return "the end"
    return ascii(chr(text[at])) if text[at] < 0x80 else f"0x{text[at]:02X}"
