"""Tests of the judge of refusals."""
