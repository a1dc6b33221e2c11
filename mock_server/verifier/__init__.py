"""Verifies the signature of a request, and explains a wrong one."""
