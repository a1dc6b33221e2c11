"""Makes text from the network fit for a terminal; every other module prints such text through this one.

A control character can move the cursor or start an escape sequence, and a format character can change the
direction of writing or hide text. This module has its own list of both, because the lists of Python and Go
depend on their releases. Both languages print the same.
"""

import re

# General categories Cc, Cf, Zl, Zp and Cs of Unicode 17: controls, formats, separators and surrogates.
_UNPRINTABLE = re.compile(
    "["
    "\x00-\x1f\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e007f"
    "]"
)
_SURROGATES = re.compile("[\ud800-\udfff]")
_NOT_ASCII = re.compile("[^\x00-\x7f]")


def one_line(text: str, limit: int | None = None) -> str:
    """Return text as one printable line of at most `limit` characters and "...".

    Every control and format character becomes a space, and half a surrogate pair U+FFFD.
    """
    short = f"{text[:limit]}..." if limit and len(text) > limit else text
    return _UNPRINTABLE.sub(" ", valid(short))


def valid(text: str) -> str:
    """Return text that can be encoded: half a surrogate pair, or a byte that is not UTF-8, becomes U+FFFD."""
    return _SURROGATES.sub("\ufffd", text)


def json_text(text: str, *, ascii_only: bool = False) -> str:
    r"""Return a JSON text of the same value with `\u` escapes for control and format characters.

    Line breaks between its parts are kept. `ascii_only` escapes every character outside ASCII as well.
    """
    text = _UNPRINTABLE.sub(_escape, text)
    return _NOT_ASCII.sub(_escape, text) if ascii_only else text


def _escape(found: re.Match[str]) -> str:
    if found[0] == "\n":
        return "\n"
    units = found[0].encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[start : start + 4]}" for start in range(0, len(units), 4))
