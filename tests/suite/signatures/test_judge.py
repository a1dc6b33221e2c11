"""Verdicts on single answers: what passes, and how a failure is told."""

from __future__ import annotations

import base64
import hashlib
import hmac

import pytest

from tests.conformance.programs.runner import Answer, Fault
from tests.conformance.signatures.diagnosis import diagnose
from tests.conformance.signatures.judge import compare, judge, visible
from tests.conformance.vectors.suite import SignatureVector

SECRET = "my secret key"
QUERY = "/v3/x?q=a+b"
MESSAGE = f"GET\n{QUERY}\n1700000000000"


def sign(text: str, secret: str = SECRET) -> str:
    """Sign a text: an implementation of its own, four lines of the rule."""
    return base64.b64encode(hmac.digest(secret.encode(), text.encode(), hashlib.sha256)).decode()


GOOD = sign(MESSAGE)
VECTOR = SignatureVector(
    id="query-plus",
    about="a plus is sent",
    flags=("Query",),
    method="GET",
    endpoint=QUERY,
    timestamp="1700000000000",
    secret=SECRET,
    access_key="K",
    message=MESSAGE,
    expected=GOOD,
)
TO_REFUSE = SignatureVector(
    id="refuse",
    about="a line break",
    flags=("Refusal",),
    method="GET",
    endpoint="/a\nb",
    timestamp="0",
    secret="s",
    refuse="input_invalid",
)


def answer(**fields: str) -> Answer:
    """Make an answer that took no time."""
    return Answer(fields, 0.0, **fields)  # type: ignore[arg-type]  # texts all


@pytest.mark.parametrize(
    ("vector", "given"),
    [
        (VECTOR, answer(signature=GOOD)),
        (VECTOR, answer(signature=GOOD, authorization=f"Bearer K:{GOOD}")),
        (TO_REFUSE, answer(refused="no")),
    ],
)
def test_what_passes(vector: SignatureVector, given: Answer) -> None:
    """The signature expected, the header around it if there is one, and a refusal where one is due."""
    assert judge(vector, given).outcome == "passed"


@pytest.mark.parametrize(
    ("vector", "given", "name"),
    [
        (VECTOR, answer(signature=""), "signature_encoding / signature_length"),
        (VECTOR, answer(signature=GOOD + "\n"), "signature_encoding"),
        (VECTOR, answer(signature=GOOD.rstrip("=")), "signature_encoding / signature_unpadded"),
        (VECTOR, answer(signature="\ud800"), "signature_encoding"),
        (VECTOR, answer(signature=sign("x")), "signature_mismatch"),
        (
            VECTOR,
            answer(signature=sign("GET\n/v3/x\n1700000000000")),
            "signature_mismatch / endpoint_without_query",
        ),
        (VECTOR, answer(signature=sign(MESSAGE, "K")), "signature_mismatch / secret_is_access_key"),
        (VECTOR, answer(signature=GOOD, authorization=f"Bearer K: {GOOD}"), "authorization"),
        (VECTOR, answer(signature=GOOD, authorization=""), "authorization"),
        (VECTOR, answer(refused="I will not"), "refused"),
        (TO_REFUSE, answer(signature=sign("GET\n/a\nb\n0", "s")), "input_invalid"),
        (VECTOR, Answer({}, 0.0, fault=Fault("wrong-shape", "signature is not a string")), "wrong-shape"),
    ],
)
def test_what_fails_has_a_name(vector: SignatureVector, given: Answer, name: str) -> None:
    """A failure is named: code and mistake where a signature is wrong, else what else is."""
    verdict = judge(vector, given)
    assert (verdict.outcome, verdict.name) == ("failed", name)
    assert verdict.lines


def test_what_a_signer_cannot_do_is_neither() -> None:
    """The signer's reason is kept."""
    verdict = judge(VECTOR, answer(cannot="NUL ends\x1b a variable"))
    assert verdict.outcome == "cannot"
    assert verdict.lines == (r'"NUL ends\x1b a variable"',)


def test_a_failure_shows_the_text_that_was_signed() -> None:
    """The signed text beside the one expected, a mark below the first byte that differs, and advice."""
    lines = judge(VECTOR, answer(signature=sign(MESSAGE.replace("+", "%20")))).lines
    assert lines[:3] == (
        r'signed  "GET\n/v3/x?q=a%20b\n1700000000000"',
        r'expects "GET\n/v3/x?q=a+b\n1700000000000"',
        "                       ^ byte 13: '%' signed, '+' expected",
    )
    assert lines[1][23] == "+"
    assert lines[-1].startswith("why     A space was signed one way and sent the other")


def test_a_failure_without_an_explanation_shows_what_was_due() -> None:
    """No mistake is invented: the text to sign, both signatures, and what to compare."""
    found = diagnose(VECTOR, sign("x"))
    assert (found.mistake, found.signed) == ("signature_mismatch", None)
    lines = judge(VECTOR, answer(signature=sign("x"))).lines
    assert lines[0] == r'expects "GET\n/v3/x?q=a+b\n1700000000000" signed'
    assert f'answer  "{sign("x")}"' in lines
    assert f'expects "{GOOD}"' in lines


@pytest.mark.parametrize(
    ("got", "expected", "mark"),
    [
        ("ab", "ac", "          ^ byte 1: 'b' got, 'c' expected"),
        ("a", "ab", "          ^ byte 1: the end got, 'b' expected"),
        ("ab", "a", "          ^ byte 1: 'b' got, the end expected"),
        ("\n\tx", "\n\ty", "             ^ byte 2: 'x' got, 'y' expected"),
        ("é", "è", "         ^ byte 1: 0xA9 got, 0xA8 expected"),
        ("", "\0", "         ^ byte 0: the end got, '\\x00' expected"),
    ],
)
def test_the_first_byte_that_differs_is_marked(got: str, expected: str, mark: str) -> None:
    """The mark stands below the character that holds the byte, escapes counted as they are shown."""
    assert compare("got", got, expected)[2] == mark


def test_of_long_texts_the_place_of_the_difference_is_shown() -> None:
    """Both begin at the same place, somewhat before the first byte that differs."""
    got, expected, mark = compare("got", "a" * 5000 + "b" * 5000, "a" * 5000 + "z" * 5000)
    assert got.index("b") == expected.index("z") == mark.index("^")
    assert "^ byte 5000: 'b' got, 'z' expected" in mark
    assert max(len(got), len(expected)) < 200


def test_every_character_is_visible() -> None:
    """Control characters, quotes, blanks of other kinds and halves of surrogate pairs cannot hide."""
    assert visible('a"\\\n\r\t\0\x1b\u00a0\u2028\ud800é😀') == r'"a\"\\\n\r\t\x00\x1b\xa0\u2028\ud800é😀"'
    assert visible("x" * 1000).endswith('x" and 840 more')
