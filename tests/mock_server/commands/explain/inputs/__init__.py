"""Tests of what reads a request."""
