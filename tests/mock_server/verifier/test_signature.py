"""The mock's verifier: the rule, the grammar of its two headers, the codes and their order."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mock_server.http import ReceivedRequest
from mock_server.verifier import CODES, WINDOW, Accepted, RecentTimestamps, Refused, verify
from mock_server.verifier.mistakes import Attempt
from mock_server.verifier.search import UNEXPLAINED, explain

if TYPE_CHECKING:
    from collections.abc import Sequence

NOW = 1_700_000_000_000
SECRET = "canary-secret, not#a%real$one"
KEYS = {"A": SECRET, "Other-Key!": "sécret 🔑"}
TARGET = "/v2/projects?page=1&perPage=10"


def sign(text: str, secret: str = SECRET) -> str:
    """HMAC by its definition (RFC 2104), so that the code under test is not what tests it."""
    key = secret.encode()
    key = (hashlib.sha256(key).digest() if len(key) > 64 else key).ljust(64, b"\0")
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in key) + text.encode("latin-1")).digest()
    return base64.b64encode(hashlib.sha256(bytes(byte ^ 0x5C for byte in key) + inner).digest()).decode()


def headers(
    *, access: str = "A", timestamp: str = str(NOW), method: str = "GET", target: str = TARGET
) -> list[tuple[str, str]]:
    """The two headers of a request that is signed right, whatever the timestamp."""
    signature = sign(f"{method}\n{target}\n{timestamp}", KEYS.get(access, SECRET))
    return [("Authorization", f"Bearer {access}:{signature}"), ("Couchbase-Timestamp", timestamp)]


def check(received: Sequence[tuple[str, str]], **policy: Any) -> Accepted | Refused:  # noqa: ANN401  # passed on
    """The result for GET TARGET at NOW."""
    return verify(ReceivedRequest("GET", TARGET, received), KEYS, lambda: NOW, **policy)


def code(received: Sequence[tuple[str, str]], **policy: Any) -> str:  # noqa: ANN401  # passed on
    """Its code alone."""
    return check(received, **policy).code


def with_authorization(value: str) -> list[tuple[str, str]]:
    """Headers with this Authorization and a good timestamp."""
    return [("Authorization", value), ("Couchbase-Timestamp", str(NOW))]


def test_guide_example_is_accepted() -> None:
    """The example of the vendor's guide verifies, byte for byte."""
    received = [
        ("Authorization", "Bearer A:/cN4TwNuKQhwyzXHy456DlM85iWWqASUBMaJoDTREzw="),
        ("Couchbase-Timestamp", "1614622252260"),
    ]
    result = verify(
        ReceivedRequest("GET", "/v2/clouds", received), {"A": "my secret key"}, lambda: 1_614_622_252_260
    )
    assert result == Accepted()


@pytest.mark.parametrize(
    "received",
    [
        [(name.lower(), value) for name, value in headers()],
        [(name.upper(), f" \t{value}\t ") for name, value in headers()],
        [("Host", "x"), ("Upgrade", "h2c"), ("Content-Type", "a"), ("Content-Type", "b"), *headers()],
        headers()[::-1],
    ],
    ids=["lower case names", "blanks around values", "other headers, some twice", "other order"],
)
def test_header_shapes_of_real_clients_are_accepted(received: list[tuple[str, str]]) -> None:
    """What HTTP libraries do to headers without changing their meaning changes nothing here."""
    assert code(received) == "ok"


@pytest.mark.parametrize("byte", [byte for byte in range(256) if byte not in b"\r\n"])
def test_every_byte_of_an_access_key(byte: int) -> None:
    """An access key is one or more of the bytes 0x21 to 0x7E without `:`, `<` and `>`, at each place."""
    character = chr(byte)
    allowed = 0x21 <= byte <= 0x7E and character not in ":<>"
    for key in (f"{character}A", f"A{character}A", f"A{character}"):
        found = code(with_authorization(f"Bearer {key}:{GOOD}"))
        if character == ":":  # the first colon ends the key
            assert found == ("authorization_malformed" if key == ":A" else "signature_encoding")
        else:
            assert found == ("access_key_unknown" if allowed else "authorization_malformed")


@pytest.mark.parametrize(
    "target", ["//v2/clouds", "/v2/a%2fb", "/v2/\x85\xa0\xff", "/v2/clouds?", "*", "http://h/v2"]
)
def test_target_is_signed_as_it_travelled(target: str) -> None:
    """Nothing in the target is decoded, folded or re-encoded before it is signed."""
    assert verify(ReceivedRequest("GET", target, headers(target=target)), KEYS, lambda: NOW) == Accepted()


CASES = [
    ("authorization_missing", [], "no header at all"),
    ("authorization_missing", headers()[1:], "no Authorization"),
    ("authorization_missing", [*headers()[1:], *headers()[1:]], "before timestamp_duplicated"),
    ("authorization_duplicated", [*headers()[:1], *headers()[:1]], "before timestamp_missing"),
    ("timestamp_missing", headers()[:1], "no timestamp"),
    ("timestamp_missing", [("Authorization", "nonsense")], "before authorization_scheme"),
    ("timestamp_duplicated", [*headers(), *headers()[1:]], "the same timestamp twice"),
    ("timestamp_duplicated", [("Authorization", ""), *headers()[1:], *headers()[1:]], "before scheme"),
]


@pytest.mark.parametrize(
    ("expected", "received"), [c[:2] for c in CASES], ids=[f"{c[0]}: {c[2]}" for c in CASES]
)
def test_headers_are_counted_first(expected: str, received: list[tuple[str, str]]) -> None:
    """A header that is missing or there twice is said before anything inside one is judged."""
    assert code(received) == expected


GOOD = sign(f"GET\n{TARGET}\n{NOW}")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("", "authorization_scheme"),
        ("Basic QTpi", "authorization_scheme"),
        (f"bearer A:{GOOD}", "authorization_scheme"),
        (f"BEARER A:{GOOD}", "authorization_scheme"),
        (f"Bearer\tA:{GOOD}", "authorization_scheme"),
        (f"A:{GOOD}", "authorization_scheme"),
        ("Bearer", "authorization_malformed"),
        ("Bearer ", "authorization_malformed"),
        (f"Bearer  A:{GOOD}", "authorization_malformed"),
        (f"Bearer \tA:{GOOD}", "authorization_malformed"),
        (f"Bearer A {GOOD}", "authorization_malformed"),
        (f"Bearer :{GOOD}", "authorization_malformed"),
        ("Bearer A:", "authorization_malformed"),
        (f"Bearer A B:{GOOD}", "authorization_malformed"),
        (f"Bearer A\x0b:{GOOD}", "authorization_malformed"),
        (f"Bearer <A>:{GOOD}", "authorization_malformed"),
        (f"Bearer A:{GOOD}:more", "signature_encoding"),
        (f"Bearer A::{GOOD}", "signature_encoding"),
        (f"Bearer A: {GOOD}", "signature_encoding"),
        (f"Bearer A:{GOOD}\r\n ", "signature_encoding"),
        (f"Bearer \x85\xa0:{GOOD}", "authorization_malformed"),
        (f"Bearer a:{GOOD}", "access_key_unknown"),
        (f"Bearer A:{GOOD}", "ok"),
    ],
)
def test_authorization_grammar(value: str, expected: str) -> None:
    """`Bearer`, one space, an access key without blanks, colon or bracket, a colon, any signature text."""
    assert code(with_authorization(value)) == expected


@pytest.mark.parametrize(
    ("timestamp", "expected"),
    [
        ("", "timestamp_malformed"),
        (f"0{NOW}", "timestamp_malformed"),
        (f"+{NOW}", "timestamp_malformed"),
        (f"-{NOW}", "timestamp_malformed"),
        (f"{NOW}.0", "timestamp_malformed"),
        ("1.7e12", "timestamp_malformed"),
        ("1_700_000_000_000", "timestamp_malformed"),
        ("1700000 000000", "timestamp_malformed"),
        ("00", "timestamp_malformed"),
        ("²", "timestamp_malformed"),
        (f"{NOW}\n", "timestamp_malformed"),
        ("1" * 20, "timestamp_malformed"),
        ("2023-11-14T22:13:20Z", "timestamp_malformed"),
        ("123456789", "timestamp_unit"),
        ("1700000000", "timestamp_unit"),
        ("1700000000000000", "timestamp_unit"),
        ("1700000000000000000", "timestamp_unit"),
        ("0", "timestamp_stale"),
        ("12345678", "timestamp_stale"),
        ("99999999999", "timestamp_stale"),
        ("170000000000000", "timestamp_future"),
        ("100000000000000000", "timestamp_future"),
        (str(NOW - WINDOW - 1), "timestamp_stale"),
        (str(NOW - WINDOW), "ok"),
        (str(NOW + WINDOW), "ok"),
        (str(NOW + WINDOW + 1), "timestamp_future"),
    ],
)
def test_timestamp_grammar_and_window(timestamp: str, expected: str) -> None:
    """Plain digits in milliseconds, at most at the edge of the window, whatever the MAC says."""
    assert code(headers(timestamp=timestamp)) == expected


def test_zero_is_a_timestamp() -> None:
    """At the epoch, `0` is now."""
    assert verify(ReceivedRequest("GET", TARGET, headers(timestamp="0")), KEYS, lambda: 0) == Accepted()


def test_window_is_a_setting() -> None:
    """A window of 0 accepts the clock's own millisecond alone."""
    assert code(headers(), window=0) == "ok"
    assert code(headers(timestamp=str(NOW - 1)), window=0) == "timestamp_stale"


def test_seconds_can_be_let_through() -> None:
    """With the unit `either`, seconds pass and are marked; other units and stale seconds do not."""
    assert check(headers(timestamp="1700000000"), timestamp_unit="either") == Accepted("timestamp_unit")
    assert check(headers(), timestamp_unit="either") == Accepted()
    assert code(headers(timestamp="1700000301"), timestamp_unit="either") == "timestamp_future"
    assert code(headers(timestamp="1700000000000000"), timestamp_unit="either") == "timestamp_unit"


def test_access_key_comes_before_the_signature() -> None:
    """Of a wrong key and a wrong signature, the key is named."""
    assert code(with_authorization("Bearer B:rubbish")) == "access_key_unknown"
    assert code(with_authorization("Bearer A:rubbish")) == "signature_encoding"


def test_one_wrong_bit_is_a_mismatch(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every bit of the signature counts. One bit in 64 is searched for, as a search takes long."""
    raw = base64.b64decode(GOOD)
    for bit in range(256):
        search = explain if bit % 64 == 0 else lambda *_: UNEXPLAINED
        monkeypatch.setattr("mock_server.verifier.signature.explain", search)
        flipped = (int.from_bytes(raw) ^ 1 << bit).to_bytes(32)
        assert (
            code(with_authorization(f"Bearer A:{base64.b64encode(flipped).decode()}")) == "signature_mismatch"
        )


def test_comparison_is_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """The expected signature meets the one received in hmac.compare_digest and nowhere else."""
    compared: list[tuple[Any, Any]] = []

    class Spy:
        digest = staticmethod(hmac.digest)

        @staticmethod
        def compare_digest(a: bytes, b: bytes) -> bool:
            compared.append((a, b))
            return hmac.compare_digest(a, b)

    monkeypatch.setattr("mock_server.verifier.signature.hmac", Spy)
    assert code(headers()) == "ok"
    assert compared == [(GOOD.encode(), GOOD.encode())]


def test_a_refusal_holds_no_secret() -> None:
    """Neither the secret nor the signature expected is in a refusal, its repr, or the repr of an attempt."""
    refused = check(with_authorization(f"Bearer A:{'A' * 43}="))
    attempt = Attempt(b"GET", b"/", b"0", b"A", SECRET.encode())
    shown = f"{refused!r} {refused} {attempt!r}"
    assert isinstance(refused, Refused)
    assert SECRET not in shown
    assert GOOD not in shown
    assert refused.expected == f"GET\n{TARGET}\n{NOW}".encode()


WRONG_PARTS = st.sampled_from(
    ["GET", "POST", TARGET, "/v2", str(NOW), SECRET, KEYS["Other-Key!"], "body", "", "\n", ":"]
)


@given(
    st.lists(WRONG_PARTS, max_size=6),
    st.sampled_from([TARGET, f"/v2/{SECRET}", "/v2/x?k=" + KEYS["Other-Key!"].encode().decode("latin-1")]),
    st.sampled_from(["A", SECRET, "B"]),
    st.sampled_from([str(NOW), "1700000000", SECRET, ""]),
)
@settings(max_examples=30)
def test_no_result_holds_a_secret(parts: list[str], target: str, access: str, timestamp: str) -> None:
    """No field of a refusal holds a secret key of any access key, wherever it was sent or signed."""
    mac = base64.b64encode(hmac.digest(SECRET.encode(), "\n".join(parts).encode(), "sha256")).decode()
    received = [("Authorization", f"Bearer {access}:{mac}"), ("Couchbase-Timestamp", timestamp)]
    result = verify(ReceivedRequest("GET", target, received, b"body"), KEYS, lambda: NOW)
    if isinstance(result, Refused):
        for secret in KEYS.values():
            assert secret not in result.message
            assert secret.encode() not in b"".join((result.expected or b"", result.signed or b""))
            assert secret not in "".join((result.code, result.mistake, *result.also))


def test_other_mistakes_are_collected() -> None:
    """The first gives code and mistake; the others follow in the order of the codes, each with its advice."""
    mac = sign(f"GET\n/v2/projects\n{NOW}")
    stale = sign(f"GET\n/v2/projects\n{NOW - 400_000}")
    for received, code_, mistake, also in (
        (
            [("Authorization", f"Bearer  A:{mac}")],
            "timestamp_missing",
            "timestamp_missing",
            ("authorization_malformed",),
        ),
        (
            [("Authorization", f"bearer A:{stale}"), ("Couchbase-Timestamp", str(NOW - 400_000))],
            *("authorization_scheme", "authorization_scheme"),
            ("timestamp_stale", "endpoint_without_query"),
        ),
        (
            [("Authorization", f"Bearer A:'{mac}'"), ("Couchbase-Timestamp", str(NOW))],
            *("signature_encoding", "signature_quoted"),
            ("endpoint_without_query",),
        ),
        (
            [("Authorization", f"Bearer A:'{GOOD}'"), ("Couchbase-Timestamp", str(NOW))],
            *("signature_encoding", "signature_quoted"),
            (),
        ),
        (
            [("Authorization", "Bearer B:undefined"), ("Couchbase-Timestamp", "1700000000")],
            *("timestamp_unit", "timestamp_unit"),
            ("access_key_unknown", "signature_placeholder"),
        ),
    ):
        refused = check(received)
        assert isinstance(refused, Refused)
        assert (refused.code, refused.mistake, refused.also) == (code_, mistake, also)
        assert refused.message.count(" Also: ") == len(also)


def test_a_recent_timestamp_is_found() -> None:
    """The last 20 timestamps of the same access key are tried."""
    recent = RecentTimestamps()
    for number in range(22):
        assert code(headers(timestamp=str(NOW - 100_000 - number)), recent=recent) == "ok"
    for number, mistake in (
        (21, "timestamp_signed_differs"),
        (3, "timestamp_signed_differs"),
        (1, "signature_mismatch"),
    ):
        kept = sign(f"GET\n{TARGET}\n{NOW - 100_000 - number}")
        assert check(with_authorization(f"Bearer A:{kept}"), recent=recent).mistake == mistake


HEADER = st.tuples(
    st.sampled_from(["Authorization", "Couchbase-Timestamp", "authorization", "Host", "X"]),
    st.text(st.characters(max_codepoint=255), max_size=60),
)


@given(
    method=st.text(st.characters(max_codepoint=255), max_size=8),
    target=st.text(st.characters(max_codepoint=255), max_size=40),
    received=st.lists(HEADER, max_size=5),
    body=st.binary(max_size=20),
)
def test_any_bytes_get_a_result(
    method: str, target: str, received: list[tuple[str, str]], body: bytes
) -> None:
    """Whatever arrives is refused with a known code and one line of advice, and raises nothing."""
    result = verify(ReceivedRequest(method, target, received, body), KEYS, lambda: NOW)
    assert isinstance(result, Refused)
    assert result.code in CODES
    assert re.fullmatch(r"[A-Z][^\n]{20,900}\.", result.message)


@given(st.text("Bearer AB:<>= \t\x0b\xa0+/", max_size=20).map(lambda tail: f"Bearer {tail}"))
@example("Bearer A:")
def test_grammar_agrees_with_its_words(value: str) -> None:
    """The parser and the grammar's sentences, spelled out step by step, part the same texts."""
    stripped = value.strip(" \t")
    scheme, _, rest = stripped.partition(" ")
    access, colon, signature = rest.partition(":")
    if scheme != "Bearer":
        expected = "authorization_scheme"
    elif (
        rest != rest.strip(" ") or not (access and colon and signature) or set(access) & set(" \t\x0b\xa0<>")
    ):
        expected = "authorization_malformed"
    elif access not in KEYS:
        expected = "access_key_unknown"
    else:
        expected = "signature_encoding"
    assert code(with_authorization(value)) == expected


@given(st.text("0123456789+-. _\xb2", max_size=22))
@example(str(NOW))
def test_timestamps_agree_with_their_words(text: str) -> None:
    """A timestamp is `0` or up to 19 ASCII digits without a leading zero, and its length tells the unit."""
    stripped = text.strip(" \t")
    plain = stripped.isascii() and stripped.isdigit() and len(stripped) <= 19
    if not plain or (stripped != "0" and stripped.startswith("0")):
        expected = "timestamp_malformed"
    elif len(stripped) in (9, 10, 16, 19):
        expected = "timestamp_unit"
    elif abs(int(stripped) - NOW) <= WINDOW:
        expected = "ok"
    else:
        expected = "timestamp_stale" if int(stripped) < NOW else "timestamp_future"
    assert code(headers(timestamp=stripped)) == expected
