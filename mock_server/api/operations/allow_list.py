"""The allow list of a cluster in a cloud of the organization: the addresses that may connect to it."""

from typing import Any

from mock_server.api.errors import ApiError, invalid, not_found
from mock_server.api.formats import seconds_of
from mock_server.api.lookups import cidr_block, cluster_in_vpc, settled_cluster
from mock_server.api.registry import Call, operation
from mock_server.api.replies import json_reply
from mock_server.api.store import Store
from mock_server.http import Reply


def _seconds(duration: str) -> int:
    """Return the seconds of a duration.

    Raises:
        ApiError: 422 if the text is not a duration, or the duration is zero.
    """
    total = seconds_of(duration)
    if not total:
        raise invalid("In the body, duration: this is not a duration such as 1h0m0s.")
    return total


def _entry(store: Store, sent: dict[str, Any]) -> dict[str, Any]:
    """Return a new entry for an entry as sent. Times and state come from the mock, not from the client.

    Raises:
        ApiError: 422 if a temporary entry has no valid duration.
    """
    entry: dict[str, Any] = {
        name: sent[name] for name in ("cidrBlock", "ruleType", "comment") if name in sent
    }
    entry["createdAt"] = entry["updatedAt"] = store.now()
    if sent["ruleType"] == "temporary":
        if "duration" not in sent:
            raise invalid("In the body, duration: missing, but a temporary entry needs one, such as 1h0m0s.")
        entry["duration"] = sent["duration"]
        entry["expiresAt"] = store.now(later=_seconds(sent["duration"]))
    return entry


def _sent_properties(entry: dict[str, Any]) -> dict[str, Any]:
    """Return the properties of an entry that the client sent: all except the times."""
    return {name: value for name, value in entry.items() if not name.endswith("At")}


def _state(entry: dict[str, Any], now: str) -> str:
    """Return an entry's state. Times in the API's format have one length, so they compare as texts."""
    return "expired" if "expiresAt" in entry and entry["expiresAt"] <= now else "active"


def _duplicate() -> ApiError:
    """Return the 422 for a CIDR block that the allow list already has."""
    message = "The allow list already has this CIDR block: delete it first, or replace the list."
    return ApiError(422, "ErrAllowListsCreateDuplicateCIDR", message)


@operation("getAllowList")
def get_allow_list(call: Call) -> Reply:
    """Return all entries. A temporary entry stays in the list after its time, as `expired`."""
    now = call.store.now()
    entries = cluster_in_vpc(call).allow_list.values()
    return json_reply(200, [{**entry, "state": _state(entry, now)} for entry in entries])


@operation("createAllowListEntry")
def create_allow_list_entry(call: Call) -> Reply:
    """Add one entry."""
    cluster = settled_cluster(call)
    block = cidr_block(call.body["cidrBlock"], "cidrBlock")
    if block in cluster.allow_list:
        raise _duplicate()
    cluster.allow_list[block] = _entry(call.store, call.body)
    return Reply(202)


@operation("updateAllowList")
def update_allow_list(call: Call) -> Reply:
    """Replace the list. An unchanged entry keeps its times, a changed entry its creation time."""
    cluster = settled_cluster(call)
    entries: dict[str, dict[str, Any]] = {}
    for number, sent in enumerate(call.body):
        block = cidr_block(sent["cidrBlock"], f"{number}/cidrBlock")
        if block in entries:
            raise _duplicate()
        entry = _entry(call.store, sent)
        before = cluster.allow_list.get(block)
        if before is not None and _sent_properties(before) == _sent_properties(entry):
            entry = before
        elif before is not None:
            entry["createdAt"] = before["createdAt"]
        entries[block] = entry
    cluster.allow_list = entries
    return Reply(202)


@operation("deleteAllowListEntry")
def delete_allow_list_entry(call: Call) -> Reply:
    """Delete the entry with the CIDR block in the body."""
    cluster = settled_cluster(call)
    block = cidr_block(call.body["cidrBlock"], "cidrBlock")
    if block not in cluster.allow_list:
        raise not_found("allow list entry", block)
    del cluster.allow_list[block]
    return Reply(204)
