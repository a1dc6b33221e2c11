"""Requests with two mistakes: the server must give the code that comes first."""

from __future__ import annotations

from tests.conformance.refusals.mutations.request import Change, headers, refused

TOKEN = ("Authorization", "Bearer {a}:{s}")
STAMP = ("Couchbase-Timestamp", "{t}")
STALE = "1600000000000"
FUTURE = "1800000000000"
HEX = "00" * 32
WRONG = "A" * 43 + "="


def _pair(authorization: str, timestamp: str) -> Change:
    return headers(("Authorization", authorization), ("Couchbase-Timestamp", timestamp))


# Tables: each entry has one or two lines.
# fmt: off
MUTATIONS = (
    *refused("authorization_missing", "policy",
        ("get-clouds", "nothing-at-all", "neither header", headers()),
        ("get-clouds", "missing-before-timestamp-duplicated", "no Authorization, two timestamps",
         headers(STAMP, STAMP)),
        ("get-clouds", "missing-before-stale", "no Authorization, a stale timestamp",
         headers(("Couchbase-Timestamp", STALE))),
    ),
    *refused("authorization_duplicated", "policy",
        ("get-clouds", "duplicated-before-timestamp-missing", "two Authorizations, no timestamp",
         headers(TOKEN, TOKEN)),
        ("get-clouds", "duplicated-before-timestamp-duplicated", "both headers twice",
         headers(TOKEN, STAMP, TOKEN, STAMP)),
        ("get-clouds", "duplicated-before-scheme", "two Authorizations, both of another scheme",
         headers(("Authorization", "Basic QTpC"), ("Authorization", "Basic QTpC"), STAMP)),
    ),
    *refused("timestamp_missing", "policy",
        ("get-clouds", "timestamp-missing-before-scheme", "no timestamp, another scheme",
         headers(("Authorization", "Basic QTpC"))),
        ("get-clouds", "timestamp-missing-before-malformed", "no timestamp, no colon",
         headers(("Authorization", "Bearer key"))),
        ("get-query", "timestamp-missing-before-unknown", "no timestamp, an unknown key",
         headers(("Authorization", "Bearer nobody:{s}"))),
    ),
    *refused("timestamp_duplicated", "policy",
        ("get-clouds", "timestamp-duplicated-before-scheme", "two timestamps, another scheme",
         headers(("Authorization", "Basic QTpC"), STAMP, STAMP)),
        ("get-clouds", "timestamp-duplicated-before-malformed", "two timestamps, both malformed",
         headers(TOKEN, ("Couchbase-Timestamp", "x"), ("Couchbase-Timestamp", "x"))),
    ),
    *refused("authorization_scheme", "policy",
        ("get-clouds", "scheme-before-malformed", "another scheme, no colon", _pair("Basic key", "{t}")),
        ("get-clouds", "scheme-before-timestamp-malformed", "another scheme, a malformed timestamp",
         _pair("Basic {a}:{s}", "now")),
        ("get-query", "scheme-before-stale", "another scheme, a stale timestamp",
         _pair("Basic {a}:{s}", STALE)),
    ),
    *refused("authorization_malformed", "policy",
        ("get-clouds", "malformed-before-timestamp-malformed", "no colon, a malformed timestamp",
         _pair("Bearer key", "now")),
        ("get-clouds", "malformed-before-unit", "no signature, a timestamp in seconds",
         _pair("Bearer {a}:", "1700000000")),
        ("get-query", "malformed-before-future", "no access key, a timestamp far ahead",
         _pair("Bearer :{s}", FUTURE)),
    ),
    *refused("timestamp_malformed", "policy",
        ("get-clouds", "timestamp-malformed-before-unit", "ten digits with a leading zero",
         _pair("Bearer {a}:{s}", "0170000000")),
        ("get-clouds", "timestamp-malformed-before-unknown", "a timestamp with a plus sign, an unknown key",
         _pair("Bearer nobody:{s}", "+1700000000123")),
        ("post-project", "timestamp-malformed-before-encoding", "a malformed timestamp, a hex signature",
         _pair("Bearer {a}:" + HEX, "now")),
    ),
    *refused("timestamp_unit", "policy",
        ("get-clouds", "unit-before-unknown", "nanoseconds, an unknown key",
         _pair("Bearer nobody:{s}", "1700000000123000000")),
        ("get-clouds", "unit-before-encoding", "microseconds, a hex signature",
         _pair("Bearer {a}:" + HEX, "1700000000123000")),
        ("get-query", "unit-before-mismatch", "microseconds, a wrong signature",
         _pair("Bearer {a}:" + WRONG, "1700000000123000")),
    ),
    *refused("timestamp_stale", "policy",
        ("get-clouds", "stale-before-unknown", "a stale timestamp, an unknown key",
         _pair("Bearer nobody:{s}", STALE)),
        ("get-clouds", "stale-before-encoding", "a stale timestamp, a hex signature",
         _pair("Bearer {a}:" + HEX, STALE)),
        ("get-query", "stale-before-mismatch", "a stale timestamp, a wrong signature",
         _pair("Bearer {a}:" + WRONG, STALE)),
    ),
    *refused("timestamp_future", "policy",
        ("get-clouds", "future-before-unknown", "a timestamp far ahead, an unknown key",
         _pair("Bearer nobody:{s}", FUTURE)),
        ("get-clouds", "future-before-encoding", "a timestamp far ahead, a hex signature",
         _pair("Bearer {a}:" + HEX, FUTURE)),
        ("post-project", "future-before-mismatch", "a timestamp far ahead, a wrong signature",
         _pair("Bearer {a}:" + WRONG, FUTURE)),
    ),
    *refused("access_key_unknown", "policy",
        ("get-clouds", "unknown-before-encoding", "an unknown key, a hex signature",
         _pair("Bearer nobody:" + HEX, "{t}")),
        ("get-query", "unknown-before-mismatch", "an unknown key, a wrong signature",
         _pair("Bearer nobody:" + WRONG, "{t}")),
    ),
)
# fmt: on
