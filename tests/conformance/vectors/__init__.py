"""Loads the vector files."""
