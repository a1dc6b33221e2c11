"""Targets of requests, encoded from unencoded parts."""
