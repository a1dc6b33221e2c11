"""What an operation gives back: an answer, or a problem that becomes one."""

from dataclasses import dataclass

_LONGEST = 600  # characters of a message; what a client sent can be much longer than anybody reads


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer before it is written as HTTP: `body` is JSON-able, None for an empty body."""

    status: int
    body: object | None = None
    headers: tuple[tuple[str, str], ...] = ()


class ApiError(Exception):
    """What the API refuses, to be answered in its envelope `{"errorType": ..., "message": ...}`."""

    def __init__(
        self, status: int, error_type: str, message: str, headers: tuple[tuple[str, str], ...] = ()
    ) -> None:
        """Take the HTTP status, the API's error type, and one sentence that says what to do."""
        super().__init__(message)
        self.status = status
        self.error_type = error_type
        self.message = message if len(message) <= _LONGEST else message[: _LONGEST - 1] + "…"
        self.headers = headers

    @property
    def answer(self) -> Answer:
        """The answer this problem becomes."""
        return Answer(self.status, {"errorType": self.error_type, "message": self.message}, self.headers)


def not_found(what: str, name: str) -> ApiError:
    """Return the 404 for an id or a name that nothing has. The error type is our policy."""
    return ApiError(404, "EntityNotFound", f"There is no {what} {name}; list them to see what there is.")


def invalid(message: str) -> ApiError:
    """Return the 422 for a request that breaks the description. The error type is our policy."""
    return ApiError(422, "RequestInvalid", message)
