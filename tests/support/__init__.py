"""Helpers for several folders of tests: HTTP, servers, certificates, programs."""
