"""One connection: reads one request exactly as it was received, and sends one reply.

``http.server`` and werkzeug decode, fold and join what they read. The verifier needs the bytes received,
so this module takes the request line and the header list before those libraries change them.
"""

from __future__ import annotations

import io
import logging
import re
import socket
import struct
from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING, ClassVar, Final

from werkzeug.serving import WSGIRequestHandler
from werkzeug.wrappers import Response

from mock_server.framing import (
    BODY_LIMIT,
    STATE_LIMIT,
    FramingError,
    body_length,
    read_body,
    read_headers,
)
from mock_server.http import ReceivedRequest, Reply, problem

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from wsgiref.types import WSGIEnvironment

    from werkzeug.wrappers import Request

LATEST_TIME: Final = 253_402_300_799_999
"""The end of the year 9999, in milliseconds since 1970-01-01 UTC: the last time a Date header can hold."""

_ENVIRON_KEY: Final = "mock_server.connection"
_IDLE_LIMIT: Final = 5.0  # seconds without a byte from the client, after which the connection is closed
_REQUEST_LINE_WORDS: Final = 3
_ABSOLUTE_FORM: Final = re.compile(r"https?://([^/?#]*)(.*)", re.IGNORECASE | re.DOTALL)
_SPEAKS_TLS: Final = "a client speaks TLS to this mock, which speaks plain HTTP: use http:// in its base URL"
_TLS_HANDSHAKE: Final = b"\x16\x03"  # the first two bytes of a TLS connection
# What http.server and werkzeug read themselves; they get no other header.
_READ_BY_LIBRARIES: Final = (
    "connection",
    "expect",
    "content-length",
    "content-type",
    "transfer-encoding",
    "host",
)
_ERROR_TYPES: Final = {HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "RequestTooLarge"}


logger = logging.getLogger("mock_server")


def framing_problem(error: FramingError) -> Reply:
    """Return the reply to a request that cannot be read."""
    headers = (("X-Mock-Mistake", error.mistake),) if error.mistake else ()
    error_type = _ERROR_TYPES.get(HTTPStatus(error.status), "BadRequest")
    return problem(error.status, error_type, str(error), headers)


class _Response(Response):
    default_mimetype = None  # a response without a body has no Content-Type


class Connection(WSGIRequestHandler):
    """Handles one request, then closes the connection: werkzeug has no keep-alive.

    ``method``, ``target`` and ``header_list`` are the bytes received, read as Latin-1. ``authority`` is that
    of a target in absolute form, otherwise None.
    """

    protocol_version = "HTTP/1.1"
    default_request_version = "HTTP/1.1"  # otherwise the reply to a malformed request line has no status line
    timeout = _IDLE_LIMIT

    clock: ClassVar[Callable[[], int]]
    record_error: ClassVar[Callable[[Exception], None]]
    record_malformed: ClassVar[Callable[[ReceivedRequest, int, str, str], None]]

    raw_requestline: bytes
    method: str
    target: str
    header_list: Sequence[tuple[str, str]] = ()
    authority: str | None = None
    date_offset = 0

    @classmethod
    def of(cls, request: Request) -> Connection:
        """Return the connection on which werkzeug received a request."""
        connection: Connection = request.environ[_ENVIRON_KEY]
        return connection

    @property
    def peer(self) -> str:
        """The IP address of the client."""
        return str(self.client_address[0])

    @property
    def head(self) -> ReceivedRequest:
        """The request without its body, as far as it was read."""
        return ReceivedRequest(self.method, self.target, self.header_list, authority=self.authority)

    def receive(self) -> tuple[ReceivedRequest, Reply | None]:
        """Read the body, and return the whole request.

        If the body cannot be read, the request has an empty body, and the second value is the error reply:
        400, 413, or 422 for a state.

        Raises:
            FramingError: the length of the body is unknown.
        """
        request = self.head
        length = body_length(request)
        holds_state = request.path == "/_mock/state"
        try:
            body = read_body(self.rfile, length, STATE_LIMIT if holds_state else BODY_LIMIT)
        except FramingError as error:
            if holds_state and error.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
                return request, problem(422, "RequestInvalid", str(error))  # as any state that is invalid
            return request, framing_problem(error)
        return replace(request, body=body), None

    def respond(self, reply: Reply) -> Response:
        """Return a reply as werkzeug sends it.

        Raises:
            ConnectionAbortedError: ``reply.ending`` is set: the connection ends without a response.
        """
        if reply.ending:
            if reply.ending == "reset":
                self._reset()
            raise ConnectionAbortedError
        self.date_offset = reply.date_offset
        response = _Response(reply.body, reply.status, reply.headers)
        if reply.length is not None:
            response.headers["Content-Length"] = str(reply.length)
        return response

    def _reset(self) -> None:
        """End the connection with a TCP reset.

        With a linger time of zero, close() sends RST. The socket is detached first: otherwise http.server,
        which also holds it, shuts the connection down in the normal way before that.
        """
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        socket.close(self.connection.detach())

    def handle(self) -> None:
        """Handle one request. A client that disconnects or sends nothing is not an error."""
        self.close_connection = True
        self.method = self.target = ""
        try:
            if self._begins_with(_TLS_HANDSHAKE):
                logger.info(_SPEAKS_TLS)
                return
            self.handle_one_request()
        except OSError:
            pass
        except Exception as error:  # noqa: BLE001  # above this, socketserver prints a traceback to stderr
            type(self).record_error(error)

    def _begins_with(self, data: bytes) -> bool:
        """Wait for the first bytes of the client, and compare them without reading them."""
        return isinstance(self.rfile, io.BufferedReader) and self.rfile.peek(len(data)).startswith(data)

    def parse_request(self) -> bool:
        """Read the request line and the headers; return False after sending an error."""
        line = str(self.raw_requestline, "latin-1").rstrip("\r\n")
        words = line.split(" ")
        well_formed = len(words) == _REQUEST_LINE_WORDS and all(words)
        if well_formed:
            self.method = words[0]
            self._take_target(words[1])
            # http.server splits at every kind of Unicode white space and removes one of two leading slashes,
            # and werkzeug fails on some targets. Both get this line instead; its target is never used.
            self.raw_requestline = f"GET / {words[2]}\r\n".encode("latin-1")
        error: FramingError | None = None
        try:
            self.header_list = read_headers(self.rfile)
        except FramingError as raised:
            self.header_list, error = raised.headers, raised
        file, self.rfile = self.rfile, io.BytesIO(b"\r\n" if error else self._lines_for_libraries())
        try:
            if not super().parse_request():
                return False
        finally:
            self.rfile = file
        self.close_connection = True
        if well_formed:
            self.command = self.method
        else:
            error = FramingError(400, "The request line is not METHOD TARGET VERSION.")
        if error is not None:
            self.send_error(error.status, explain=str(error), mistake=error.mistake)
            return False
        return True

    def _lines_for_libraries(self) -> bytes:
        read = [pair for pair in self.header_list if pair[0].lower() in _READ_BY_LIBRARIES]
        lines = dict.fromkeys(f"{name}:{value}\r\n" for name, value in read)
        return "".join([*lines, "\r\n"]).encode("latin-1")

    def _take_target(self, target: str) -> None:
        """Keep the target; of one in absolute form, what follows the authority (RFC 9112, section 3.2.2)."""
        absolute = _ABSOLUTE_FORM.fullmatch(target)
        self.target, self.authority = target, None
        if absolute:
            self.authority, rest = absolute.groups()
            self.target = rest if rest.startswith("/") else f"/{rest}"

    def send_error(
        self, code: int, message: str | None = None, explain: str | None = None, mistake: str = ""
    ) -> None:
        """Send an error found before the request was complete, in the API's error envelope, and record it."""
        if not self.method:  # the request line is malformed
            line = str(self.raw_requestline, "latin-1").rstrip("\r\n")
            self.method, _, self.target = line.partition(" ")
        explanation = explain or HTTPStatus(code).description
        type(self).record_malformed(self.head, code, explanation, mistake)
        headers = (("X-Mock-Mistake", mistake),) if mistake else ()
        reply = problem(code, "BadRequest", explanation, headers)
        self.send_response(code, message)
        for name, value in (
            *reply.headers,
            ("Content-Length", str(len(reply.body))),
            ("Connection", "close"),
        ):
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(reply.body)

    def handle_expect_100(self) -> bool:
        """Do nothing: werkzeug sends 100 Continue itself."""
        return True

    def make_environ(self) -> WSGIEnvironment:
        """Return werkzeug's WSGI environment, with this connection in it."""
        environ = super().make_environ()
        environ[_ENVIRON_KEY] = self
        return environ

    def date_time_string(self, timestamp: float | None = None) -> str:
        """Return a Date value; without a timestamp, that of the mock's clock."""
        if timestamp is None:
            time = type(self).clock() + self.date_offset
            timestamp = min(max(time, 0), LATEST_TIME) / 1000
        return super().date_time_string(timestamp)

    def version_string(self) -> str:
        """Return the Server header: the mock's name, not those of its libraries."""
        return "capella-mock"

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002  # werkzeug's name for it
        """Do nothing: the journal records requests."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Do nothing: werkzeug's own method would decode the path first."""
