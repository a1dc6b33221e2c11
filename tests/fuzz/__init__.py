"""Fuzz tests. `nox -s tests` runs them with few inputs, and `nox -s fuzz` with many."""
