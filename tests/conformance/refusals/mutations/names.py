"""Header names that are nearly right, and schemes that are nearly `Bearer`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.conformance.refusals.mutations.request import Mutation, group, headers, refused

if TYPE_CHECKING:
    from collections.abc import Iterator

TOKEN = "Bearer {a}:{s}"
STAMP = ("Couchbase-Timestamp", "{t}")

AUTHORIZATIONS = (
    "X-Authorization",
    "X-Forwarded-Authorization",
    "X-Original-Authorization",
    "Authorization2",
    "Authorization-",
    "My-Authorization",
    "Authorisation",
    "Authentication",
    "Auth",
    "HTTP-Authorization",
    "WWW-Authenticate",
)
TIMESTAMPS = (
    "X-Couchbase-Timestamp",
    "Couchbase-Timestamp-2",
    "Couchbase-Time-Stamp",
    "CouchbaseTimestamp",
    "Cb-Timestamp",
    "X-Timestamp",
    "Date",
    "X-Date",
    "X-Amz-Date",
    "HTTP-Couchbase-Timestamp",
)
SPELLINGS = (
    ("aUTHORIZATION", "cOUCHBASE-tIMESTAMP", "in-other-case", "each letter in the other case"),
    ("Authorization", "Couchbase-timestamp", "in-sentence-case", "only the first letter in upper case"),
    ("authorization", "COUCHBASE-TIMESTAMP", "in-two-cases", "one name in lower case, one in upper case"),
)
SCHEMES = (
    ("Token", "another-word", "another scheme"),
    ("HMAC", "hmac", "HMAC, of other services"),
    ("Signature", "signature", "Signature, of other services"),
    ("HMAC-SHA256", "algorithm", "the name of the algorithm"),
    ("bEARER", "other-case", "each letter in the other case"),
    ("BEarer", "two-capitals", "two capital letters"),
    ("Beare", "shorter", "a letter less"),
    ("Bearers", "longer", "a letter more"),
    ("XBearer", "longer-at-the-start", "a letter more at the start"),
    ("Bearer:", "with-colon", "a colon after it"),
    ("Bearer,", "with-comma", "a comma after it"),
    ("Bearer=", "with-equals-sign", "an equals sign after it"),
    ("'Bearer", "with-quote", "a quote before it"),
    ("\\Bearer", "with-backslash", "a backslash before it"),
    ("\u00a0Bearer", "with-no-break-space", "the byte 0xA0 before it"),
    ("Bearer\u00a0", "with-no-break-space-after", "the byte 0xA0 after it"),
    ("Bearer\u000b", "with-vertical-tab", "the byte 0x0B after it"),
    ("Basic Bearer", "after-another", "another scheme before it"),
    ("Authorization: Bearer", "after-the-name", "the header's name in the value"),
    ("A:B Bearer", "after-credentials", "credentials before it"),
)


def mutations() -> Iterator[Mutation]:
    """Yield the requests."""
    for name in AUTHORIZATIONS:
        yield from refused(
            "authorization_missing",
            "format",
            (
                "get-clouds",
                f"name-{name.lower().strip('-')}{'-dash' * name.endswith('-')}",
                f"the credentials in a header named {name}",
                headers((name, TOKEN), STAMP),
            ),
        )
    for name in TIMESTAMPS:
        yield from refused(
            "timestamp_missing",
            "format",
            (
                "get-clouds",
                f"name-{name.lower()}",
                f"the timestamp in a header named {name}",
                headers(("Authorization", TOKEN), (name, "{t}")),
            ),
        )
    for authorization, timestamp, id_, about in SPELLINGS:
        yield from group(
            "ok",
            None,
            "format",
            (
                "get-clouds",
                f"accepted-names-{id_}",
                about,
                headers((authorization, TOKEN), (timestamp, "{t}")),
            ),
        )
    for scheme, id_, about in SCHEMES:
        yield from refused(
            "authorization_scheme",
            "format",
            (
                "get-clouds",
                f"scheme-word-{id_}",
                about,
                headers(("Authorization", scheme + TOKEN[6:]), STAMP),
            ),
        )
    for name, twice in (("Authorization", (("Authorization", TOKEN),)), ("Couchbase-Timestamp", (STAMP,))):
        others = [pair for pair in (("Authorization", TOKEN), STAMP) if pair[0] != name]
        code = "authorization_duplicated" if name == "Authorization" else "timestamp_duplicated"
        yield from refused(
            code,
            "policy",
            (
                "get-clouds",
                f"{name.lower()}-three-times",
                "the right header three times",
                headers(*others, *twice * 3),
            ),
            (
                "get-clouds",
                f"{name.lower()}-and-an-empty-one-after",
                "a right header, then an empty one",
                headers(*others, *twice, (name, "")),
            ),
        )


MUTATIONS = tuple(mutations())
