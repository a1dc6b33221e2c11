"""Digests with bytes that text functions change, and signatures with each special character."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

from tests.conformance.signatures.walk.case import Case

if TYPE_CHECKING:
    from collections.abc import Iterator

# Name -> what is special, and a pattern for the digest.
DIGESTS = {
    "begins-with-00": ("a digest that begins with 00: a number loses the byte", rb"\x00.*"),
    "ends-with-00": ("a digest that ends with 00: a C string loses the byte", rb".*\x00"),
    "begins-with-0a": ("a digest that begins with a line feed", rb"\n.*"),
    "ends-with-0a": ("a digest that ends with a line feed", rb".*[^\r]\n"),
    "ends-with-0d": ("a digest that ends with a carriage return", rb".*\r"),
    "holds-0d0a": ("a digest with CR LF inside, which a text mode changes", rb".+\r\n.+"),
    "holds-0a": ("a digest with a line feed inside, and no CR before it", rb"[^\r\n]+\n[^\r\n]+"),
    "begins-with-20": ("a digest that begins with a space", rb" .*"),
    "ends-with-20": ("a digest that ends with a space", rb".* "),
    "ends-with-09": ("a digest that ends with a tab", rb".*\t"),
    "holds-1a": ("a digest with 1A, the end of a file on Windows", rb".+\x1a.+"),
    "begins-with-7f": ("a digest that begins with 7F, a positive number", rb"\x7f.*"),
    "begins-with-80": ("a digest that begins with 80, a negative number", rb"\x80.*"),
    "begins-with-ff": ("a digest that begins with FF", rb"\xff.*"),
    "holds-quote": ("a digest with a quote and a backslash", rb".*['\"].*\\.*"),
}
# The same for the signature.
SIGNATURES = {
    "double-slash": ("two slashes in the signature, a comment in some languages", r"[^+]*//[^+]*"),
    "plus-slash": ("a + before a / in the signature", r".*\+/.*"),
    "many-plus": ("four + in the signature, and no slash", r"(?:[^+/]*\+){4}[^+/]*"),
    "many-slashes": ("four slashes in the signature, and no +", r"(?:[^+/]*/){4}[^+/]*"),
    "plus-before-padding": ("a + two characters before the =", r".{41}\+.="),
    "slash-before-padding": ("a / two characters before the =", r".{41}/.="),
}


def cases() -> Iterator[Case]:
    """Yield a case for each digest and signature: the first timestamp that gives one."""
    for name, (about, digest) in DIGESTS.items():
        yield _found(name, about, re.compile(digest, re.DOTALL), None)
    for name, (about, signature) in SIGNATURES.items():
        yield _found(name, about, None, re.compile(signature))


def _found(
    name: str, about: str, digest: re.Pattern[bytes] | None, signature: re.Pattern[str] | None
) -> Case:
    kind = "digest" if digest else "output"
    case = Case(
        f"{kind}-{name}",
        about,
        "Output",
        f"{kind}: {name.replace('-', ' ')}",
        ("digest",),
        endpoint="/v2/users",
    )
    for number in count(1_700_000_010_000):
        tried = replace(case, timestamp=str(number))
        if digest.fullmatch(tried.digest) if digest else signature and signature.fullmatch(tried.expected):
            return tried
    raise AssertionError("the search has no end")
