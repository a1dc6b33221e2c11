"""Tests of the runner of signers."""
