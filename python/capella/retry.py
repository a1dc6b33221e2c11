"""Retries: which requests are repeated, after which pause, and within which limits."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from capella.errors import ResponseError, TransportError
from capella.responses import Response
from capella.transport import Request

if TYPE_CHECKING:
    from tenacity import RetryCallState

log = logging.getLogger("capella")

TEMPORARY = frozenset({429, 502, 503, 504})  # statuses that may change at the next attempt
REPEATABLE = frozenset({"GET", "PUT", "DELETE"})  # methods with the same effect when they arrive twice
FIRST_PAUSE = 0.25  # seconds, the longest pause before the second attempt; it doubles for each later attempt


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one call; all but `attempts` are in seconds.

    Args:
        connect: limits connecting, TLS included.
        attempt: limits one attempt, from its first byte sent to its last byte received.
        total: limits a call with all its attempts and pauses.
        pause: limits one pause between two attempts, even one that the server asks for.
        attempts: the number of attempts.
    """

    connect: float = 10
    attempt: float = 30
    total: float = 90
    pause: float = 30
    attempts: int = 5


@dataclass(slots=True)
class Attempts:
    """The attempts of one request.

    Args:
        request: the request.
        ends: the monotonic time at which the call ends.
        response_lost: whether an attempt was connected and got no response: it may have been carried out.
    """

    request: Request
    ends: float
    response_lost: bool = False


class Retries:
    """Repeats a request while that is safe and within the limits.

    Args:
        limits: how long and how often.
        monotonic: the time in seconds.
        sleep: waits for a number of seconds.
    """

    def __init__(
        self, limits: Limits, monotonic: Callable[[], float], sleep: Callable[[float], None]
    ) -> None:
        """Import tenacity now, because most programs that import this module make requests."""
        from tenacity import Retrying, wait_random_exponential  # noqa: PLC0415  # slow to import

        self._limits = limits
        self._monotonic = monotonic
        self._backoff = wait_random_exponential(multiplier=FIRST_PAUSE, max=limits.pause)
        self._retrying = Retrying(
            retry=self._may_repeat,
            wait=self._pause,
            stop=self._is_over,
            before_sleep=_log_pause,
            sleep=sleep,
            reraise=True,
        )

    def run(self, request: Request, send: Callable[[Attempts], Response]) -> Response:
        """Return the response of the last attempt, or raise its error."""
        return self._retrying(send, Attempts(request, self._monotonic() + self._limits.total))

    def timer(self, attempts: Attempts) -> Callable[[], float]:
        """Return a function that returns the seconds left for the attempt that starts now.

        The function raises TimeoutError when no time is left.
        """
        ends = min(attempts.ends, self._monotonic() + self._limits.attempt)

        def wait() -> float:
            left = ends - self._monotonic()
            if left <= 0:
                raise TimeoutError
            return left

        return wait

    def _may_repeat(self, state: "RetryCallState") -> bool:
        """Return whether the last attempt failed temporarily, and the request may be sent again."""
        error = state.outcome.exception() if state.outcome else None
        repeatable = state.args[0].request.method in REPEATABLE
        if isinstance(error, TransportError):
            return error.temporary and (repeatable or not error.connected)
        return isinstance(error, ResponseError) and error.status in TEMPORARY and repeatable

    def _pause(self, state: "RetryCallState") -> float:
        """Return the seconds until the next attempt: the server's wish, else exponential with full jitter."""
        error = state.outcome.exception() if state.outcome else None
        asked = error.retry_after if isinstance(error, ResponseError) else None
        return self._backoff(state) if asked is None else min(asked, self._limits.pause)

    def _is_over(self, state: "RetryCallState") -> bool:
        """Return whether this was the last attempt, or the next one would begin at the end or later."""
        too_late = self._monotonic() + state.upcoming_sleep >= state.args[0].ends
        return too_late or state.attempt_number >= self._limits.attempts


def _log_pause(state: "RetryCallState") -> None:
    log.info("%s; next attempt in %.1f s", state.outcome and state.outcome.exception(), state.upcoming_sleep)
