"""Requests that a server must accept: unchanged, and changed as correct clients and proxies do."""

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


# Tables: each entry has one or two lines.
# fmt: off
SHAPES = (
    *_accepted("format",
        ("get-clouds", "accepted-plain", "a correct request", AS_SIGNED),
        ("get-clouds", "accepted-names-in-lower-case",
         "header names in lower case, as Rust clients send them",
         headers(("authorization", TOKEN[1]), ("couchbase-timestamp", "{t}"))),
        ("get-clouds", "accepted-names-in-upper-case", "header names in upper case",
         headers(("AUTHORIZATION", TOKEN[1]), ("COUCHBASE-TIMESTAMP", "{t}"))),
        ("get-clouds", "accepted-order", "the timestamp header comes first", headers(STAMP, TOKEN)),
        ("get-clouds", "accepted-spaces-around-values", "spaces and tabs around both header values",
         headers(("Authorization", " \t Bearer {a}:{s} \t "), ("Couchbase-Timestamp", "\t{t}  "))),
        ("get-clouds", "accepted-spaces-after-token", "spaces at the end of the Authorization header",
         headers(("Authorization", "Bearer {a}:{s}   "), STAMP)),
        ("get-clouds", "accepted-upgrade", "the headers that the JDK's client adds to a GET",
         headers(("Connection", "Upgrade, HTTP2-Settings"), ("Content-Length", "0"), ("Upgrade", "h2c"),
                 ("HTTP2-Settings", "AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA"), TOKEN, STAMP)),
        ("get-clouds", "accepted-other-headers", "other headers with similar names",
         headers(("Proxy-Authorization", "Basic QTpC"), ("Couchbase_Timestamp", "1"), ("Timestamp", "1"),
                 ("X-Authorization", "Bearer x:y"), TOKEN, STAMP)),
        ("get-clouds", "accepted-body-of-get", "a GET with a body; the body is not signed",
         with_body(AS_SIGNED, "GET\n/v2/users\n1700000000123")),
    ),
    *_accepted("arithmetic",
        ("get-clouds", "accepted-method-in-lower-case", "the method get, signed as it is sent",
         signs_and_sends(method="get")),
    ),
    *_accepted("format",
        ("get-query", "accepted-query", "the query is signed as it is sent", AS_SIGNED),
        ("post-project", "accepted-body", "a body, which is not signed",
         with_body(AS_SIGNED, '{"name": "demo"}')),
        ("post-project", "accepted-no-body", "the same signature, without a body", AS_SIGNED),
        ("post-project", "accepted-content-type-twice", "a proxy added a second Content-Type",
         with_body(with_header(with_header(AS_SIGNED, *JSON), *JSON), '{"name": "demo"}')),
    ),
)

WINDOW = (
    *_accepted("policy",
        ("get-clouds", "accepted-oldest", "a timestamp exactly at the old end of the window",
         signs_and_sends(timestamp="1699999700123")),
        ("get-clouds", "accepted-newest", "a timestamp exactly at the new end of the window",
         signs_and_sends(timestamp="1700000300123")),
        ("get-query", "accepted-a-minute-old", "a timestamp that is a minute old",
         signs_and_sends(timestamp="1699999940123")),
        ("post-project", "accepted-a-minute-ahead", "a timestamp a minute ahead of the server's clock",
         signs_and_sends(timestamp="1700000060123")),
    ),
)

# Unchanged requests. A verifier that folds, decodes or encodes the received bytes refuses some of them.
WIRE = (
    *_accepted("format",
        ("put-allow-list", "accepted-put", "PUT", AS_SIGNED),
        ("patch-cluster", "accepted-patch", "PATCH, which no operation has; the signature is checked first",
         AS_SIGNED),
        ("delete-project", "accepted-delete", "DELETE", AS_SIGNED),
        ("head-clouds", "accepted-head", "HEAD signed as HEAD", AS_SIGNED),
        ("query-empty", "accepted-empty-query", "a ? without a query after it", AS_SIGNED),
        ("query-repeated-keys", "accepted-repeated-keys", "the same key twice in the query", AS_SIGNED),
        ("query-unsorted", "accepted-unsorted", "query parameters that are not sorted", AS_SIGNED),
        ("query-empty-values", "accepted-empty-values", "empty values and empty pairs in the query",
         AS_SIGNED),
        ("query-plus", "accepted-plus", "a + and a %20 in one query", AS_SIGNED),
        ("query-url-value", "accepted-url-value", "a second ? and raw slashes in the query", AS_SIGNED),
        ("query-utf8", "accepted-utf8", "percent-encoded UTF-8", AS_SIGNED),
        ("query-encoded-separators", "accepted-encoded-separators", "an encoded & in a query value",
         AS_SIGNED),
        ("query-semicolon", "accepted-semicolon", "a semicolon in the query", AS_SIGNED),
        ("percent-upper", "accepted-percent-upper", "an encoded slash in the path", AS_SIGNED),
        ("percent-lower", "accepted-percent-lower", "%2f in lower case", AS_SIGNED),
        ("percent-unreserved", "accepted-percent-unreserved", "%7E, which other software turns into ~",
         AS_SIGNED),
        ("percent-encoded-percent", "accepted-encoded-percent", "%252F, an encoded percent sign",
         AS_SIGNED),
        ("percent-newline", "accepted-encoded-newline", "an encoded newline", AS_SIGNED),
        ("percent-not-hex", "accepted-percent-not-hex", "a % without two hex digits",
         AS_SIGNED),
        ("path-root", "accepted-root", "the shortest target", AS_SIGNED),
        ("path-trailing-slash", "accepted-trailing-slash", "a trailing slash", AS_SIGNED),
        ("path-inner-slashes", "accepted-inner-slashes", "an empty path segment", AS_SIGNED),
        ("path-leading-slashes", "accepted-leading-slashes", "two leading slashes", AS_SIGNED),
        ("path-dot-segments", "accepted-dot-segments", "dot segments in the path", AS_SIGNED),
        ("path-params", "accepted-params", "path parameters after a semicolon", AS_SIGNED),
        ("path-upper-case", "accepted-upper-case-path", "upper-case letters in the path", AS_SIGNED),
        ("path-every-character", "accepted-every-character", "every byte that a target may contain",
         AS_SIGNED),
        ("endpoint-4-kib", "accepted-4-kib", "a target of 4,096 bytes", AS_SIGNED),
    ),
)

KEYS = (
    *_accepted("format",
        ("secret-65-bytes", "accepted-long-secret", "a secret longer than HMAC's block", AS_SIGNED),
        ("secret-nfc", "accepted-unicode-secret", "a secret with non-ASCII characters", AS_SIGNED),
        ("secret-base64", "accepted-base64-secret", "a secret that looks like base64, used as text",
         AS_SIGNED),
        ("secret-hex", "accepted-hex-secret", "a secret that looks like hex, used as text", AS_SIGNED),
        ("secret-trailing-newline", "accepted-newline-secret", "a secret that ends with a newline",
         AS_SIGNED),
        ("secret-inner-nul", "accepted-nul-secret", "a secret that contains a NUL", AS_SIGNED),
        ("secret-as-issued", "accepted-issued-secret", "a secret like those that the service issues",
         AS_SIGNED),
        ("access-key-punctuation", "accepted-access-key", "an access key with every kind of punctuation",
         AS_SIGNED),
        ("output-plus", "accepted-plus-in-signature", "a + in the signature", AS_SIGNED),
        ("output-neither", "accepted-plain-signature", "a signature of letters and digits only", AS_SIGNED),
        ("output-double-plus", "accepted-double-plus", "two + in the signature", AS_SIGNED),
        ("output-leading-slash", "accepted-leading-slash", "a signature that begins with /", AS_SIGNED),
        ("output-nul-digest", "accepted-nul-digest", "an HMAC that contains a NUL byte", AS_SIGNED),
    ),
)
# fmt: on

MUTATIONS = (*SHAPES, *WINDOW, *WIRE, *KEYS)
