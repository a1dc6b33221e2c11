"""Tests of the judge of the examples."""
