"""Every signature vector with every signer."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.conformance.programs.implementations import Implementation
    from tests.conformance.programs.runner import Transcript
    from tests.conformance.signatures.cases import SignatureVector
    from tests.conformance.state import RunState


def transcript(state: RunState, signer: Implementation) -> Transcript | None:
    """Return the transcript of a signer, or None if its runtime is missing."""
    if signer.missing():
        return None
    runs = state.signer_runs
    return state.wait_for(runs.transcript(signer), lambda: runs.activity(signer))


def test_signature(state: RunState, signer: Implementation, vector: SignatureVector) -> None:
    """The signer returns the expected signature, or refuses an input that it must refuse."""
    state.record(state.signer_runs.signature_result(signer, vector, transcript(state, signer)))


def test_protocol(state: RunState, signer: Implementation) -> None:
    """The signer keeps to the protocol from its first line until its process ends."""
    to_sign = {vector.id for vector in state.suite.signatures if vector.expected is not None}
    state.record(state.signer_runs.protocol_result(signer, to_sign, transcript(state, signer)))
