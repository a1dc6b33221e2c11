"""Each character of a signature, access keys that are nearly known, and the edges of the window."""

from __future__ import annotations

import string
from dataclasses import replace
from typing import TYPE_CHECKING

from tests.conformance.refusals.mutations.request import (
    Change,
    Mutation,
    Positive,
    b64,
    group,
    headers,
    mac,
    refused,
    right,
    signature,
    signs,
    signs_and_sends,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conformance.raw_http import RawRequest

STAMP = ("Couchbase-Timestamp", "{t}")
BASE64 = string.ascii_uppercase + string.ascii_lowercase + string.digits + "+/"
LAST = "AEIMQUYcgkosw048"  # characters before the =, in which the two unused bits are zero

CLOCK, WINDOW = 1_700_000_000_123, 300_000

# Access keys that a look-up finds although no known key (A, newline-key) is equal. A brace is doubled.
NEARLY = (
    ("newline-ke", "prefix", "a known key without its last character"),
    ("newline", "first-word", "the first word of a known key"),
    ("newline-key2", "longer", "a known key and a digit"),
    ("newline-key-2", "longer-by-a-word", "a known key and a word"),
    ("xnewline-key", "longer-at-the-start", "a known key and a letter before it"),
    ("newline-other", "same-start", "a key with the same eight first characters"),
    ("Newline-Key", "title-case", "a known key with capital letters"),
    ("NEWLINE-KEY", "upper-case", "a known key in upper case"),
    ("newline_key", "underscore", "an underscore, any character for LIKE"),
    ("newline%", "percent-sign", "a percent sign, any text for LIKE"),
    ("%", "only-percent-sign", "only a percent sign"),
    ("newline?key", "question-mark", "a question mark, any character of a file name"),
    ("newline*", "asterisk", "an asterisk, any text of a file name"),
    ("*", "only-asterisk", "only an asterisk"),
    ("newline.key", "dot", "a dot, any character of a pattern"),
    (".+", "pattern", "a pattern that fits every key"),
    ("newline%2Dkey", "percent-encoded", "an encoded dash"),
    ("newline-key/x", "path", "a slash and more after a known key"),
    ("newline-key,x", "comma", "a comma and more after a known key"),
    ("newline-key;x", "semicolon", "a semicolon and more after a known key"),
    ("newline-key=x", "equals-sign", "an equals sign and more after a known key"),
    ("newline-key.", "dot-at-the-end", "a dot after a known key"),
    ("newline-key%00", "encoded-nul", "an encoded NUL after a known key"),
    ("newline-key%20", "encoded-space", "an encoded space after a known key"),
    ("x@newline-key", "at-sign", "a name and an at sign before a known key"),
    ("'newline-key'", "single-quotes", "a known key in single quotes"),
    ('"newline-key"', "double-quotes", "a known key in double quotes"),
    ("`newline-key`", "backticks", "a known key in backticks"),
    ("{{newline-key}}", "braces", "a known key in braces"),
    ("$newline-key", "dollar-sign", "a dollar sign before a known key"),
    ("../newline-key", "dots", "dots and a slash before a known key"),
    ("newline-key'or'1'='1", "sql", "a condition of SQL"),
    ("newline-keynewline-key", "twice", "a known key twice"),
    ("A,newline-key", "two-keys", "two known keys"),
    ("constructor", "constructor", "a property of JavaScript objects"),
    ("toString", "to-string", "a property of JavaScript objects"),
    ("valueOf", "value-of", "a property of JavaScript objects"),
    ("hasOwnProperty", "has-own-property", "a property of JavaScript objects"),
    ("prototype", "prototype", "a property of JavaScript functions"),
    ("length", "length", "a property of arrays"),
    ("__class__", "class", "an attribute of Python objects"),
    ("__dict__", "dict", "an attribute of Python objects"),
    ("undefined", "undefined", "the word undefined"),
    ("null", "null", "the word null"),
    ("None", "none", "the word None"),
    ("0", "zero", "0, the index of the first key"),
    ("-1", "minus-one", "-1, the index of the last key"),
    ("default", "default", "the word default"),
    ("admin", "admin", "the word admin"),
)

# Unknown access keys, signed with what a look-up may return.
RETURNED = (
    ("nobody", "", "empty", "an empty secret"),
    ("nobody", "undefined", "undefined", "the word undefined"),
    ("nobody", "null", "null", "the word null"),
    ("nobody", "None", "none", "the word None"),
    ("nobody", "nobody", "key", "the access key itself"),
    ("nobody", "my secret key", "another", "the secret of another key"),
    ("constructor", "function Object() { [native code] }", "function", "the text of a function"),
    ("__proto__", "[object Object]", "object", "the text of an object"),
    ("toString", "function toString() { [native code] }", "to-string", "the text of a function"),
)

SECRETS = (
    ("secret-of-another-key", b"6e6f7420746f206265206465636f646564", "the secret of another access key"),
    ("secret-before-rotation", b"my secret key (old)", "the secret before its rotation"),
    ("secret-with-a-digit", b"my secret key2", "the secret and a digit"),
)
SHORTER = (
    ("secret-without-its-end", b"my secret ke", "the secret without its last character"),
    ("secret-without-its-start", b"y secret key", "the secret without its first character"),
)

DISTANCES = (
    (0, "at-the-clock", "exactly the clock"),
    (1, "1-ms-ahead", "a millisecond ahead"),
    (-1, "1-ms-behind", "a millisecond behind"),
    (-123, "at-the-whole-second", "the last whole second"),
    (877, "at-the-next-second", "the next whole second"),
    (WINDOW - 1, "1-ms-inside-the-new-end", "a millisecond inside of the new end"),
    (-WINDOW + 1, "1-ms-inside-the-old-end", "a millisecond inside of the old end"),
    (WINDOW - 500, "half-a-second-inside", "half a second inside of the new end"),
    (-WINDOW + 500, "half-a-second-inside-the-old-end", "half a second inside of the old end"),
)
BEYOND = (
    (2, "2-ms", "two milliseconds"),
    (100, "100-ms", "a tenth of a second"),
    (123, "123-ms", "the clock's milliseconds"),
    (500, "500-ms", "half a second"),
    (999, "999-ms", "999 milliseconds"),
    (1000, "a-second", "a second"),
    (60_000, "a-minute", "a minute"),
    (WINDOW, "a-window", "the window again"),
    (86_400_000, "a-day", "a day"),
    (2**31, "2-to-the-31", "2^31 ms: 0 in 31 bits"),
)


def _changed(index: int) -> Change:
    """Replace one character of the signature by another that is well-formed."""

    def text(p: Positive) -> str:
        given = right(p)
        allowed = LAST if index == 42 else BASE64
        other = allowed[(allowed.index(given[index]) + 1) % len(allowed)]
        return given[:index] + other + given[index + 1 :]

    return signature(text)


def _swapped(p: Positive) -> str:
    given = right(p)
    at = next(at for at in range(41) if given[at] != given[at + 1])
    return given[:at] + given[at + 1] + given[at] + given[at + 2 :]


def _repeated_for_plus(p: Positive) -> str:
    """Return a text that the signature matches, if it is taken for a pattern."""
    given = right(p)
    at = given.index("+")
    return given[:at] + given[at - 1] + given[at + 1 :]


def _as_key(key: str, secret: str) -> Change:
    def change(p: Positive) -> RawRequest:
        signed = right(replace(p, secret=secret.encode()))
        return headers(("Authorization", f"Bearer {key}:{signed}"), STAMP)(p)

    return change


def mutations() -> Iterator[Mutation]:
    """Yield the requests."""
    for index in range(43):
        yield from group(
            "signature_mismatch",
            "signature_mismatch",
            "arithmetic",
            (
                "get-query",
                f"signature-character-{index + 1}",
                f"character {index + 1} of the signature differs",
                _changed(index),
            ),
        )
    yield from group(
        "signature_encoding",
        "signature_length",
        "format",
        (
            "get-query",
            "signature-character-44",
            "a letter instead of the =",
            signature(lambda p: right(p)[:43] + "A"),
        ),
    )
    yield from group(
        "signature_mismatch",
        "signature_mismatch",
        "arithmetic",
        (
            "get-query",
            "signature-characters-swapped",
            "two characters of the signature swapped",
            signature(_swapped),
        ),
        (
            "get-query",
            "signature-with-look-alikes",
            "O for 0 and I for l in the signature",
            signature(lambda p: right(p).replace("0", "O").replace("l", "I")),
        ),
        (
            "output-many-plus",
            "signature-with-slash-for-plus",
            "a / for each + in the signature",
            signature(lambda p: right(p).replace("+", "/")),
        ),
        (
            "digest-begins-with-00",
            "signature-equal-up-to-nul",
            "a digest that is equal up to its first byte, a NUL",
            signature(lambda p: b64(mac(p)[:1] + bytes(range(1, 32)))),
        ),
        (
            "output-plus",
            "signature-taken-for-a-pattern",
            "the character before the + twice",
            signature(_repeated_for_plus),
        ),
    )
    yield from group(
        "signature_encoding",
        "signature_wrapped",
        "format",
        (
            "output-plus",
            "signature-with-space-for-plus",
            "a space instead of the +",
            signature(lambda p: right(p).replace("+", " ")),
        ),
    )
    yield from group(
        "signature_encoding",
        "signature_length",
        "format",
        (
            "get-query",
            "signature-behind-a-letter",
            "a letter before the signature",
            signature(lambda p: "x" + right(p)),
        ),
    )
    for key, id_, about in NEARLY:
        yield from refused(
            "access_key_unknown",
            "arithmetic",
            (
                "secret-trailing-newline",
                f"nearly-{id_}",
                about,
                headers(("Authorization", f"Bearer {key}:{{s}}"), STAMP),
            ),
        )
    for key, secret, id_, about in RETURNED:
        yield from refused(
            "access_key_unknown",
            "arithmetic",
            (
                "get-clouds",
                f"unknown-signed-with-{id_}",
                f"an unknown key, signed with {about}",
                _as_key(key, secret),
            ),
        )
    for mistake, table in (("signature_mismatch", SECRETS), ("secret_truncated", SHORTER)):
        for id_, value, about in table:
            yield from group(
                "signature_mismatch",
                mistake,
                "arithmetic",
                (
                    "get-clouds",
                    id_,
                    about,
                    signs(secret=value),
                ),
            )
    for distance, id_, about in DISTANCES:
        yield from group(
            "ok",
            None,
            "policy",
            (
                "get-clouds",
                f"accepted-{id_}",
                about,
                signs_and_sends(timestamp=str(CLOCK + distance)),
            ),
        )
    yield from refused(
        "timestamp_malformed",
        "format",
        (
            "get-clouds",
            "timestamp-13-digits-with-zero",
            "13 digits, the first of them 0",
            signs_and_sends(timestamp="0700000000123"),
        ),
    )
    for beyond, id_, about in BEYOND:
        yield from refused(
            "timestamp_stale",
            "policy",
            (
                "get-clouds",
                f"stale-by-{id_}",
                f"{about} past the window",
                signs_and_sends(timestamp=str(CLOCK - WINDOW - beyond)),
            ),
        )
        yield from refused(
            "timestamp_future",
            "policy",
            (
                "get-clouds",
                f"future-by-{id_}",
                f"{about} past the window",
                signs_and_sends(timestamp=str(CLOCK + WINDOW + beyond)),
            ),
        )


MUTATIONS = tuple(mutations())
