"""Tests of the repository as a whole: README, mirrors, packaging."""
