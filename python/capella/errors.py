"""What can go wrong, by kind.

    CapellaError
    ├── InputInvalidError          refused before anything was sent: it would not travel as it was signed
    ├── SettingsError              settings missing or refused
    ├── TransportError             no answer: no connection, TLS, a time limit, a connection that broke
    ├── NotReadyError              waited for something that failed, or did not come in time
    └── AnswerError                an answer, and not a success: status, error_type, message, method, endpoint
        ├── AuthenticationError    401, with both clocks when they differ by more than a minute
        ├── ForbiddenError         403
        ├── NotFoundError          404
        ├── InvalidError           422
        ├── RateLimitedError       429
        ├── ServerError            500 and above
        └── UnexpectedAnswerError  not what the API speaks: HTML from a gateway, a redirect, too long

Any other refusal of the API (a 400, a 405) is an AnswerError itself. No error holds a header or a secret,
and none is chained to the HTTP library's own exception, whose frames hold the headers.
"""

_LIMIT = 2000  # characters of foreign text in a message


class CapellaError(Exception):
    """Whatever this package raises; `str()` is one line for a person."""

    exit_code = 1


class InputInvalidError(CapellaError, ValueError):
    """Something that cannot be signed, or would not travel as it was signed. Nothing was sent."""

    exit_code = 2


class SettingsError(CapellaError):
    """Settings that are missing or refused; never with a value, which may be a secret.

    Args:
        message: all that is wrong, in one line.
        missing: the first name of each setting that is not set.
        invalid: the name, as it was set, of each setting that is refused.
    """

    exit_code = 2

    def __init__(self, message: str, *, missing: tuple[str, ...] = (), invalid: tuple[str, ...] = ()) -> None:
        """Keep the names beside the message."""
        super().__init__(message)
        self.missing = missing
        self.invalid = invalid


class TransportError(CapellaError):
    """No answer came.

    Args:
        reason: what happened, in a few words.
        method: of the request.
        endpoint: its target.
        connected: whether a connection was made, so that the request may have been carried out.
        passing: whether it may go better at the next attempt.
    """

    def __init__(
        self, reason: str, method: str, endpoint: str, *, connected: bool = True, passing: bool = True
    ) -> None:
        """Put the call behind the reason."""
        super().__init__(f"{method} {endpoint}: {one_line(reason, _LIMIT)}")
        self.method = method
        self.endpoint = endpoint
        self.connected = connected
        self.passing = passing


class NotReadyError(CapellaError):
    """What was waited for failed, or did not come within the time given."""


class AnswerError(CapellaError):
    """An answer that is not a success.

    Args:
        status: HTTP status code.
        error_type: the API's name of the error, or an empty string.
        message: the API's message, or a description of what came instead.
        method: of the request.
        endpoint: its target.
        retry_after: seconds the server asks to wait, None if it does not say.
    """

    def __init__(
        self,
        status: int,
        error_type: str,
        message: str,
        *,
        method: str,
        endpoint: str,
        retry_after: float | None = None,
    ) -> None:
        """Put status, call and the API's own words in one line."""
        said = f"{error_type}: {message}" if error_type else message
        super().__init__(
            f"{method} {endpoint}: {status}{' ' if error_type else ': '}{one_line(said, _LIMIT)}"
        )
        self.status = status
        self.error_type = error_type
        self.message = message
        self.method = method
        self.endpoint = endpoint
        self.retry_after = retry_after


class AuthenticationError(AnswerError):
    """401: the signature, the access key or the time was not accepted."""


class ForbiddenError(AnswerError):
    """403: the key is known and may not do this."""


class NotFoundError(AnswerError):
    """404: no such thing, or no such endpoint."""


class InvalidError(AnswerError):
    """422: the API understood the request and will not carry it out."""


class RateLimitedError(AnswerError):
    """429: too many requests; `retry_after` says how many seconds to wait when the server does."""


class ServerError(AnswerError):
    """500 and above: the fault is on the other side."""


class UnexpectedAnswerError(AnswerError):
    """An answer that is not what the API speaks; `status` may be that of a success."""


BY_STATUS: dict[int, type[AnswerError]] = {
    401: AuthenticationError,
    403: ForbiddenError,
    404: NotFoundError,
    422: InvalidError,
    429: RateLimitedError,
}


def kind_of(status: int) -> type[AnswerError]:
    """Return the class of the error an answer with this status is."""
    return BY_STATUS.get(status, ServerError if status >= 500 else AnswerError)  # noqa: PLR2004  # the class 5xx


def one_line(text: str, limit: int | None = None) -> str:
    """Return foreign text fit for a terminal: without control characters, and cut at a number of them."""
    short = f"{text[:limit]}..." if limit and len(text) > limit else text
    return "".join(character if character.isprintable() else " " for character in short)
