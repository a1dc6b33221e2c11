"""Signing in Python: the vectors, the auth object on a prepared request, and the signer's protocol."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import requests

from capella.errors import InputInvalidError
from capella.signing import CapellaAuth, authorization, now_ms, sign
from tests.conformance.vectors.suite import SignatureVector, load_suite
from tests.support.paths import ROOT

if TYPE_CHECKING:
    from tests.conftest import Clock

VECTORS = load_suite().signatures
ACCEPTED = [vector for vector in VECTORS if vector.expected]
REFUSED = [vector for vector in VECTORS if vector.refuse]
GUIDE = ("GET", "/v2/clouds", "1614622252260", "my secret key")
GUIDE_SIGNATURE = "/cN4TwNuKQhwyzXHy456DlM85iWWqASUBMaJoDTREzw="


def ids(vector: SignatureVector) -> str:
    """Name a test by its vector."""
    return vector.id


@pytest.mark.parametrize("vector", ACCEPTED, ids=ids)
def test_vector_is_signed(vector: SignatureVector) -> None:
    """Every positive vector gives its signature and its header."""
    signature = sign(vector.method, vector.endpoint, vector.timestamp, vector.secret)
    assert signature == vector.expected
    assert authorization(vector.access_key, signature) == f"Bearer {vector.access_key}:{vector.expected}"


@pytest.mark.parametrize("vector", REFUSED, ids=ids)
def test_vector_is_refused(vector: SignatureVector) -> None:
    """Every negative vector is refused by the signature or by the header, and the reason is one line."""
    with pytest.raises(InputInvalidError) as refused:
        authorization(
            vector.access_key, sign(vector.method, vector.endpoint, vector.timestamp, vector.secret)
        )
    assert str(refused.value).isprintable()


@pytest.mark.parametrize("secret", ["", "\ud800", "good\udcff"])
def test_secret_that_is_no_text(secret: str) -> None:
    """A secret that has no UTF-8 is refused, not a crash."""
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
    """What Python calls upper case, alphabetic or decimal beyond ASCII is none of it here."""
    parts = list(GUIDE)
    parts[part] = value
    with pytest.raises(InputInvalidError):
        sign(*parts)


def test_parts_cannot_borrow_from_each_other() -> None:
    """A newline that moves the border between two parts is refused, though the message is the same."""
    with pytest.raises(InputInvalidError):
        sign("GET\n/v2/clouds", "/1", "1", "secret")
    with pytest.raises(InputInvalidError):
        sign("GET", "/v2/clouds\n1614622252260", "0", "secret")


def prepared(url: str = "http://127.0.0.1:1/v2/clouds", method: str = "GET") -> requests.PreparedRequest:
    """A request as `requests` prepares it."""
    return requests.Request(method, url).prepare()


def test_auth_signs_a_prepared_request() -> None:
    """Both headers are set, of the target that `requests` will send."""
    request = CapellaAuth("A", "my secret key", lambda: 1614622252260)(prepared())
    assert request.headers["Authorization"] == f"Bearer A:{GUIDE_SIGNATURE}"
    assert request.headers["Couchbase-Timestamp"] == "1614622252260"


def test_auth_signs_what_travels_not_what_was_typed() -> None:
    """`requests` encodes the space and the quote; the encoded form is signed."""
    request = CapellaAuth("A", "s", lambda: 1)(prepared("http://127.0.0.1:1/v2/a b?q='é'"))
    expected = sign("GET", "/v2/a%20b?q='%C3%A9'", "1", "s")
    assert request.headers["Authorization"] == f"Bearer A:{expected}"


def test_auth_signs_anew(clock: Clock) -> None:
    """The same request signed later has a later time and another signature."""
    auth = CapellaAuth("A", "s", clock)
    first = dict(auth(prepared()).headers)
    clock.now += 1
    second = dict(auth(prepared()).headers)
    assert int(second["Couchbase-Timestamp"]) == int(first["Couchbase-Timestamp"]) + 1
    assert first["Authorization"] != second["Authorization"]


def test_auth_replaces_an_older_signature(clock: Clock) -> None:
    """Signing twice leaves one header of each, the later."""
    auth = CapellaAuth("A", "s", clock)
    request = auth(prepared())
    clock.now += 1000
    auth(request)
    assert request.headers["Couchbase-Timestamp"] == str(clock.now)
    assert [name.lower() for name in request.headers].count("authorization") == 1


def test_auth_equality() -> None:
    """Auth objects are equal when both keys are; never equal to something else."""
    auth = CapellaAuth("A", "s")
    assert auth == CapellaAuth("A", "s")
    assert hash(auth) == hash(CapellaAuth("A", "s"))
    assert auth != CapellaAuth("A", "t")
    assert auth != CapellaAuth("B", "s")
    assert auth != "A:s"


def test_auth_shows_no_secret() -> None:
    """The access key is shown, the secret key is not."""
    assert repr(CapellaAuth("access-1", "canary")) == "CapellaAuth('access-1')"


@pytest.mark.parametrize(
    ("access_key", "secret_key"), [("", "s"), ("a:b", "s"), ("<a>", "s"), ("A", ""), ("é", "s")]
)
def test_auth_refuses_keys_at_once(access_key: str, secret_key: str) -> None:
    """Keys that cannot sign, or that no header can carry, are refused before there is a request."""
    with pytest.raises(InputInvalidError):
        CapellaAuth(access_key, secret_key)


def test_now_is_in_milliseconds() -> None:
    """The clock's reading has the 13 digits of milliseconds."""
    assert len(str(now_ms())) == 13


def signer(*lines: str | bytes) -> subprocess.CompletedProcess[str]:
    """Run `signer.py` over these lines."""
    text = b"".join(
        line + b"\n" for line in (each.encode() if isinstance(each, str) else each for each in lines)
    )
    done = subprocess.run(
        [sys.executable, str(ROOT / "python/signer.py")],
        input=text,
        capture_output=True,
        check=False,
        timeout=60,
    )
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


def test_signer_answers_every_vector() -> None:
    """One answer for each line, in the protocol's terms."""
    asked = [
        {
            "id": vector.id,
            "method": vector.method,
            "endpoint": vector.endpoint,
            "timestamp": vector.timestamp,
            "access_key": vector.access_key,
            "secret": vector.secret,
        }
        for vector in VECTORS
    ]
    done = signer(*map(json.dumps, asked))
    assert (done.returncode, done.stderr) == (0, "")
    answers = {answer["id"]: answer for answer in map(json.loads, done.stdout.splitlines())}
    for vector in VECTORS:
        answer = answers.pop(vector.id)
        if vector.expected:
            assert answer["signature"] == vector.expected
            assert answer["authorization"] == f"Bearer {vector.access_key}:{vector.expected}"
        else:
            assert set(answer) == {"id", "refused"}
    assert not answers


def test_signer_survives_bad_lines() -> None:
    """A line that is no request is named on stderr, or answered `cannot`; the next one is signed."""
    good = {"id": "good", **dict(zip(("method", "endpoint", "timestamp", "secret"), GUIDE, strict=True))}
    done = signer(
        "{",
        "[]",
        '"text"',
        '{"id": 1}',
        b"\xff",
        "[" * 100_000,
        "",
        '{"id": "a"}',
        '{"id": "b", "method": 1, "endpoint": "/", "timestamp": "0", "secret": "s"}',
        json.dumps(good),
    )
    assert done.returncode == 0
    assert [line.partition(":")[0] for line in done.stderr.splitlines()] == [f"line {n}" for n in range(1, 8)]
    missing, wrong, last = map(json.loads, done.stdout.splitlines())
    assert (missing["id"], set(missing)) == ("a", {"id", "cannot"})
    assert (wrong["id"], set(wrong)) == ("b", {"id", "cannot"})
    assert last["signature"] == GUIDE_SIGNATURE


def test_signer_flushes_each_answer() -> None:
    """An answer is there before the next question is asked."""
    command = [sys.executable, str(ROOT / "python/signer.py")]
    question = {"id": "a", "method": "GET", "endpoint": "/", "timestamp": "0", "secret": "s"}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin
        assert process.stdout
        for _ in range(3):
            process.stdin.write(json.dumps(question) + "\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == "a"
        process.stdin.close()
        assert process.wait(10) == 0
