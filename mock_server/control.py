"""The mock's own endpoints, under ``/_mock/``: inspect the mock, reset it, inject faults.

| method and path | effect |
| --- | --- |
| ``GET /_mock/health`` | return the status and the mock's time in milliseconds |
| ``GET /_mock/requests`` | return the journal |
| ``DELETE /_mock/requests`` | clear the journal |
| ``POST /_mock/reset`` | restore the state, the faults and their counts at start; clear the journal |
| ``GET /_mock/faults`` | return the faults |
| ``PUT /_mock/faults`` | replace the faults; faults/grammar.py describes the body |
| ``DELETE /_mock/faults`` | remove all faults |

They need no signature, they accept only a loopback Host, and the journal and the faults ignore them.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from mock_server.faults.grammar import Fault, FaultError
from mock_server.http import Reply, json_reply, problem

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mock_server.faults.injection import Faults
    from mock_server.http import ReceivedRequest
    from mock_server.journal import Journal

_PREFIX: Final = "/_mock/"
_LOOPBACK: Final = re.compile(r"(?:localhost|127(?:\.[0-9]{1,3}){3}|\[::1\])(?::[0-9]{1,5})?", re.IGNORECASE)


def is_control(request: ReceivedRequest) -> bool:
    """Return whether a request is for the mock itself: below ``/_mock/``, or ``/_mock``."""
    return request.target.startswith(_PREFIX) or request.path == "/_mock"


@dataclass(frozen=True, slots=True)
class Control:
    """Handles the requests for the mock itself.

    Attributes:
        journal: the journal to show and to clear.
        faults: the faults to show and to replace.
        clock: returns milliseconds since 1970-01-01 UTC.
        reset: restores the mock to its state at start.
    """

    journal: Journal
    faults: Faults
    clock: Callable[[], int]
    reset: Callable[[], None]

    def handle(self, request: ReceivedRequest) -> Reply:
        """Handle a request for which ``is_control`` is true."""
        hosts = request.header_values("host")
        named = hosts if request.authority is None else [*hosts, request.authority]
        if len(hosts) != 1 or not all(map(_LOOPBACK.fullmatch, named)):
            return problem(
                403, "Forbidden", "/_mock/ accepts only a Host of localhost, 127.0.0.1 or [::1]: send one."
            )
        name = request.path.removeprefix(_PREFIX)
        methods = _ENDPOINTS.get(name)
        if methods is None:
            known = ", ".join(_PREFIX + name for name in _ENDPOINTS)
            return problem(404, "RouteNotFound", f"Unknown path below /_mock/: use one of {known}.")
        if request.method not in methods:
            allowed = ", ".join(methods)
            message = f"{_PREFIX}{name} does not support this method: use {allowed}."
            return problem(405, "MethodNotAllowed", message, (("Allow", allowed),))
        return methods[request.method](self, request)


def _get_health(control: Control, _request: ReceivedRequest) -> Reply:
    return json_reply(200, {"status": "ok", "time": control.clock()})


def _get_requests(control: Control, _request: ReceivedRequest) -> Reply:
    return json_reply(200, {"requests": control.journal.entries()})


def _delete_requests(control: Control, _request: ReceivedRequest) -> Reply:
    control.journal.clear()
    return Reply(204)


def _post_reset(control: Control, _request: ReceivedRequest) -> Reply:
    control.reset()
    return Reply(204)


def _get_faults(control: Control, _request: ReceivedRequest) -> Reply:
    return json_reply(200, {"faults": [fault.as_json() for fault in control.faults.all()]})


def _put_faults(control: Control, request: ReceivedRequest) -> Reply:
    try:
        control.faults.replace(_parse_faults(request.body))
    except FaultError as error:
        return problem(422, "RequestInvalid", str(error))
    return _get_faults(control, request)


def _delete_faults(control: Control, _request: ReceivedRequest) -> Reply:
    control.faults.replace([])
    return Reply(204)


def _parse_faults(body: bytes) -> list[Fault]:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        raise FaultError('the body is not JSON: send {"faults": [...]}') from None
    if not isinstance(value, dict) or list(value) != ["faults"] or not isinstance(value["faults"], list):
        raise FaultError('the body is not an object with the key "faults" alone: send {"faults": [...]}')
    faults = []
    for number, each in enumerate(value["faults"], start=1):
        try:
            faults.append(Fault.from_json(each))
        except FaultError as error:
            raise FaultError(f"fault {number}: {error}") from None
    return faults


_ENDPOINTS: Final[Mapping[str, Mapping[str, Callable[[Control, ReceivedRequest], Reply]]]] = {
    "health": {"GET": _get_health},
    "requests": {"GET": _get_requests, "DELETE": _delete_requests},
    "reset": {"POST": _post_reset},
    "faults": {"GET": _get_faults, "PUT": _put_faults, "DELETE": _delete_faults},
}
