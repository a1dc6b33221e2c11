"""Fault injection between an example and the mock."""
