"""Every settings vector with every client."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.conformance.programs.implementations import Implementation
    from tests.conformance.state import RunState


def test_settings(state: RunState, client: Implementation) -> None:
    """The client loads each expected setting, and refuses what it must refuse with the names."""
    state.record_program(client, "settings")
