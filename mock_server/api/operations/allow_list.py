"""The allow list of a cluster of either version: the addresses that may connect to it."""

import re
from typing import Any

from mock_server.api.answers import Answer, ApiError, invalid, not_found
from mock_server.api.lookups import any_cluster, cidr_block, settled_cluster
from mock_server.api.registry import Call, operation
from mock_server.api.store import Store

# Hours, minutes and seconds as the vendor's example writes them, `1h0m0s`; each may be left out.
_DURATION = re.compile(r"(?:([0-9]{1,6})h)?(?:([0-9]{1,6})m)?(?:([0-9]{1,6})s)?")


def _seconds(duration: str) -> int:
    """Read a duration.

    Raises:
        ApiError: 422.
    """
    match = _DURATION.fullmatch(duration)
    hours, minutes, seconds = (int(part or 0) for part in match.groups()) if match else (0, 0, 0)
    total = hours * 3600 + minutes * 60 + seconds
    if not total:
        raise invalid("In the body, duration: not a length of time like 1h0m0s.")
    return total


def _entry(store: Store, sent: dict[str, Any]) -> dict[str, Any]:
    """Make an entry of what was sent; its times and its state are not the sender's to say.

    Raises:
        ApiError: 422.
    """
    entry: dict[str, Any] = {
        name: sent[name] for name in ("cidrBlock", "ruleType", "comment") if name in sent
    }
    entry["createdAt"] = entry["updatedAt"] = store.now()
    if sent["ruleType"] == "temporary":
        if "duration" not in sent:
            raise invalid("In the body, duration: a temporary entry needs one, like 1h0m0s.")
        entry["duration"] = sent["duration"]
        entry["expiresAt"] = store.now(later=_seconds(sent["duration"]))
    return entry


def _said(entry: dict[str, Any]) -> dict[str, Any]:
    """Return what somebody said of an entry, without its times."""
    return {name: value for name, value in entry.items() if not name.endswith("At")}


def _state(entry: dict[str, Any], now: str) -> str:
    """Return an entry's state. All times are written in one width, so their texts compare like the times."""
    return "expired" if "expiresAt" in entry and entry["expiresAt"] <= now else "active"


def _duplicate() -> ApiError:
    """Return the 422 for a block that is there already."""
    message = "The allow list has this CIDR block already; delete it first, or replace the list."
    return ApiError(422, "ErrAllowListsCreateDuplicateCIDR", message)


@operation("getAllowList")
def get_allow_list(call: Call) -> Answer:
    """List all entries. A temporary one stays as `expired` when its time is over."""
    now = call.store.now()
    entries = any_cluster(call).allow_list.values()
    return Answer(200, [{**entry, "state": _state(entry, now)} for entry in entries])


@operation("createAllowListEntry")
def create_allow_list_entry(call: Call) -> Answer:
    """Add one entry."""
    cluster = settled_cluster(call)
    block = cidr_block(call.body["cidrBlock"], "cidrBlock")
    if block in cluster.allow_list:
        raise _duplicate()
    cluster.allow_list[block] = _entry(call.store, call.body)
    return Answer(202)


@operation("updateAllowList")
def update_allow_list(call: Call) -> Answer:
    """Put the list sent in the place of the one there. An entry sent back as it was keeps its times."""
    cluster = settled_cluster(call)
    entries: dict[str, dict[str, Any]] = {}
    for number, sent in enumerate(call.body):
        block = cidr_block(sent["cidrBlock"], f"{number}/cidrBlock")
        if block in entries:
            raise _duplicate()
        entry = _entry(call.store, sent)
        before = cluster.allow_list.get(block)
        if before is not None and _said(before) == _said(entry):
            entry = before
        elif before is not None:
            entry["createdAt"] = before["createdAt"]
        entries[block] = entry
    cluster.allow_list = entries
    return Answer(202)


@operation("deleteAllowListEntry")
def delete_allow_list_entry(call: Call) -> Answer:
    """Delete the entry whose block is named in the body."""
    cluster = settled_cluster(call)
    block = cidr_block(call.body["cidrBlock"], "cidrBlock")
    if block not in cluster.allow_list:
        raise not_found("allow list entry", block)
    del cluster.allow_list[block]
    return Answer(204)
