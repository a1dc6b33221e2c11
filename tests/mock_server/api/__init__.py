"""Tests of the mock's API: routing, validation, state."""
