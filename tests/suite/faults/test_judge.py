"""The judge of injected faults: a client that repeats or loses a change is found."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, cast

from tests.conformance.examples.sandbox import Sandboxes
from tests.conformance.faults.cases import CASES, FaultCase
from tests.conformance.faults.judge import run_case
from tests.suite.examples.fake_programs import FakePrograms, completed

if TYPE_CHECKING:
    from tests.conformance.examples.independent_client import IndependentClient
    from tests.conformance.programs.examples import CompletedProgram, ExamplePrograms
    from tests.conformance.report.results import Result

CREATE = FaultCase(
    "post",
    ("create_project", ("--name", "Travel")),
    "POST * connection=reset when=after",
    "exit 1: transport",
    1,
    facts=(("name", "Travel"),),
    matches=1,
)


def result(attempts: int, *, code: int = 1, out: str = "", err: str = "the connection broke\n") -> Result:
    """Judge a client that sends the POST this many times, and ends with this exit code and output."""

    def program(client: IndependentClient) -> CompletedProgram:
        for _ in range(attempts):
            with suppress(OSError):
                client.call("POST", "/v2/projects", {"name": "Travel"})
        return completed(out, code=code, err=err)

    sandboxes = Sandboxes()
    try:
        return run_case(cast("ExamplePrograms", FakePrograms(program)), sandboxes, "go", CREATE)
    finally:
        sandboxes.close()


def test_a_right_reaction_passes() -> None:
    """The client sends one request, and shows the failure in one line."""
    assert result(1).outcome == "passed"


def test_a_change_is_made_once() -> None:
    """A client that repeats a POST, or never sends it, fails."""
    two, none = result(2), result(0)
    assert two.outcome == none.outcome == "failed"
    assert "the mock received 2 requests, expected 1" in two.detail
    assert "no request received the fault" in none.detail
    expected = "0 items of /v2/projects?perPage=100 have {'name': 'Travel'}, expected 1"
    assert f"afterwards, {expected}" in none.detail


def test_a_wrong_end_is_found() -> None:
    """Exit code, stdout and stderr are checked."""
    assert "ends with exit code 0 instead of 1" in result(1, code=0).detail
    assert "prints something on stdout" in result(1, out="x").detail
    for err in ("", "it did not work\n", "the connection broke\nagain\n"):
        assert "stderr is not one line about 'exit 1: transport'" in result(1, err=err).detail


def test_cases_that_wait_are_known() -> None:
    """A client waits for seconds unless the fault has a Retry-After header of zero or in the past."""
    waiting = {case.id for case in CASES if case.waits}
    assert {"503-longer-than-a-signature", "reset-for-ever", "delete-drop-after"} <= waiting
    assert not {"429-twice", "503-until-a-date", "500", "slow", "post-reset-after"} & waiting
