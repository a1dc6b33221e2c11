"""Runs the example of a shape in both languages, and compares both outcomes with the expected one."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from tests.conformance.programs.examples import LANGUAGES, CompletedProgram, Invocation, Language
from tests.conformance.report.rerun import RERUN
from tests.conformance.report.results import Result
from tests.conformance.report.text import cause_of, failure, labelled
from tests.support.hostile_servers import SECRET, RecordedRequest, ScriptedServer, response_bytes
from tests.support.unprintable import unprintable

if TYPE_CHECKING:
    from tests.conformance.programs.examples import ExamplePrograms
    from tests.conformance.shapes.shape import Shape

REASONS = {200: "OK", 201: "Created", 202: "Accepted", 401: "Unauthorized", 422: "Unprocessable Entity"}
WITHOUT_STATUS = {401, 422}  # the reason of an error has its status
LAYOUT = str.maketrans("", "", " \n")


def run_shape(programs: ExamplePrograms, shape: Shape) -> list[Result]:
    """Run the example in both languages, in Python also without --json; return a result for each language."""
    results: list[Result] = []
    outputs: set[str] = set()
    for language in LANGUAGES:
        completed, seen = run(programs, language, shape, as_json=True)
        wrong = problems(shape, language, completed, seen)
        if language == "python":
            wrong += table_problems(programs, shape)
        outputs.add(completed.out)
        if len(outputs) > 1:
            wrong.append("prints other bytes than the other language")
        results.append(result_of(shape, language, completed, wrong))
    return results


def run(
    programs: ExamplePrograms, language: Language, shape: Shape, *, as_json: bool
) -> tuple[CompletedProgram, list[RecordedRequest]]:
    """Run the example of a shape against a server that sends its bodies; return its end and the requests."""
    name, *arguments = shape.example
    if language == "python" and as_json and name != "get":  # which prints JSON only
        arguments = ["--json", *arguments]
    with ScriptedServer(*(response(shape, body) for body in shape.bodies)) as server:
        settings = {"CBC_API_URL": server.url, "CBC_ACCESS_KEY": "A", "CBC_SECRET_KEY": SECRET}
        [completed] = programs.run(language, name, [Invocation(arguments, settings)], forked=True)
        without_port = completed.err.replace(f":{server.port}", "")
        return replace(completed, err=without_port), server.seen


def response(shape: Shape, body: str) -> bytes:
    """Return the response of a shape with one of its bodies."""
    phrase = REASONS[shape.status] if shape.phrase is None else shape.phrase
    return response_bytes(
        shape.status,
        body.encode(),
        *map(_sent, shape.headers),
        content_type=_sent(shape.content_type),
        reason=_sent(phrase),
    )


def _sent(text: str) -> str:
    """Return text whose encoding in Latin-1 is its encoding in UTF-8."""
    return text.encode(errors="surrogateescape").decode("latin-1")


def problems(
    shape: Shape, language: Language, completed: CompletedProgram, seen: list[RecordedRequest]
) -> list[str]:
    """Return what differs from the outcome of a shape."""
    wrong = []
    if len(seen) != len(shape.bodies):
        wrong.append(f"makes {len(seen)} requests instead of {len(shape.bodies)}")
    code, out, err = expected(shape, language)
    if completed.code != code:
        wrong.append(f"ends with exit code {completed.code} instead of {code}")
    if completed.out.translate(LAYOUT) != out.translate(LAYOUT):
        wrong.append(f"prints {completed.out:.200} instead of {out:.200}")
    if completed.err != err:
        wrong.append(f"writes {completed.err!r:.500} instead of {err!r:.500} on stderr")
    if found := unprintable(completed.out + completed.err, allowed="\n"):
        wrong.append(f"prints {found!a}, which no terminal may receive")
    if code == 0 and shape.unchanged and json.loads(completed.out)["body"] != json.loads(shape.bodies[0]):
        wrong.append("prints another value than it received")
    return wrong


def expected(shape: Shape, language: Language) -> tuple[int, str, str]:
    """Return the exit code, stdout and stderr of a shape."""
    name = shape.example[0]
    program = f"{name}.py" if language == "python" else name.replace("_", "")
    if shape.shows:
        location = f'"location": {shape.location}, ' if shape.location else ""
        return 0, f'{{"status": {shape.status}, {location}"body": {shape.shows}}}', shape.progress
    if shape.whole_line:
        return 1, "", f"{shape.progress}{program}: {shape.reason}\n"
    status = "" if shape.status in WITHOUT_STATUS else f"{shape.status}: "
    method = "POST" if shape.status in {201, 202} else "GET"
    line = f"{program}: {method} {shape.failing_target}: {status}{shape.reason}\n"
    return 1, "", f"{shape.progress}{line}"


def table_problems(programs: ExamplePrograms, shape: Shape) -> list[str]:
    """Return what Python's table does otherwise than its JSON."""
    completed, _ = run(programs, "python", shape, as_json=False)
    code, _, err = expected(shape, "python")
    printed = completed.out == f"{shape.line}\n" if shape.line else bool(completed.out) == (code == 0)
    if (
        (completed.code, completed.err) == (code, err)
        and printed
        and not unprintable(completed.out, allowed="\n")
    ):
        return []
    end = f"exit code {completed.code}, stdout {completed.out!r:.200}, stderr {completed.err!r:.500}"
    return [f"without --json: {end}"]


def result_of(shape: Shape, language: Language, completed: CompletedProgram, wrong: list[str]) -> Result:
    """Return the record of a shape in one language."""
    lines = (
        labelled("ran", completed.command),
        labelled("sent", f"{shape.bodies[-1]:.200}"),
        *(labelled("why", each) for each in wrong),
        labelled("again", RERUN.case(f"shape/{shape.id}")),
    )
    return Result(
        kind="shape",
        implementation=language,
        id=shape.id,
        groups=(shape.group,),
        outcome="failed" if wrong else "passed",
        input=completed.command,
        output={"code": completed.code, "stdout": completed.out, "stderr": completed.err},
        detail=failure(f"{language}  shape  {shape.id}", lines) if wrong else "",
        seconds=completed.seconds,
        cause=cause_of(wrong),
    )
