"""Unit tests of the mock; the folders repeat those of `mock_server/`."""
