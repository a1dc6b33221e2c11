"""Tests of the judge of signatures."""
