"""Which function is which operation."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from mock_server.api.answers import Answer
from mock_server.api.store import Store


@dataclass(frozen=True, slots=True)
class Call:
    """One call of an operation, its inputs already checked against the description."""

    store: Store
    origin: str  # "http://host:port" as the client addressed us, for links
    path: str  # the path as it was asked for, for links
    ids: Mapping[str, str]  # path parameters, decoded
    query: Mapping[str, Any]  # query parameters of the described type, defaults filled in
    body: Any  # the JSON body, None where the operation has none


Handler = Callable[[Call], Answer]
HANDLERS: dict[str, Handler] = {}


def operation(operation_id: str) -> Callable[[Handler], Handler]:
    """Register a function as the operation of this `operationId`.

    Raises:
        RuntimeError: the operation has a function already.
    """

    def register(handler: Handler) -> Handler:
        if operation_id in HANDLERS:
            raise RuntimeError(f"operation {operation_id} has two functions")
        HANDLERS[operation_id] = handler
        return handler

    return register
