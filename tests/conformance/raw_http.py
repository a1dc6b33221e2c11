"""Sends exact bytes to an HTTP server on this machine, and reads the response.

HTTP libraries normalise what they send. The tests must control every byte, so they all send with this module.
"""

from __future__ import annotations

import json
import socket
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

TIMEOUT = 30.0  # seconds for one send or receive: a server that hangs fails one test, not the whole run
CHUNK = 65_536
INTERIM = range(100, 200)  # statuses before the response: 100 answers `Expect: 100-continue`


@dataclass(frozen=True, slots=True)
class RawRequest:
    """A request as it is sent: each character of method, target and headers is one byte (Latin-1)."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...] = ()
    body: str | None = None  # sent as UTF-8

    def serialize(self, host: str) -> bytes:
        """Return the bytes of the request; Host, Content-Length and Connection are added if absent."""
        body = (self.body or "").encode()
        names = {name.lower() for name, _ in self.headers}
        defaults = {"Host": host, "Content-Length": str(len(body)), "Connection": "close"}
        added = [(name, value) for name, value in defaults.items() if name.lower() not in names]
        return head(self.method, self.target, (*self.headers, *added)) + body


@dataclass(frozen=True)
class RawResponse:
    """A response as it was received; header names are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:  # noqa: ANN401  # JSON
        """The decoded body, or None if the body is not JSON."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None


def head(method: str, target: str, headers: Iterable[tuple[str, str]]) -> bytes:
    """Return the request line and the header lines, encoded as Latin-1, with the empty line after them."""
    lines = (f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in headers), "", "")
    return "\r\n".join(lines).encode("latin-1")


def connect(port: int, *, timeout: float = TIMEOUT) -> socket.socket:
    """Open a connection to a port of 127.0.0.1."""
    return socket.create_connection(("127.0.0.1", port), timeout)


def send(port: int, request: RawRequest) -> RawResponse:
    """Send a request and read the response by its Content-Length.

    Raises:
        OSError: no complete response head was received.
    """
    with connect(port) as connection:
        connection.sendall(request.serialize(f"127.0.0.1:{port}"))
        with connection.makefile("rb") as stream:
            return _read(stream, has_body=request.method != "HEAD")


def send_bytes(port: int, raw: bytes, *, timeout: float = TIMEOUT) -> bytes:
    """Send these bytes, end the sending direction, and return all bytes received until the server closes.

    Raises:
        TimeoutError: nothing was received for `timeout` seconds.
        ConnectionError: the server reset the connection.
    """
    with connect(port, timeout=timeout) as connection:
        connection.sendall(raw)
        with suppress(OSError):  # the server has reset the connection already; reading reports it
            connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(CHUNK), b""))


def parse(raw: bytes) -> RawResponse:
    """Split the bytes of a response; everything after the head is the body.

    Raises:
        ConnectionError: there is no status line.
    """
    first, _, body = raw.partition(b"\r\n\r\n")
    status_line, *lines = first.decode("latin-1").split("\r\n")
    words = status_line.split(" ")
    if len(words) < 2:
        raise ConnectionError(f"closed without a response: received {raw[:80]!r}")
    fields = (line.partition(":") for line in lines)
    return RawResponse(int(words[1]), {name.lower(): value.strip() for name, _, value in fields}, body)


def _read_head(stream: IO[bytes]) -> RawResponse:
    lines = []
    while line := stream.readline().rstrip(b"\r\n"):
        lines.append(line)
    return parse(b"\r\n".join(lines))


def _read(stream: IO[bytes], *, has_body: bool) -> RawResponse:
    response = _read_head(stream)
    while response.status in INTERIM:
        response = _read_head(stream)
    length = int(response.headers.get("content-length", "0")) if has_body else 0
    return replace(response, body=stream.read(length))
