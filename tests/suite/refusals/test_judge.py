"""The judge of refusals: right and wrong responses of a server."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.conformance.raw_http import RawRequest, RawResponse
from tests.conformance.refusals.cases import Expectation, RefusalVector
from tests.conformance.refusals.judge import judge

if TYPE_CHECKING:
    from tests.conformance.report.results import Result

ADVICE = {"errorType": "Unauthorized", "message": "Put it right."}


def judged(  # noqa: PLR0913  # one argument for each judged part
    *,
    expected: Expectation = Expectation("signature_mismatch", "field_order"),  # noqa: B008  # frozen
    status: int = 401,
    headers: dict[str, str] | None = None,
    body: object = ADVICE,
    journaled: tuple[str, str | None] = ("signature_mismatch", "field_order"),
    authority: str = "arithmetic",
) -> Result:
    """Judge a response that is right except for the given parts."""
    names = {"x-mock-refusal": "signature_mismatch", "x-mock-mistake": "field_order"}
    response = RawResponse(status, names if headers is None else headers, json.dumps(body).encode())
    vector = RefusalVector(
        "v", "about it", "p", authority, RawRequest("GET", "/", (("Host", "h"),)), expected
    )
    return judge(vector, response, {"code": journaled[0], "mistake": journaled[1]}, {"the secret"}, 0.1)


def test_right_responses_pass() -> None:
    """Code, mistake, status, journal and envelope are those of the vector."""
    assert judged().outcome == "passed"
    assert (
        judged(expected=Expectation("ok"), status=404, headers={}, journaled=("ok", None)).outcome == "passed"
    )


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"headers": {}}, "expected signature_mismatch / field_order"),
        ({"headers": {"x-mock-refusal": "signature_mismatch"}}, "expected signature_mismatch / field_order"),
        ({"status": 403}, "the status 403 does not fit"),
        ({"journaled": ("ok", None)}, "the journal has ok"),
        ({"journaled": ("signature_mismatch", "signature_mismatch")}, "the journal has signature_mismatch"),
        ({"body": {}}, "not the API's error envelope"),
        ({"body": {**ADVICE, "errorType": "Other"}}, "not the API's error envelope"),
        ({"body": {**ADVICE, "message": "No"}}, "not the API's error envelope"),
        ({"body": {**ADVICE, "message": "Put\nit right."}}, "not the API's error envelope"),
        ({"body": {**ADVICE, "message": "It is the secret."}}, "the response contains a secret key"),
        ({"expected": Expectation("ok")}, "does not fit the code ok"),
    ],
)
def test_a_wrong_refusal_fails(answer: dict[str, Any], said: str) -> None:
    """The failure names each wrong part of the response, the vector, and the command to run it again."""
    result = judged(**answer)
    assert result.outcome == "failed"
    assert said in result.detail
    assert "FAIL  mock  v" in result.detail
    assert result.detail.endswith("again   nox -R -s conformance -- -k mock/v")
    assert result.cause


def test_a_contested_vector_never_counts() -> None:
    """A contested vector does not fail by a wrong code, but by a leak or a status other than 401."""
    for harm in ({"body": {**ADVICE, "message": "It is the secret."}}, {"status": 500}, {"status": 400}):
        assert judged(authority="contested", **harm).outcome == "failed"
    agrees, differs = judged(authority="contested"), judged(authority="contested", headers={})
    assert agrees.outcome == differs.outcome == "contested"
    assert differs.detail == "the mock says ok, the vector signature_mismatch / field_order"
    assert agrees.detail == "the mock agrees (signature_mismatch / field_order)"
