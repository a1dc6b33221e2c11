"""Characters of every class, at the start, in the middle and at the end of each field."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.conformance.signatures.walk.case import TIMESTAMP, Case

if TYPE_CHECKING:
    from collections.abc import Iterator

PLACES = ("start", "middle", "end")

# No field but the secret may contain one of these. The name of a class is a part of an id.
CLASSES = {
    "nul": ("\0", "U+0000, which ends a C string"),
    "control": ("\x01", "U+0001, a control character"),
    "backspace": ("\b", "U+0008, a backspace"),
    "tab": ("\t", "a tab"),
    "newline": ("\n", "a line feed"),
    "vertical-tab": ("\v", "U+000B, a vertical tab"),
    "form-feed": ("\f", "U+000C, a form feed"),
    "carriage-return": ("\r", "a carriage return"),
    "control-z": ("\x1a", "U+001A, the end of a file on Windows"),
    "escape": ("\x1b", "U+001B, which begins a terminal's escape sequence"),
    "file-separator": ("\x1c", "U+001C, a space in Python"),
    "unit-separator": ("\x1f", "U+001F, a space in Python"),
    "space": (" ", "a space"),
    "delete": ("\x7f", "U+007F, the last character of ASCII"),
    "c1-control": ("\x80", "U+0080, the first character after ASCII"),
    "next-line": ("\x85", "U+0085, a line end in Unicode"),
    "no-break-space": ("\xa0", "U+00A0, a no-break space"),
    "soft-hyphen": ("\xad", "U+00AD, which is not printed"),
    "latin-letter": ("\xe9", "U+00E9, a letter of Latin-1"),
    "superscript": ("\xb2", "U+00B2, a superscript: isdigit() in Python"),
    "long-s": ("\u017f", "U+017F, which is S without regard to case"),
    "kelvin-sign": ("\u212a", "U+212A, which is K without regard to case"),
    "arabic-digit": ("\u0661", "U+0661, a digit of another script"),
    "full-width-digit": ("\uff11", "U+FF11, a full-width digit"),
    "full-width-letter": ("\uff27", "U+FF27, a full-width letter"),
    "combining": ("\u0301", "U+0301, an accent for the letter before it"),
    "zero-width-space": ("\u200b", "U+200B, which is not printed"),
    "line-separator": ("\u2028", "U+2028, a line end in JavaScript"),
    "paragraph-separator": ("\u2029", "U+2029, a line end in Unicode"),
    "right-to-left": ("\u202e", "U+202E, which turns the text around"),
    "ideographic-space": ("\u3000", "U+3000, a wide space"),
    "byte-order-mark": ("\ufeff", "U+FEFF, a byte order mark"),
    "replacement": ("\ufffd", "U+FFFD, which stands for what could not be decoded"),
    "noncharacter": ("\uffff", "U+FFFF, a noncharacter"),
    "private-use": ("\ue000", "U+E000, a character for private use"),
    "astral": ("\U0001f511", "U+1F511, two units in UTF-16"),
    "astral-digit": ("\U0001d7ce", "U+1D7CE, a digit outside of the first plane"),
    "last": ("\U0010ffff", "U+10FFFF, the last character"),
}

# In these fields, the vectors of each class have one place each, in turn, except where a language trims.
TRIMMED = (
    "nul", "tab", "newline", "carriage-return", "vertical-tab", "file-separator", "unit-separator", "space",
    "next-line", "no-break-space", "line-separator", "byte-order-mark",
)  # fmt: skip

VALID = {"method": "POST", "endpoint": "/v2/clouds", "timestamp": TIMESTAMP, "access_key": "my-key"}


def put(text: str, character: str, place: str) -> str:
    """Return a text with a character at a place. An endpoint keeps its first slash."""
    if place == "middle":
        half = len(text) // 2
        return text[:half] + character + text[half:]
    return character + text if place == "start" else text + character


def secrets() -> Iterator[Case]:
    """Yield a secret for each class, which has the character at all three places."""
    for name, (character, about) in CLASSES.items():
        flag = "SecretSpace" if name in TRIMMED and name != "nul" else "SecretUnicode"
        yield Case(
            id=f"secret-holds-{name}",
            about=f"{about}, at three places" if len(about) < 50 else about,
            flag="SecretNul"
            if name == "nul"
            else flag
            if ord(character) > 0x7F or name in TRIMMED
            else "SecretCharacters",
            damage=f"character: {about.partition(',')[0]}",
            fields=("secret",),
            secret=f"{character}my{character}key{character}",
        )


def refusals() -> Iterator[Case]:
    """Yield inputs with a character that a field must not contain."""
    for field, valid in VALID.items():
        for name, (character, about) in CLASSES.items():
            for place in PLACES:
                value = put(valid, character, place)
                yield Case(
                    id=f"refuse-{field.replace('_', '-')}-{name}-{place}",
                    about=f"{about.partition(',')[0]} at the {place} of the {field.replace('_', ' ')}",
                    flag="Refusal",
                    damage=f"character: {about.partition(',')[0]}",
                    fields=(field,),
                    refused=True,
                    **{field: value},
                )
