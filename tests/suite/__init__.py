"""Unit tests of the conformance suite; the folders repeat those of `tests/conformance/`."""
