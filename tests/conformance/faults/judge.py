"""Runs an example with an injected fault, and compares the reaction of the client with the expected one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_server.faults.grammar import Fault
from tests.conformance.examples.independent_client import contains, items
from tests.conformance.examples.judge import fill
from tests.conformance.examples.sandbox import Sandbox, Sandboxes, leaks, unaccepted
from tests.conformance.faults.cases import MESSAGES, FaultCase
from tests.conformance.report.rerun import RERUN
from tests.conformance.report.results import Result
from tests.conformance.report.text import cause_of, failure, labelled, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conformance.programs.examples import CompletedProgram, ExamplePrograms, Language

LINES = 3  # of stdout and stderr, shown with a failure


def run_case(programs: ExamplePrograms, sandboxes: Sandboxes, language: Language, case: FaultCase) -> Result:
    """Run the example of a case with its fault, and return the result."""
    name, arguments = case.example
    with sandboxes.sandbox(window=case.window) as sandbox:
        sandbox.mock.faults.replace([Fault.from_spec(case.fault)])
        [completed] = programs.run(language, name, [sandbox.invocation(arguments)], forked=True)
        wrong = [*leaks(completed), *_problems(case, completed, sandbox)]
    lines = (
        labelled("ran", completed.command),
        *(labelled("why", each) for each in wrong),
        *(labelled("stdout", plain(line)) for line in completed.out.splitlines()[:LINES]),
        *(labelled("stderr", plain(line)) for line in completed.err.splitlines()[:LINES]),
        labelled("again", RERUN.case(f"{language}/{case.id}")),
    )
    return Result(
        kind="fault",
        implementation=language,
        id=case.id,
        groups=(case.id,),
        outcome="failed" if wrong else "passed",
        input={"command": completed.command, "fault": case.fault},
        output=f"{case.reaction}, {case.attempts} sent",
        detail=failure(f"{language}  {case.id}  {case.fault}", lines) if wrong else "",
        seconds=completed.seconds,
        cause=cause_of(wrong),
    )


def _problems(case: FaultCase, completed: CompletedProgram, sandbox: Sandbox) -> Iterator[str]:
    journal = sandbox.mock.journal.entries()
    yield from unaccepted(journal)
    if len(journal) != case.attempts:
        yield f"the mock received {len(journal)} requests, expected {case.attempts}"
    if not any(entry["fault"] for entry in journal):
        yield "no request received the fault"
    yield from _reaction_problems(case, completed)
    sandbox.mock.faults.replace([])
    target, facts = fill(case.target, sandbox.names), fill(dict(case.facts), sandbox.names)
    if facts:
        found = sum(contains(item, facts) for item in items(sandbox.client.get(target)))
        if found != case.matches:
            yield f"afterwards, {found} items of {target} have {facts}, expected {case.matches}"


def _reaction_problems(case: FaultCase, completed: CompletedProgram) -> Iterator[str]:
    message = MESSAGES.get(case.reaction)
    if message is None:
        if completed.code or completed.err:
            yield f"ends with exit code {completed.code} and a text on stderr, expected 0 and nothing"
        return
    if completed.code != 1:
        yield f"ends with exit code {completed.code} instead of 1"
    if completed.out:
        yield "prints something on stdout"
    one_line = len(completed.err.splitlines()) == 1
    if not one_line or not message.search(completed.err) or case.stderr not in completed.err:
        yield f"stderr is not one line about {case.reaction!r} {case.stderr}"
