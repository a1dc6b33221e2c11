"""Tests of the judge of injected faults."""
