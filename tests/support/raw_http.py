"""Requests written byte by byte on a socket, for what no HTTP library would send."""

from __future__ import annotations

import base64
import contextlib
import hmac
import json
import socket
from dataclasses import dataclass
from typing import Any

ACCESS_KEY = "mock-access-key"
SECRET_KEY = "mock-secret-key, not#a%real$one"


@dataclass(frozen=True)
class Reply:
    """An answer: its status, its headers by lower-case name, and its body."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:  # noqa: ANN401  # whatever was sent
        """The body, decoded."""
        return json.loads(self.body)


def send(port: int, raw: bytes, *, timeout: float = 10) -> bytes:
    """Send these bytes to 127.0.0.1, no more, and return all that comes back until the connection closes.

    Raises:
        TimeoutError: nothing came for so many seconds.
        ConnectionError: the server reset the connection.
    """
    with socket.create_connection(("127.0.0.1", port), timeout=timeout) as connection:
        connection.sendall(raw)
        with contextlib.suppress(OSError):  # the answer was a reset, and is there to be read
            connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def parse(answer: bytes) -> Reply:
    """Take an answer apart."""
    head, _, body = answer.partition(b"\r\n\r\n")
    status_line, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    return Reply(int(status_line.split(" ")[1]), headers, body)


def signature(method: str, target: str, timestamp: int | str, secret: str = SECRET_KEY) -> str:
    """The signature of a request."""
    text = f"{method}\n{target}\n{timestamp}".encode("latin-1")
    return base64.b64encode(hmac.digest(secret.encode(), text, "sha256")).decode()


def request(
    method: str,
    target: str,
    headers: list[tuple[str, str]],
    body: bytes = b"",
    *,
    host: str = "127.0.0.1",
) -> bytes:
    """A request as bytes. Host and Content-Length are added; text is Latin-1."""
    lines = [f"{method} {target} HTTP/1.1", f"Host: {host}", *(f"{name}: {value}" for name, value in headers)]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def signed(
    method: str,
    target: str,
    timestamp: int,
    body: bytes = b"",
    *headers: tuple[str, str],
    host: str = "127.0.0.1",
) -> bytes:
    """A request signed right, as bytes."""
    mac = signature(method, target, timestamp)
    both = [("Authorization", f"Bearer {ACCESS_KEY}:{mac}"), ("Couchbase-Timestamp", str(timestamp))]
    return request(method, target, [*both, *headers], body, host=host)
