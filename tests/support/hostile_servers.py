"""A server that sends scripted bytes and records the requests, and a Python client with fake clocks."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from capella.client import Client
from capella.retry import Limits
from capella.settings import Settings
from capella.signing import sign

if TYPE_CHECKING:
    import ssl

SECRET = "my secret key"
NOWHERE = "http://127.0.0.1:1"  # tcpmux: no program listens there

Action = bytes | Callable[[socket.socket], None]


def response_bytes(
    status: int = 200,
    body: bytes = b"{}",
    *headers: str,
    content_type: str = "application/json",
    reason: str = "X",
) -> bytes:
    """Return a response that keeps the connection open."""
    lines = [
        f"HTTP/1.1 {status} {reason}",
        f"Content-Type: {content_type}",
        f"Content-Length: {len(body)}",
        *headers,
    ]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def error_bytes(status: int, message: str = "told so", *headers: str, error_type: str = "Refused") -> bytes:
    """Return a response with the API's error envelope."""
    body = f'{{"errorType": "{error_type}", "message": "{message}"}}'.encode()
    return response_bytes(status, body, *headers)


def drop(connection: socket.socket) -> None:
    """Close the connection without a response."""
    connection.shutdown(socket.SHUT_RDWR)


def truncate(response: bytes) -> Callable[[socket.socket], None]:
    """Return an action that sends the response without its last byte, then closes the connection."""

    def cut(connection: socket.socket) -> None:
        connection.sendall(response[:-1])
        drop(connection)

    return cut


def reset(connection: socket.socket) -> None:
    """Close the connection with a TCP reset."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


@dataclass(frozen=True)
class RecordedRequest:
    """A request as received: method, target, header pairs and body."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str | None:
        """Return the value of a header, or None; two values are an error."""
        values = [value for known, value in self.headers if known.lower() == name.lower()]
        assert len(values) <= 1, f"{name} was sent twice"
        return values[0] if values else None


class ScriptedServer:
    """Performs one action for each request, and repeats the last action.

    Args:
        actions: The bytes to send, or a function that handles the connection and ends it.
        tls: Serves TLS with this context.
        port: The port on loopback; 0 takes a free one.
    """

    def __init__(self, *actions: Action, tls: ssl.SSLContext | None = None, port: int = 0) -> None:
        """Listen on the port."""
        self._actions = list(actions)
        self._tls = tls
        self._lock = threading.Lock()
        self._open: list[socket.socket] = []
        self.seen: list[RecordedRequest] = []
        self.connections = 0
        self._listener = socket.create_server(("127.0.0.1", port))
        self.port: int = self._listener.getsockname()[1]
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        """Accept connections in a thread."""
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        """Close the listener and all connections."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in self._open:
            connection.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError):
            if self._tls:
                connection = self._tls.wrap_socket(connection, server_side=True)
            self._open.append(connection)
            with connection, connection.makefile("rb") as stream:
                while line := stream.readline():
                    try:
                        self._read(line, stream.readline, stream.read)
                    except ValueError:
                        connection.sendall(b"HTTP/1.1 400 What?\r\n\r\n")
                        break
                    with self._lock:
                        action = self._actions.pop(0) if len(self._actions) > 1 else self._actions[0]
                    if isinstance(action, bytes):
                        connection.sendall(action)
                    else:
                        action(connection)
                        break

    def _read(self, line: bytes, readline: Callable[[], bytes], read: Callable[[int], bytes]) -> None:
        method, target, _ = line.decode("latin-1").split(" ")
        headers = []
        while (header := readline()).strip():
            name, _, value = header.decode("latin-1").partition(":")
            headers.append((name, value.strip()))
        length = next((int(value) for name, value in headers if name.lower() == "content-length"), 0)
        self.seen.append(RecordedRequest(method, target, tuple(headers), read(length)))


class Rig:
    """A client with fake clocks, and with a sleep that returns at once and records the seconds."""

    def __init__(self, url: str, limits: Limits | None = None) -> None:
        """Start the clocks at fixed times; each reading advances them."""
        self.slept: list[float] = []
        self.now = 1_700_000_000_000
        self.monotonic = 0.0
        self.tick = 0.0
        self.client = Client(
            Settings(url, "A", SECRET),
            limits=limits or Limits(),
            clock=self._clock,
            monotonic=self._monotonic,
            sleep=self._sleep,
        )

    def _clock(self) -> int:
        self.now += 1
        return self.now

    def _monotonic(self) -> float:
        self.monotonic += self.tick
        return self.monotonic

    def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.monotonic += seconds
        self.now += int(seconds * 1000)


def assert_signed(seen: RecordedRequest) -> None:
    """Check that the signature fits the request line and the timestamp as received."""
    timestamp = seen.header("Couchbase-Timestamp")
    assert timestamp
    assert seen.header("Authorization") == f"Bearer A:{sign(seen.method, seen.target, timestamp, SECRET)}"
