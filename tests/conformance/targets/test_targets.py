"""Every target vector with every client."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.conformance.programs.implementations import Implementation
    from tests.conformance.state import RunState


def test_targets(state: RunState, client: Implementation) -> None:
    """The client builds each expected target, refuses what it must refuse, and keeps the protocol."""
    state.record_program(client, "target")
