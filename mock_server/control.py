"""The mock's own endpoints, under ``/_mock/``: to watch it, to reset it, and to make things go wrong.

``GET health``; ``GET`` and ``DELETE requests``, the journal; ``POST reset``, which makes everything as it
was at the start: the seed restored, the journal empty, the faults those of the start with their counts at
zero; ``GET``, ``PUT`` and ``DELETE faults`` (the grammar is in faults/grammar.py). They need no signature,
answer loopback Hosts only, and are neither journaled nor hit by faults.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

from mock_server.faults.grammar import Fault, FaultError
from mock_server.http import Reply, json_reply, problem

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from mock_server.server import MockServer

_PREFIX: Final = "/_mock/"
_LOOPBACK = re.compile(r"(?:localhost|127(?:\.[0-9]{1,3}){3}|\[::1\])(?::[0-9]{1,5})?", re.IGNORECASE)


def is_control(target: str) -> bool:
    """Whether a request is for the mock itself; ``/_mock`` too, which no path of the API begins with."""
    return target.startswith(_PREFIX) or target.partition("?")[0] == "/_mock"


def control(server: MockServer, method: str, target: str, hosts: Sequence[str], body: bytes) -> Reply:
    """Answer a request whose target ``is_control``."""
    if len(hosts) != 1 or not _LOOPBACK.fullmatch(hosts[0].strip()):
        return problem(403, "Forbidden", "/_mock/ answers requests to localhost, 127.0.0.1 or [::1] only.")
    name = target.partition("?")[0].removeprefix(_PREFIX)
    methods = _ENDPOINTS.get(name)
    if methods is None:
        return problem(404, "RouteNotFound", f"/_mock/ has {', '.join(_ENDPOINTS)}, and nothing else.")
    if method not in methods:
        allowed = ", ".join(methods)
        return problem(405, "MethodNotAllowed", f"/_mock/{name} takes {allowed}.", (("Allow", allowed),))
    return methods[method](server, body)


def _health(server: MockServer, _body: bytes) -> Reply:
    return json_reply(200, {"status": "ok", "time": server.clock()})


def _requests(server: MockServer, _body: bytes) -> Reply:
    return json_reply(200, {"requests": server.journal.entries()})


def _forget_requests(server: MockServer, _body: bytes) -> Reply:
    server.journal.clear()
    return Reply(204)


def _reset(server: MockServer, _body: bytes) -> Reply:
    server.reset()
    return Reply(204)


def _faults(server: MockServer, _body: bytes) -> Reply:
    return json_reply(200, {"faults": [fault.as_json() for fault in server.faults.all()]})


def _arm(server: MockServer, body: bytes) -> Reply:
    try:
        server.faults.replace(_read_faults(body))
    except FaultError as error:
        return problem(422, "RequestInvalid", str(error))
    return _faults(server, body)


def _disarm(server: MockServer, _body: bytes) -> Reply:
    server.faults.replace([])
    return Reply(204)


def _read_faults(body: bytes) -> list[Fault]:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        raise FaultError('the body is not JSON; {"faults": [...]} is wanted') from None
    if not isinstance(value, dict) or list(value) != ["faults"] or not isinstance(value["faults"], list):
        raise FaultError('{"faults": [...]} is wanted, and no other key')
    faults = []
    for number, each in enumerate(value["faults"], start=1):
        try:
            faults.append(Fault.from_json(each))
        except FaultError as error:
            raise FaultError(f"fault {number}: {error}") from None
    return faults


_ENDPOINTS: Final[Mapping[str, Mapping[str, Callable[[MockServer, bytes], Reply]]]] = {
    "health": {"GET": _health},
    "requests": {"GET": _requests, "DELETE": _forget_requests},
    "reset": {"POST": _reset},
    "faults": {"GET": _faults, "PUT": _arm, "DELETE": _disarm},
}
