"""The suite of `nox -s conformance`: vectors for signers and the mock, and examples with the mock."""
