"""What `nox -s conformance` runs: vectors through implementations, examples against the mock."""
