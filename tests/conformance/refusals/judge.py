"""Compares the response of the mock to one raw request with the vector."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from ..report.rerun import RERUN
from ..report.results import Outcome, Result
from ..report.text import cause_of, failure, labelled, visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ..raw_http import RawResponse
    from .cases import RefusalVector

UNAUTHORIZED = 401
BAD_REQUEST = 400
SERVER_ERROR = 500
ACCEPTED = ("ok", "unsigned")  # the codes of requests that are not refused


def judge(
    vector: RefusalVector,
    response: RawResponse,
    journaled: Mapping[str, Any],
    secrets: set[str],
    seconds: float,
) -> Result:
    """Return the result of one request.

    `journaled` is the mock's journal entry. `secrets` are texts that no response may contain: the secret keys
    and the right signature.
    """
    envelope = response.json
    message = envelope.get("message") if isinstance(envelope, dict) else None
    accepted = (
        journaled["code"] if journaled["code"] in ACCEPTED else "ok"
    )  # only the journal tells the two apart
    code, mistake = response.headers.get("x-mock-refusal", accepted), response.headers.get("x-mock-mistake")
    got, expected = name(code, mistake), name(vector.expected.code, vector.expected.mistake)
    problems = list(_general_problems(vector, response, secrets))
    if vector.authority != "contested":  # for these, public sources disagree only about the code
        problems += _wrong_codes(vector, response, (code, mistake), journaled)
    outcome: Outcome = "failed" if problems else "passed"
    detail = ""
    if vector.authority == "contested" and not problems:
        outcome = "contested"
        agrees = f"the mock agrees ({expected})"
        detail = agrees if got == expected else f"the mock says {got}, the vector {expected}"
    elif problems:
        lines = (
            labelled("about", f"{vector.about}, in {vector.mutates}"),
            labelled("sent", visible(f"{vector.request.method} {vector.request.target}")),
            *(labelled("", visible(f"{header}: {value}")) for header, value in vector.request.headers),
            labelled("got", f"{response.status} {got}: {message}"),
            *(labelled("why", problem) for problem in problems),
            labelled("again", RERUN.case(f"mock/{vector.id}")),
        )
        detail = failure(f"mock  {vector.id}  {expected}", lines)
    return Result(
        kind="refusal",
        implementation="mock",
        id=vector.id,
        groups=(vector.expected.code,),
        outcome=outcome,
        input=asdict(vector.request),
        expected=asdict(vector.expected),
        output={"status": response.status, "code": code, "mistake": mistake, "message": message},
        detail=detail,
        seconds=seconds,
        about=vector.about,
        cause=_cause(vector, got, problems) if problems else "",
        again=RERUN.case(f"mock/{vector.id}"),
    )


def _cause(vector: RefusalVector, got: str, problems: Sequence[str]) -> str:
    """Return the name that failures with one cause have in common."""
    if got in ACCEPTED and vector.expected.code not in ACCEPTED:
        return f"accepts {vector.expected.code}"
    if problems[0].startswith("expected "):
        return f"says {got}"
    return cause_of(problems)


def name(code: str, mistake: str | None) -> str:
    """Return the code, followed by the mistake if that is more precise."""
    return code if mistake in (None, code) else f"{code} / {mistake}"


def _wrong_codes(
    vector: RefusalVector, response: RawResponse, got: tuple[str, str | None], journaled: Mapping[str, Any]
) -> Iterator[str]:
    """Yield where headers, status and journal differ from the vector."""
    expected = (vector.expected.code, vector.expected.mistake)
    refused = vector.expected.code not in ACCEPTED
    if got != expected:
        yield f"expected {name(*expected)}"
    if (response.status == UNAUTHORIZED) != refused:
        yield f"the status {response.status} does not fit the code {vector.expected.code}"
    if (journaled["code"], journaled["mistake"]) != expected:
        yield f"the journal has {name(journaled['code'], journaled['mistake'])}"


def _general_problems(vector: RefusalVector, response: RawResponse, secrets: set[str]) -> Iterator[str]:
    """Yield the problems of a response that do not depend on its code."""
    if response.status == BAD_REQUEST or response.status >= SERVER_ERROR:
        yield f"the status {response.status} is wrong for a well-formed request"
    refused = response.status == UNAUTHORIZED
    if refused and vector.request.method != "HEAD" and not _is_advice(response.json):
        yield "the body is not the API's error envelope with one line of advice"
    everything = "\n".join((*response.headers.values(), response.body.decode(errors="replace")))
    if any(secret in everything for secret in secrets):
        yield "the response contains a secret key or the correct signature"


def _is_advice(body: object) -> bool:
    if not isinstance(body, dict) or not isinstance(body.get("message"), str):
        return False
    message = body["message"]
    return body.get("errorType") == "Unauthorized" and message.endswith(".") and "\n" not in message
