"""Missing, repeated and malformed headers, and unknown access keys."""

from __future__ import annotations

from tests.conformance.refusals.mutations.request import Change, headers, refused

TOKEN = "Bearer {a}:{s}"
STAMP = ("Couchbase-Timestamp", "{t}")


def _authorization(value: str) -> Change:
    return headers(("Authorization", value), STAMP)


# Tables: each entry has one or two lines.
# fmt: off
MISSING = (
    *refused("authorization_missing", "format",
        ("get-clouds", "no-authorization", "no Authorization header", headers(STAMP)),
        ("get-query", "authorization-misspelt", "a header name with an extra letter",
         headers(("Authorizations", TOKEN), STAMP)),
        ("get-clouds", "authorization-for-a-proxy", "Proxy-Authorization instead of Authorization",
         headers(("Proxy-Authorization", TOKEN), STAMP)),
    ),
    *refused("timestamp_missing", "format",
        ("get-clouds", "no-timestamp", "no Couchbase-Timestamp header", headers(("Authorization", TOKEN))),
        ("post-project", "timestamp-under-another-name", "a header named Timestamp",
         headers(("Authorization", TOKEN), ("Timestamp", "{t}"))),
        ("get-clouds", "timestamp-with-underscore",
         "an underscore in the name: CGI and WSGI treat both alike",
         headers(("Authorization", TOKEN), ("Couchbase_Timestamp", "{t}"))),
    ),
)

DUPLICATED = (
    *refused("authorization_duplicated", "policy",
        ("get-clouds", "authorization-twice", "the right header twice",
         headers(("Authorization", TOKEN), ("Authorization", TOKEN), STAMP)),
        ("get-clouds", "authorization-twice-in-two-cases", "the same header name in two letter cases",
         headers(("Authorization", TOKEN), ("authorization", TOKEN), STAMP)),
        ("get-query", "authorization-twice-first-right", "a right header, then a wrong one",
         headers(("Authorization", TOKEN), ("Authorization", "Basic QTpC"), STAMP)),
        ("get-clouds", "authorization-twice-second-right", "a wrong header, then a right one",
         headers(("Authorization", "Basic QTpC"), STAMP, ("Authorization", TOKEN))),
        ("get-clouds", "authorization-and-an-empty-one", "an empty header, then a right one",
         headers(("Authorization", ""), ("Authorization", TOKEN), STAMP)),
    ),
    *refused("timestamp_duplicated", "policy",
        ("get-clouds", "timestamp-twice", "the right header twice",
         headers(("Authorization", TOKEN), STAMP, STAMP)),
        ("get-clouds", "timestamp-twice-in-two-cases", "the same header name in two letter cases",
         headers(("Authorization", TOKEN), STAMP, ("COUCHBASE-TIMESTAMP", "{t}"))),
        ("get-query", "timestamp-twice-first-right", "a right header, then another timestamp",
         headers(("Authorization", TOKEN), STAMP, ("Couchbase-Timestamp", "1"))),
        ("get-clouds", "timestamp-twice-second-right", "another timestamp, then a right header",
         headers(("Couchbase-Timestamp", "1"), ("Authorization", TOKEN), STAMP)),
    ),
)

SCHEME = (
    *refused("authorization_scheme", "format",
        ("get-clouds", "scheme-basic", "the scheme Basic, with credentials in base64",
         _authorization("Basic QTpteSBzZWNyZXQga2V5")),
        ("get-clouds", "scheme-none", "access key and signature without a scheme", _authorization("{a}:{s}")),
    ),
    *refused("authorization_scheme", "policy",
        ("get-clouds", "scheme-lower-case", "bearer in lower case, which RFC 9110 allows",
         _authorization("bearer {a}:{s}")),
        ("get-query", "scheme-upper-case", "the scheme in upper case", _authorization("BEARER {a}:{s}")),
    ),
    *refused("authorization_scheme", "format",
        ("get-clouds", "scheme-joined", "no space after the scheme", _authorization("Bearer{a}:{s}")),
        ("post-project", "scheme-colon", "a colon after the scheme", _authorization("Bearer: {a}:{s}")),
        ("get-clouds", "scheme-tab", "a tab instead of the space", _authorization("Bearer\t{a}:{s}")),
        ("get-clouds", "scheme-quoted", "the whole value in quotes", _authorization('"Bearer {a}:{s}"')),
        ("get-clouds", "authorization-empty", "an empty header", _authorization("")),
        ("get-clouds", "authorization-blank", "a header of spaces and a tab only",
         _authorization("  \t ")),
    ),
)

MALFORMED = (
    *refused("authorization_malformed", "format",
        ("get-clouds", "token-missing", "the scheme without credentials", _authorization("Bearer")),
        ("get-clouds", "token-without-colon", "a v4 API key, which has no colon",
         _authorization("Bearer dmVyc2lvbiA0IGtleXMgaGF2ZSBubyBjb2xvbg==")),
        ("get-clouds", "token-after-two-spaces", "two spaces after the scheme",
         _authorization("Bearer  {a}:{s}")),
        ("get-query", "token-after-a-tab", "a space and a tab after the scheme",
         _authorization("Bearer \t{a}:{s}")),
        ("get-clouds", "token-without-access-key", "an empty access key", _authorization("Bearer :{s}")),
        ("get-clouds", "token-without-signature", "an empty signature", _authorization("Bearer {a}:")),
        ("get-clouds", "token-colon-alone", "only a colon, because both variables were empty",
         _authorization("Bearer :")),
        ("get-clouds", "access-key-with-space", "a space before the colon",
         _authorization("Bearer {a} :{s}")),
        ("get-clouds", "access-key-with-tab", "a tab inside the access key",
         _authorization("Bearer {a}\t{a}:{s}")),
        ("get-clouds", "access-key-latin-1", "a non-ASCII byte as the access key",
         _authorization("Bearer \u00c4:{s}")),
        ("post-project", "access-key-is-placeholder", "the placeholder <access-key> of a template",
         _authorization("Bearer <access-key>:{s}")),
    ),
)

UNKNOWN = (
    *refused("access_key_unknown", "arithmetic",
        ("get-clouds", "access-key-unknown", "an unknown or revoked access key",
         _authorization("Bearer nobody:{s}")),
        ("get-clouds", "access-key-lower-case", "the access key in lower case",
         _authorization("Bearer a:{s}")),
        ("get-query", "access-key-longer", "a known access key with an extra character",
         _authorization("Bearer {a}A:{s}")),
        ("get-clouds", "access-key-percent-encoded", "%41 instead of the access key A",
         _authorization("Bearer %41:{s}")),
        ("get-clouds", "access-key-prototype", "__proto__, a property of JavaScript objects",
         _authorization("Bearer __proto__:{s}")),
        ("get-clouds", "access-key-quoted", "a quote before the access key",
         _authorization("Bearer '{a}:{s}")),
    ),
)
# fmt: on

MUTATIONS = (*MISSING, *DUPLICATED, *SCHEME, *MALFORMED, *UNKNOWN)
