"""All mutants. Importing their modules registers them."""

from __future__ import annotations

from tests.mutants import signer_keys, signer_outputs, signer_texts, verifier_headers, verifier_texts
from tests.mutants.signers import MUTANTS as SIGNERS
from tests.mutants.verifiers import MUTANTS as VERIFIERS

MODULES = (signer_keys, signer_outputs, signer_texts, verifier_headers, verifier_texts)

__all__ = ["MODULES", "SIGNERS", "VERIFIERS"]
