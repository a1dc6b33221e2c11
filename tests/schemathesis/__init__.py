"""Schemathesis against the mock."""
