"""The mock's own endpoints, under ``/_mock/``: inspect the mock, reset it, inject faults.

| method and path | effect |
| --- | --- |
| ``GET /_mock/`` | return the page for a browser |
| ``GET /_mock/health`` | return the status and the mock's time in milliseconds |
| ``GET /_mock/requests`` | return the journal; ``method path status code mistake since`` select entries |
| ``DELETE /_mock/requests`` | clear the journal |
| ``POST /_mock/reset`` | restore the state, the faults, the clock and the keys at start; clear the journal |
| ``GET /_mock/faults`` | return the faults |
| ``PUT /_mock/faults`` | replace the faults; faults/grammar.py describes the body |
| ``DELETE /_mock/faults`` | remove all faults |
| ``GET /_mock/clock`` | return the time, and whether the clock runs |
| ``PUT /_mock/clock`` | ``{"set": "MS"}`` stops it, ``{"advance": "MS"}`` adds, ``{"run": true}`` runs it |
| ``GET /_mock/keys`` | return the access keys |
| ``PUT /_mock/keys`` | replace all keys: ``{"keys": {"ACCESS_KEY": "SECRET_KEY"}}`` |
| ``DELETE /_mock/keys`` | restore the keys at start |
| ``GET /_mock/state`` | return the state: all resources, without passwords |
| ``PUT /_mock/state`` | replace the state by one in the same form; what is left out has its default |
| ``GET /_mock/collection.json`` | return the Postman Collection, with the mock's address |

They need no signature, and the journal and the faults ignore them. ``GET`` and ``HEAD health`` answer every
client. All others answer a client on this machine that addresses the mock by a loopback name: another
machine can send any Host, and a web page can reach the mock by a name that resolves to this machine (DNS
rebinding). An ``Origin`` must be the mock's own: a web page can send requests to any address.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl

from mock_server import page
from mock_server.api.replies import json_reply as json_reply_in_order
from mock_server.api.state import StateError
from mock_server.clock import ClockError
from mock_server.collection import as_text, collection
from mock_server.documents import DocumentError, parse_json, parse_json_or_yaml
from mock_server.faults.grammar import Fault, FaultError
from mock_server.http import Reply, json_reply, problem, see_other
from mock_server.keys import KeysError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mock_server.api import Api
    from mock_server.clock import MockClock
    from mock_server.faults.injection import Faults
    from mock_server.http import ReceivedRequest
    from mock_server.journal import Journal
    from mock_server.keys import Keys

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
        clock: the clock to show and to change.
        keys: the keys to show and to replace.
        api: the operations, whose state is shown and replaced.
        reset: restores the mock to its state at start.
        public_keys: the keys that the Postman Collection may contain, because everybody knows them.
    """

    journal: Journal
    faults: Faults
    clock: MockClock
    keys: Keys
    api: Api
    reset: Callable[[], None]
    public_keys: Mapping[str, str] = field(default_factory=dict)

    def handle(self, request: ReceivedRequest, peer: str) -> Reply:
        """Handle a request for which ``is_control`` is true.

        Args:
            request: the request as it was received.
            peer: the IP address of the client.
        """
        name = request.path.removeprefix(_PREFIX)
        if name == "health" and request.method in ("GET", "HEAD"):
            return _get_health(self, request)
        reason = _forbidden(request, peer)
        if reason is not None:
            return problem(403, "Forbidden", reason)
        return self._handle_permitted(request, name)

    def _handle_permitted(self, request: ReceivedRequest, name: str) -> Reply:
        if request.path == _PREFIX.rstrip("/"):
            return see_other(_PREFIX)
        methods = _ENDPOINTS.get(name)
        if methods is None:
            known = ", ".join(_PREFIX + name for name in _ENDPOINTS)
            return problem(404, "RouteNotFound", f"Unknown path below /_mock/: use one of {known}.")
        if request.method not in methods:
            allowed = ", ".join(methods)
            message = f"{_PREFIX}{name} does not support this method: use {allowed}."
            return problem(405, "MethodNotAllowed", message, (("Allow", allowed),))
        if request.query and name and (request.method, name) != ("GET", "requests"):
            return problem(422, "RequestInvalid", f"{request.method} {_PREFIX}{name} has no parameters.")
        try:
            return methods[request.method](self, request)
        except _REFUSALS as error:
            return problem(422, "RequestInvalid", str(error))


def _forbidden(request: ReceivedRequest, peer: str) -> str | None:
    """Return why a client must not use the mock's own endpoints; None if it may."""
    if not _is_loopback(peer):
        return "/_mock/ accepts only clients on the machine of the mock: send the request from there."
    hosts = request.header_values("host")
    named = hosts if request.authority is None else [*hosts, request.authority]
    if len(hosts) != 1 or not all(map(_LOOPBACK.fullmatch, named)):
        return "/_mock/ accepts only a Host of localhost, 127.0.0.1 or [::1]: send one."
    if any(origin.lower() != f"http://{hosts[0]}".lower() for origin in request.header_values("origin")):
        return (
            "/_mock/ accepts only its own pages: leave out the Origin header, or send http:// and the Host."
        )
    return None


def _is_loopback(peer: str) -> bool:
    address = ipaddress.ip_address(peer.partition("%")[0])
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return (mapped or address).is_loopback


def _get_page(control: Control, _request: ReceivedRequest) -> Reply:
    return page.reply(control.journal.entries())


def _get_health(control: Control, _request: ReceivedRequest) -> Reply:
    return json_reply(200, {"status": "ok", "time": control.clock()})


class _FilterError(ValueError):
    """Raised for a filter that selects nothing because it is malformed."""


class _BodyError(ValueError):
    """Raised for a body that is neither JSON nor, where it may be, YAML."""


_REFUSALS: Final = (_FilterError, _BodyError, FaultError, ClockError, KeysError, StateError)


def _get_requests(control: Control, request: ReceivedRequest) -> Reply:
    filters = _filters(request.query)
    generation = control.journal.generation  # before the entries: a clear in between is then seen next time
    entries = control.journal.entries(since=int(filters.pop("since", "0")))
    selected = [entry for entry in entries if all(_FILTERS[name](entry, filters[name]) for name in filters)]
    return json_reply(200, {"requests": selected}, (("X-Mock-Journal", generation),))


def _filters(query: str) -> dict[str, str]:
    """Return the filters in a query by their names."""
    found: dict[str, str] = {}
    for name, value in parse_qsl(query, keep_blank_values=True, encoding="latin-1"):
        if name != "since" and name not in _FILTERS:
            known = ", ".join((*_FILTERS, "since"))
            raise _FilterError(f"A parameter is unknown: use {known}.")
        if name in found:
            raise _FilterError(f"{name} is there twice: send it once.")
        if name in _NUMBERS and not _NUMBERS[name].fullmatch(value):
            raise _FilterError(f"{name} is not a number: send {_EXAMPLES[name]}.")
        found[name] = value
    return found


_FILTERS: Final[Mapping[str, Callable[[dict[str, Any], str], bool]]] = {
    "method": lambda entry, value: entry["method"] == value,
    "path": lambda entry, value: entry["target"].partition("?")[0] == value,
    "status": lambda entry, value: entry["status"] == int(value),
    "code": lambda entry, value: entry["code"] == value,
    # A plus sign is a space in a query, and no name has a space.
    "mistake": lambda entry, value: entry["mistake"] == value.replace(" ", "+"),
}
_NUMBERS: Final = {"status": re.compile("[0-9]{3}"), "since": re.compile("[0-9]{1,18}")}
_EXAMPLES: Final = {"status": "a status such as 401", "since": "the id of an entry"}


def _delete_requests(control: Control, _request: ReceivedRequest) -> Reply:
    control.journal.clear()
    return Reply(204)


def _post_reset(control: Control, _request: ReceivedRequest) -> Reply:
    control.reset()
    return Reply(204)


def _get_faults(control: Control, _request: ReceivedRequest) -> Reply:
    return json_reply(200, {"faults": [fault.as_json() for fault in control.faults.all()]})


def _put_faults(control: Control, request: ReceivedRequest) -> Reply:
    control.faults.replace(_faults_of(_json_of(request)))
    return _get_faults(control, request)


def _delete_faults(control: Control, _request: ReceivedRequest) -> Reply:
    control.faults.replace([])
    return Reply(204)


def _get_collection(control: Control, request: ReceivedRequest) -> Reply:
    """Return the collection with the address that the client used, and a secret key only if it is public."""
    keys = dict(control.keys.current)
    access_key, secret_key = next(iter(keys.items()), ("", ""))
    shown = secret_key if keys == dict(control.public_keys) else ""
    text = as_text(collection(f"http://{request.header('host')}", access_key, shown))
    return Reply(200, text.encode(), (("Content-Type", "application/json"),))


def _get_clock(control: Control, _request: ReceivedRequest) -> Reply:
    return json_reply(200, control.clock.as_json())


def _put_clock(control: Control, request: ReceivedRequest) -> Reply:
    control.clock.change(_json_of(request))
    return _get_clock(control, request)


def _get_keys(control: Control, _request: ReceivedRequest) -> Reply:
    return json_reply(200, control.keys.as_json())


def _put_keys(control: Control, request: ReceivedRequest) -> Reply:
    control.keys.replace(_json_of(request))
    control.journal.mask(control.keys.mask)  # a client may have sent a new secret key before
    return _get_keys(control, request)


def _delete_keys(control: Control, _request: ReceivedRequest) -> Reply:
    control.keys.reset()
    return Reply(204)


def _get_state(control: Control, _request: ReceivedRequest) -> Reply:
    return json_reply_in_order(200, control.api.state())


def _put_state(control: Control, request: ReceivedRequest) -> Reply:
    try:
        state = parse_json_or_yaml(request.body)
    except DocumentError as error:
        raise _BodyError(f"The body {error}.") from None
    control.api.replace_state(state)
    return _get_state(control, request)


def _json_of(request: ReceivedRequest) -> object:
    """Return the value of a JSON body.

    Raises:
        _BodyError: the body is not JSON.
    """
    try:
        return parse_json(request.body)
    except DocumentError as error:
        raise _BodyError(f"The body {error}: send a JSON object.") from None


def _faults_of(value: object) -> list[Fault]:
    """Return the faults of a JSON value.

    Raises:
        FaultError: the value has another form, or a fault is invalid.
    """
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
    "": {"GET": _get_page, "HEAD": _get_page},
    "health": {"GET": _get_health, "HEAD": _get_health},
    "requests": {"GET": _get_requests, "DELETE": _delete_requests},
    "reset": {"POST": _post_reset},
    "faults": {"GET": _get_faults, "PUT": _put_faults, "DELETE": _delete_faults},
    "clock": {"GET": _get_clock, "PUT": _put_clock},
    "keys": {"GET": _get_keys, "PUT": _put_keys, "DELETE": _delete_keys},
    "state": {"GET": _get_state, "PUT": _put_state},
    "collection.json": {"GET": _get_collection, "HEAD": _get_collection},
}
