"""Buckets of v2 and v3 clusters."""

import base64
from typing import Any

import pytest

from tests.support.api_caller import ApiCaller

MISSING = (404, "EntityNotFound")
INVALID = (422, "RequestInvalid")


def names(items: list[dict[str, Any]], key: str = "name") -> list[str]:
    """Return the names of the items in a list."""
    return [item[key] for item in items]


def test_a_bucket_is_created_and_becomes_healthy(caller: ApiCaller, path: str) -> None:
    """Defaults are filled in; the id is the name in base64; each list counts as a poll."""
    created = caller.call("POST", f"{path}/buckets", {"name": "b", "memoryQuota": 100, "extra": 1})
    spec = {"name": "b", "memoryQuota": 100, "replicas": 1, "conflictResolution": "seqno"}
    assert (created.status, created.body) == (201, spec)
    assert dict(created.headers)["Location"] == f"{path}/buckets/Yg=="
    for status in ("deploying", "deploying", "deploying", "healthy", "healthy"):
        bucket = caller.get(f"{path}/buckets")[1]
        assert bucket == {**spec, "id": base64.b64encode(b"b").decode(), "status": status}


def test_a_bucket_name_is_unique_in_a_cluster(caller: ApiCaller, path: str) -> None:
    """The name of a deleted bucket can be used again."""
    body = {"name": "travel-sample", "memoryQuota": 100}
    assert caller.refused("POST", f"{path}/buckets", body) == (422, "EntityNameExists")
    deleted = caller.call("DELETE", f"{path}/buckets", {"name": "travel-sample"})
    assert (deleted.status, deleted.body) == (202, None)
    assert caller.get(f"{path}/buckets") == []
    assert caller.refused("DELETE", f"{path}/buckets", {"name": "travel-sample"}) == MISSING
    assert caller.make(f"{path}/buckets", body) == dict(deleted.headers)["Location"]


@pytest.mark.parametrize("name", ["a", "b?/>", "~~~", "grüße", "x" * 100, "\U0001f600"])
def test_a_bucket_is_changed_and_deleted_at_its_location(caller: ApiCaller, path: str, name: str) -> None:
    """An id can contain `/`, `+` and `=`: the Location is encoded as one path segment."""
    location = caller.make(f"{path}/buckets", {"name": name, "memoryQuota": 100})
    changed = caller.call("PUT", location, {"memoryQuota": 250})
    assert (changed.status, changed.body) == (202, None)
    assert caller.get(f"{path}/buckets")[1]["memoryQuota"] == 250
    deleted = caller.call("DELETE", location)
    assert (deleted.status, deleted.body) == (202, None)
    assert names(caller.get(f"{path}/buckets")) == ["travel-sample"]
    assert caller.refused("DELETE", location) == MISSING
    assert caller.refused("PUT", location, {"memoryQuota": 250}) == MISSING


def test_several_buckets_are_changed_by_name_or_none_is(caller: ApiCaller, path: str) -> None:
    """The response shows the first; a property that is left out keeps its value."""
    caller.make(f"{path}/buckets", {"name": "b", "memoryQuota": 100, "conflictResolution": "lww"})
    first, second = (
        {"name": "b", "memoryQuota": 150},
        {"name": "travel-sample", "memoryQuota": 120, "replicas": 2},
    )
    unknown = {"name": "unknown", "memoryQuota": 150}
    assert caller.refused("PUT", f"{path}/buckets", [first, unknown]) == MISSING
    assert caller.refused("PUT", f"{path}/buckets", []) == INVALID
    assert [bucket["memoryQuota"] for bucket in caller.get(f"{path}/buckets")] == [200, 100]
    changed = caller.call("PUT", f"{path}/buckets", [first, second])
    assert changed.status == 201
    assert changed.body == {**first, "replicas": 1, "conflictResolution": "lww"}
    shown = [(b["memoryQuota"], b["replicas"]) for b in caller.get(f"{path}/buckets")]
    assert shown == [(120, 2), (150, 1)]
