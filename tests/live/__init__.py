"""The tests of `nox -s live`: GET requests to the real service, with the caller's keys."""

FINDINGS: dict[str, str] = {}
"""The status and message that the service returned for each probe."""

STATE: list[str] = []
"""One line that says whether the service still responds to v2 and v3."""
