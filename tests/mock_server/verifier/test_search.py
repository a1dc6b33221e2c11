"""The mock's catalogue of mistakes: each is told apart, and two that cannot be are both named."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import threading
from dataclasses import dataclass

import pytest

from mock_server.verifier import comparison, mistakes, search, shapes, variants
from tests.mock_server.verifier.wrong_signatures import (
    ACCESS,
    BODY,
    ENCODED,
    HOST,
    NOW,
    QUERY,
    SECRET,
    b64,
    mac,
    message,
    refuse,
)
from tests.support.paths import VECTORS


@dataclass(frozen=True)
class Case:
    """A mistake, the target sent, and the signature that the mistake gives."""

    mistake: str
    sent: str
    signature: str
    method: str = "GET"
    host: str = HOST


def endpoint(mistake: str, sent: str, signed: str, host: str = HOST) -> Case:
    """A case that signs another endpoint than it sends."""
    return Case(mistake, sent, b64(mac(message(signed))), host=host)


def text(mistake: str, signed: str) -> Case:
    """A case that signs another text."""
    return Case(mistake, QUERY, b64(mac(signed)))


def secret(mistake: str, key: str | bytes) -> Case:
    """A case that signs with another key."""
    return Case(mistake, QUERY, b64(mac(message(), key)))


CASES = [
    endpoint("endpoint_empty_query", "/v2/clouds?", "/v2/clouds"),
    endpoint("endpoint_empty_query", "/v2/clouds", "/v2/clouds?"),
    endpoint("endpoint_without_query", QUERY, "/v3/clusters"),
    endpoint("endpoint_without_params", "/v2/a;x=1", "/v2/a"),
    endpoint("endpoint_without_params", "/v2/a;x/b;y?q=1", "/v2/a/b?q=1"),
    endpoint("endpoint_without_params", "/v2/a;x/b;y?q=1", "/v2/a;x/b?q=1"),
    endpoint("endpoint_without_params", "/v2/b;y?q=1", "/v2/b"),
    endpoint("endpoint_full_url", QUERY, f"http://{HOST}{QUERY}"),
    endpoint("endpoint_full_url", QUERY, f"https://{HOST}{QUERY}"),
    endpoint("endpoint_full_url", QUERY, f"https://cloudapi.cloud.couchbase.com{QUERY}"),
    endpoint("endpoint_host_tail", QUERY, f":8091{QUERY}"),
    endpoint("endpoint_host_tail", QUERY, f"pany.internal{QUERY}", host="api.company.internal"),
    endpoint("endpoint_host_tail", QUERY, f":8080{QUERY}", host="api.example.com:8080"),
    endpoint("endpoint_host_tail", QUERY, HOST + QUERY),
    endpoint("endpoint_host_tail", "/v2/x?u=http://a.com/b", "/b"),
    endpoint("endpoint_slash", "//v2/clouds?a=1", "/v2/clouds?a=1"),
    endpoint("endpoint_slash", "/v2/clouds", "//v2/clouds"),
    endpoint("endpoint_slash", "/v2/clouds/?a=1", "/v2/clouds?a=1"),
    endpoint("endpoint_slash", "/v2/clouds?a=1", "/v2/clouds/?a=1"),
    endpoint("endpoint_slash", "/v2//clouds", "/v2/clouds"),
    endpoint("endpoint_slash", "/v2/clouds", "/v2//clouds"),
    endpoint("endpoint_slash", "//v2//clouds//", "/v2/clouds/"),
    endpoint("endpoint_no_leading_slash", QUERY, QUERY[1:]),
    endpoint("endpoint_version", "/v2/clusters", "/v3/clusters"),
    endpoint("endpoint_version", "/v3/clusters?a=1", "/v2/clusters?a=1"),
    endpoint("endpoint_query_order", "/v2/x?b=2&a=1&c=3&e=5&d=4", "/v2/x?e=5&d=4&a=1&c=3&b=2"),
    endpoint("endpoint_query_order", "/v2/x?f&e&d&c&b&a", "/v2/x?a&b&c&d&e&f"),
    endpoint("endpoint_query_order", "/v2/x?c&e&d&f&b&a", "/v2/x?a&b&f&d&e&c"),
    endpoint("endpoint_query_order", "/v2/x?b=1&a=2&c&d&e&a=1", "/v2/x?a=2&a=1&b=1&c&d&e"),
    endpoint("endpoint_decoded", ENCODED, "/v2/users/a b/c?q=x y&z=é"),
    endpoint("endpoint_decoded", ENCODED, "/v2/users/a b%2Fc?q=x y&z=é"),
    endpoint("endpoint_decoded", ENCODED, "/v2/users/a b%2Fc?q=x y&z=%c3%a9"),
    endpoint("endpoint_decoded", ENCODED, "/v2/users/a%20b%2Fc?q=x y&z=é"),
    endpoint("endpoint_decoded", "/v2/x?q=a+b%2Fc", "/v2/x?q=a b/c"),
    endpoint("endpoint_decoded", "/v2/x?q=a+b%2Fc", "/v2/x?q=a b%2Fc"),
    endpoint("endpoint_decoded", "/v2/%7Ex%20y", "/v2/~x%20y"),
    endpoint("endpoint_double_encoded", ENCODED, ENCODED.replace("%", "%25")),
    endpoint("endpoint_double_encoded", QUERY, "/v3/clusters%3Fpage%3D1%26perPage%3D10%26sortBy%3Dname"),
    endpoint("endpoint_double_encoded", "/v2/x?u=http://a/b", "/v2/x?u=http%3A%2F%2Fa%2Fb"),
    endpoint("endpoint_percent_case", ENCODED, ENCODED.replace("%2F", "%2f")),
    endpoint("endpoint_percent_case", ENCODED, ENCODED.replace("%c3%a9", "%C3%A9")),
    endpoint("endpoint_plus_space", "/v2/x?q=a+b", "/v2/x?q=a%20b"),
    endpoint("endpoint_plus_space", "/v2/x?q=a%20b", "/v2/x?q=a+b"),
    Case("method_case", QUERY, b64(mac(message(method="GET"))), method="get"),
    Case("method_case", QUERY, b64(mac(message(method="post"))), method="POST"),
    Case("method_differs", QUERY, b64(mac(message(method="GET"))), method="POST"),
    Case("method_differs", QUERY, b64(mac(message(method="DELETE"))), method="HEAD"),
    text("separator_crlf", f"GET\r\n{QUERY}\r\n{NOW}"),
    text("separator_escaped", f"GET\\n{QUERY}\\n{NOW}"),
    text("separator_missing", f"GET{QUERY}{NOW}"),
    text("separator_missing", f"GET\n{QUERY}{NOW}"),
    text("separator_missing", f"GET{QUERY}\n{NOW}"),
    text("separator_space", f"GET {QUERY} {NOW}"),
    text("message_trailing_newline", f"{message()}\n"),
    text("field_order", f"{NOW}\nGET\n{QUERY}"),
    text("field_order", f"GET\n{NOW}\n{QUERY}"),
    text("body_included", message() + BODY.decode()),
    text("body_included", f"{message()}\n{BODY.decode()}"),
    text("timestamp_signed_differs", message(timestamp=str(NOW // 1000))),
    text("timestamp_signed_differs", message(timestamp=str(NOW // 1000 + 1))),
    text("timestamp_signed_differs", message(timestamp=str(NOW * 1000))),
    text("timestamp_signed_differs", message(timestamp=str(NOW * 1_000_000))),
    *(
        text("timestamp_signed_differs", message(timestamp=str(NOW + apart)))
        for apart in (-2000, -1, 1, 7, 2000)
    ),
    secret("secret_whitespace", f"{SECRET}\n"),
    secret("secret_whitespace", f"{SECRET}\r\n"),
    secret("secret_whitespace", f" {SECRET}"),
    secret("secret_empty", ""),
    secret("secret_decoded", base64.b64decode(SECRET)),
    secret("secret_is_access_key", ACCESS),
    Case("key_message_swapped", QUERY, b64(mac(SECRET, message()))),
    *(
        Case("hash_not_hmac", QUERY, b64(hashlib.sha256(hashed.encode()).digest()))
        for hashed in (message(), SECRET + message(), message() + SECRET)
    ),
    endpoint("endpoint_normalised", "/v2/users/~ann", "/v2/users/%7Eann"),
    endpoint("endpoint_normalised", "/v2/x/../clouds?a=1", "/v2/clouds?a=1"),
    endpoint("endpoint_prefix", QUERY, QUERY.removeprefix("/v3")),
    endpoint("endpoint_prefix", "/v2/clusters/1/buckets/2", "/buckets/2"),
    endpoint("endpoint_prefix", QUERY, f"/public{QUERY}"),
    endpoint("endpoint_prefix", QUERY, f"/v2{QUERY}"),
    endpoint("endpoint_template", "/v2/clusters/6f2a/buckets", "/v2/clusters/{id}/buckets"),
    endpoint("endpoint_template", "/v2/clusters/6f2a/users/ann", "/v2/clusters/6f2a/users/:username"),
    endpoint("endpoint_template", "/v2/clusters/6f2a", "/v2/clusters/{{clusterId}}"),
    endpoint("endpoint_template", "/v2/clusters/6f2a/users/ann", "/v2/clusters/{clusterId}/users/{userId}"),
    endpoint("endpoint_case", QUERY, QUERY.lower()),
    endpoint("endpoint_case", "/v2/clusters/6F2A", "/v2/clusters/6f2a"),
    endpoint("endpoint_query_part", QUERY, "/v3/clusters?page=1&sortBy=name"),
    endpoint("endpoint_query_part", QUERY, "/v3/clusters\npage=1&perPage=10&sortBy=name"),
    endpoint("endpoint_query_part", QUERY, QUERY.replace("?", "")),
    endpoint("endpoint_query_part", QUERY, QUERY.replace("&", "&amp;")),
    endpoint("endpoint_query_part", "/v2/clouds", "/v2/clouds?page=1&perPage=10"),
    endpoint("endpoint_placeholder", QUERY, ""),
    endpoint("endpoint_placeholder", QUERY, "undefined"),
    endpoint("endpoint_placeholder", "/v2/clusters/6f2a/buckets", "/v2/clusters/None/buckets"),
    endpoint("endpoint_repr", QUERY, f'"{QUERY}"'),
    endpoint("endpoint_repr", QUERY, f"{QUERY} "),
    endpoint("endpoint_repr", "/v2/clusters/6f2a", "/v2/clusters/UUID('6f2a')"),
    endpoint("endpoint_repr", QUERY, b64(QUERY.encode())),
    Case("method_repr", QUERY, b64(mac(message(method="HttpMethod.GET")))),
    Case("method_repr", QUERY, b64(mac(message(method="undefined")))),
    Case("method_repr", QUERY, b64(mac(message(method="GET ")))),
    *(
        text("timestamp_format", message(timestamp=form))
        for form in (
            "1700000000000.0",
            "1.7e12",
            "1.7E+12",
            "1,700,000,000,000",
            "2023-11-14T22:13:20Z",
            "1700000000.000",
            "".join(chr(0x660 + int(digit)) for digit in str(NOW)),
        )
    ),
    text("timestamp_signed_differs", message(timestamp=str(NOW + 19_800_000))),
    text("separator_other", f"GET:{QUERY}:{NOW}"),
    text("separator_other", f"GET=>{QUERY}=>{NOW}"),
    text("separator_other", f"GET\n\n{QUERY}\n\n{NOW}"),
    text("message_surrounded", f'"{message()}"'),
    text("message_surrounded", f"\ufeff{message()}"),
    text("message_surrounded", f"{message()}\0"),
    *(text("message_surrounded", message() + end) for end in ("None", " ", "undefined", "\\r")),
    *(text("message_surrounded", start + message()) for start in ("\t", "None", "~", "\ufeff")),
    text("field_missing", f"GET\n{QUERY}"),
    text("field_missing", str(NOW)),
    text("field_added", f"{message()}\n{ACCESS}"),
    text("field_added", f"GET\n{HOST}\n{QUERY}\n{NOW}"),
    text("body_hash_included", f"{message()}\n{hashlib.sha256(BODY).hexdigest()}"),
    text("body_hash_included", f"GET\n{QUERY}\n{b64(hashlib.md5(BODY).digest())}\n{NOW}"),  # noqa: S324  # as Content-MD5 has it
    Case("message_encoding", QUERY, b64(mac(message().encode("utf-16-le")))),
    Case("message_encoding", QUERY, b64(mac(base64.b64encode(message().encode())))),
    secret("secret_quoted", f"'{SECRET}'"),
    secret("secret_quoted", f'"{SECRET}"\n'),
    secret("secret_encoded", SECRET.encode().hex()),
    secret("secret_encoded", SECRET.encode("utf-16-be")),
    secret("secret_encoded", f"\ufeff{SECRET}"),
    secret("secret_case", SECRET.lower()),
    secret("secret_joined", f"{ACCESS}:{SECRET}"),
    secret("secret_hashed", hashlib.sha256(SECRET.encode()).digest()),
    secret("secret_hashed", hashlib.sha512(SECRET.encode()).hexdigest()),
    secret("secret_placeholder", "undefined"),
    secret("secret_placeholder", "$CBC_SECRET_KEY"),
    secret("secret_truncated", SECRET[:16]),
    Case("hash_other", QUERY, b64(hmac.new(SECRET.encode(), message().encode(), "sha3_256").digest())),
    Case("hash_other", QUERY, b64(mac(message(), SECRET, "blake2s"))),
    Case("hmac_repeated", QUERY, b64(mac(mac(message())))),
    Case("hmac_repeated", QUERY, b64(mac(hashlib.sha256(message().encode()).hexdigest()))),
]

DAMAGED = "Mock#Secret%Key$One~Not&A=Real+One/0123456789:abcdefghijklmnopqrstuvwxyz@ABCXYZ"


@pytest.mark.parametrize(
    ("key", "mistake"),
    [
        (DAMAGED.partition("#")[0], "secret_truncated"),
        (DAMAGED.partition("=")[0], "secret_truncated"),
        (DAMAGED.partition("$")[0], "secret_truncated"),
        (DAMAGED[:72], "secret_truncated"),
        (DAMAGED[3:], "secret_truncated"),
        (DAMAGED.replace("$One", ""), "secret_expanded"),
        (DAMAGED.replace("%K", "%!K(MISSING)"), "secret_expanded"),
        (DAMAGED.replace("&", "&amp;"), "secret_escaped"),
        (DAMAGED.replace("$", "\\$"), "secret_escaped"),
        (DAMAGED.replace("/", "\\/"), "secret_escaped"),
    ],
)
def test_a_damaged_secret_is_named(key: str, mistake: str) -> None:
    """A secret with special characters that lost or gained some on its way is recognised."""
    assert refuse(b64(mac(message(), key)), secret=DAMAGED).mistake == mistake


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.mistake)
def test_each_mistake_is_named(case: Case) -> None:
    """A signature made with one mistake is refused with that mistake's name and advice."""
    refused = refuse(case.signature, case.sent, method=case.method, host=case.host)
    assert (refused.code, refused.mistake) == ("signature_mismatch", case.mistake)
    assert refused.message == next(m.message for m in mistakes.MISTAKES if m.name == case.mistake)


def page_names(heading: str) -> list[str]:
    """The names in the table of `vectors/README.md` whose second column has this heading."""
    page = (VECTORS / "README.md").read_text(encoding="utf-8")
    table = page.partition(f"| mistake | {heading} |\n")[2].partition("\n\n")[0]
    return re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)


def test_catalogue_is_the_pages_in_the_pages_order() -> None:
    """`vectors/README.md` has the mistakes in this order. Each has a case above or in refusals.yaml."""
    names = [mistake.name for mistake in mistakes.MISTAKES]
    assert [*names, "signature_mismatch"] == page_names("what was signed")
    assert [shape.name for shape in shapes.SHAPES] == page_names("the signature is")
    vectors = (VECTORS / "refusals.yaml").read_text(encoding="utf-8")
    tested = {case.mistake for case in CASES} | set(re.findall(r"mistake: (\w+)\}", vectors))
    assert set(names) <= tested


@pytest.mark.parametrize("named", [*mistakes.MISTAKES, *shapes.SHAPES], ids=lambda named: named.name)
def test_messages_are_advice(named: mistakes.Mistake | shapes.Shape) -> None:
    """A message says what is wrong and then, after a colon, what to do."""
    assert re.fullmatch(r"[A-Z][^\n]{40,260}[\w`)]\.", named.message)
    assert ": " in named.message


def test_secret_stripped() -> None:
    """White space that belongs to the secret and was stripped is told as well."""
    for stripped, kept in (("key", "key\n"), ("key", " key "), ("a b", "\u00a0a b")):
        assert refuse(b64(mac(message(), stripped)), secret=kept).mistake == "secret_whitespace"


@pytest.mark.parametrize(
    ("secret", "key"),
    [
        ("00ff10", bytes.fromhex("00ff10")),
        ("q-_8", base64.urlsafe_b64decode("q-_8")),
        ("YWJjZA", b"abcd"),
        ("ab!zz", b"\xab"),
    ],
    ids=["hexadecimal", "base64url", "base64 without padding", "hexadecimal up to what is none"],
)
def test_secret_decoded(secret: str, key: bytes) -> None:
    """Every usual way to decode a secret that is a text is recognised."""
    assert refuse(b64(mac(message(), key)), secret=secret).mistake == "secret_decoded"


def test_same_text_and_key_take_the_earlier_name() -> None:
    """`/v2/a?` without its `?` is also without its query: the first name of the list is given."""
    assert refuse(b64(mac(message("/v2/a"))), "/v2/a?").mistake == "endpoint_empty_query"
    # A secret that decodes to nothing is an empty secret.
    assert refuse(b64(mac(message(), "")), secret="!").mistake == "secret_empty"


def test_equivalent_keys_take_the_earlier_name() -> None:
    """HMAC pads its key with zeros, so an empty key and one decoded to zeros cannot be told apart."""
    assert refuse(b64(mac(message(), b"\0\0")), secret="0000").mistake == "secret_empty"


def test_unknown_mismatch_says_what_to_compare() -> None:
    """A signature that fits nothing is called just that, with the way to go on."""
    refused = refuse(b64(mac(message(), "quite another secret")))
    assert refused.mistake == "signature_mismatch"
    assert "X-Mock-Message" in refused.message


def test_body_is_no_mistake_without_a_body() -> None:
    """Without a body, the newline before it is named, not the body."""
    assert refuse(b64(mac(f"{message()}\n")), body=b"").mistake == "message_trailing_newline"


def test_explaining_stays_cheap() -> None:
    """The number of candidates is bounded, and a target that is long in every way adds few."""
    usual = "/v2/a;b/c%20d?a=1&b=2&c=3&d=4&e=%2F"
    long = "/v2" + "//a;b%20" * 500 + "?" + "&".join(f"p{n}={n}" for n in range(400))
    for target, most in ((usual, 12_000), (long, 300)):
        attempt = mistakes.Attempt(b"GET", target.encode(), b"1700000000000", b"A", b"secret", BODY, b"h:1")
        values = variants.Variants(attempt if target is usual else attempt.hastily())
        others = (aspect for aspect in mistakes.ASPECTS if aspect is not mistakes.SECRET)
        assert sum(len(values.of(aspect)) for aspect in others) + len(list(values.wrong_keys())) < most


@pytest.mark.parametrize("length", [1, 63, 64, 65, 200])
def test_second_reading_with_any_secret(length: int) -> None:
    """A second reading of the clock is found whether the secret is shorter or longer than a block."""
    key = "k" * length
    for off, expected in ((-2000, True), (2000, True), (2001, False)):
        found = refuse(b64(mac(message(timestamp=str(NOW + off)), key)), secret=key).mistake
        assert (found == "timestamp_signed_differs") is expected


ATTEMPT = mistakes.Attempt(b"GET", QUERY.encode(), str(NOW).encode(), ACCESS.encode(), SECRET.encode())
TWO_MISTAKES = b64(mac(f"GET\n/v3/clusters\n{NOW // 1000}")).encode()


def test_a_search_that_waits_too_long_looks_for_one_mistake() -> None:
    """It says so, it still finds one mistake, and the next search finds two again."""
    turns = comparison.Turns(patience=0.01)
    with turns.deep:
        found = search.explain(ATTEMPT, TWO_MISTAKES, turns)
        rare = search.explain(ATTEMPT, b64(mac(f"GET=>{QUERY}=>{NOW}")).encode(), turns)
    assert found.name == "signature_mismatch"
    assert "other searches were running" in found.message
    assert rare.name == "separator_other"
    assert (
        search.explain(ATTEMPT, TWO_MISTAKES, turns).name == "endpoint_without_query+timestamp_signed_differs"
    )
    assert not turns.deep.locked()


def test_a_search_pauses_for_other_threads() -> None:
    """A search pauses every 1,000 candidates for a millisecond, if there is another thread."""
    pauses: list[float] = []
    turns = comparison.Turns(pause=pauses.append)
    ended = threading.Event()
    other = threading.Thread(target=ended.wait, daemon=True)
    other.start()
    search.explain(ATTEMPT, b64(mac("quite another text")).encode(), turns)
    ended.set()
    other.join()
    assert len(pauses) > 20
    assert max(pauses) <= 0.001
