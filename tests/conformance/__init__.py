"""What `nox -s conformance` runs: every vector through every implementation, every example against the mock."""
