"""The clients of both languages through all that goes wrong on purpose."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mock_server.faults.grammar import Fault
from tests.conformance.examples.independent_client import holds, items
from tests.conformance.examples.judge import fill
from tests.conformance.examples.sandbox import Stage, leaks, stage, unaccepted
from tests.conformance.faults.cases import CASES, KINDS, FaultCase
from tests.conformance.programs.examples import LANGUAGES, Language, Programs, Ran
from tests.conformance.report.results import Result
from tests.conformance.scheduling import ahead
from tests.conformance.signatures.judge import labelled

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from concurrent.futures import Executor, Future

    from tests.conformance.state import Conformance

RUNS = [pytest.param(language, case, id=f"{language}-{case.id}") for language in LANGUAGES for case in CASES]


@pytest.fixture(scope="module")
def under_way(
    request: pytest.FixtureRequest, pool: Executor, programs: Programs
) -> Mapping[str, Future[Result]]:
    """All selected runs, by the test's name."""
    return ahead(request, pool, test_fault, lambda language, case: meet(programs, language, case))


@pytest.mark.parametrize(("language", "case"), RUNS)
def test_fault(
    request: pytest.FixtureRequest,
    conformance: Conformance,
    under_way: Mapping[str, Future[Result]],
    language: Language,  # noqa: ARG001  # with the case, what is under way
    case: FaultCase,  # noqa: ARG001  # names the test
) -> None:
    """The client recovers where it must, else fails in one clear line, and changes nothing twice."""
    conformance.record(under_way[request.node.name].result())


def meet(programs: Programs, language: Language, case: FaultCase) -> Result:
    """Run the example of a case with its fault at work, and judge what came of it."""
    name, arguments = case.example
    with stage(window=case.window) as on:
        on.mock.faults.replace([Fault.from_spec(case.fault)])
        ran = on.run(programs, language, name, arguments, forked=True)
        wrong = [*leaks(ran), *_problems(case, ran, on)]
    lines = (
        f"FAIL  {language}  {case.id}  {case.fault}",
        labelled("ran", ran.command),
        *(labelled("why", each) for each in wrong),
        *(labelled("stdout", line) for line in ran.out.splitlines()[:3]),
        *(labelled("stderr", line) for line in ran.err.splitlines()[:3]),
        labelled("again", f"nox -R -s conformance -- -k '[{language}-{case.id}]'"),
    )
    return Result(
        kind="fault",
        implementation=language,
        id=case.id,
        groups=(case.id,),
        outcome="failed" if wrong else "passed",
        input={"command": ran.command, "fault": case.fault},
        output=f"{case.outcome}, {case.attempts} sent",
        detail="\n      ".join(lines) if wrong else "",
        seconds=ran.seconds,
    )


def _problems(case: FaultCase, ran: Ran, on: Stage) -> Iterator[str]:
    journal = on.mock.journal.entries()
    yield from unaccepted(journal)
    if len(journal) != case.attempts:
        yield f"{len(journal)} requests arrived, where {case.attempts} must"
    if not any(entry["fault"] for entry in journal):
        yield "the fault was not met"
    if case.outcome in KINDS:
        if ran.code != 1:
            yield f"ends with exit code {ran.code} in place of 1"
        if ran.out:
            yield "prints something on stdout"
        if (
            len(ran.err.splitlines()) != 1
            or not KINDS[case.outcome].search(ran.err)
            or case.says not in ran.err
        ):
            yield f"stderr is not one line that tells of {case.outcome!r} {case.says}"
    elif ran.code or ran.err:
        yield f"ends with exit code {ran.code}, and something on stderr"
    on.mock.faults.replace([])
    target, facts = fill(case.target, on.names), fill(dict(case.facts), on.names)
    if facts:
        found = sum(holds(item, facts) for item in items(on.caller.get(target)))
        if found != case.holds:
            yield f"afterwards {found} things of {target} have {facts}, where {case.holds} must"
