"""Tests of the judge of targets."""
