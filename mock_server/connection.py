"""The HTTP of the mock: what arrives, untouched, and the ways a connection can end.

``http.server`` and werkzeug decode, fold and join what they read. The verifier needs what travelled, so
it is taken here, from the request line and the header list, before anybody has worked on it.
"""

from __future__ import annotations

import socket
import struct
from email import errors
from http import HTTPStatus
from typing import TYPE_CHECKING, ClassVar, Final

from werkzeug.serving import WSGIRequestHandler

if TYPE_CHECKING:
    from collections.abc import Callable
    from io import BufferedIOBase
    from wsgiref.types import WSGIEnvironment

EXCHANGE: Final = "mock_server.exchange"
"""Where an Exchange puts itself into the WSGI environment."""

LAST_MOMENT: Final = 253_402_300_799_999
"""The end of the year 9999, in milliseconds: the last that Date can name."""

_IDLE: Final = 5.0  # seconds without a byte after which a client is given up
_WORDS: Final = 3
_BROKEN_HEADERS: Final = (
    errors.FirstHeaderLineIsContinuationDefect,
    errors.InvalidHeaderDefect,
    errors.MisplacedEnvelopeHeaderDefect,
    errors.MissingHeaderBodySeparatorDefect,
)


class _Lines:
    """Reads header lines from a file, and notes a carriage return that is not part of a line's end."""

    def __init__(self, file: BufferedIOBase) -> None:
        self.file = file
        self.torn = False

    def readline(self, limit: int = -1) -> bytes:
        line = self.file.readline(limit)
        self.torn |= b"\r" in line.removesuffix(b"\n").removesuffix(b"\r")
        return line


class Exchange(WSGIRequestHandler):
    """One request and its answer on one connection, which then ends (werkzeug has no keep-alive).

    ``method``, ``target`` and ``pairs``, the header list, are the bytes received, read as Latin-1.
    """

    protocol_version = "HTTP/1.1"
    default_request_version = "HTTP/1.1"  # or a broken request line is answered without a status line
    timeout = _IDLE
    # What http.server refuses by itself is answered in the API's envelope too.
    error_content_type = "application/json"
    error_message_format = '{"errorType":"BadRequest","message":"%(explain)s"}\n'

    clock: ClassVar[Callable[[], int]]
    failed: ClassVar[Callable[[Exception], None]]

    raw_requestline: bytes
    method: str
    target: str
    pairs: list[tuple[str, str]]
    date_offset = 0

    def handle(self) -> None:
        """Serve one request. A client that went away or fell silent is no error of ours."""
        self.close_connection = True
        try:
            self.handle_one_request()
        except OSError:
            pass
        except Exception as error:  # noqa: BLE001  # the last place before a traceback on stderr
            type(self).failed(error)

    def parse_request(self) -> bool:
        """Read request line and headers, keeping the words of the line as they travelled."""
        line = str(self.raw_requestline, "latin-1").rstrip("\r\n")
        words = line.split(" ")
        well_formed = len(words) == _WORDS and all(words)
        if well_formed:
            # http.server splits at every blank of Unicode and folds a leading "//", and werkzeug fails on
            # some targets. Neither gets to see them: nothing here uses what they would make of it.
            self.raw_requestline = f"GET / {words[2]}\r\n".encode("latin-1")
        lines = _Lines(self.rfile)
        self.rfile = lines  # type: ignore[assignment]  # all that the header lines are read with
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
        if lines.torn:
            # The header parser would end a line there, and what is verified would not be what was sent.
            self.send_error(HTTPStatus.BAD_REQUEST, explain="A header line holds a carriage return.")
            return False
        if any(isinstance(defect, _BROKEN_HEADERS) for defect in self.headers.defects):
            self.send_error(HTTPStatus.BAD_REQUEST, explain="A header line is not NAME: VALUE.")
            return False
        self.pairs = self.headers.items()
        return True

    def handle_expect_100(self) -> bool:
        """Leave it to werkzeug, which says 100 Continue itself."""
        return True

    def make_environ(self) -> WSGIEnvironment:
        """Add this exchange to what werkzeug makes."""
        environ = super().make_environ()
        environ[EXCHANGE] = self
        return environ

    def date_time_string(self, timestamp: float | None = None) -> str:
        """Date is the mock's own clock."""
        if timestamp is None:
            moment = type(self).clock() + self.date_offset
            timestamp = min(max(moment, 0), LAST_MOMENT) / 1000
        return super().date_time_string(timestamp)

    def version_string(self) -> str:
        """Name the mock, not the libraries under it."""
        return "capella-mock"

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002  # the name it has in werkzeug
        """Say nothing: the journal has it."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing, and decode no path for it."""

    def reset(self) -> None:
        """End the connection by a TCP reset.

        No linger time makes close() send RST. The socket is detached first: http.server still holds it,
        and would otherwise end the connection in good order before it.
        """
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        socket.close(self.connection.detach())
