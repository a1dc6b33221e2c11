"""Runs the example of a shape in both languages, and compares both outcomes with the expected one."""

from __future__ import annotations

import json
from contextlib import ExitStack, suppress
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from tests.conformance.programs.examples import LANGUAGES, CompletedProgram, Invocation, Language
from tests.conformance.report.rerun import RERUN
from tests.conformance.report.results import Result
from tests.conformance.report.text import cause_of, failure, labelled
from tests.support.hostile_servers import SECRET, RecordedRequest, ScriptedServer, response_bytes
from tests.support.unprintable import unprintable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.conformance.programs.examples import ExamplePrograms
    from tests.conformance.shapes.shape import Shape

REASONS = {200: "OK", 201: "Created", 202: "Accepted", 401: "Unauthorized", 422: "Unprocessable Entity"}
WITHOUT_STATUS = {401, 422}  # the reason of an error has its status
LAYOUT = str.maketrans("", "", " \n")


def run_shapes(programs: ExamplePrograms, shapes: Sequence[Shape]) -> dict[str, list[Result]]:
    """Run the example of shapes in both languages, in Python also without --json.

    All shapes have the same example, so that one process can run the Python example for all of them.

    Returns:
        The results of each shape by its id, one for each language.
    """
    ends = {language: run(programs, language, shapes, as_json=True) for language in LANGUAGES}
    tables = run(programs, "python", shapes, as_json=False)
    results: dict[str, list[Result]] = {}
    for number, shape in enumerate(shapes):
        outputs = {ends[language][number].completed.out for language in LANGUAGES}
        for language in LANGUAGES:
            completed, seen = ends[language][number]
            wrong = problems(shape, language, completed, seen)
            if language == "python":
                wrong += table_problems(shape, tables[number].completed)
            if len(outputs) > 1:
                wrong.append("prints other bytes than the other language")
            results.setdefault(shape.id, []).append(result_of(shape, language, completed, wrong))
    return results


class End(NamedTuple):
    """How an example ended, and the requests that it made."""

    completed: CompletedProgram
    seen: list[RecordedRequest]


def run(
    programs: ExamplePrograms, language: Language, shapes: Sequence[Shape], *, as_json: bool
) -> list[End]:
    """Run the example of shapes, each against a server of its own that sends its bodies."""
    with ExitStack() as stack:
        servers, invocations = [], []
        for shape in shapes:
            server = stack.enter_context(ScriptedServer(*(response(shape, body) for body in shape.bodies)))
            name, *arguments = shape.example
            if language == "python" and as_json and name != "get":  # which prints JSON only
                arguments = ["--json", *arguments]
            settings = {"CBC_API_URL": server.url, "CBC_ACCESS_KEY": "A", "CBC_SECRET_KEY": SECRET}
            servers.append(server)
            invocations.append(Invocation(arguments, settings))
        ends = programs.run(language, shapes[0].example[0], invocations, forked=True)
        return [
            End(replace(completed, err=completed.err.replace(f":{server.port}", "")), server.seen)
            for completed, server in zip(ends, servers, strict=True)
        ]


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
    if shape.unchanged and _body(completed.out) != json.loads(shape.bodies[0]):
        wrong.append("prints another value than it received")
    return wrong


def _body(out: str) -> object:
    """Return the value of the printed body; None if there is none."""
    with suppress(ValueError, KeyError):
        return json.loads(out)["body"]
    return None


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


def table_problems(shape: Shape, completed: CompletedProgram) -> list[str]:
    """Return what Python does otherwise without --json."""
    code, _, err = expected(shape, "python")
    out = completed.out
    printed = out == f"{shape.line}\n" if shape.line else bool(out) == (code == 0)
    if (completed.code, completed.err) == (code, err) and printed and not unprintable(out, allowed="\n"):
        return []
    end = f"exit code {completed.code}, stdout {out!r:.200}, stderr {completed.err!r:.500}"
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
