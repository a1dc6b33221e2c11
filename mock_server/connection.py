"""One connection: reads one request exactly as it was received, and sends one reply.

``http.server`` and werkzeug decode, fold and join what they read. The verifier needs the bytes received,
so this module takes the request line and the header list before those libraries change them.
"""

from __future__ import annotations

import socket
import struct
from email import errors
from http import HTTPStatus
from typing import TYPE_CHECKING, ClassVar, Final

from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge
from werkzeug.serving import WSGIRequestHandler
from werkzeug.wrappers import Response

from mock_server.http import ReceivedRequest, Reply, problem

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from io import BufferedIOBase
    from wsgiref.types import WSGIEnvironment

    from werkzeug.wrappers import Request

LATEST_TIME: Final = 253_402_300_799_999
"""The end of the year 9999, in milliseconds since 1970-01-01 UTC: the last time a Date header can hold."""

_ENVIRON_KEY: Final = "mock_server.connection"
_IDLE_LIMIT: Final = 5.0  # seconds without a byte from the client, after which the connection is closed
_BODY_LIMIT: Final = 1_000_000  # bytes; a longer body is a 413
_TOO_LARGE: Final = problem(413, "RequestTooLarge", f"The body is larger than {_BODY_LIMIT:,} bytes.")
_REQUEST_LINE_WORDS: Final = 3
_MALFORMED_HEADERS: Final = (
    errors.FirstHeaderLineIsContinuationDefect,
    errors.InvalidHeaderDefect,
    errors.MisplacedEnvelopeHeaderDefect,
    errors.MissingHeaderBodySeparatorDefect,
)


class _HeaderLines:
    """Reads header lines from a file, and records whether one has a carriage return before its end."""

    def __init__(self, file: BufferedIOBase) -> None:
        self.file = file
        self.stray_carriage_return = False

    def readline(self, limit: int = -1) -> bytes:
        line = self.file.readline(limit)
        self.stray_carriage_return |= b"\r" in line.removesuffix(b"\n").removesuffix(b"\r")
        return line


class _Response(Response):
    default_mimetype = None  # a response without a body has no Content-Type


class Connection(WSGIRequestHandler):
    """Handles one request, then closes the connection: werkzeug has no keep-alive.

    ``method``, ``target`` and ``header_list`` are the bytes received, read as Latin-1.
    """

    protocol_version = "HTTP/1.1"
    default_request_version = "HTTP/1.1"  # otherwise the reply to a malformed request line has no status line
    timeout = _IDLE_LIMIT

    clock: ClassVar[Callable[[], int]]
    record_error: ClassVar[Callable[[Exception], None]]

    raw_requestline: bytes
    method: str
    target: str
    header_list: Sequence[tuple[str, str]]
    date_offset = 0

    @classmethod
    def of(cls, request: Request) -> Connection:
        """Return the connection on which werkzeug received a request."""
        connection: Connection = request.environ[_ENVIRON_KEY]
        return connection

    def receive(self, request: Request) -> tuple[ReceivedRequest, Reply | None]:
        """Read the body, and return the whole request.

        If the body is too large or malformed, the request has an empty body, and the second value is the
        error reply: 413 or 400.
        """
        error: Reply | None = None
        body = b""
        # For a chunked body above this length, werkzeug returns the first bytes and raises no error.
        request.max_content_length = _BODY_LIMIT + 1
        try:
            body = request.get_data(cache=False)
        except RequestEntityTooLarge:
            error = _TOO_LARGE
        except ClientDisconnected:
            error = problem(400, "BadRequest", "The body is incomplete, or its chunks are malformed.")
        if len(body) > _BODY_LIMIT:
            body, error = b"", _TOO_LARGE
        return ReceivedRequest(self.method, self.target, self.header_list, body), error

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
        try:
            self.handle_one_request()
        except OSError:
            pass
        except Exception as error:  # noqa: BLE001  # above this, socketserver prints a traceback to stderr
            type(self).record_error(error)

    def parse_request(self) -> bool:
        """Read the request line and the headers; return False after sending an error."""
        line = str(self.raw_requestline, "latin-1").rstrip("\r\n")
        words = line.split(" ")
        well_formed = len(words) == _REQUEST_LINE_WORDS and all(words)
        if well_formed:
            # http.server splits at every kind of Unicode white space and removes one of two leading slashes,
            # and werkzeug fails on some targets. Both get this line instead; its target is never used.
            self.raw_requestline = f"GET / {words[2]}\r\n".encode("latin-1")
        lines = _HeaderLines(self.rfile)
        self.rfile = lines  # type: ignore[assignment]  # readline is all that http.server uses here
        try:
            if not super().parse_request():
                return False
        finally:
            self.rfile = lines.file
        self.close_connection = True
        if not well_formed:
            self.send_error(HTTPStatus.BAD_REQUEST, explain="The request line is not METHOD TARGET VERSION.")
            return False
        self.command = self.method = words[0]
        self.target = words[1]
        if lines.stray_carriage_return:
            # The header parser ends a line at it: the headers verified would differ from the headers sent.
            self.send_error(HTTPStatus.BAD_REQUEST, explain="A header line contains a carriage return.")
            return False
        if any(isinstance(defect, _MALFORMED_HEADERS) for defect in self.headers.defects):
            self.send_error(HTTPStatus.BAD_REQUEST, explain="A header line is not NAME: VALUE.")
            return False
        self.header_list = self.headers.items()
        return True

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Send an error that http.server found, in the API's error envelope."""
        reply = problem(code, "BadRequest", explain or HTTPStatus(code).description)
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
