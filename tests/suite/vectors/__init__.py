"""Tests of the vector files and their loader."""
