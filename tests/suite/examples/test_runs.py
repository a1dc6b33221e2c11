"""The runs of an example: a right client passes, and each wrong reaction to a refusal is found."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, cast

import pytest

from tests.conformance.examples.cases import Example
from tests.conformance.examples.runs import ExampleRunner
from tests.conformance.examples.sandbox import Sandboxes
from tests.suite.examples.fake_programs import FakePrograms, completed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.conformance.examples.independent_client import IndependentClient
    from tests.conformance.programs.examples import CompletedProgram, ExamplePrograms

PROJECTS = Example("list_projects", reads="/v2/projects")


@pytest.fixture(scope="module")
def sandboxes() -> Iterator[Sandboxes]:
    """The mocks of this module."""
    some = Sandboxes()
    yield some
    some.close()


def list_projects(client: IndependentClient) -> CompletedProgram:
    """Print the projects as the Go example does, and fail correctly."""
    response = client.call("GET", "/v2/projects")
    if response.status != 200:
        return completed(code=1, err=f"get: {response.status} {response.json['message']}\n")
    return completed(json.dumps({"status": 200, "body": response.json}))


def outcomes(
    sandboxes: Sandboxes, program: Callable[[IndependentClient], CompletedProgram]
) -> list[tuple[str, str, str]]:
    """Run a program as the example, and return group, outcome and detail of each run."""
    programs = cast("ExamplePrograms", FakePrograms(program))
    report = ExampleRunner(programs, sandboxes, "go", PROJECTS).run_all()
    return [(result.groups[0], result.outcome, result.detail) for result in report.results]


def test_a_right_client_passes(sandboxes: Sandboxes) -> None:
    """There is one successful run, and five runs with its one request refused."""
    assert [outcome for _, outcome, _ in outcomes(sandboxes, list_projects)] == ["passed"] * 6


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda end: completed(end.out, code=0, err=end.err), "ends with exit code 0 instead of 1"),
        (lambda end: completed("something", code=1, err=end.err), "prints something on stdout"),
        (lambda _: completed(code=1, err="it did not work\n"), "has no line on stderr"),
        (lambda end: completed(code=1, err=end.err * 2), "has no line on stderr"),
        (lambda end: completed(code=1, err=f"{end.err}Traceback\n"), "prints a traceback"),
    ],
)
def test_a_wrong_reaction_to_a_refusal(
    sandboxes: Sandboxes, spoil: Callable[[CompletedProgram], CompletedProgram], said: str
) -> None:
    """Exit code, stdout, message and traceback are checked."""

    def program(client: IndependentClient) -> CompletedProgram:
        right = list_projects(client)
        return spoil(right) if right.code else right

    results = outcomes(sandboxes, program)
    assert [outcome for _, outcome, _ in results] == ["passed"] + ["failed"] * 5
    assert all(said in detail for _, _, detail in results[1:])


def test_a_client_that_never_makes_the_refused_request(sandboxes: Sandboxes) -> None:
    """A run without the injected fault fails."""
    calls = []

    def program(client: IndependentClient) -> CompletedProgram:
        calls.append(client)
        if len(calls) == 1:
            return list_projects(client)
        client.call("GET", "/v2/clouds")
        return completed(code=1, err="it did not work\n")

    results = outcomes(sandboxes, program)
    assert all("did not make the request with the fault" in detail for _, _, detail in results[1:])


def test_wrong_output_stops_the_runs(sandboxes: Sandboxes) -> None:
    """After wrong output, the runs with refused requests are skipped: they would repeat the failure."""

    def program(client: IndependentClient) -> CompletedProgram:
        return completed(list_projects(client).out.replace("Lisbon", "Lissabon"))

    results = outcomes(sandboxes, program)
    assert [outcome for _, outcome, _ in results] == ["failed"]
    assert "the items differ from those of /v2/projects" in results[0][2]
