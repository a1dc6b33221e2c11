"""Tests of the signature verifier."""
