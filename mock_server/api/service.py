"""Handles API requests: finds the operation, validates the request, runs the operation.

The server verifies the signature before it calls this module.
"""

import threading
from collections.abc import Callable
from functools import cache
from typing import Any

import mock_server.api.operations  # noqa: F401  # registers the operations
from mock_server.api.description import Description, load
from mock_server.api.errors import ApiError
from mock_server.api.registry import HANDLERS, Call
from mock_server.api.seed import seeded
from mock_server.api.state import dump
from mock_server.api.state import load as load_state
from mock_server.http import ReceivedRequest, Reply


@cache
def _description() -> Description:
    """Return the compiled description. It is compiled once for all servers of a process."""
    return Description(load(), HANDLERS)


class Api:
    """All operations on one state. Thread-safe: an operation holds a lock while it uses the state."""

    def __init__(self, *, clock: Callable[[], int], transition: int = 3, first: object = None) -> None:
        """Create the first state.

        Args:
            clock: returns milliseconds since 1970-01-01 UTC.
            transition: the number of polls that show a new cluster or bucket as `deploying` before it is
                ready; 0 makes it ready at once. Each response that contains its status counts as one poll.
            first: the first state, a JSON value as `state` returns it; None for the seed.

        Raises:
            StateError: the first state is invalid.
            RuntimeError: openapi.yaml has an operation without a function, or the reverse.
        """
        self._clock = clock
        self.transition = transition
        self._description = _description()
        self._lock = threading.Lock()
        # Complete: a reset restores the ids and times that were chosen at start.
        self._first = None if first is None else dump(load_state(first, clock, transition))
        self.reset()

    def reset(self) -> None:
        """Restore the first state: the same ids in the same order, without anything created since."""
        if self._first is None:
            store = seeded(self._clock, self.transition)
        else:
            store = load_state(self._first, self._clock, self.transition)
        with self._lock:
            self._store = store

    def state(self) -> dict[str, Any]:
        """Return the state as a JSON value."""
        with self._lock:
            return dump(self._store)

    def replace_state(self, state: object) -> None:
        """Replace the state by one that `state` has returned, or that state.yaml describes.

        Raises:
            StateError: the state is invalid. The present state is unchanged.
        """
        store = load_state(state, self._clock, self.transition)
        with self._lock:
            self._store = store

    def needs_authentication(self, request: ReceivedRequest) -> bool:
        """Return whether a request must be signed: every request except `GET` and `HEAD /v2/status`."""
        method = "GET" if request.method == "HEAD" else request.method
        return (method, request.path) not in self._description.unauthenticated

    def handle(self, request: ReceivedRequest, origin: str) -> Reply:
        """Return the reply to a request. It raises no exception for any request.

        Args:
            request: the request as received.
            origin: `http://host:port` as the client addressed the mock; links in replies begin with it.
        """
        try:
            operation, ids = self._description.find(request.method, request.path)
            inputs = operation.read(ids, request)
            with self._lock:
                return operation.handler(
                    Call(
                        store=self._store,
                        origin=origin,
                        path=request.path,
                        ids=inputs["path"],
                        query=inputs["query"],
                        body=inputs.get("body"),
                    )
                )
        except ApiError as error:
            return error.reply
