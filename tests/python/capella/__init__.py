"""Tests of the modules that the Python examples share."""
