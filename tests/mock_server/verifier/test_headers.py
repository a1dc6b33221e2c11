"""A refused header is answered with its likeliest cause."""

from __future__ import annotations

import pytest

from mock_server.http import ReceivedRequest
from mock_server.verifier import Refused, headers, verify
from tests.mock_server.verifier.wrong_signatures import ACCESS, NOW, QUERY, RAW, SECRET, b64

ADVICE = [
    ({"Authorization": "Bearer :"}, "authorization_malformed", "and nothing behind it"),
    ({"Authorization": f"Bearer Bearer {ACCESS}:x"}, "authorization_malformed", "is there twice"),
    ({"Authorization": f"Token {ACCESS}:x"}, "authorization_scheme", "scheme of another API"),
    ({"Authorization": f"Baerer {ACCESS}:x"}, "authorization_scheme", "in the place of `Bearer`"),
    ({"Authorization": "1700000000000"}, "authorization_scheme", "two headers were exchanged"),
    (
        {"Authorization": f"Bearer%20{ACCESS}:{b64(RAW)}"},
        "authorization_scheme",
        "by another character",
    ),
    (
        {"Authorization": f"Bearer: {ACCESS}:{b64(RAW)}"},
        "authorization_scheme",
        "by another character",
    ),
    (
        {"Authorization": f"Bearer\t{ACCESS}:{b64(RAW)}"},
        "authorization_scheme",
        "by another character",
    ),
    ({"Authorization": f"Bearer{ACCESS}:{b64(RAW)}"}, "authorization_scheme", "No space follows"),
    ({"Authorization": f"Bearer {ACCESS}.{b64(RAW)}"}, "authorization_malformed", "No colon is between"),
    ({"Authorization": f"Bearer {ACCESS}%3A{b64(RAW)}"}, "authorization_malformed", "percent-encoded"),
    ({"Authorization": f"Bearer {b64(RAW)}"}, "authorization_malformed", "a signature alone"),
    ({"Authorization": f"Bearer {ACCESS}"}, "authorization_malformed", "no signature"),
    ({"Authorization": "Bearer " + b64(b"A:" + b64(RAW).encode())}, "authorization_malformed", "as a whole"),
    ({"Authorization": f"Bearer key={ACCESS}, sig=x"}, "authorization_malformed", "named parts"),
    ({"Authorization": f"Bearer {SECRET}"}, "authorization_malformed", "secret key itself was sent"),
    ({"Authorization": f"Bearer {ACCESS}:{SECRET}"}, "signature_encoding", "secret key itself was sent"),
    ({"Authorization": f"Bearer {ACCESS}::{b64(RAW)}"}, "signature_encoding", "Two colons"),
    ({"Authorization": f"Bearer {ACCESS}:{b64(RAW)}:{NOW}"}, "signature_encoding", "timestamp is beside"),
    ({"Authorization": f"Bearer {ACCESS}:{b64(RAW)}, realm=x"}, "signature_encoding", "Something follows"),
    ({"Authorization": f"Bearer {b64(RAW)}:{ACCESS}"}, "access_key_unknown", "exchange them"),
    ({"Authorization": 'Bearer {"k": "a", "s": "b"}'}, "access_key_unknown", "JSON"),
    ({"Authorization": "Bearer a@example.com:x"}, "access_key_unknown", "e-mail address"),
    ({"Authorization": "Bearer %s:%s"}, "access_key_unknown", "placeholder"),
    ({"Couchbase-Timestamp": "-1700000000000"}, "timestamp_malformed", "is negative: write"),
    ({"Couchbase-Timestamp": "-807049093"}, "timestamp_malformed", "kept in 32 bits"),
    ({"Couchbase-Timestamp": str(NOW % 2**32)}, "timestamp_unit", "cut to 32 bits"),
    ({"Couchbase-Timestamp": "2147483647"}, "timestamp_unit", "largest number of 32 bits"),
    ({"Couchbase-Timestamp": str(NOW * 10_000 + 621_355_968_000_000_000)}, "timestamp_future", ".NET ticks"),
    (
        {"Couchbase-Timestamp": str(NOW * 10_000 + 116_444_736_000_000_000)},
        "timestamp_future",
        "file time",
    ),
    ({"Couchbase-Timestamp": str(NOW // 1000 - 978_307_200)}, "timestamp_unit", "seconds since 2001"),
    ({"Couchbase-Timestamp": "0"}, "timestamp_stale", "is 0"),
    ({"Couchbase-Timestamp": "80000123"}, "timestamp_stale", "much too small"),
    ({"Couchbase-Timestamp": "20231114221320"}, "timestamp_future", "a date written in digits"),
    ({"Couchbase-Timestamp": "1700000000,5"}, "timestamp_malformed", "multiply by 1000"),
    ({"Couchbase-Timestamp": "1700000000000, 1700000000000"}, "timestamp_malformed", "two values"),
    ({"Couchbase-Timestamp": "17000000003N"}, "timestamp_malformed", "date command"),
    ({"Couchbase-Timestamp": "0.12300000 1700000000"}, "timestamp_malformed", "microtime"),
    ({"Couchbase-Timestamp": "Optional(1700000000000)"}, "timestamp_malformed", "brackets"),
    ({"Couchbase-Timestamp": "b'1700000000000'"}, "timestamp_malformed", "quotes"),
    ({"Couchbase-Timestamp": "1700000000000\\n"}, "timestamp_malformed", "suffix"),
    (
        {"Couchbase-Timestamp": "\xd9\xa1\xd9\xa7"},
        "timestamp_malformed",
        "another script",
    ),
    ({"Couchbase-Timestamp": f"Bearer {ACCESS}:x"}, "timestamp_malformed", "two headers were exchanged"),
    ({"Authorization": f"Bearer {'v4-token' * 6}"}, "authorization_malformed", "client of Management API v4"),
    (
        {
            "Authorization": "Bearer "
            + b64(b"32-characters-of-an-id-abcdefghij:a-secret-that-is-no-signature")
        },
        "authorization_malformed",
        "client of Management API v4",
    ),
    ({"Authorization": "Bearer <ACCESS>:<SIGNATURE>"}, "authorization_malformed", "placeholder"),
    ({"Authorization": "Bearer {{key}}:{{signature}}"}, "access_key_unknown", "placeholder"),
    ({"Authorization": "Bearer YOUR_ACCESS_KEY:x"}, "access_key_unknown", "placeholder"),
    ({"Authorization": "Bearer $CBC_ACCESS_KEY:x"}, "access_key_unknown", "placeholder"),
    ({"Authorization": "Bearer ${CBC_ACCESS_KEY}:x"}, "access_key_unknown", "placeholder"),
    ({"Authorization": "Bearer %CBC_ACCESS_KEY%:x"}, "access_key_unknown", "placeholder"),
    ({"Authorization": f"Bearer {SECRET}:x"}, "access_key_unknown", "exchange the two settings"),
    ({"Authorization": f"Bearer '{ACCESS}':x"}, "access_key_unknown", "quotes"),
    ({"Authorization": f"Bearer {ACCESS.upper()}:x"}, "access_key_unknown", "upper and lower case"),
    ({"Authorization": "Bearer some-other:x"}, "access_key_unknown", "does not know the access key"),
    ({"Authorization": "Bearer :x"}, "authorization_malformed", "access key was empty"),
    ({"Authorization": "Bearer A:"}, "authorization_malformed", "signature was empty"),
    ({"Authorization": "Bearer  A:x"}, "authorization_malformed", "exactly one"),
    ({"Authorization": "Bearer A B:x"}, "authorization_malformed", "contains a space or an angle bracket"),
    ({"Authorization": "Bearer A\x85B:x"}, "authorization_malformed", "a non-ASCII character"),
    ({"Authorization": "Bearer A\x7fB:x"}, "authorization_malformed", "a control character"),
    ({"Authorization": "Bearer"}, "authorization_malformed", "Nothing follows"),
    ({"Authorization": ""}, "authorization_scheme", "is empty"),
    ({"Authorization": "bearer A:x"}, "authorization_scheme", "capital B"),
    ({"Authorization": "Basic QTpi"}, "authorization_scheme", ".netrc"),
    ({"Authorization": "A:x"}, "authorization_scheme", "before them"),
    ({"Authorization": "Token x"}, "authorization_scheme", "scheme of another API"),
    ({"Authorization": "Bear x"}, "authorization_scheme", "not `Bearer`"),
    ({"Couchbase-Timestamp": "1700000000"}, "timestamp_unit", "hardly the reason for its 401"),
    ({"Couchbase-Timestamp": "1700000000000000"}, "timestamp_unit", "in microseconds:"),
    ({"Couchbase-Timestamp": "1700000000000000000"}, "timestamp_unit", "in nanoseconds:"),
    ({"Couchbase-Timestamp": ""}, "timestamp_malformed", "is empty"),
    ({"Couchbase-Timestamp": "1700000000.5"}, "timestamp_malformed", "multiply by 1000"),
    ({"Couchbase-Timestamp": "01700000000000"}, "timestamp_malformed", "leading zero"),
    ({"Couchbase-Timestamp": "-1"}, "timestamp_malformed", "is -1"),
    ({"Couchbase-Timestamp": "1,700,000,000,000"}, "timestamp_malformed", "separators"),
    ({"Couchbase-Timestamp": "1.7e+12"}, "timestamp_malformed", "scientific"),
    ({"Couchbase-Timestamp": "Tue, 14 Nov 2023 22:13:20 GMT"}, "timestamp_malformed", "is a date"),
    ({"Couchbase-Timestamp": "'1'"}, "timestamp_malformed", "quotes"),
    ({"Couchbase-Timestamp": "9" * 20}, "timestamp_malformed", "today it has 13"),
    ({"Couchbase-Timestamp": "NaN"}, "timestamp_malformed", "missing value"),
    ({"Couchbase-Timestamp": "1700000000000!"}, "timestamp_malformed", "plain decimal digits"),
    ({"Couchbase-Timestamp": str(NOW - 300_001)}, "timestamp_stale", "5 min 1 s behind"),
    (
        {"Couchbase-Timestamp": str(NOW - 7_201_000)},
        "timestamp_stale",
        "2 h 1 s (as when local time is taken for UTC) behind",
    ),
    (
        {"Couchbase-Timestamp": str(NOW + 19_800_000)},
        "timestamp_future",
        "5 h 30 min (as when local time is taken for UTC) ahead",
    ),
]


@pytest.mark.parametrize(("changed", "code", "words"), ADVICE, ids=[str(case[0]) for case in ADVICE])
def test_advice_looks_for_the_cause(changed: dict[str, str], code: str, words: str) -> None:
    """Within one code, the sentence names the likeliest cause."""
    good = {"Authorization": f"Bearer {ACCESS}:{b64(RAW)}", "Couchbase-Timestamp": str(NOW)}
    request = ReceivedRequest("GET", QUERY, list((good | changed).items()))
    result = verify(request, {ACCESS: SECRET}, lambda: NOW)
    assert isinstance(result, Refused)
    assert result.code == code
    assert words in result.message.partition(" Also: ")[0]
    assert SECRET not in result.message


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (("Authorisation", "Couchbase-Timestamp"), "named Authorisation"),
        (("X-Api-Key", "Couchbase-Timestamp"), "named X-Api-Key"),
        (("Authorization", "X-Couchbase-Timestamp"), "named X-Couchbase-Timestamp"),
        (("Authorization", "Couchbase-Timestmap"), "named Couchbase-Timestmap"),
        (("X-Other", "Couchbase-Timestamp"), "has no Authorization header: send"),
        (("Authorization", "X-Other"), "has no Couchbase-Timestamp header: send"),
    ],
)
def test_a_header_with_another_name_is_noticed(names: tuple[str, str], words: str) -> None:
    """The message names the header that may be meant for the missing one."""
    received = list(zip(names, (f"Bearer {ACCESS}:{b64(RAW)}", str(NOW)), strict=True))
    result = verify(ReceivedRequest("GET", QUERY, received), {ACCESS: SECRET}, lambda: NOW)
    assert isinstance(result, Refused)
    assert words in result.message


@pytest.mark.parametrize(
    "more", [[], [("Date", "Tue, 14 Nov 2023 22:13:20 GMT")], [("X-Amz-Date", "20231114")]]
)
@pytest.mark.parametrize(
    ("authorization", "words"),
    [
        ("Bearer djR0b2tlbnY0dG9rZW52NHRva2VudjR0b2tlbnY0dG9rZW4", "client of Management API v4"),
        ("Basic dXNlcjpwYXNz", "Couchbase Server"),
        ("AWS4-HMAC-SHA256 Credential=x", "signed as for AWS"),
    ],
)
def test_other_apis_are_recognised(authorization: str, words: str, more: list[tuple[str, str]]) -> None:
    """A client of another API without a timestamp is told so, and told once, also if it sends a Date."""
    received = [("Authorization", authorization), *more]
    result = verify(ReceivedRequest("GET", QUERY, received), {ACCESS: SECRET}, lambda: NOW)
    assert isinstance(result, Refused)
    assert (result.code, result.message.count(words)) == ("timestamp_missing", 1)


@pytest.mark.parametrize(
    ("received", "words"),
    [
        ([("Authorization", "Bearer A:x")] * 2, "2 Authorization headers with the same value:"),
        (
            [("Authorization", "Basic x"), ("Authorization", "Bearer A:x")],
            "2 Authorization headers with different values:",
        ),
        ([("Couchbase-Timestamp", "1")] * 3, "3 Couchbase-Timestamp headers with the same value:"),
        (
            [("Couchbase-Timestamp", "1"), ("Couchbase-Timestamp", "2"), ("Couchbase-Timestamp", "1")],
            "3 Couchbase-Timestamp headers with different values:",
        ),
    ],
)
def test_a_header_more_than_once(received: list[tuple[str, str]], words: str) -> None:
    """The message has the number of headers, and says whether their values differ."""
    result = verify(ReceivedRequest("GET", QUERY, received), {ACCESS: SECRET}, lambda: NOW)
    assert isinstance(result, Refused)
    assert words in result.message


@pytest.mark.parametrize(
    ("authorizations", "words"),
    [
        ([b"Basic", b"Bearer A"], "Couchbase Server"),
        ([b"Basic dXNl cjpw"], "Couchbase Server"),
        ([b"Bearer A:x"], "send the milliseconds since 1970-01-01 UTC, the same text"),
        ([], "send the milliseconds since 1970-01-01 UTC, the same text"),
    ],
)
def test_a_missing_timestamp(authorizations: list[bytes], words: str) -> None:
    """The scheme of the first Authorization header decides about the advice."""
    assert words in headers.missing("timestamp", authorizations, [])


@pytest.mark.parametrize("length", range(7, 14))
def test_a_token_of_any_length(length: int) -> None:
    """A token without a colon can have a length that no base64 has."""
    assert "no colon" in headers.credentials(b"A" * length, [], timed=False)


@pytest.mark.parametrize(
    ("rest", "words"),
    [
        (b"A B:x\v", "follows the signature"),
        (b"\vA:x", "surrounds the access key"),
        (b"A B:x", "a space or an angle bracket"),
        (b"A B:x:", "a space or an angle bracket"),
        (b"\tA:x", "More than one space follows"),
        (b"BEARER:x", "is there twice"),
        (b"", "Nothing follows"),
    ],
)
def test_what_is_wrong_in_credentials(rest: bytes, words: str) -> None:
    """The message says what is there and where."""
    assert words in headers.credentials(rest, [], timed=True)


@pytest.mark.parametrize(
    ("authorization", "words"),
    [
        (b"'Bearer A:x'", "is in quotes"),
        (b'"Bearer A:x"', "is in quotes"),
        (b"Authorization: Bearer A:x", "begins with the header's name"),
        (b"authorization Bearer A:x", "begins with the header's name"),
        (b"apikey:x", "begins with the credentials"),
        (b"ApiKey x", "scheme of another API"),
    ],
)
def test_what_is_in_the_place_of_the_scheme(authorization: bytes, words: str) -> None:
    """Quotes, the header's name, another scheme, or the credentials."""
    assert words in headers.scheme(authorization)


@pytest.mark.parametrize("colon", ["%3A", "%3a"])
def test_a_colon_that_is_percent_encoded(colon: str) -> None:
    """The digits of the escape may be capitals or small letters."""
    assert "percent-encoded" in headers.credentials(f"A{colon}b".encode(), [], timed=True)


UNKNOWN = "does not know the access key"


@pytest.mark.parametrize(
    ("access", "words"),
    [
        (b"{abc", UNKNOWN),
        (b'a"bc', UNKNOWN),
        (b"a@bc", UNKNOWN),
        (b"a.bc", UNKNOWN),
        (b"Xavier", UNKNOWN),
        (b"mock-access-key", "is that of .env.example"),
        (b"zkey4z", "contains a known one"),
        (b"zabcz", UNKNOWN),
        (b"long", "only the beginning of a known one"),
        (b"lon", UNKNOWN),
    ],
)
def test_advice_for_an_unknown_access_key(access: bytes, words: str) -> None:
    """Each cause needs all its signs, and a part of a key counts from 4 characters."""
    keys = {"key4": SECRET, "abc": SECRET, "longer": SECRET}
    assert words in headers.access_key(access, b"x", keys)


def test_a_secret_key_with_a_colon_was_sent() -> None:
    """It looks like an access key and a signature."""
    assert headers.access_key(b"left", b"right", {"A": "left:right"}) == headers.LEAKED
