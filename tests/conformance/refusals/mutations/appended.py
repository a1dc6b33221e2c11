"""Text before and after the parts of each header, which a lenient parser ignores."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.conformance.refusals.mutations.request import Mutation, group, headers, refused

if TYPE_CHECKING:
    from collections.abc import Iterator

TOKEN = ("Authorization", "Bearer {a}:{s}")
STAMP = ("Couchbase-Timestamp", "{t}")

# After the signature: the text, the id, what it is, and the mistake of the signature.
AFTER = (
    ("A", "letter", "a letter", "signature_encoding"),
    ("A=", "letter-and-padding", "a letter and a =", "signature_encoding"),
    (",", "comma", "a comma", "signature_quoted"),
    (";", "semicolon", "a semicolon", "signature_quoted"),
    (".", "dot", "a dot", "signature_quoted"),
    (":", "colon", "a colon", "signature_quoted"),
    ("'", "quote", "a quote", "signature_quoted"),
    (">", "greater-than", "a >", "signature_quoted"),
    (")", "parenthesis", "a parenthesis", "signature_quoted"),
    ("\\n", "escaped-newline", "a backslash and an n", "signature_escaped"),
    ("%0A", "encoded-newline", "an encoded newline", "signature_percent_encoded"),
    ("%00", "encoded-nul", "an encoded NUL", "signature_percent_encoded"),
    ("\u000b", "vertical-tab", "the byte 0x0B", "signature_wrapped"),
    ("\u007f", "delete", "the byte 0x7F", "signature_encoding"),
    ("\u0085", "next-line", "the byte 0x85", "signature_encoding"),
    (" x", "word", "a space and a word", "signature_wrapped"),
    ("\tx", "tab-and-word", "a tab and a word", "signature_wrapped"),
    (",x", "list", "a comma and a word", "signature_encoding"),
    (";v=1", "parameter", "a parameter", "signature_encoding"),
    (', realm="x"', "realm", "another parameter of the scheme", "signature_quoted"),
    ("?x=1", "query", "a query", "signature_encoding"),
    ("{s}", "second-signature", "the signature again", "signature_length"),
)

# Between the scheme and the signature.
INSIDE = (
    ("Bearer {a};{s}", "authorization_malformed", "semicolon-for-colon", "a semicolon for the colon"),
    ("Bearer {a},{s}", "authorization_malformed", "comma-for-colon", "a comma for the colon"),
    ("Bearer {a}={s}", "authorization_malformed", "equals-sign-for-colon", "an equals sign for the colon"),
    ("Bearer {a} {s}", "authorization_malformed", "space-for-colon", "a space for the colon"),
    ("Bearer {a}%3A{s}", "authorization_malformed", "encoded-colon", "%3A for the colon"),
    ("Bearer Bearer {a}:{s}", "authorization_malformed", "scheme-twice", "the scheme twice"),
    ("Bearer x {a}:{s}", "authorization_malformed", "word-before-key", "a word before the access key"),
    ("Bearer {a}\t:{s}", "authorization_malformed", "tab-before-colon", "a tab before the colon"),
    (
        "Bearer {a}\u0001:{s}",
        "authorization_malformed",
        "key-with-control",
        "the byte 0x01 in the access key",
    ),
    (
        "Bearer {a}\u000b:{s}",
        "authorization_malformed",
        "key-with-vertical-tab",
        "the byte 0x0B in the access key",
    ),
    ("Bearer {a}\u007f:{s}", "authorization_malformed", "key-with-delete", "the byte 0x7F in the access key"),
    (
        "Bearer {a}\u0085:{s}",
        "authorization_malformed",
        "key-with-next-line",
        "the byte 0x85 in the access key",
    ),
    (
        "Bearer \u00a0{a}:{s}",
        "authorization_malformed",
        "key-with-no-break-space",
        "the byte 0xA0 before the key",
    ),
    (
        "Bearer {a}\u00c3\u00a9:{s}",
        "authorization_malformed",
        "key-with-utf8",
        "two bytes of UTF-8 in the access key",
    ),
    ("Bearer <{a}:{s}", "authorization_malformed", "key-with-less-than", "a < before the access key"),
    ("Bearer {a}>:{s}", "authorization_malformed", "key-with-greater-than", "a > after the access key"),
    ("Bearer {a}<b>:{s}", "authorization_malformed", "key-with-tag", "a tag in the access key"),
    ('Bearer "{a}:{s}"', "access_key_unknown", "credentials-in-quotes", "quotes around the credentials"),
    ("Bearer '{a}':{s}", "access_key_unknown", "key-in-quotes", "quotes around the access key"),
    (
        'Bearer {{"{a}":"{s}"}}',
        "access_key_unknown",
        "credentials-in-json",
        "JSON instead of the credentials",
    ),
    ("Bearer key={a}:{s}", "access_key_unknown", "key-with-a-name", "the name of a parameter before the key"),
    ("Bearer {a},{a}:{s}", "access_key_unknown", "key-twice", "the access key twice"),
)

# Around the timestamp, which is signed without it.
AROUND_TIMESTAMP = (
    ("{t}x", "letter-after", "a letter after it"),
    ("{t}L", "long-suffix", "the L of a long in Java after it"),
    ("{t}n", "bigint-suffix", "the n of a BigInt after it"),
    ("{t} 1", "number-after", "a space and a number after it"),
    ("{t},", "comma-after", "a comma after it"),
    ("{t};", "semicolon-after", "a semicolon after it"),
    ("{t};q=1", "parameter-after", "a parameter after it"),
    ("{t}.", "dot-after", "a dot after it"),
    ("{t}'", "quote-after", "a quote after it"),
    ("{t}=", "equals-sign-after", "an equals sign after it"),
    ("{t}%20", "encoded-space-after", "an encoded space after it"),
    ("{t} UTC", "zone-after", "a time zone after it"),
    ("{t}\u000b", "vertical-tab-after", "the byte 0x0B after it"),
    ("{t}\u001f", "unit-separator-after", "the byte 0x1F after it"),
    ("{t}\u007f", "delete-after", "the byte 0x7F after it"),
    ("{t}\u0085", "next-line-after", "the byte 0x85 after it"),
    ("{t}\\n", "escaped-newline-after", "a backslash and an n after it"),
    ("x{t}", "letter-before", "a letter before it"),
    ("t={t}", "name-before", "the name of a parameter before it"),
    ("\u00a0{t}", "no-break-space-before", "the byte 0xA0 before it"),
    ("0, {t}", "list-before", "another number and a comma before it"),
    ("'{t}'", "in-single-quotes", "in single quotes"),
    ("[{t}]", "in-brackets", "in brackets"),
    ("<{t}>", "in-angle-brackets", "in angle brackets"),
    ("{t}{t}", "twice-joined", "twice, without a space"),
)


def mutations() -> Iterator[Mutation]:
    """Yield the requests."""
    for text, id_, about, mistake in AFTER:
        yield from group(
            "signature_encoding",
            mistake,
            "format",
            (
                "get-clouds",
                f"signature-and-{id_}",
                f"{about} after the signature",
                headers(("Authorization", TOKEN[1] + text), STAMP),
            ),
        )
    for text, code, id_, about in INSIDE:
        yield from refused(
            code,
            "format",
            (
                "get-clouds",
                f"bearer-{id_}",
                about,
                headers(("Authorization", text), STAMP),
            ),
        )
    for text, id_, about in AROUND_TIMESTAMP:
        yield from refused(
            "timestamp_malformed",
            "format",
            (
                "get-clouds",
                f"timestamp-{id_}",
                f"{about}; signed without it",
                headers(TOKEN, ("Couchbase-Timestamp", text)),
            ),
        )


MUTATIONS = tuple(mutations())
