"""Every target vector with every client."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.conformance.programs.examples import LANGUAGES, Language

if TYPE_CHECKING:
    from tests.conformance.jobs import Jobs
    from tests.conformance.programs.implementations import Implementation
    from tests.conformance.state import RunState


def test_targets(state: RunState, client: Implementation) -> None:
    """The client builds each expected target, refuses what it must refuse, and keeps the protocol."""
    state.record_program(client, "target")


@pytest.mark.parametrize("language", LANGUAGES)
def test_targets_on_the_wire(state: RunState, jobs: Jobs, language: Language) -> None:
    """The examples send and sign each expected target, byte for byte."""
    results = state.wait_for(jobs.wire_results[language], lambda: jobs.activity(f"get in {language}"))
    state.record(*results)
