"""The errors of the API, which become replies in its error envelope."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mock_server.http import problem

if TYPE_CHECKING:
    from mock_server.http import Reply

_MESSAGE_LIMIT: Final = 600  # characters; a message can quote a target of 64 KiB


class ApiError(Exception):
    """Raised by an operation that does not succeed.

    Attributes:
        reply: the error as a reply. A message above 600 characters is shortened.
    """

    def __init__(
        self, status: int, error_type: str, message: str, headers: tuple[tuple[str, str], ...] = ()
    ) -> None:
        """Create an error.

        Args:
            status: the HTTP status.
            error_type: the ``errorType`` of the envelope.
            message: what is wrong and what to do.
            headers: response headers.
        """
        super().__init__(message)
        if len(message) > _MESSAGE_LIMIT:
            message = message[: _MESSAGE_LIMIT - 1] + "…"
        self.reply: Reply = problem(status, error_type, message, headers)


def not_found(kind: str, name: str) -> ApiError:
    """Return the 404 for an id or a name that does not exist. The error type is the mock's own policy."""
    return ApiError(
        404, "EntityNotFound", f"There is no {kind} {name}: list the resources to see which exist."
    )


def invalid(message: str) -> ApiError:
    """Return the 422 for a request that is not as described. The error type is the mock's own policy."""
    return ApiError(422, "RequestInvalid", message)
