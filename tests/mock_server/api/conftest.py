"""Fixtures for the tests of the API."""

import pytest

from tests.support.api_caller import ApiCaller


@pytest.fixture
def caller() -> ApiCaller:
    """A caller with the state of the seed."""
    return ApiCaller()
