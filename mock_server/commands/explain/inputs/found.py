"""A request that was found in the input, and the error for input without one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from mock_server.commands.console import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mock_server.http import ReceivedRequest

_AUTHORITY: Final = re.compile(rb"(?i)https?://([^/?#]*)(.*)", re.DOTALL)


class UnreadableError(UsageError):
    """Raised for input that is no request. The message is one line, and repeats no value of the input."""


@dataclass(frozen=True, slots=True)
class FoundRequest:
    """A request in the input.

    Attributes:
        request: the request, in the form in which a server receives it.
        body_known: whether the input contains the body; if not, ``request.body`` is empty.
        server_time: the ``Date`` of the response in milliseconds since 1970-01-01 UTC, or None.
        notes: notes for the user about the input, one sentence each.
    """

    request: ReceivedRequest
    body_known: bool = True
    server_time: int | None = None
    notes: tuple[str, ...] = ()


class Reading(NamedTuple):
    """The requests in the input.

    Attributes:
        requests: the requests to judge; at least one.
        unsigned: the requests that were saved without their Authorization header.
    """

    requests: Sequence[FoundRequest]
    unsigned: Sequence[FoundRequest] = ()


def split_url(url: bytes) -> tuple[bytes, bytes]:
    """Return host and request target of a URL, without user name and fragment.

    A URL without ``http://`` or ``https://`` is a request target already: its host is empty.
    """
    parts = _AUTHORITY.fullmatch(url)
    if parts is None:
        return b"", url
    target = parts[2].partition(b"#")[0]
    if not target.startswith(b"/"):
        target = b"/" + target
    return parts[1].rpartition(b"@")[2], target


def latin1(data: bytes) -> str:
    """Return bytes as the text that ``ReceivedRequest`` holds: a character for each byte."""
    return data.decode("latin-1")
