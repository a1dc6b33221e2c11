"""Selects the requests that a fault applies to, and injects the fault into the reply."""

from __future__ import annotations

import random
import re
import threading
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from mock_server.http import Reply, problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from mock_server.faults.grammar import Fault
    from mock_server.http import ReceivedRequest

_ERROR_TYPES: Final = {
    401: "Unauthorized",
    403: "Forbidden",
    404: "EntityNotFound",
    422: "RequestInvalid",
    429: "TooManyRequests",
    500: "InternalServerError",
}
"""The error types that operations use for these statuses. For another status N the type is ``StatusN``."""


@dataclass(slots=True)
class _ActiveFault:
    """A fault with its compiled path pattern and the number of requests that matched it."""

    fault: Fault
    pattern: re.Pattern[str]
    random: random.Random
    matches: int = field(default=0)

    def matches_request(self, request: ReceivedRequest) -> bool:
        if self.fault.method not in ("*", request.method):
            return False
        text = request.target if "?" in self.fault.path else request.path
        return self.pattern.fullmatch(text) is not None

    def selects_next(self) -> bool:
        """Count a matching request, and return whether the fault applies to it."""
        self.matches += 1
        fault = self.fault
        if fault.rate is not None:
            return self.random.random() < fault.rate
        if fault.every is not None:
            return self.matches % fault.every == 0
        if fault.nth is not None:
            return self.matches == fault.nth
        return fault.first is None or self.matches <= fault.first


class Faults:
    """The active faults of a server. Thread-safe."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        """Activate the faults given."""
        self._lock = threading.Lock()
        self.replace(faults)

    def replace(self, faults: Iterable[Fault]) -> None:
        """Replace all faults. Every count starts at zero again."""
        active = [
            _ActiveFault(fault, _compile(fault.path), random.Random(fault.seed or 0))  # noqa: S311  # not a secret
            for fault in faults
        ]
        with self._lock:
            self._active = active

    def all(self) -> list[Fault]:
        """Return the active faults, in their order."""
        return [active.fault for active in self._active]

    def pick(self, request: ReceivedRequest) -> Fault | None:
        """Return the first fault that applies to a request, or None.

        Every fault whose method and path match counts the request, whichever fault applies.
        """
        if not self._active:
            return None
        with self._lock:
            applying = [
                active.fault
                for active in self._active
                if active.matches_request(request) and active.selects_next()
            ]
        return applying[0] if applying else None


def _compile(path: str) -> re.Pattern[str]:
    first, *middle = map(re.escape, path.split("*"))
    if not middle:
        return re.compile(first)
    # Each piece matches at its first occurrence, and the atomic groups prevent backtracking. So the time
    # to match is linear in the length of the path, however many stars the pattern has.
    *middle, last = middle
    return re.compile(first + "".join(f"(?>.*?{piece})" for piece in middle) + ".*" + last, re.DOTALL)


def inject(fault: Fault, operation: Callable[[], Reply], sleep: Callable[[float], None]) -> Reply:
    """Return the reply to a request that a fault applies to.

    Args:
        fault: the fault to inject.
        operation: runs the operation and returns its reply. Not called if the fault replaces the operation:
            a status or a connection fault with ``when=before``.
        sleep: waits for the latency, given in seconds.
    """
    after = fault.when == "after"
    replaced = not after and (fault.status or fault.connection)
    reply = operation() if after else None
    if fault.latency:
        sleep(fault.latency / 1000)
    if reply is None and not replaced:
        reply = operation()
    if fault.connection:
        return Reply(status=0, ending=fault.connection)
    if fault.status or reply is None:
        reply = _status_reply(fault)
    if fault.body:
        reply = _with_broken_body(reply, fault.body)
    replaced_names = {name.lower() for name in fault.headers}
    kept = (header for header in reply.headers if header[0].lower() not in replaced_names)
    return replace(reply, headers=(*kept, *fault.headers.items()), date_offset=fault.date_offset or 0)


def _status_reply(fault: Fault) -> Reply:
    status = fault.status or HTTPStatus.OK
    if status < HTTPStatus.BAD_REQUEST:
        return Reply(status)
    error_type, message = fault.error_type, fault.message
    if error_type is None:
        error_type = _ERROR_TYPES.get(status, f"Status{status}")
    if message is None:
        message = f"The mock injected status {status}, because of this fault: {fault}"
    return problem(status, error_type, message)


def _with_broken_body(reply: Reply, kind: str) -> Reply:
    # A 204 cannot have a body; with a broken body it becomes a 200.
    status = HTTPStatus.OK if reply.status == HTTPStatus.NO_CONTENT else reply.status
    half = reply.body[: len(reply.body) // 2]
    if kind == "truncated":
        return replace(reply, status=status, body=half, length=len(reply.body) or 1)
    if kind == "malformed":
        headers = _with_content_type(reply, "application/json")
        return replace(reply, status=status, body=half or b"{", headers=headers)
    page = (
        f"<!doctype html><title>{status}</title><h1>{status}</h1><p>The mock's example of a gateway's page.\n"
    )
    return replace(reply, status=status, body=page.encode(), headers=_with_content_type(reply, "text/html"))


def _with_content_type(reply: Reply, content_type: str) -> tuple[tuple[str, str], ...]:
    others = (header for header in reply.headers if header[0].lower() != "content-type")
    return (("Content-Type", content_type), *others)
