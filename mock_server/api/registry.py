"""The functions of the operations, by `operationId`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mock_server.api.store import Store
from mock_server.http import Reply


@dataclass(frozen=True, slots=True)
class Call:
    """The inputs of one call of an operation, validated against the description.

    Attributes:
        store: the state; the operation holds its lock.
        origin: `http://host:port` as the client addressed the mock, for links.
        path: the path as sent, for links.
        ids: the path parameters, decoded.
        query: the query parameters in their described types, defaults included.
        body: the JSON body; None for an operation without a body.
    """

    store: Store
    origin: str
    path: str
    ids: dict[str, str]
    query: dict[str, Any]
    body: Any


Handler = Callable[[Call], Reply]
HANDLERS: dict[str, Handler] = {}


def operation(operation_id: str) -> Callable[[Handler], Handler]:
    """Return a decorator that registers a function for an `operationId`.

    Raises:
        RuntimeError: the operation already has a function.
    """

    def register(handler: Handler) -> Handler:
        if operation_id in HANDLERS:
            raise RuntimeError(f"operation {operation_id} has two functions")
        HANDLERS[operation_id] = handler
        return handler

    return register
