"""What keeps the promises: `nox -s tests` runs test_*.py, and each folder has a session of its own."""
