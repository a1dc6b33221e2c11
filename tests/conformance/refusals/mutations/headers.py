"""Headers that are missing, sent twice or badly made, and keys nobody issued."""

from __future__ import annotations

from tests.conformance.refusals.mutations.request import Change, headers, refused

TOKEN = "Bearer {a}:{s}"
STAMP = ("Couchbase-Timestamp", "{t}")


def _authorization(value: str) -> Change:
    return headers(("Authorization", value), STAMP)


# Tables: an entry is read, and reviewed, as a line or two.
# fmt: off
MISSING = (
    *refused("authorization_missing", "format",
        ("get-clouds", "no-authorization", "no Authorization header", headers(STAMP)),
        ("get-query", "authorization-misspelt", "a header with a letter too many",
         headers(("Authorizations", TOKEN), STAMP)),
        ("get-clouds", "authorization-for-a-proxy", "the header meant for a proxy",
         headers(("Proxy-Authorization", TOKEN), STAMP)),
    ),
    *refused("timestamp_missing", "format",
        ("get-clouds", "no-timestamp", "no Couchbase-Timestamp header", headers(("Authorization", TOKEN))),
        ("post-project", "timestamp-under-another-name", "a header that only resembles it",
         headers(("Authorization", TOKEN), ("Timestamp", "{t}"))),
        ("get-clouds", "timestamp-with-underscore", "CGI and WSGI make one name of both",
         headers(("Authorization", TOKEN), ("Couchbase_Timestamp", "{t}"))),
    ),
)

DUPLICATED = (
    *refused("authorization_duplicated", "policy",
        ("get-clouds", "authorization-twice", "the right header, twice",
         headers(("Authorization", TOKEN), ("Authorization", TOKEN), STAMP)),
        ("get-clouds", "authorization-twice-in-two-cases", "the same name in two cases is the same header",
         headers(("Authorization", TOKEN), ("authorization", TOKEN), STAMP)),
        ("get-query", "authorization-twice-first-right", "right, then wrong",
         headers(("Authorization", TOKEN), ("Authorization", "Basic QTpC"), STAMP)),
        ("get-clouds", "authorization-twice-second-right", "wrong, then right",
         headers(("Authorization", "Basic QTpC"), STAMP, ("Authorization", TOKEN))),
        ("get-clouds", "authorization-and-an-empty-one", "an empty header counts",
         headers(("Authorization", ""), ("Authorization", TOKEN), STAMP)),
    ),
    *refused("timestamp_duplicated", "policy",
        ("get-clouds", "timestamp-twice", "the right header, twice",
         headers(("Authorization", TOKEN), STAMP, STAMP)),
        ("get-clouds", "timestamp-twice-in-two-cases", "the same name in two cases is the same header",
         headers(("Authorization", TOKEN), STAMP, ("COUCHBASE-TIMESTAMP", "{t}"))),
        ("get-query", "timestamp-twice-first-right", "right, then another",
         headers(("Authorization", TOKEN), STAMP, ("Couchbase-Timestamp", "1"))),
        ("get-clouds", "timestamp-twice-second-right", "another, then right",
         headers(("Couchbase-Timestamp", "1"), ("Authorization", TOKEN), STAMP)),
    ),
)

SCHEME = (
    *refused("authorization_scheme", "format",
        ("get-clouds", "scheme-basic", "HTTP's own scheme, the credentials in base64",
         _authorization("Basic QTpteSBzZWNyZXQga2V5")),
        ("get-clouds", "scheme-none", "access key and signature, no scheme", _authorization("{a}:{s}")),
    ),
    *refused("authorization_scheme", "policy",
        ("get-clouds", "scheme-lower-case", "RFC 9110 ignores its case, this rule does not",
         _authorization("bearer {a}:{s}")),
        ("get-query", "scheme-upper-case", "the same in upper case", _authorization("BEARER {a}:{s}")),
    ),
    *refused("authorization_scheme", "format",
        ("get-clouds", "scheme-joined", "no space after the scheme", _authorization("Bearer{a}:{s}")),
        ("post-project", "scheme-colon", "a colon after the scheme", _authorization("Bearer: {a}:{s}")),
        ("get-clouds", "scheme-tab", "a tab in the space's place", _authorization("Bearer\t{a}:{s}")),
        ("get-clouds", "scheme-quoted", "the whole value in quotes", _authorization('"Bearer {a}:{s}"')),
        ("get-clouds", "authorization-empty", "an empty header", _authorization("")),
        ("get-clouds", "authorization-blank", "a header of spaces and a tab is empty",
         _authorization("  \t ")),
    ),
)

MALFORMED = (
    *refused("authorization_malformed", "format",
        ("get-clouds", "token-missing", "the scheme and nothing after it", _authorization("Bearer")),
        ("get-clouds", "token-without-colon", "a v4 API key: no colon, no signature",
         _authorization("Bearer dmVyc2lvbiA0IGtleXMgaGF2ZSBubyBjb2xvbg==")),
        ("get-clouds", "token-after-two-spaces", "two spaces after the scheme",
         _authorization("Bearer  {a}:{s}")),
        ("get-query", "token-after-a-tab", "a tab after the scheme's space",
         _authorization("Bearer \t{a}:{s}")),
        ("get-clouds", "token-without-access-key", "nothing before the colon", _authorization("Bearer :{s}")),
        ("get-clouds", "token-without-signature", "nothing after the colon", _authorization("Bearer {a}:")),
        ("get-clouds", "token-colon-alone", "a colon alone: both variables were empty",
         _authorization("Bearer :")),
        ("get-clouds", "access-key-with-space", "a space before the colon",
         _authorization("Bearer {a} :{s}")),
        ("get-clouds", "access-key-with-tab", "a tab inside the access key",
         _authorization("Bearer {a}\t{a}:{s}")),
        ("post-project", "access-key-is-placeholder", "a template's <access key>, left in",
         _authorization("Bearer <access-key>:{s}")),
    ),
)

UNKNOWN = (
    *refused("access_key_unknown", "arithmetic",
        ("get-clouds", "access-key-unknown", "a key nobody issued, or revoked since",
         _authorization("Bearer nobody:{s}")),
        ("get-clouds", "access-key-lower-case", "access keys keep their case",
         _authorization("Bearer a:{s}")),
        ("get-query", "access-key-longer", "a known key and one character more",
         _authorization("Bearer {a}A:{s}")),
        ("get-clouds", "access-key-percent-encoded", "%41 is not A", _authorization("Bearer %41:{s}")),
        ("get-clouds", "access-key-prototype", "a name every JavaScript object has",
         _authorization("Bearer __proto__:{s}")),
        ("get-clouds", "access-key-latin-1", "a byte beyond ASCII in the access key",
         _authorization("Bearer \u00c4:{s}")),
        ("get-clouds", "access-key-quoted", "a quote in front of it", _authorization("Bearer '{a}:{s}")),
    ),
)
# fmt: on

MUTATIONS = (*MISSING, *DUPLICATED, *SCHEME, *MALFORMED, *UNKNOWN)
