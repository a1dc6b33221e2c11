"""Sends a request byte for byte, as no HTTP library would, and reads the answer by its Content-Length."""

from __future__ import annotations

import json
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.conformance.vectors.suite import Request

TIMEOUT = 10.0  # seconds: a mock that hangs fails a vector, not the run


@dataclass(frozen=True)
class RawAnswer:
    """An answer as it came, header names in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:  # noqa: ANN401  # JSON
        """Return the body, or None where it is no JSON."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None


def serialize(request: Request, port: int) -> bytes:
    """Return the bytes of a request; Host, Content-Length and Connection are added where they are absent."""
    body = (request.body or "").encode()
    headers = list(request.headers)
    names = {name.lower() for name, _ in headers}
    added = {"Host": f"127.0.0.1:{port}", "Content-Length": str(len(body)), "Connection": "close"}
    headers += [(name, value) for name, value in added.items() if name.lower() not in names]
    lines = [f"{request.method} {request.target} HTTP/1.1", *(f"{name}: {value}" for name, value in headers)]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def exchange(request: Request, port: int) -> RawAnswer:
    """Send a request to a port of this machine and read the answer.

    Raises:
        OSError: no whole answer came.
    """
    with socket.create_connection(("127.0.0.1", port), TIMEOUT) as connection:
        connection.sendall(serialize(request, port))
        with connection.makefile("rb") as stream:
            status = stream.readline().split(b" ")
            if len(status) < 2:
                raise ConnectionError("closed without an answer")
            headers = {}
            while line := stream.readline().strip():
                name, _, value = line.decode("latin-1").partition(":")
                headers[name.lower()] = value.strip()
            body = b"" if request.method == "HEAD" else stream.read(int(headers.get("content-length", "0")))
    return RawAnswer(int(status[1]), headers, body)
