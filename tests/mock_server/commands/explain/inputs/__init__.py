"""Tests of the parsers for requests."""
