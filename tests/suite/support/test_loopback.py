"""Tests use loopback only: every other address is refused, in this process and in Python programs."""

from __future__ import annotations

import socket
import sys
from typing import TYPE_CHECKING

import pytest
import requests

from tests.support.programs import environment, minimal_environment, run

if TYPE_CHECKING:
    from collections.abc import Callable

ELSEWHERE = "192.0.2.1"  # TEST-NET-1, RFC 5737: no host has this address
BLOCKED = "tests may use loopback only"


@pytest.mark.parametrize("address", [(ELSEWHERE, 80), ("2001:db8::1", 80, 0, 0)])
def test_connections_beyond_loopback_are_refused(address: tuple[str, int]) -> None:
    """`connect` fails at once, and not as a network error that a client would retry."""
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    with socket.socket(family) as client, pytest.raises(RuntimeError, match=f"'{address[0]}': {BLOCKED}"):
        client.connect(address)


def test_datagrams_beyond_loopback_are_refused() -> None:
    """`sendto` fails as well, so no question reaches a name server."""
    with socket.socket(type=socket.SOCK_DGRAM) as client, pytest.raises(RuntimeError, match=BLOCKED):
        client.sendto(b"", (ELSEWHERE, 53))


def test_names_are_not_resolved() -> None:
    """Resolving a name is refused, except below `.invalid`, which fails as an unknown name."""
    with pytest.raises(RuntimeError, match=f"'example.com': {BLOCKED}"):
        socket.getaddrinfo("example.com", 80)
    with pytest.raises(RuntimeError, match=BLOCKED):
        requests.get("http://example.com/", timeout=5)
    with pytest.raises(socket.gaierror):
        socket.getaddrinfo("capella.invalid", 80)


@pytest.mark.parametrize("environ", [environment, minimal_environment])
def test_python_programs_are_blocked_as_well(environ: Callable[[], dict[str, str]]) -> None:
    """A program that a test starts inherits the block, with either environment."""
    done = run(
        sys.executable,
        "-c",
        f"import socket; socket.create_connection(({ELSEWHERE!r}, 80), 5)",
        env=environ(),
    )
    assert done.returncode == 1
    assert "NetworkBlockedError: socket.getaddrinfo to '192.0.2.1'" in done.stderr


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_loopback_is_allowed(host: str) -> None:
    """A server on this machine can be reached by address and by name."""
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        socket.create_connection((host, listener.getsockname()[1]), timeout=5) as client,
    ):
        assert client.getpeername() == listener.getsockname()
