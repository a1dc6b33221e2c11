"""Tests of the judge of settings."""
