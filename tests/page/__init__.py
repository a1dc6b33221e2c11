"""Tests of the page at `/_mock/` in a real browser."""
