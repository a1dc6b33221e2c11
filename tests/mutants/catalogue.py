"""All mutants. Importing their modules registers them."""

from __future__ import annotations

from tests.mutants import (
    signer_checks,
    signer_endpoints,
    signer_keys,
    signer_limits,
    signer_outputs,
    signer_readers,
    signer_templates,
    signer_texts,
    verifier_comparisons,
    verifier_headers,
    verifier_parsing,
    verifier_routes,
    verifier_texts,
)
from tests.mutants.signers import MUTANTS as SIGNERS
from tests.mutants.verifiers import MUTANTS as VERIFIERS

MODULES = (
    signer_checks,
    signer_endpoints,
    signer_keys,
    signer_limits,
    signer_outputs,
    signer_readers,
    signer_templates,
    signer_texts,
    verifier_comparisons,
    verifier_headers,
    verifier_parsing,
    verifier_routes,
    verifier_texts,
)

__all__ = ["MODULES", "SIGNERS", "VERIFIERS"]
