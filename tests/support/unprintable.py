"""The characters that must not reach a terminal, by Python's own list of categories.

The packages under test have lists of their own.
"""

from __future__ import annotations

import unicodedata

CATEGORIES = {"Cc", "Cf", "Cs", "Zl", "Zp"}
"""Controls, formats (the direction of writing among them), surrogates, separators of lines and paragraphs."""


def unprintable(text: str, *, allowed: str = "") -> set[str]:
    """Return the characters of a text that are unprintable and not allowed."""
    return {each for each in text if unicodedata.category(each) in CATEGORIES and each not in allowed}
