"""What can go wrong, by kind.

    CapellaError
    ├── InputInvalidError      refused before anything was sent: it could not be signed as it would travel
    ├── SettingsError          settings missing or refused
    ├── TransportError         no answer: no connection, TLS, a time limit, a connection that broke
    └── AnswerError            an answer that is not a success: status, error_type, message, method, endpoint
        ├── AuthenticationError    401, with both clocks when they differ
        ├── ForbiddenError         403
        ├── NotFoundError          404
        ├── InvalidError           422
        ├── RateLimitedError       429
        ├── ServerError            500 and above
        └── UnexpectedAnswerError  not what the API speaks: HTML from a gateway, a redirect, too long

Every other refusal of the API (a 400, a 405) is an AnswerError itself. No error holds a header or a
secret, and none keeps the library's own exception, whose frames hold the headers.
"""


class CapellaError(Exception):
    """Whatever this package raises; `str()` is one line for a person."""

    exit_code = 1


class InputInvalidError(CapellaError, ValueError):
    """Something that cannot be signed, or would not travel as it was signed. Nothing was sent."""

    exit_code = 2
