"""What `nox -s live` asks the real service, with the caller's own keys. Every request is a GET."""

FINDINGS: dict[str, str] = {}
"""What each probe was answered, by its name."""
