"""The functions of the operations."""

import pytest

from mock_server.api.registry import HANDLERS, operation


def test_an_operation_with_two_functions_fails_at_import() -> None:
    """Registering a second function for an operation raises an error."""
    with pytest.raises(RuntimeError, match="operation getCloud has two functions"):
        operation("getCloud")(HANDLERS["getCloud"])
