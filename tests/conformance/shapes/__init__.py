"""Responses of unusual shapes: both languages print the same, or fail with the same message."""
