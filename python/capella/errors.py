"""The errors of this package, by kind.

    CapellaError
    ├── InputInvalidError            an argument cannot be signed or sent as given; nothing was sent
    ├── SettingsError                a setting is missing or refused
    ├── TransportError               no response: DNS, connection, TLS, a timeout, a broken connection
    ├── NotReadyError                a wait ended with a failure or at its timeout
    └── ResponseError                a response without success: status, error_type, message, method, endpoint
        ├── AuthenticationError      401; names both clocks when they differ by more than a minute
        ├── ForbiddenError           403
        ├── NotFoundError            404
        ├── InvalidError             422
        ├── RateLimitedError         429
        ├── ServerError              500 and above
        └── UnexpectedResponseError  not the API's response: HTML from a gateway, a redirect, too long

Every other refusal of the API (a 400, a 405) is a plain ResponseError. No error contains a header or a
secret. No error is chained to the HTTP library's exception, because the frames of that exception contain the
headers.
"""

from capella.printable import one_line

_LIMIT = 2000  # characters of untrusted text in a message


class CapellaError(Exception):
    """The base class of every error of this package; `str()` is one printable line."""

    exit_code = 1


class InputInvalidError(CapellaError, ValueError):
    """Raised if an argument cannot be signed, or cannot be sent exactly as signed. Nothing was sent."""

    exit_code = 2


class SettingsError(CapellaError):
    """Raised if settings are missing or refused. It never contains a value, which may be a secret.

    Args:
        message: everything that is wrong, in one line.
        missing: the first name of each setting that is not set.
        invalid: the name, as it was set, of each setting that is refused.
    """

    exit_code = 2

    def __init__(self, message: str, *, missing: tuple[str, ...] = (), invalid: tuple[str, ...] = ()) -> None:
        """Store the names beside the message."""
        super().__init__(message)
        self.missing = missing
        self.invalid = invalid


class TransportError(CapellaError):
    """Raised if no complete response arrived.

    Args:
        reason: what happened, in a few words.
        method: the request's method.
        endpoint: the request's target.
        connected: whether a connection was made, so that the API may have carried out the request.
        temporary: whether another attempt may succeed.
    """

    def __init__(
        self, reason: str, method: str, endpoint: str, *, connected: bool = True, temporary: bool = True
    ) -> None:
        """Write method and target before the reason."""
        super().__init__(f"{method} {endpoint}: {one_line(reason, _LIMIT)}")
        self.method = method
        self.endpoint = endpoint
        self.connected = connected
        self.temporary = temporary


class NotReadyError(CapellaError):
    """Raised if a wait ends with a failure, or reaches its timeout."""


class ResponseError(CapellaError):
    """Raised if a response is not a success.

    Args:
        status: the HTTP status code.
        error_type: the API's name of the error; empty if the response has none.
        message: the API's message, or a description of the response if it has none.
        method: the request's method.
        endpoint: the request's target.
        retry_after: seconds to wait, from `Retry-After`; None without that header.
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
        """Write method, target, status and the API's message in one line."""
        text = f"{error_type}: {message}" if error_type else message
        super().__init__(
            f"{method} {endpoint}: {status}{' ' if error_type else ': '}{one_line(text, _LIMIT)}"
        )
        self.status = status
        self.error_type = error_type
        self.message = message
        self.method = method
        self.endpoint = endpoint
        self.retry_after = retry_after


class AuthenticationError(ResponseError):
    """Raised for 401: the API refused the signature, the access key or the timestamp."""


class ForbiddenError(ResponseError):
    """Raised for 403: the API knows the key and does not allow it this operation."""


class NotFoundError(ResponseError):
    """Raised for 404: the resource or the endpoint does not exist."""


class InvalidError(ResponseError):
    """Raised for 422: the API understood the request and refuses to carry it out."""


class RateLimitedError(ResponseError):
    """Raised for 429: too many requests; `retry_after` is the wait the server asks for, if it does."""


class ServerError(ResponseError):
    """Raised for 500 and above: the server failed."""


class UnexpectedResponseError(ResponseError):
    """Raised if a response is not the API's, such as HTML from a gateway; `status` may be a success.

    `location` is the `Location` of such a success, which names what was created; None without that header.
    """

    location: str | None = None


BY_STATUS: dict[int, type[ResponseError]] = {
    401: AuthenticationError,
    403: ForbiddenError,
    404: NotFoundError,
    422: InvalidError,
    429: RateLimitedError,
}


def class_for(status: int) -> type[ResponseError]:
    """Return the error class for a status of 400 or above."""
    return BY_STATUS.get(status, ServerError if status >= 500 else ResponseError)  # noqa: PLR2004  # the class 5xx
