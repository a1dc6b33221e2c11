"""Verifies the signature of a request, and explains a wrong one."""

from mock_server.verifier.recent import RecentTimestamps
from mock_server.verifier.signature import CODES, WINDOW, Accepted, Refused, verify

__all__ = ["CODES", "WINDOW", "Accepted", "RecentTimestamps", "Refused", "verify"]
