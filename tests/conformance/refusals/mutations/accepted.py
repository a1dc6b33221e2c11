"""What a server must accept: positives as they are, and what correct clients and proxies make of them."""

from __future__ import annotations

from tests.conformance.refusals.mutations.request import (
    Mutation,
    Row,
    group,
    headers,
    signs_and_sends,
    with_body,
    with_header,
)

TOKEN = ("Authorization", "Bearer {a}:{s}")
STAMP = ("Couchbase-Timestamp", "{t}")
JSON = ("Content-Type", "application/json")
AS_SIGNED = signs_and_sends()


def _accepted(authority: str, *rows: Row) -> tuple[Mutation, ...]:
    return group("ok", None, authority, *rows)


# Tables: an entry is read, and reviewed, as a line or two.
# fmt: off
SHAPES = (
    *_accepted("format",
        ("get-clouds", "accepted-plain", "a correct request", AS_SIGNED),
        ("get-clouds", "accepted-names-in-lower-case", "header names in lower case, as Rust sends them",
         headers(("authorization", TOKEN[1]), ("couchbase-timestamp", "{t}"))),
        ("get-clouds", "accepted-names-in-upper-case", "header names in upper case",
         headers(("AUTHORIZATION", TOKEN[1]), ("COUCHBASE-TIMESTAMP", "{t}"))),
        ("get-clouds", "accepted-order", "the timestamp's header first", headers(STAMP, TOKEN)),
        ("get-clouds", "accepted-spaces-around-values", "spaces and tabs around both values are not theirs",
         headers(("Authorization", " \t Bearer {a}:{s} \t "), ("Couchbase-Timestamp", "\t{t}  "))),
        ("get-clouds", "accepted-spaces-after-token", "spaces at the end of the line are not the token's",
         headers(("Authorization", "Bearer {a}:{s}   "), STAMP)),
        ("get-clouds", "accepted-upgrade", "what the JDK's client adds to a GET",
         headers(("Connection", "Upgrade, HTTP2-Settings"), ("Content-Length", "0"), ("Upgrade", "h2c"),
                 ("HTTP2-Settings", "AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA"), TOKEN, STAMP)),
        ("get-clouds", "accepted-other-headers", "headers that resemble ours and are others",
         headers(("Proxy-Authorization", "Basic QTpC"), ("Couchbase_Timestamp", "1"), ("Timestamp", "1"),
                 ("X-Authorization", "Bearer x:y"), TOKEN, STAMP)),
        ("get-clouds", "accepted-body-of-get", "a body takes no part, not even in a GET",
         with_body(AS_SIGNED, "GET\n/v2/users\n1700000000000")),
    ),
    *_accepted("arithmetic",
        ("get-clouds", "accepted-method-in-lower-case", "a method is signed as sent: get as get",
         signs_and_sends(method="get")),
    ),
    *_accepted("format",
        ("get-query", "accepted-query", "a query signed and sent alike", AS_SIGNED),
        ("post-project", "accepted-body", "a body takes no part", with_body(AS_SIGNED, '{"name": "demo"}')),
        ("post-project", "accepted-no-body", "the same signature without a body", AS_SIGNED),
        ("post-project", "accepted-content-type-twice", "a proxy added a second Content-Type",
         with_body(with_header(with_header(AS_SIGNED, *JSON), *JSON), '{"name": "demo"}')),
    ),
)

WINDOW = (
    *_accepted("policy",
        ("get-clouds", "accepted-oldest", "exactly the window old",
         signs_and_sends(timestamp="1699999700000")),
        ("get-clouds", "accepted-newest", "exactly the window ahead",
         signs_and_sends(timestamp="1700000300000")),
        ("get-query", "accepted-a-minute-old", "a request that waited a minute",
         signs_and_sends(timestamp="1699999940000")),
        ("post-project", "accepted-a-minute-ahead", "a clock that is a minute fast",
         signs_and_sends(timestamp="1700000060000")),
    ),
)

# Positives as they are: a verifier that folds, decodes or re-encodes the bytes received refuses some.
WIRE = (
    *_accepted("format",
        ("put-allow-list", "accepted-put", "PUT", AS_SIGNED),
        ("patch-cluster", "accepted-patch", "PATCH, which no operation has: the signature comes first",
         AS_SIGNED),
        ("delete-project", "accepted-delete", "DELETE", AS_SIGNED),
        ("head-clouds", "accepted-head", "HEAD signed as HEAD", AS_SIGNED),
        ("query-empty", "accepted-empty-query", "a ? with nothing after it arrives as such", AS_SIGNED),
        ("query-repeated-keys", "accepted-repeated-keys", "one key twice, neither dropped", AS_SIGNED),
        ("query-unsorted", "accepted-unsorted", "parameters in the order they arrive", AS_SIGNED),
        ("query-empty-values", "accepted-empty-values", "empty values and pairs, none dropped", AS_SIGNED),
        ("query-plus", "accepted-plus", "a + and a %20, each as it is", AS_SIGNED),
        ("query-url-value", "accepted-url-value", "a second ? and raw slashes in the query", AS_SIGNED),
        ("query-utf8", "accepted-utf8", "encoded UTF-8, not decoded", AS_SIGNED),
        ("query-encoded-separators", "accepted-encoded-separators", "an encoded & is no separator",
         AS_SIGNED),
        ("query-semicolon", "accepted-semicolon", "a semicolon in the query, not split at", AS_SIGNED),
        ("percent-upper", "accepted-percent-upper", "an encoded slash is no slash", AS_SIGNED),
        ("percent-lower", "accepted-percent-lower", "%2f stays in lower case", AS_SIGNED),
        ("percent-unreserved", "accepted-percent-unreserved", "%7E is not ~ before the signature is judged",
         AS_SIGNED),
        ("percent-encoded-percent", "accepted-encoded-percent", "%252F is decoded neither once nor twice",
         AS_SIGNED),
        ("percent-newline", "accepted-encoded-newline", "an encoded newline is no line break", AS_SIGNED),
        ("percent-not-hex", "accepted-percent-not-hex", "a stray % is no reason to refuse or repair",
         AS_SIGNED),
        ("path-root", "accepted-root", "the shortest target", AS_SIGNED),
        ("path-trailing-slash", "accepted-trailing-slash", "a trailing slash arrives as such", AS_SIGNED),
        ("path-inner-slashes", "accepted-inner-slashes", "an empty segment arrives as such", AS_SIGNED),
        ("path-leading-slashes", "accepted-leading-slashes", "two slashes in front arrive as two", AS_SIGNED),
        ("path-dot-segments", "accepted-dot-segments", "dot segments are not resolved", AS_SIGNED),
        ("path-params", "accepted-params", "path parameters are part of the path", AS_SIGNED),
        ("path-upper-case", "accepted-upper-case-path", "a path keeps its case", AS_SIGNED),
        ("path-every-character", "accepted-every-character", "every byte a target may hold", AS_SIGNED),
        ("endpoint-4-kib", "accepted-4-kib", "a target of 4,096 bytes", AS_SIGNED),
    ),
)

KEYS = (
    *_accepted("format",
        ("secret-65-bytes", "accepted-long-secret", "a secret longer than HMAC's block", AS_SIGNED),
        ("secret-nfc", "accepted-unicode-secret", "a secret beyond ASCII", AS_SIGNED),
        ("secret-base64", "accepted-base64-secret", "a secret that looks like base64, taken as text",
         AS_SIGNED),
        ("secret-hex", "accepted-hex-secret", "a secret that looks like hex, taken as text", AS_SIGNED),
        ("secret-trailing-newline", "accepted-newline-secret", "a secret with a newline at its end",
         AS_SIGNED),
        ("secret-inner-nul", "accepted-nul-secret", "a secret with a NUL inside", AS_SIGNED),
        ("secret-as-issued", "accepted-issued-secret", "a secret of the shape the service issues", AS_SIGNED),
        ("access-key-punctuation", "accepted-access-key", "an access key of every kind of punctuation",
         AS_SIGNED),
        ("output-plus", "accepted-plus-in-signature", "a + in the signature is no space", AS_SIGNED),
        ("output-neither", "accepted-plain-signature", "a signature of letters and digits", AS_SIGNED),
        ("output-double-plus", "accepted-double-plus", "two + in the signature are no spaces", AS_SIGNED),
        ("output-leading-slash", "accepted-leading-slash", "a signature that begins with /", AS_SIGNED),
        ("output-nul-digest", "accepted-nul-digest", "an HMAC with a NUL byte inside", AS_SIGNED),
    ),
)
# fmt: on

MUTATIONS = (*SHAPES, *WINDOW, *WIRE, *KEYS)
