"""The API that the mock serves: its description, its state and its operations."""

from mock_server.api.service import Api

__all__ = ["Api"]
