"""Judges what the mock answered to one raw request."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from tests.conformance.report.results import Outcome, Result
from tests.conformance.signatures.judge import again, labelled, visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.conformance.raw_http import RawAnswer
    from tests.conformance.vectors.suite import RefusalVector

UNAUTHORIZED = 401
BAD_REQUEST = 400
SERVER_ERROR = 500


def judge(
    vector: RefusalVector, answer: RawAnswer, journaled: Mapping[str, Any], secrets: set[str], seconds: float
) -> Result:
    """Compare an answer, and what the journal has of it, with what the vector expects.

    `secrets` are texts that no answer may hold: the secret keys, and the right signature.
    """
    envelope = answer.json()
    message = envelope.get("message") if isinstance(envelope, dict) else None
    code, mistake = answer.headers.get("x-mock-refusal", "ok"), answer.headers.get("x-mock-mistake")
    said, wanted = name(code, mistake), name(vector.expected.code, vector.expected.mistake)
    problems = list(_harm(vector, answer, secrets))
    if vector.authority != "contested":  # public sources disagree about its code, and about nothing else
        problems += _disagreements(vector, answer, (code, mistake), journaled)
    outcome: Outcome = "failed" if problems else "passed"
    detail = ""
    if vector.authority == "contested" and not problems:
        outcome = "contested"
        detail = (
            f"the mock agrees ({wanted})" if said == wanted else f"the mock says {said}, the vector {wanted}"
        )
    elif problems:
        lines = (
            f"FAIL  mock  {vector.id}  {wanted}",
            labelled("about", f"{vector.about}, in {vector.mutates}"),
            labelled("sent", visible(f"{vector.request.method} {vector.request.target}")),
            *(labelled("", visible(f"{header}: {value}")) for header, value in vector.request.headers),
            labelled("answer", f"{answer.status} {said}: {message}"),
            *(labelled("why", problem) for problem in problems),
            labelled("again", again(vector.id)),
        )
        detail = "\n      ".join(lines)
    return Result(
        kind="refusal",
        implementation="mock",
        id=vector.id,
        groups=(vector.expected.code,),
        outcome=outcome,
        input=asdict(vector.request),
        expected=asdict(vector.expected),
        output={"status": answer.status, "code": code, "mistake": mistake, "message": message},
        detail=detail,
        seconds=seconds,
    )


def name(code: str, mistake: str | None) -> str:
    """Write a code, and the mistake where it says more."""
    return code if mistake in (None, code) else f"{code} / {mistake}"


def _disagreements(
    vector: RefusalVector, answer: RawAnswer, said: tuple[str, str | None], journaled: Mapping[str, Any]
) -> Iterator[str]:
    """Say where the verdict is another than the vector's."""
    expected = (vector.expected.code, vector.expected.mistake)
    refused = vector.expected.code != "ok"
    if said != expected:
        yield f"expected {name(*expected)}"
    if (answer.status == UNAUTHORIZED) != refused:
        yield f"the status {answer.status} does not fit the code {vector.expected.code}"
    if (journaled["code"], journaled["mistake"]) != expected:
        yield f"the journal has {name(journaled['code'], journaled['mistake'])}"


def _harm(vector: RefusalVector, answer: RawAnswer, secrets: set[str]) -> Iterator[str]:
    """Say what is wrong with an answer whatever its code is."""
    if answer.status == BAD_REQUEST or answer.status >= SERVER_ERROR:
        yield f"the status {answer.status} is no answer to a request that was understood"
    refused = answer.status == UNAUTHORIZED
    if refused and vector.request.method != "HEAD" and not _is_advice(answer.json()):
        yield "the body is not the API's error envelope with one line of advice"
    everything = "\n".join((*answer.headers.values(), answer.body.decode(errors="replace")))
    if any(secret in everything for secret in secrets):
        yield "the answer holds a secret key, or the signature that would have been right"


def _is_advice(body: object) -> bool:
    if not isinstance(body, dict) or not isinstance(body.get("message"), str):
        return False
    return (
        body.get("errorType") == "Unauthorized"
        and body["message"].endswith(".")
        and "\n" not in body["message"]
    )
