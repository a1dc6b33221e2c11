"""The server: starts, stops, and turns each received request into a reply.

The signature is verified first, so 401 comes before 404, 405, 413 and 422. Then a fault may be injected.
Then the operation runs. Only ``GET`` and ``HEAD /v2/status`` and ``/_mock/`` need no signature.
"""

from __future__ import annotations

import logging
import re
import socket
import threading
import time
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal
from urllib.parse import quote

from pytest_httpserver import HTTPServerError
from pytest_httpserver.httpserver import HTTPServerBase
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from mock_server import redaction
from mock_server.api import Api
from mock_server.api.state import StateError
from mock_server.clock import FrozenClock, MockClock, system_clock
from mock_server.connection import Connection, framing_problem
from mock_server.control import Control, is_control
from mock_server.faults.injection import Faults, inject
from mock_server.framing import FramingError
from mock_server.http import ReceivedRequest, problem, see_other
from mock_server.journal import Entry, Journal
from mock_server.keys import Keys
from mock_server.replays import Replays
from mock_server.terminal import Terminal
from mock_server.verifier import WINDOW, Accepted, RecentTimestamps, Refused, verify

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from mock_server.faults.grammar import Fault
    from mock_server.http import Reply

__all__ = ["DEFAULT_KEYS", "FrozenClock", "MockServer", "StateError", "system_clock"]

logger = logging.getLogger("mock_server")

DEFAULT_KEYS: Final[Mapping[str, str]] = MappingProxyType(
    {"mock-access-key": "mock-secret-key, not#a%real$one"}
)
"""The access key and the secret key of .env.example. They are obvious fakes."""

_TEXT_LIMIT: Final = 4096  # characters of X-Mock-Message and X-Mock-Signed: clients reject long headers
_ERRORS_KEPT: Final = 20
_CLOCK_CODES: Final = ("timestamp_stale", "timestamp_future")
_KEY_CODES: Final = ("access_key_unknown", "signature_mismatch")
_REPLACED_KEYS: Final = (
    "The request is signed with keys that were replaced or revoked while the mock runs: use the present keys."
)
_HOST: Final = re.compile(r"[A-Za-z0-9._-]+(?::[0-9]{1,5})?|\[[0-9A-Fa-f:.]+\](?::[0-9]{1,5})?")
_LOOPBACK_OF: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  # compared with, not bound to
_PRINTABLE: Final = "".join(map(chr, range(0x21, 0x7F))).replace("%", "")


def _is_browser(request: ReceivedRequest) -> bool:
    """Return whether a person opened the mock's address in a browser."""
    return (
        (request.method, request.target) == ("GET", "/")
        and request.header("Authorization") is None
        and "text/html" in (request.header("Accept") or "").lower()
    )


class MockServer(HTTPServerBase):
    """A mock of the Capella API that serves in a separate thread.

    Use it as a context manager, or call ``start`` and ``stop``. ``check()``, which pytest-httpserver
    provides, raises the exceptions that happened inside the server.
    """

    def __init__(  # noqa: PLR0913  # every parameter except the address is keyword-only
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        keys: Mapping[str, str] = DEFAULT_KEYS,
        clock: Callable[[], int] = system_clock,
        window: int = WINDOW,
        timestamp_unit: Literal["ms", "either"] = "ms",
        transition: int = 3,
        faults: Sequence[Fault] = (),
        state: object = None,
        sleep: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], int] = time.monotonic_ns,
    ) -> None:
        """Configure a server; ``start`` makes it listen.

        Args:
            host: the address to listen on.
            port: the TCP port; 0 selects a free port, which is in ``port`` after the start.
            keys: access key -> secret key.
            clock: returns milliseconds since 1970-01-01 UTC; a request can set another time.
            window: the largest accepted difference between a timestamp and the clock, in milliseconds.
            timestamp_unit: "either" also accepts timestamps in seconds; the journal marks them.
            transition: the number of polls until a cluster or bucket is ready.
            faults: the faults to inject from the start.
            state: the state at start, in the form of ``GET /_mock/state``; ``{}`` is empty, None is the seed.
            sleep: waits for a fault's latency, given in seconds.
            monotonic: returns nanoseconds that never run backwards; they say which signature is a replay.

        Raises:
            StateError: the state is invalid.
        """
        super().__init__(host, port, threaded=True)
        self.clock = MockClock(clock)
        self.journal = Journal()
        self.faults = Faults(faults)
        self.keys = Keys(keys)
        self.api = Api(clock=self.clock, transition=transition, first=state)
        self._control = Control(
            self.journal, self.faults, self.clock, self.keys, self.api, self.reset, DEFAULT_KEYS
        )
        self._faults_at_start = tuple(faults)
        self._window = window
        self._timestamp_unit = timestamp_unit
        self._sleep = sleep
        self._replays = Replays(monotonic)
        self._terminal = Terminal(logger)
        self._recent = RecentTimestamps()

    @property
    def url(self) -> str:
        """The base URL without a final slash. A server on all addresses gives its loopback address."""
        return f"http://{self.format_host(_LOOPBACK_OF.get(self.host, self.host))}:{self.port}"

    def start(self) -> None:
        """Listen, and serve in a new thread.

        Raises:
            HTTPServerError: the server is running already.
            OSError: the address is not available.
        """
        if self.is_running():
            raise HTTPServerError("Server is already running")
        members = {
            "clock": self.clock,
            "record_error": staticmethod(self._record_error),
            "record_malformed": staticmethod(self._record_malformed),
        }
        handler = type("_Connection", (Connection,), members)
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        # make_server gets a bound socket, because on an address in use it would print a text and exit.
        with socket.create_server((self.host, self.port), family=family, backlog=128) as listener:
            self.server = make_server(
                self.host,
                self.port,
                Request.application(self.application),
                threaded=True,
                request_handler=handler,
                passthrough_errors=True,  # otherwise werkzeug prints a traceback
                fd=listener.fileno(),
            )
        self.port = self.server.port
        self.server_thread = threading.Thread(target=self.thread_target, daemon=True)
        self.server_thread.start()

    def thread_target(self) -> None:
        """Serve until ``stop``, which takes effect within 10 ms instead of the default 500 ms."""
        if self.server is not None:
            self.server.serve_forever(poll_interval=0.01)

    def reset(self) -> None:
        """Restore state, faults, clock and keys at start, clear the journal, and forget the signatures."""
        self.clock.reset()
        self.keys.reset()
        self.api.reset()
        self.journal.clear()
        self._replays.clear()
        self._recent.clear()
        self.faults.replace(self._faults_at_start)

    def application(self, request: Request) -> Response:
        """Handle a request. The base class would also keep every request and response in memory."""
        return self.dispatch(request)

    def dispatch(self, request: Request) -> Response:
        """Handle a request: receive it, make a reply, respond."""
        connection = Connection.of(request)
        try:
            received, body_error = connection.receive()
            if is_control(received):
                reply = body_error or self._control.handle(received, connection.peer)
            elif _is_browser(received):
                reply = see_other("/_mock/")
            else:
                reply = self._handle(received, body_error)
        except FramingError as error:
            self._record_malformed(connection.head, error.status, str(error), error.mistake)
            reply = framing_problem(error)
        except OSError:
            raise  # the client disconnected
        except Exception as error:  # noqa: BLE001  # a bug of the mock is reported as the API would report it
            reply = self._internal_error(error)
        return connection.respond(reply)

    def _handle(self, request: ReceivedRequest, body_error: Reply | None) -> Reply:
        """Return the reply to a request for the API, and add a journal entry."""
        entry = Entry.of(request, self.clock(), self.keys.mask)
        reply = self._refuse(request, entry)
        if reply is None:
            fault = self.faults.pick(request)

            def operation() -> Reply:
                return body_error or self._call_operation(request)

            if fault is None:
                reply = operation()
            else:
                entry.fault = redaction.unicode_text(str(fault), self.keys.mask)
                reply = inject(fault, operation, self._sleep)
        entry.status = None if reply.ending else reply.status
        self.journal.add(entry)
        return reply

    def _record_malformed(self, head: ReceivedRequest, status: int, message: str, mistake: str) -> None:
        """Record a request that cannot be read; its signature is not looked at."""
        if is_control(head):
            return
        entry = Entry.of(head, self.clock(), self.keys.mask)
        entry.status, entry.code, entry.mistake = status, "malformed", mistake or None
        entry.message = redaction.unicode_text(message, self.keys.mask)
        self._terminal.refusal(entry)
        self.journal.add(entry)

    def _refuse(self, request: ReceivedRequest, entry: Entry) -> Reply | None:
        """Return the 401 for a request whose signature is not accepted, otherwise None."""
        if not self.api.needs_authentication(request):
            return None
        result = self._verify(request, self.keys.current)
        if not isinstance(result, Refused):
            entry.code, entry.mistake = result.code, result.mistake
            self._mark_replay(request, entry)
            return None
        result = replace(result, message=f"{result.message} {self._advice(request, result)}".rstrip())
        entry.status = 401
        entry.refuse(result, self.keys.mask)
        self._terminal.refusal(entry)
        return problem(401, "Unauthorized", result.message, tuple(_refusal_headers(result)))

    def _advice(self, request: ReceivedRequest, refused: Refused) -> str:
        """Return what a change of the clock or of the keys has to do with a refusal; empty for nothing."""
        former = self.keys.former
        if refused.code in _CLOCK_CODES:
            return self.clock.advice
        if former and refused.code in _KEY_CODES and isinstance(self._verify(request, former), Accepted):
            return _REPLACED_KEYS
        return ""

    def _verify(self, request: ReceivedRequest, keys: Mapping[str, str]) -> Accepted | Refused:
        return verify(
            request,
            keys,
            self.clock,
            window=self._window,
            timestamp_unit=self._timestamp_unit,
            recent=self._recent,
            mask=self.keys.mask,
        )

    def _mark_replay(self, request: ReceivedRequest, entry: Entry) -> None:
        """Mark the entry of an accepted request whose signature was accepted before."""
        age = self._replays.age(request.header("Authorization") or "", entry.time)
        if age is not None:
            entry.replay = True
            self._terminal.replay(entry, age)

    def _call_operation(self, request: ReceivedRequest) -> Reply:
        host = request.header("host")
        origin = f"http://{host}" if host is not None and _HOST.fullmatch(host) else self.url
        try:
            if request.method == "HEAD" and not self.api.needs_authentication(request):
                request = replace(request, method="GET")  # the response is sent without its body
            return self.api.handle(request, origin)
        except Exception as error:  # noqa: BLE001  # caught here too, so that the journal has the 500
            return self._internal_error(error)

    def _internal_error(self, error: Exception) -> Reply:
        self._record_error(error)
        message = "The mock failed: this is a bug in the mock, not in the request."
        return problem(500, "InternalServerError", message)

    def _record_error(self, error: Exception) -> None:
        """Keep an exception for ``check()``, and log its type and place; its text may quote a request."""
        if len(self.handler_errors) < _ERRORS_KEPT:
            self.handler_errors.append(error)
        traceback = error.__traceback__
        while traceback and traceback.tb_next:
            traceback = traceback.tb_next
        place = f"{traceback.tb_frame.f_code.co_filename}:{traceback.tb_lineno}" if traceback else "?"
        logger.error("500 %s at %s", type(error).__name__, place)


def _refusal_headers(refused: Refused) -> Iterator[tuple[str, str]]:
    """Yield the headers of a 401: the code, the mistakes and, unless it is long, each of the two texts."""
    yield "WWW-Authenticate", "Bearer"
    yield "X-Mock-Refusal", refused.code
    yield "X-Mock-Mistake", refused.mistake
    if refused.also:
        yield "X-Mock-Also", ", ".join(refused.also)
    for name, text in (("X-Mock-Message", refused.expected), ("X-Mock-Signed", refused.signed)):
        encoded = quote(text or b"", safe=_PRINTABLE)
        if text is not None and len(encoded) <= _TEXT_LIMIT:
            yield name, encoded
