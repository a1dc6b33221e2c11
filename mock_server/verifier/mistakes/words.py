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
        "{*} {{*}} :* <*> ${*} $* #{*} [*] %*% @{*} $(*) $env:* {{.*}} %(*)s <<*>> __*__ @* {$*} * <your-*>"
    ),
    *words("YOUR_* your-* your_* %7B*%7D"),
    b"{{ * }}",
)


def templates(name: bytes, count: int | None = None) -> Iterator[bytes]:
    """Yield a name as template languages, routers and shells write a place to fill in."""
    for form in _TEMPLATES[:count]:
        yield form.replace(b"*", name)
