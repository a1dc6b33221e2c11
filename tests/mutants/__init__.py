"""Mutants: signers and verifiers with one mistake each. At least one vector must detect each mutant."""
