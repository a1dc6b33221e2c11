"""Words that programs write where a value is missing, and places in templates that were not filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator


def words(text: str) -> tuple[bytes, ...]:
    """Return the words of a text, which single spaces separate, in UTF-8."""
    return tuple(text.encode().split(b" "))


PLACEHOLDERS: Final = (
    *(b"", b"[object Object]", b"[object Promise]", b"<no value>", b"%!s(<nil>)", b"%!v(MISSING)"),
    *words(
        "undefined null None nil NULL Null NaN nan none (null) <nil> <null> {} [] true false True False 0 -1"
    ),
    *words("Optional.empty undef void unknown N/A %s %v %d {0} $1 None() Nothing"),
)
"""What languages print for a value that is missing."""

_TEMPLATES: Final = (
    *words(
        "{*} {{*}} :* <*> ${*} $* #{*} [*] %*% @{*} $(*) $env:* * {{.*}} %(*)s <<*>> __*__ @* {$*} <your-*>"
    ),
    *words("YOUR_* your-* your_* %7B*%7D"),
    b"{{ * }}",
)


COMMON: Final = 14
"""The templates at the start of the list, which are the most common ones."""


def templates(name: bytes, count: int | None = None) -> Iterator[bytes]:
    """Yield a name as template languages, routers and shells write a place to fill in."""
    for form in _TEMPLATES[:count]:
        yield form.replace(b"*", name)


_AROUND: Final = (
    *words("'*' \"*\" `*` b'*' b\"*\" [*] (*) {*} <*> ['*'] [\"*\"] ('*',) (*,) (\"*\",) {'*'} {\"*\"}"),
    *words('\\\'*\\\' \\"*\\" Some("*") Some(*) Ok("*") Ok(*) Optional("*") Optional(*) Optional[*]'),
    *words("Just(*) Right(*) Value(*) String(*) Secret(*) Secret('*') UUID('*') Guid(*) urn:uuid:*"),
    *words("'\"*\"' \"'*'\" u'*' r'*' @'*' $'*'"),
    *(b" * ", b"'*',", b'"*",', b"'*';", b'"*";', b"(* )", b'Just "*"', b": *", b"= *"),
)
BEFORE: Final = (
    *words(": = ~ @ # $ % + - ** , ; . ( [ { < ' \" undefined None null nil \ufeff"),
    *(b" ", b"\t", b"\n"),
)
"""What is glued before a text by mistake."""
BEHIND: Final = (
    *words(", ; . : ) ] } > ' \" = / \\ ? # & % $ ! ** undefined None null nil .0 [] {} map[]"),
    *words("\\n \\r\\n \\r \\0 %0A %20 \u00a0 \u200b"),
    *(b" ", b"\t", b"\r", b"\n", b"\r\n", b"\0", b"*", b"*/"),
)
"""What is glued behind a text by mistake."""


def printed(text: bytes, *, before: bool = True, behind: bool = True) -> Iterator[bytes]:
    """Yield a text with the quotes, brackets and names that programs put around it, or a stray character.

    Args:
        text: a part of what is signed, or the secret key.
        before: whether stray characters before it are wanted; at the start of a message they are the frame's.
        behind: whether those behind it are wanted; at the end of a message they are the frame's.
    """
    for form in _AROUND:
        yield form.replace(b"*", text)
    if before:
        yield from (start + text for start in BEFORE)
    if behind:
        yield from (text + end for end in BEHIND)
