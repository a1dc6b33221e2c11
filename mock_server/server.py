"""The life of a server: start, stop, and between them from each raw request to its answer.

The order of things: the signature first, so 401 before 404, 405, 413 and 422; then the faults; then the
operation. Only ``GET /v2/status`` and ``/_mock/`` need no signature.
"""

from __future__ import annotations

import logging
import re
import socket
import threading
import time
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal
from urllib.parse import quote

from pytest_httpserver import HTTPServerError
from pytest_httpserver.httpserver import HTTPServerBase
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from mock_server.api import Api
from mock_server.connection import EXCHANGE, Exchange
from mock_server.control import control, is_control
from mock_server.faults.injection import Faults, carry_out
from mock_server.http import Reply, json_reply, problem
from mock_server.journal import Entry, Journal
from mock_server.verifier.signature import WINDOW, Refused, verify

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from mock_server.faults.grammar import Fault

logger = logging.getLogger("mock_server")

DEFAULT_KEYS: Final[Mapping[str, str]] = MappingProxyType(
    {"mock-access-key": "mock-secret-key, not#a%real$one"}
)
"""Obvious fakes, the same as in .env.example."""

_BODY_LIMIT: Final = 1_000_000  # bytes; more is 413
_TOO_LARGE: Final = problem(413, "RequestTooLarge", f"The body is larger than {_BODY_LIMIT:,} bytes.")
_TEXT_LIMIT: Final = 8192  # characters of X-Mock-Message: clients give up on headers somewhat longer
_ERRORS_KEPT: Final = 20
_OFF_THE_CLOCK: Final = ("timestamp_stale", "timestamp_future")
_HOST = re.compile(r"[A-Za-z0-9._-]+(?::[0-9]{1,5})?|\[[0-9A-Fa-f:.]+\](?::[0-9]{1,5})?")
_WILDCARDS: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  # told apart, not bound to
_PRINTABLE: Final = "".join(map(chr, range(0x21, 0x7F))).replace("%", "")


def system_clock() -> int:
    """Milliseconds since 1970-01-01 UTC."""
    return time.time_ns() // 1_000_000


@dataclass(frozen=True, slots=True)
class FrozenClock:
    """A clock that stands still: ``moment`` is in milliseconds since 1970-01-01 UTC."""

    moment: int

    def __call__(self) -> int:
        """Tell the time."""
        return self.moment

    def __str__(self) -> str:
        """What somebody whose timestamp is refused has to know."""
        return (
            f"This mock's clock is frozen at {self.moment} (it was started with --clock):"
            " sign with that time instead of the machine's."
        )


class _Response(Response):
    default_mimetype = None  # an empty body has no type


class MockServer(HTTPServerBase):
    """A mock Capella on a thread of its own. A context manager; ``start`` and ``stop`` do the same.

    ``check()``, from pytest-httpserver, raises what went wrong inside the server, if anything did.
    """

    def __init__(  # noqa: PLR0913  # all but the address by name
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
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Prepare a server.

        Args:
            host: the address to listen on.
            port: the TCP port; 0 takes a free one, and ``port`` then tells which.
            keys: access key -> secret key.
            clock: milliseconds since 1970-01-01 UTC.
            window: milliseconds a timestamp may be from the clock, either way.
            timestamp_unit: "either" accepts seconds too, and journals them.
            transition: how many polls it takes a cluster or bucket to be ready.
            faults: what goes wrong from the start on.
            sleep: how a fault's latency waits, in seconds.
        """
        super().__init__(host, port, threaded=True)
        self.clock = clock
        self.journal = Journal()
        self.faults = Faults(faults)
        self.api = Api(clock=clock, transition=transition)
        self._first_faults = tuple(faults)
        self._keys = dict(keys)
        self._window = window
        self._timestamp_unit = timestamp_unit
        self._sleep = sleep
        self._said: set[str] = set()

    @property
    def url(self) -> str:
        """The base URL, without a final slash; of a server on all addresses, its loopback one."""
        return f"http://{self.format_host(_WILDCARDS.get(self.host, self.host))}:{self.port}"

    def start(self) -> None:
        """Listen.

        Raises:
            OSError: the address cannot be had. (make_server, left to bind by itself, prints and exits.)
        """
        if self.is_running():
            raise HTTPServerError("Server is already running")
        server = self
        handler = type("Handler", (Exchange,), {"clock": self.clock, "failed": staticmethod(server._failed)})
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        with socket.create_server((self.host, self.port), family=family, backlog=128) as listener:
            self.server = make_server(
                self.host,
                self.port,
                Request.application(self.application),
                threaded=True,
                request_handler=handler,
                passthrough_errors=True,  # or werkzeug prints a traceback
                fd=listener.fileno(),
            )
        self.port = self.server.port
        self.server_thread = threading.Thread(target=self.thread_target, daemon=True)
        self.server_thread.start()

    def thread_target(self) -> None:
        """Serve until stopped, which a short poll lets happen within 10 ms instead of half a second."""
        if self.server is not None:
            self.server.serve_forever(poll_interval=0.01)

    def reset(self) -> None:
        """Make everything as it was at the start: the seed, an empty journal, the first faults."""
        self.api.reset()
        self.journal.clear()
        self.faults.replace(self._first_faults)

    def application(self, request: Request) -> Response:
        """Answer a request; the base class would also keep it, and its answer, for ever."""
        return self.dispatch(request)

    def dispatch(self, request: Request) -> Response:
        """From a request to its answer; the one handler of this server."""
        exchange: Exchange = request.environ[EXCHANGE]
        try:
            if is_control(exchange.target):
                reply = self._control(request, exchange)
            else:
                reply = self._journaled(request, exchange)
        except OSError:
            raise  # the client went away
        except Exception as error:  # noqa: BLE001  # our own mistakes: told to the client as the API would
            self._failed(error)
            reply = _internal_error()
        if reply.ending:
            if reply.ending == "reset":
                exchange.reset()
            raise ConnectionAbortedError
        exchange.date_offset = reply.date_offset
        response = _Response(reply.body, reply.status, reply.headers)
        if reply.length is not None:
            response.headers["Content-Length"] = str(reply.length)
        return response

    def _control(self, request: Request, exchange: Exchange) -> Reply:
        body, unreadable = _read(request)
        hosts = [value for name, value in exchange.pairs if name.lower() == "host"]
        return unreadable or control(self, exchange.method, exchange.target, hosts, body)

    def _journaled(self, request: Request, exchange: Exchange) -> Reply:
        entry = Entry(self.clock(), exchange.method, exchange.target)
        body, unreadable = _read(request)
        reply = self._refuse(exchange, entry, body)
        if reply is None:
            fault = self.faults.pick(exchange.method, exchange.target)

            def operation() -> Reply:
                return unreadable or self._operate(exchange, body)

            if fault is None:
                reply = operation()
            else:
                entry.fault = str(fault)
                reply = carry_out(fault, operation, self._sleep)
        entry.status = None if reply.ending else reply.status
        self.journal.add(entry)
        return reply

    def _refuse(self, exchange: Exchange, entry: Entry, body: bytes) -> Reply | None:
        """The 401 that the signature earns, if it does."""
        method, target = exchange.method, exchange.target
        if not self.api.needs_authentication(method, target.partition("?")[0]):
            return None
        verdict = verify(
            method,
            target,
            exchange.pairs,
            self._keys,
            self.clock,
            body=body,
            window=self._window,
            timestamp_unit=self._timestamp_unit,
        )
        entry.code, entry.mistake = verdict.code, verdict.mistake
        if not isinstance(verdict, Refused):
            return None
        if verdict.code in _OFF_THE_CLOCK and isinstance(self.clock, FrozenClock):
            verdict = replace(verdict, message=f"{verdict.message} {self.clock}")
        if verdict.mistake not in self._said:
            # Once for each mistake: the journal has them all, and a pipe that nobody reads fills up.
            self._said.add(verdict.mistake)
            logger.info("401 %s / %s: %s", verdict.code, verdict.mistake, verdict.message)
        headers = [
            ("WWW-Authenticate", "Bearer"),
            ("X-Mock-Refusal", verdict.code),
            ("X-Mock-Mistake", verdict.mistake),
        ]
        text = quote(verdict.text or b"", safe=_PRINTABLE)
        if 0 < len(text) <= _TEXT_LIMIT:
            headers.append(("X-Mock-Message", text))
        return problem(401, "Unauthorized", verdict.message, tuple(headers))

    def _operate(self, exchange: Exchange, body: bytes) -> Reply:
        hosts = [value.strip() for name, value in exchange.pairs if name.lower() == "host"]
        origin = f"http://{hosts[0]}" if hosts and _HOST.fullmatch(hosts[0]) else self.url
        try:
            answer = self.api.answer(exchange.method, exchange.target, exchange.pairs, body, origin)
        except Exception as error:  # noqa: BLE001  # here too, so that the journal has the 500
            self._failed(error)
            return _internal_error()
        if answer.body is None:
            return Reply(answer.status, headers=answer.headers)
        return json_reply(answer.status, answer.body, answer.headers)

    def _failed(self, error: Exception) -> None:
        """Keep an error of ours for ``check()``, and say where it happened; its text may quote a request."""
        if len(self.handler_errors) < _ERRORS_KEPT:
            self.handler_errors.append(error)
        traceback = error.__traceback__
        while traceback and traceback.tb_next:
            traceback = traceback.tb_next
        where = f"{traceback.tb_frame.f_code.co_filename}:{traceback.tb_lineno}" if traceback else "?"
        logger.error("500 %s at %s", type(error).__name__, where)


def _read(request: Request) -> tuple[bytes, Reply | None]:
    """The body, or nothing and the answer to one that is too large or broken."""
    request.max_content_length = _BODY_LIMIT + 1  # of chunks, werkzeug gives as many bytes and no error
    try:
        body = request.get_data(cache=False)
    except RequestEntityTooLarge:
        return b"", _TOO_LARGE
    except ClientDisconnected:
        return b"", problem(400, "BadRequest", "The body breaks off, or its chunks are malformed.")
    return (b"", _TOO_LARGE) if len(body) > _BODY_LIMIT else (body, None)


def _internal_error() -> Reply:
    return problem(
        500, "InternalServerError", "The mock failed: this is a bug of the mock, not of the request."
    )
