"""Validate every response of every mock in this process against openapi.yaml."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from mock_server.api import Api

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mock_server.http import ReceivedRequest, Reply


@contextmanager
def every_response_validated() -> Iterator[None]:
    """Validate every response of every `Api` in this process, with and without a server.

    An invalid response raises an AssertionError where it is made. In a server that becomes a 500, and
    `MockServer.check()` raises it again.
    """
    original = Api.handle

    def handle(self: Api, request: ReceivedRequest, origin: str) -> Reply:
        from tests.support.response_validation import validate_response  # noqa: PLC0415  # imports for 0.2 s

        reply = original(self, request, origin)
        validate_response(request.method, request.target, reply.status, reply.headers, reply.body)
        return reply

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Api, "handle", handle)
        yield
