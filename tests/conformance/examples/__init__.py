"""The examples of both languages, run against a mock."""
