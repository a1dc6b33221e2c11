"""Tests of the repository as a whole: README, layout, mirrored examples, package, sessions."""
