"""The API behind the mock: from a raw request to an answer, signatures and HTTP left to the server."""

import threading
from collections.abc import Callable, Sequence
from functools import cache

import mock_server.api.operations  # noqa: F401  # registers the operations
from mock_server.api.answers import Answer, ApiError
from mock_server.api.description import Description, load
from mock_server.api.registry import HANDLERS, Call
from mock_server.api.seed import seeded


@cache
def _description() -> Description:
    """Compile the description once for the process, however many servers run in it."""
    return Description(load(), HANDLERS)


class Api:
    """All operations over one state. Thread-safe: one lock is held while an operation works on the state."""

    def __init__(self, *, clock: Callable[[], int], transition: int = 3) -> None:
        """Start from the seed.

        Args:
            clock: Gives the time in milliseconds since 1970 UTC.
            transition: How many polls see a cluster or bucket in between, as `deploying`, before it is
                ready; 0 makes it ready at once. A poll is any answer that shows the thing.

        Raises:
            RuntimeError: openapi.yaml and the functions do not fit each other.
        """
        self._clock = clock
        self.transition = transition
        self._description = _description()
        self._lock = threading.Lock()
        self.reset()

    def reset(self) -> None:
        """Restore the seed: the same ids, the same order, nothing of what was created since."""
        store = seeded(self._clock, self.transition)
        with self._lock:
            self._store = store

    def needs_authentication(self, method: str, path: str) -> bool:
        """Tell whether a request must be signed: all but `GET /v2/status`, those to nowhere included.

        Args:
            method: As it travelled.
            path: As it travelled, with or without its query.
        """
        return (method, path.partition("?")[0]) not in self._description.unauthenticated

    def answer(
        self, method: str, target: str, headers: Sequence[tuple[str, str]], body: bytes, origin: str
    ) -> Answer:
        """Answer a request. Never raises for anything a client can send.

        Args:
            method: As it travelled.
            target: The request target as it travelled, percent-encoded.
            headers: Name and value of each header as received.
            body: The body, empty where there is none.
            origin: `http://host:port` as the client addressed us: links in answers begin with it.
        """
        path, _, query = target.partition("?")
        try:
            operation, ids = self._description.find(method, path)
            inputs = operation.read(ids, query, headers, body)
            with self._lock:
                return operation.handler(
                    Call(
                        store=self._store,
                        origin=origin,
                        path=path,
                        ids=inputs["path"],
                        query=inputs["query"],
                        body=inputs.get("body"),
                    )
                )
        except ApiError as error:
            return error.answer
