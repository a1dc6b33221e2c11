"""The clients of both languages with every injected fault."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.conformance.faults.cases import CASES, FaultCase
from tests.conformance.programs.examples import LANGUAGES, Language

if TYPE_CHECKING:
    from tests.conformance.jobs import Jobs
    from tests.conformance.state import RunState

RUNS = [pytest.param(language, case, id=f"{language}-{case.id}") for language in LANGUAGES for case in CASES]


@pytest.mark.parametrize(("language", "case"), RUNS)
def test_fault(
    request: pytest.FixtureRequest,
    state: RunState,
    jobs: Jobs,
    language: Language,  # noqa: ARG001  # a parameter of the job
    case: FaultCase,  # noqa: ARG001  # the same
) -> None:
    """The client recovers if it can, else fails with one clear line; it changes nothing twice."""
    name = request.node.name
    state.record(state.wait_for(jobs.fault_results[name], lambda: jobs.activity(name)))
