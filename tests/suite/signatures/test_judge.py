"""Judgements on single answers: which pass, and how a failure is explained."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from typing import TYPE_CHECKING

import pytest

from mock_server.verifier.mistakes import MISTAKES
from mock_server.verifier.search import UNEXPLAINED, Explanation
from mock_server.verifier.shapes import SHAPES, Shape
from tests.conformance.program_runs import judge
from tests.conformance.programs.answers import Answer, ProgramFailure, read_answer
from tests.conformance.signatures.advice import advice_for
from tests.conformance.signatures.cases import SignatureVector
from tests.conformance.signatures.diagnosis import Diagnostician, diagnose

if TYPE_CHECKING:
    from mock_server.verifier.mistakes import Mistake

SECRET = "my secret key"
QUERY = "/v3/x?q=a+b"
MESSAGE = f"GET\n{QUERY}\n1700000000000"


def sign(text: str, secret: str = SECRET) -> str:
    """Return the signature of a text, computed independently of the suite."""
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
    """Return an answer that took no time."""
    return read_answer({"id": "x", **fields}, 0.0)


@pytest.mark.parametrize(
    ("vector", "given"),
    [
        (VECTOR, answer(signature=GOOD)),
        (VECTOR, answer(signature=GOOD, authorization=f"Bearer K:{GOOD}")),
        (TO_REFUSE, answer(refused="no")),
    ],
)
def test_correct_answers(vector: SignatureVector, given: Answer) -> None:
    """The expected signature passes, with or without the right header; so does an expected refusal."""
    assert judge(vector, given).outcome == "passed"


@pytest.mark.parametrize(
    ("vector", "given", "name"),
    [
        (VECTOR, answer(signature=""), "signature_encoding"),
        (VECTOR, answer(signature=GOOD + "\n"), "signature_encoding / signature_wrapped"),
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
        (
            VECTOR,
            Answer({}, 0.0, failure=ProgramFailure("wrong-shape", "signature is not a string")),
            "wrong-shape",
        ),
    ],
)
def test_wrong_answers_have_a_name(vector: SignatureVector, given: Answer, name: str) -> None:
    """A wrong signature is named by code and mistake, other failures by their kind."""
    judgement = judge(vector, given)
    assert (judgement.outcome, judgement.name) == ("failed", name)
    assert judgement.lines


def test_cannot_is_an_outcome_of_its_own() -> None:
    """The signer's reason is shown."""
    judgement = judge(VECTOR, answer(cannot="NUL ends\x1b a variable"))
    assert judgement.outcome == "cannot"
    assert judgement.lines == (r'"NUL ends\x1b a variable"',)


def test_a_failure_shows_the_text_that_was_signed() -> None:
    """The failure shows the signed and the expected text, the first byte that differs, and advice."""
    lines = judge(VECTOR, answer(signature=sign(MESSAGE.replace("+", "%20")))).lines
    assert lines[:3] == (
        r'signed  "GET\n/v3/x?q=a%20b\n1700000000000"',
        r'expects "GET\n/v3/x?q=a+b\n1700000000000"',
        "                       ^ byte 13: '%' signed, '+' expected",
    )
    assert lines[1][23] == "+"
    assert lines[-1].startswith("why     `+` and `%20` were exchanged: sign the endpoint of the question")


def test_a_failure_without_an_explanation_shows_what_was_expected() -> None:
    """An unexplained failure shows the text to sign and both signatures, and no mistake."""
    found = diagnose(VECTOR, sign("x"))
    assert (found.mistake, found.signed) == ("signature_mismatch", None)
    lines = judge(VECTOR, answer(signature=sign("x"))).lines
    assert lines[0] == r'expects "GET\n/v3/x?q=a+b\n1700000000000" signed'
    assert f'answer  "{sign("x")}"' in lines
    assert f'expects "{GOOD}"' in lines


@pytest.mark.parametrize("mistake", [*MISTAKES, *SHAPES, UNEXPLAINED], ids=lambda each: str(each.name))
def test_the_advice_for_a_signer_is_not_about_http(mistake: Mistake | Shape | Explanation) -> None:
    """A signer has no header, sends nothing and has no HTTP library."""
    words = set(re.findall(r"[\w-]+", advice_for(mistake.name, mistake.message)))
    assert not words & {"header", "headers", "sent", "send", "sending", "HTTP", "X-Mock-Message", "request"}


def test_the_advice_for_two_mistakes_is_not_about_http() -> None:
    """Each of two mistakes has the advice for a signer."""
    advice = advice_for("endpoint_without_query+method_differs", "")
    assert advice.startswith("Two mistakes at once. ")
    assert "sign the method of the question" in advice
    assert "query" in advice


def test_searches_have_a_budget() -> None:
    """Without time left, a wrong signature is not searched for, and has the general advice."""
    spent = Diagnostician(left=0.0)
    signature = sign("GET\n/v3/x\n1700000000000")
    assert spent.diagnose(VECTOR, signature).mistake == "signature_mismatch"
    quick = Diagnostician(left=1.0)
    assert quick.diagnose(VECTOR, signature).mistake == "endpoint_without_query"
    assert quick.left < 1.0
