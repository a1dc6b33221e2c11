"""Every signature vector through every signer."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.conformance.programs.implementations import Implementation
    from tests.conformance.state import Conformance
    from tests.conformance.vectors.suite import SignatureVector


def test_signature(conformance: Conformance, signer: Implementation, vector: SignatureVector) -> None:
    """The signer gives the signature expected, or refuses what cannot be sent as it is signed."""
    conformance.record(conformance.signature(signer, vector))


def test_protocol(conformance: Conformance, signer: Implementation) -> None:
    """The signer kept to the protocol from the first line to the end of its process."""
    conformance.record(conformance.protocol(signer))
