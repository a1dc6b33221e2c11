"""All tests. `nox -s tests` runs the unit tests; conformance, fuzz and others have a session each."""
