"""Signing in Python: every vector, and the auth object on a prepared request."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
import requests

from capella.errors import InputInvalidError
from capella.signing import CapellaAuth, authorization, now_ms, sign
from tests.conformance.vectors.suite import load_suite

if TYPE_CHECKING:
    from tests.conformance.signatures.cases import SignatureVector
    from tests.conftest import Clock

VECTORS = load_suite().signatures
ACCEPTED = [vector for vector in VECTORS if vector.expected]
REFUSED = [vector for vector in VECTORS if vector.refuse]
GUIDE = ("GET", "/v2/clouds", "1614622252260", "my secret key")
GUIDE_SIGNATURE = "/cN4TwNuKQhwyzXHy456DlM85iWWqASUBMaJoDTREzw="


def ids(vector: SignatureVector) -> str:
    """Return the vector's id, as the name of its test."""
    return vector.id


@pytest.mark.parametrize("vector", ACCEPTED, ids=ids)
def test_vector_is_signed(vector: SignatureVector) -> None:
    """Each accepted vector has its signature and its header."""
    signature = sign(vector.method, vector.endpoint, vector.timestamp, vector.secret)
    assert signature == vector.expected
    assert authorization(vector.access_key, signature) == f"Bearer {vector.access_key}:{vector.expected}"


@pytest.mark.parametrize("vector", REFUSED, ids=ids)
def test_vector_is_refused(vector: SignatureVector) -> None:
    """Each refused vector is refused by `sign` or by `authorization`, in one line."""
    with pytest.raises(InputInvalidError) as refused:
        authorization(
            vector.access_key, sign(vector.method, vector.endpoint, vector.timestamp, vector.secret)
        )
    assert str(refused.value).isprintable()


@pytest.mark.parametrize("secret", ["", "\ud800", "good\udcff"])
def test_secret_that_is_not_utf8(secret: str) -> None:
    """A secret that is empty or not valid UTF-8 is refused."""
    with pytest.raises(InputInvalidError, match="secret key"):
        sign("GET", "/", "0", secret)


@pytest.mark.parametrize(
    ("part", "value"),
    [
        (0, "G\ud800"),
        (0, "GÉT"),
        (0, "\uff27\uff25\uff34"),
        (1, "/\ud800"),
        (1, "/é"),
        (2, "١٢"),
        (2, "1\u00b2"),
        (2, "\ud800"),
    ],
)
def test_part_that_is_not_ascii(part: int, value: str) -> None:
    """Upper-case letters and digits outside ASCII are refused."""
    parts = list(GUIDE)
    parts[part] = value
    with pytest.raises(InputInvalidError):
        sign(*parts)


def test_newline_inside_a_part() -> None:
    """A newline in a part is refused, although it would give the same message."""
    with pytest.raises(InputInvalidError):
        sign("GET\n/v2/clouds", "/1", "1", "secret")
    with pytest.raises(InputInvalidError):
        sign("GET", "/v2/clouds\n1614622252260", "0", "secret")


def prepared(url: str = "http://127.0.0.1:1/v2/clouds", method: str = "GET") -> requests.PreparedRequest:
    """Return a request as `requests` prepares it."""
    return requests.Request(method, url).prepare()


def test_auth_signs_a_prepared_request() -> None:
    """Both headers are set, for the target that `requests` sends."""
    request = CapellaAuth("A", "my secret key", lambda: 1614622252260)(prepared())
    assert request.headers["Authorization"] == f"Bearer A:{GUIDE_SIGNATURE}"
    assert request.headers["Couchbase-Timestamp"] == "1614622252260"


def test_auth_signs_the_encoded_target() -> None:
    """`requests` percent-encodes a space and a letter; the encoded target is signed."""
    request = CapellaAuth("A", "s", lambda: 1)(prepared("http://127.0.0.1:1/v2/a b?q='é'"))
    expected = sign("GET", "/v2/a%20b?q='%C3%A9'", "1", "s")
    assert request.headers["Authorization"] == f"Bearer A:{expected}"


def test_auth_refuses_a_request_without_a_method() -> None:
    """`requests` allows a request without a method, which cannot be signed."""
    request = prepared()
    request.method = None
    with pytest.raises(InputInvalidError, match=r"^the method '' is not upper-case"):
        CapellaAuth("A", "s")(request)


def test_auth_signs_anew(clock: Clock) -> None:
    """The same request, signed later, has a later timestamp and another signature."""
    auth = CapellaAuth("A", "s", clock)
    first = dict(auth(prepared()).headers)
    clock.now += 1
    second = dict(auth(prepared()).headers)
    assert int(second["Couchbase-Timestamp"]) == int(first["Couchbase-Timestamp"]) + 1
    assert first["Authorization"] != second["Authorization"]


def test_auth_replaces_an_older_signature(clock: Clock) -> None:
    """Signing again replaces both headers."""
    auth = CapellaAuth("A", "s", clock)
    request = auth(prepared())
    clock.now += 1000
    auth(request)
    assert request.headers["Couchbase-Timestamp"] == str(clock.now)
    assert [name.lower() for name in request.headers].count("authorization") == 1


def test_auth_equality() -> None:
    """Auth objects are equal if both keys are equal."""
    auth = CapellaAuth("A", "s")
    assert auth == CapellaAuth("A", "s")
    assert hash(auth) == hash(CapellaAuth("A", "s"))
    assert hash(auth) != hash(CapellaAuth("B", "s"))
    assert auth != CapellaAuth("A", "t")
    assert auth != CapellaAuth("B", "s")
    assert auth != "A:s"


def test_auth_shows_no_secret() -> None:
    """`repr` shows the access key and not the secret key."""
    assert repr(CapellaAuth("access-1", "canary")) == "CapellaAuth('access-1')"


@pytest.mark.parametrize(
    ("access_key", "secret_key"), [("", "s"), ("a:b", "s"), ("<a>", "s"), ("A", ""), ("é", "s")]
)
def test_auth_refuses_keys_at_once(access_key: str, secret_key: str) -> None:
    """Invalid keys are refused before there is a request."""
    with pytest.raises(InputInvalidError):
        CapellaAuth(access_key, secret_key)


def test_now_is_in_milliseconds() -> None:
    """`now_ms` is the system's time in milliseconds."""
    assert abs(now_ms() - time.time() * 1000) < 10_000


@pytest.mark.parametrize("half", ["\ud800", "a\udfff"])
def test_half_a_surrogate_pair(half: str) -> None:
    """Half a surrogate pair is refused in every part, and the error is printable."""
    for parts in (
        (half, "/", "0", "s"),
        ("GET", f"/{half}", "0", "s"),
        ("GET", "/", f"1{half}", "s"),
        ("GET", "/", "0", half),
    ):
        with pytest.raises(InputInvalidError) as refused:
            sign(*parts)
        assert str(refused.value).isprintable()
    with pytest.raises(InputInvalidError, match="access key"):
        CapellaAuth(half, "s")
    with pytest.raises(InputInvalidError, match="secret key"):
        CapellaAuth("A", half)


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        (("", "/", "0"), "the method '' is not upper-case letters A to Z: write it like GET"),
        (("Get", "/", "0"), "the method 'Get' is not upper-case letters A to Z: write it like GET"),
        (("GET", "", "0"), "the endpoint '' is not `/` and visible ASCII without `#`: percent-encode it"),
        (("GET", "a", "0"), "the endpoint 'a' is not `/` and visible ASCII without `#`: percent-encode it"),
        (("GET", "/#", "0"), "the endpoint '/#' is not `/` and visible ASCII without `#`: percent-encode it"),
        (("GET", "/", ""), "the timestamp '' is not decimal digits without a leading zero: use milliseconds"),
        (
            ("GET", "/", "01"),
            "the timestamp '01' is not decimal digits without a leading zero: use milliseconds",
        ),
        (
            ("GET", "/", "-1"),
            "the timestamp '-1' is not decimal digits without a leading zero: use milliseconds",
        ),
    ],
)
def test_message_names_the_part(parts: tuple[str, str, str], message: str) -> None:
    """The error names the first invalid part, its value and what to write."""
    with pytest.raises(InputInvalidError) as refused:
        sign(*parts, "secret")
    assert str(refused.value) == message


@pytest.mark.parametrize("part", [0, 1, 2])
def test_long_part_is_shortened(part: int) -> None:
    """The error shows at most 200 characters of a part."""
    parts = ["GET", "/", "0", "secret"]
    parts[part] = "\x7f" * 5000
    with pytest.raises(InputInvalidError) as refused:
        sign(*parts)
    assert len(str(refused.value)) < 300


@pytest.mark.parametrize("character", ["!", '"', "$", "~", "/", "?", "%"])
def test_edges_of_an_endpoint(character: str) -> None:
    """The first and last visible characters, and those around `#`, are signed."""
    assert len(sign("GET", f"/{character}", "0", "secret")) == 44


@pytest.mark.parametrize("character", [" ", "#", "\x7f", "\x1f", "\x80", "\n"])
def test_just_beyond_an_endpoint(character: str) -> None:
    """The characters beside them are refused."""
    with pytest.raises(InputInvalidError):
        sign("GET", f"/{character}", "0", "secret")


@pytest.mark.parametrize("method", ["A", "Z", "AZ"])
@pytest.mark.parametrize("timestamp", ["0", "1", "9", "10", "9" * 30])
def test_edges_of_method_and_timestamp(method: str, timestamp: str) -> None:
    """Any upper-case letters and any digits without a leading zero are signed."""
    assert len(sign(method, "/", timestamp, "secret")) == 44


@pytest.mark.parametrize(
    "access_key",
    ["", "a b", "a\tb", "a\n", "a:b", "<a", "a>", "\u2003", "\x1f", "a\x7f", "\x85", "\xa0a", "é", "\ufeffA"],
)
def test_access_key_that_is_refused(access_key: str) -> None:
    """An access key is visible ASCII without colon and angle brackets, and not empty."""
    with pytest.raises(InputInvalidError, match="the access key is empty, or contains"):
        authorization(access_key, "signature")
