"""The tests of `nox -s live`: GET requests to the real service, with the caller's keys."""

FINDINGS: dict[str, str] = {}
"""The status and message that the service returned for each probe."""
