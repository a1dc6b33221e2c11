"""Tests of the judge of shapes."""
