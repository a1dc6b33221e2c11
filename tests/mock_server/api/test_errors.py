"""The errors of the API."""

import json

import pytest

from mock_server.api.errors import ApiError, invalid, not_found
from mock_server.http import problem


@pytest.mark.parametrize(("length", "shown"), [(599, 599), (600, 600), (601, 600)])
def test_a_message_has_at_most_600_characters(length: int, shown: int) -> None:
    """A shortened message ends with an ellipsis."""
    message = json.loads(ApiError(422, "RequestInvalid", "x" * length).reply.body)["message"]
    assert len(message) == shown
    assert message.endswith("…") == (length > shown)


def test_an_error_is_a_reply_in_the_envelope() -> None:
    """With the status, the type, the message and the headers given."""
    headers = (("Allow", "GET"),)
    assert ApiError(405, "MethodNotAllowed", "m", headers).reply == problem(
        405, "MethodNotAllowed", "m", headers
    )


def test_the_errors_that_many_operations_raise() -> None:
    """404 for a resource that does not exist, 422 for an invalid request."""
    message = "There is no cloud x: list the resources to see which exist."
    assert not_found("cloud", "x").reply == problem(404, "EntityNotFound", message)
    assert invalid("m").reply == problem(422, "RequestInvalid", "m")
