"""The client: one call of the API, signed afresh at every attempt.

What it will not do: follow a redirect, a `Location` or a link; send a key over plain http to another
machine; let anything alter a target after it was signed; repeat a POST that may have been carried out.
"""

import json
import logging
import re
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import quote

from capella import answers, settings
from capella.answers import Answer
from capella.errors import AnswerError, InputInvalidError, TransportError
from capella.settings import Settings
from capella.signing import CapellaAuth, now_ms
from capella.transport import Call, Transport

if TYPE_CHECKING:
    from tenacity import RetryCallState

log = logging.getLogger("capella")

PASSING = frozenset({429, 502, 503, 504})  # statuses that may be another at the next attempt
REPEATABLE = frozenset({"GET", "PUT", "DELETE"})  # methods that do no more when they arrive twice

# RFC 3986: a path, and a query behind the first question mark.
_PCHAR = r"[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2}"
_TARGET = re.compile(rf"/(?:{_PCHAR}|/)*(?:\?(?:{_PCHAR}|[/?])*)?")


@dataclass(frozen=True, slots=True)
class Limits:
    """How long to try: seconds, but for `attempts`.

    `attempt` bounds one attempt from its first byte sent to its last received, `total` a call with all its
    attempts and pauses, and `pause` one pause between two attempts, even one the server asks for.
    """

    connect: float = 10
    attempt: float = 30
    total: float = 90
    pause: float = 30
    attempts: int = 5


DEFAULT_LIMITS = Limits()


def wire_target(path: Iterable[str], query: Iterable[tuple[str, str]] = ()) -> str:
    """Return the request target of a call, from segments and pairs as they are meant, in their order.

    Every byte outside RFC 3986 *unreserved* is percent-encoded, in upper case.

    Raises:
        InputInvalidError: a segment that is empty, `.` or `..`, which a library or a server would drop, or
            something that is not text.
    """
    segments = list(path)
    for segment in segments:
        if segment in {"", ".", ".."}:
            raise InputInvalidError(f"{segment!r} cannot be part of a path: is an id missing?")
    try:
        encoded = "".join(f"/{quote(segment, safe='')}" for segment in segments)
        pairs = "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in query)
    except UnicodeEncodeError:
        raise InputInvalidError("part of the path or of the query is not text") from None
    return f"{encoded}?{pairs}" if pairs else encoded


class Client:
    """A connection to the API; as a context manager it closes what it opened.

    A path is written as the API's description has it, `/v2/clusters/{id}/users/{username}`; the values follow
    in their order, unencoded. A body is whatever `json` can write.

    Every method raises InputInvalidError for what cannot be sent, TransportError when no answer comes, and
    AnswerError (its subclass by status) for an answer that is not a success.

    Args:
        where: base URL and keys. Without keys nothing is signed: `GET /v2/status` alone allows that.
        limits: how long to try.
        clock: milliseconds since 1970-01-01 UTC, for signatures.
        monotonic: seconds, for the limits.
        sleep: waits so many seconds.

    Raises:
        SettingsError: settings that `settings.load` would refuse, such as plain http to another machine.
    """

    def __init__(
        self,
        where: Settings,
        *,
        limits: Limits = DEFAULT_LIMITS,
        clock: Callable[[], int] = now_ms,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Refuse settings that came past `settings.load`; connect to nothing yet."""
        from tenacity import Retrying, wait_random_exponential  # noqa: PLC0415  # slow to import

        where = settings.checked(where)
        self._where = where
        self._limits = limits
        self._clock = clock
        self._monotonic = monotonic
        self._backoff = wait_random_exponential(multiplier=0.25, max=limits.pause)
        self._retrying = Retrying(
            retry=self._may_pass,
            wait=self._pause,
            stop=self._is_over,
            before_sleep=_log_pause,
            sleep=sleep,
            reraise=True,
        )
        auth = CapellaAuth(where.access_key, where.secret_key, clock) if where.access_key else None
        self._transport = Transport(where.base_url, auth, limits.connect)

    @classmethod
    def from_environment(cls, *, keys: bool = True) -> Self:
        """Return a client for the settings of the environment.

        Raises:
            SettingsError: settings missing or refused.
        """
        return cls(settings.load(settings.environment(), keys=keys))

    def __enter__(self) -> Self:
        """Return the client itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close every connection."""
        self.close()

    def __repr__(self) -> str:
        """Name the settings without the secret."""
        return f"Client({self._where!r})"

    def close(self) -> None:
        """Close every connection."""
        self._transport.close()

    def get(self, path: str, *values: str, query: Mapping[str, object] | None = None) -> Answer:
        """GET what is there; a query's None is left out."""
        return self.request("GET", _target(path, values, query))

    def post(self, path: str, *values: str, body: object) -> Answer:
        """POST something new. Repeated only when no connection was made."""
        return self.request("POST", _target(path, values), body)

    def put(self, path: str, *values: str, body: object) -> Answer:
        """PUT something in place of what is there."""
        return self.request("PUT", _target(path, values), body)

    def delete(self, path: str, *values: str, body: object = None) -> Answer:
        """DELETE something; a 404 after an attempt whose answer was lost means that it is done."""
        return self.request("DELETE", _target(path, values), body)

    def get_pages(
        self,
        path: str,
        *values: str,
        query: Mapping[str, object],
        page: int | None = None,
    ) -> Answer:
        """GET one page of a list, or all of them in one answer: the last one's, with the items of all.

        The cursor is the last page's, too: its `page`, `next` and `last` speak of that page, not of what the
        answer holds. Pages are asked for by number. The links between them are not followed: they could lead
        anywhere.
        """
        number = page or 1
        items: list[Any] = []
        while True:
            answer = self.get(path, *values, query={"page": number, **query})
            items += answer.items
            if page or not answer.items or not _has_next(answer.body, number):
                return replace(answer, body=_with_items(answer.body, items))
            number += 1

    def request(self, method: str, target: str, body: object = None) -> Answer:
        """Make a call whose target is already encoded, and repeat it as far as that is safe."""
        if not _TARGET.fullmatch(target):
            raise InputInvalidError(
                f"the target {target!a:.200} is not a path that begins with `/`, with or without a query:"
                " percent-encode what RFC 3986 does not allow there"
            )
        ends = self._monotonic() + self._limits.total
        call = Call(method, target, None if body is None else json.dumps(body).encode())
        return self._retrying(self._attempt, _Attempts(call, ends))

    def _attempt(self, attempts: "_Attempts") -> Answer:
        """Send the call once: signed anew, with the time of now."""
        ends = min(attempts.ends, self._monotonic() + self._limits.attempt)

        def wait() -> float:
            left = ends - self._monotonic()
            if left <= 0:
                raise TimeoutError
            return left

        call = attempts.call
        try:
            received = self._transport.send(call, wait)
        except TransportError as error:
            attempts.unanswered |= error.connected
            raise
        log.debug("%s %s: %d", call.method, call.target, received.status)
        if call.method == "DELETE" and received.status == HTTPStatus.NOT_FOUND and attempts.unanswered:
            return Answer(received.status, call=call)
        return answers.read(call, received, self._clock())

    def _may_pass(self, state: "RetryCallState") -> bool:
        """Whether the last attempt failed in a way that another one may not, and may be repeated."""
        error = state.outcome.exception() if state.outcome else None
        repeatable = state.args[0].call.method in REPEATABLE
        if isinstance(error, TransportError):
            return error.passing and (repeatable or not error.connected)
        return isinstance(error, AnswerError) and error.status in PASSING and repeatable

    def _pause(self, state: "RetryCallState") -> float:
        """Seconds until the next attempt: what the server asks for, else exponential with full jitter."""
        error = state.outcome.exception() if state.outcome else None
        asked = error.retry_after if isinstance(error, AnswerError) else None
        return self._backoff(state) if asked is None else min(asked, self._limits.pause)

    def _is_over(self, state: "RetryCallState") -> bool:
        """Whether this was the last attempt, or the next one would begin too late."""
        too_late = self._monotonic() + state.upcoming_sleep >= state.args[0].ends
        return too_late or state.attempt_number >= self._limits.attempts


@dataclass(slots=True)
class _Attempts:
    """A call under way: until when it may be tried, and whether an answer to it was lost."""

    call: Call
    ends: float
    unanswered: bool = False


def _log_pause(state: "RetryCallState") -> None:
    log.info("%s; trying again in %.1f s", state.outcome and state.outcome.exception(), state.upcoming_sleep)


def _target(path: str, values: tuple[str, ...], query: Mapping[str, object] | None = None) -> str:
    """Put values into the places of a path such as `/v2/projects/{id}`."""
    left = iter(values)
    segments = [next(left) if part.startswith("{") else part for part in path.removeprefix("/").split("/")]
    pairs = [(name, str(value)) for name, value in (query or {}).items() if value is not None]
    return wire_target(segments, pairs)


def _has_next(body: object, number: int) -> bool:
    """Whether the cursor of a page names a later page."""
    for name in ("cursor", "pages", "next"):
        body = body.get(name) if isinstance(body, dict) else None
    return isinstance(body, int) and body > number


def _with_items(body: Any, items: list[Any]) -> Any:  # noqa: ANN401  # JSON
    """Return the body of a list with other items in it."""
    if not isinstance(body, dict):
        return items
    data = body.get("data")
    return {**body, "data": {**data, "items": items} if isinstance(data, dict) else items}
