"""Two mistakes at once: every two aspects, and both in the endpoint."""

from __future__ import annotations

import hmac
from itertools import combinations

import pytest

from mock_server.verifier.comparison import Comparison, Turns
from mock_server.verifier.mistakes import Attempt
from mock_server.verifier.pairs import Found, two_mistakes
from mock_server.verifier.variants import Variants

TARGET = "/v3/clusters?page=1&sortBy=a%20b"
NOW = 1_700_000_000_123
SECRET = "my secret"
RIGHT = {
    "endpoint": TARGET,
    "method": "GET",
    "timestamp": str(NOW),
    "frame": "{0}\n{1}\n{2}",
    "secret": SECRET,
    "digest": "right",
}
# For each aspect its mistakes, each with a wrong value.
WRONG = {
    "endpoint": [
        ("endpoint_without_query", "/v3/clusters"),
        ("endpoint_slash", "/v3/clusters/?page=1&sortBy=a%20b"),
        ("endpoint_full_url", "https://api.example.com/v3/clusters"),
    ],
    "method": [("method_case", "get"), ("method_differs", "POST")],
    "timestamp": [
        ("timestamp_signed_differs", str(NOW // 1000)),
        ("timestamp_signed_differs", str(NOW - 32)),
        ("timestamp_signed_differs", str(NOW + 32)),
        ("timestamp_format", f"{NOW}.0"),
    ],
    "frame": [
        ("separator_crlf", "{0}\r\n{1}\r\n{2}"),
        ("field_order", "{2}\n{0}\n{1}"),
        ("message_trailing_newline", "{0}\n{1}\n{2}\n"),
    ],
    "secret": [("secret_whitespace", f"{SECRET}\n"), ("secret_quoted", f"'{SECRET}'")],
    "digest": [("key_message_swapped", "swapped"), ("hmac_repeated", "repeated")],
}
ORDER = list(WRONG)


def mac(key: bytes, text: bytes) -> bytes:
    """HMAC-SHA256."""
    return hmac.digest(key, text, "sha256")


def text(parts: dict[str, str]) -> bytes:
    """The text that is signed."""
    return parts["frame"].format(parts["method"], parts["endpoint"], parts["timestamp"]).encode()


def signature(parts: dict[str, str]) -> bytes:
    """The digest of the text by the key."""
    key = parts["secret"].encode()
    if parts["digest"] == "swapped":
        return mac(text(parts), key)
    digest = mac(key, text(parts))
    return mac(key, digest) if parts["digest"] == "repeated" else digest


def search(digest: bytes, target: str = TARGET) -> Found | None:
    """Look for two mistakes in a signature of the request."""
    right = Attempt(b"GET", target.encode(), b"%d" % NOW, b"A", SECRET.encode(), host=b"api.example.com")
    attempt = right.hastily()
    return two_mistakes(Comparison(attempt, digest, Turns()), Variants(attempt))


def names(found: Found | None) -> list[str]:
    """The names of the mistakes."""
    return [mistake.name for mistake in found.mistakes] if found else []


PAIRS = [
    (first, one, second, other)
    for first, second in combinations(ORDER, 2)
    for one in WRONG[first]
    for other in WRONG[second]
]


@pytest.mark.parametrize(
    ("first", "one", "second", "other"), PAIRS, ids=[f"{pair[1][0]}+{pair[3][0]}" for pair in PAIRS]
)
def test_mistakes_of_two_aspects(
    first: str, one: tuple[str, str], second: str, other: tuple[str, str]
) -> None:
    """Both are named in the order of the aspects, and the text is the one that was signed."""
    parts = RIGHT | {first: one[1], second: other[1]}
    found = search(signature(parts))
    assert names(found) == [one[0], other[0]]
    assert found is not None
    assert found.signed == text(parts)


@pytest.mark.parametrize(
    ("sent", "signed", "expected"),
    [
        ("/v3/a%20b/?q=1", "/v3/a b?q=1", ["endpoint_slash", "endpoint_decoded"]),
        ("/v2/a?b=2&a=1", "/v3/a?a=1&b=2", ["endpoint_version", "endpoint_query_order"]),
        ("/v2/clouds?b=1", "v2/clouds", ["endpoint_without_query", "endpoint_no_leading_slash"]),
        ("/v2/a%2fb?q=x+y", "/v2/a%2Fb?q=x%20y", ["endpoint_percent_case", "endpoint_plus_space"]),
        ("/v2/A?q=1", "/public/v2/a?q=1", ["endpoint_prefix", "endpoint_case"]),
        ("/v2/clouds", "//public/v2/clouds", ["endpoint_slash", "endpoint_prefix"]),
    ],
)
def test_two_mistakes_in_the_endpoint(sent: str, signed: str, expected: list[str]) -> None:
    """They are named by precedence, whichever was made first."""
    found = search(signature(RIGHT | {"endpoint": signed}), sent)
    assert names(found) == expected
    assert found is not None
    assert found.signed == text(RIGHT | {"endpoint": signed})


@pytest.mark.parametrize(
    ("middle", "is_found"),
    [
        ("x" * 1000, True),
        ("x" * 20_000, False),
        ("%20" * 100, True),
        ("%20" * 400, False),
    ],
    ids=["long", "longer", "escapes", "more escapes"],
)
def test_rewriting_a_long_target_has_a_budget(middle: str, *, is_found: bool) -> None:
    """Two mistakes in the endpoint are found in a long target, if to rewrite it costs not too much."""
    signed = f"/public/v2/a{middle}?q=1"
    found = search(signature(RIGHT | {"endpoint": signed}), f"/v2/A{middle}?q=1")
    assert names(found) == (["endpoint_prefix", "endpoint_case"] if is_found else [])


@pytest.mark.parametrize("off", [-33, 33])
def test_readings_of_the_clock_that_are_too_far_apart(off: int) -> None:
    """Beside a second mistake, a reading of the clock is tried up to 32 ms from the header's."""
    assert search(signature(RIGHT | {"timestamp": str(NOW + off), "secret": f"{SECRET}\n"})) is None


def test_three_mistakes_are_not_found() -> None:
    """The search ends without a result."""
    parts = RIGHT | {"method": "POST", "timestamp": str(NOW // 1000), "secret": f"{SECRET}\n"}
    assert search(signature(parts)) is None


@pytest.mark.parametrize("cut", [False, True])
def test_a_search_that_was_cut_stays_cut(*, cut: bool) -> None:
    """A short request does not use the budget up, and what was left out before is not forgotten."""
    attempt = Attempt(b"GET", TARGET.encode(), b"%d" % NOW, b"A", SECRET.encode()).hastily()
    comparison = Comparison(attempt, b"", Turns())
    comparison.cut = cut
    assert two_mistakes(comparison, Variants(attempt)) is None
    assert comparison.cut is cut


def test_two_pairs_that_give_the_same_text() -> None:
    """The pair with the highest precedence is named: any wrong endpoint is lost with its field."""
    found = search(mac(SECRET.encode(), f"GET\n{NOW}".encode()))
    assert names(found) == ["endpoint_without_query", "field_missing"]
