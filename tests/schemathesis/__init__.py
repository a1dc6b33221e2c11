"""Tests of the mock with Schemathesis."""
