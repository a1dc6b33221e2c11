"""Every signature vector with every signer."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.conformance.programs.implementations import Implementation
    from tests.conformance.state import RunState


def test_signatures(state: RunState, signer: Implementation) -> None:
    """The signer returns each expected signature, refuses what it must refuse, and keeps the protocol."""
    state.record_program(signer, "signature")
