"""Unit tests of the Python examples; the folders repeat those of `python/`."""
