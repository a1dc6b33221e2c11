"""Refuse every connection beyond loopback in the Python process that imports this module.

Python imports a module of this name when it starts, if its folder is in PYTHONPATH. So the module is short
and imports nothing that costs time.
"""

from __future__ import annotations

import sys
from typing import Any

_EVENTS = {"socket.connect": 1, "socket.sendto": 1, "socket.getaddrinfo": 0, "socket.gethostbyname": 0}
_LOOPBACK = ("127.", "::ffff:127.")
_NAMES = ("", "::1", "localhost", "0.0.0.0", "::")  # noqa: S104  # no address is bound here


class NetworkBlockedError(RuntimeError):
    """A test used the network beyond loopback. It is not an OSError, so no retry and no handler hides it."""


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    """Raise an error if this audit event connects, sends to, or resolves a host other than loopback.

    Names below `.invalid` do not exist (RFC 6761): resolving one fails as it does with a resolver.
    """
    position = _EVENTS.get(event)
    if position is None:
        return
    address = arguments[position]
    host = address[0] if isinstance(address, tuple) else address if position == 0 else None
    if host is None:  # a Unix socket, or any local address
        return
    text = host.decode("ascii", "replace") if isinstance(host, bytes | bytearray) else str(host)
    if text in _NAMES or text.startswith(_LOOPBACK):
        return
    if position == 0 and text.endswith(".invalid"):
        sockets = sys.modules["_socket"]
        raise sockets.gaierror(sockets.EAI_NONAME, "Name or service not known")
    raise NetworkBlockedError(
        f"{event} to {text!r}: tests may use loopback only; start a server on 127.0.0.1"
    )


sys.addaudithook(_refuse)
