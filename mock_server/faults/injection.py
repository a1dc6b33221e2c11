"""Picks the requests that faults hit, and makes of an answer what the fault says."""

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

_ERROR_TYPES: Final = {
    401: "Unauthorized",
    403: "Forbidden",
    404: "EntityNotFound",
    422: "RequestInvalid",
    429: "TooManyRequests",
    500: "InternalServerError",
}
"""Those the operations use for the same statuses; any other status is named after itself."""


@dataclass(slots=True)
class _Armed:
    """A fault and how many requests have fitted it."""

    fault: Fault
    fits: re.Pattern[str]
    chance: random.Random
    seen: int = field(default=0)

    def hits(self) -> bool:
        """Count a request that fits, and say whether it is one of those to be hit."""
        self.seen += 1
        fault = self.fault
        if fault.rate is not None:
            return self.chance.random() < fault.rate
        if fault.every is not None:
            return self.seen % fault.every == 0
        if fault.nth is not None:
            return self.seen == fault.nth
        return fault.first is None or self.seen <= fault.first


class Faults:
    """The faults at work. Thread-safe."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        """Arm these."""
        self._lock = threading.Lock()
        self.replace(faults)

    def replace(self, faults: Iterable[Fault]) -> None:
        """Arm others in place of all there are; every count starts anew."""
        armed = [
            _Armed(fault, _pattern(fault.path), random.Random(fault.seed or 0))  # noqa: S311  # chance, not secrets
            for fault in faults
        ]
        with self._lock:
            self._armed = armed

    def all(self) -> list[Fault]:
        """Those armed, in order."""
        return [armed.fault for armed in self._armed]

    def pick(self, method: str, target: str) -> Fault | None:
        """The fault that hits this request, if any: the first in order; every one that fits counts it."""
        if not self._armed:
            return None
        path = target.partition("?")[0]
        with self._lock:
            hits = [
                armed.fault
                for armed in self._armed
                if armed.fault.method in ("*", method)
                and armed.fits.fullmatch(target if "?" in armed.fault.path else path)
                and armed.hits()
            ]
        return hits[0] if hits else None


def _pattern(path: str) -> re.Pattern[str]:
    first, *middle = map(re.escape, path.split("*"))
    if not middle:
        return re.compile(first)
    # Each piece is found where it first stands, and never looked for again: with that a pattern of many
    # stars costs no more than the path is long.
    *middle, last = middle
    return re.compile(first + "".join(f"(?>.*?{piece})" for piece in middle) + ".*" + last, re.DOTALL)


def carry_out(fault: Fault, operation: Callable[[], Reply], sleep: Callable[[float], None]) -> Reply:
    """Let the fault happen to a request.

    Args:
        fault: what is to happen.
        operation: gives the request's own answer, with all its effects; not called where the fault
            keeps it from happening.
        sleep: waits so many seconds.
    """
    happens = fault.when == "after" or not (fault.status or fault.connection)
    reply = operation() if happens and fault.when == "after" else None
    if fault.latency:
        sleep(fault.latency / 1000)
    if reply is None and happens:
        reply = operation()
    if fault.connection:
        return Reply(status=0, ending=fault.connection)
    if fault.status or reply is None:
        reply = _in_place(fault)
    if fault.body:
        reply = _spoilt(reply, fault.body)
    changed = {name.lower() for name in fault.headers}
    kept = (header for header in reply.headers if header[0].lower() not in changed)
    return replace(reply, headers=(*kept, *fault.headers.items()), date_offset=fault.date_offset or 0)


def _in_place(fault: Fault) -> Reply:
    status = fault.status or HTTPStatus.OK
    if status < HTTPStatus.BAD_REQUEST:
        return Reply(status)
    message = f"The mock answers {status} because a fault asks for it: {fault}"
    return problem(status, _ERROR_TYPES.get(status, f"Status{status}"), message)


def _spoilt(reply: Reply, body: str) -> Reply:
    # A 204 has no body that could be spoilt.
    status = HTTPStatus.OK if reply.status == HTTPStatus.NO_CONTENT else reply.status
    half = reply.body[: len(reply.body) // 2]
    if body == "truncated":
        return replace(reply, status=status, body=half, length=len(reply.body) or 1)
    if body == "malformed":
        return replace(reply, status=status, body=half or b"{", headers=_typed(reply, "application/json"))
    page = f"<!doctype html><title>{status}</title><h1>{status}</h1><p>This page stands for a gateway's.\n"
    return replace(reply, status=status, body=page.encode(), headers=_typed(reply, "text/html"))


def _typed(reply: Reply, content_type: str) -> tuple[tuple[str, str], ...]:
    others = (header for header in reply.headers if header[0].lower() != "content-type")
    return (("Content-Type", content_type), *others)
