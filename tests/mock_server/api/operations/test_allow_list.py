"""The allow list of v2 and v3 clusters."""

from typing import Any

import pytest

from tests.support.api_caller import ApiCaller

PERMANENT = {"cidrBlock": "10.2.0.0/16", "ruleType": "permanent"}
MISSING = (404, "EntityNotFound")
INVALID = (422, "RequestInvalid")


def names(items: list[dict[str, Any]], key: str = "name") -> list[str]:
    """Return the names of the items in a list."""
    return [item[key] for item in items]


def test_an_allow_list_entry_is_created_listed_and_deleted(caller: ApiCaller, path: str) -> None:
    """Two spellings of a CIDR block are the same block."""
    added = caller.call("POST", f"{path}/allowlist", {**PERMANENT, "comment": "c", "state": "failed"})
    assert (added.status, added.body) == (202, None)
    now = "2023-11-14T22:13:20Z"
    assert caller.get(f"{path}/allowlist")[1] == {
        **PERMANENT,
        "comment": "c",
        "createdAt": now,
        "updatedAt": now,
        "state": "active",
    }
    for again in ("10.2.0.0/16", "10.2.3.4/16"):
        body = {**PERMANENT, "cidrBlock": again}
        assert caller.refused("POST", f"{path}/allowlist", body) == (422, "ErrAllowListsCreateDuplicateCIDR")
    assert caller.call("DELETE", f"{path}/allowlist", {"cidrBlock": "10.2.9.9/16"}).status == 204
    assert caller.refused("DELETE", f"{path}/allowlist", {"cidrBlock": "10.2.0.0/16"}) == MISSING
    assert names(caller.get(f"{path}/allowlist"), "cidrBlock") == ["10.1.0.0/16"]


@pytest.mark.parametrize("block", ["10.2.0.0", "10.2.0.0/8", "2001:db8::/32", "0.0.0.0/0"])
def test_a_cidr_block_is_an_address_with_or_without_a_length(
    caller: ApiCaller, path: str, block: str
) -> None:
    """The list shows the block as it was sent."""
    assert caller.call("POST", f"{path}/allowlist", {**PERMANENT, "cidrBlock": block}).status == 202
    assert caller.get(f"{path}/allowlist")[1]["cidrBlock"] == block


@pytest.mark.parametrize(
    "change",
    [
        {"cidrBlock": "10.2.0.0/33"},
        {"cidrBlock": "10.2.0.256"},
        {"cidrBlock": "localhost"},
        {"cidrBlock": "fe80::1%eth0"},
        {"cidrBlock": "10.2.0.0/255.255.0.0"},
        {"cidrBlock": "10.2.0.0/"},
        {"cidrBlock": "10.2.0.0/16/16"},
        {"cidrBlock": "1.2.3"},
        {"ruleType": "temporary"},
        {"ruleType": "temporary", "duration": ""},
        {"ruleType": "temporary", "duration": "0s"},
        {"ruleType": "temporary", "duration": "one hour"},
        {"ruleType": "temporary", "duration": "-1h"},
        {"ruleType": "temporary", "duration": "1h "},
        {"ruleType": "temporary", "duration": "\u0661h"},
        {"ruleType": "temporary", "duration": "9999999h"},
    ],
)
def test_an_invalid_allow_list_entry_is_422(caller: ApiCaller, path: str, change: dict[str, str]) -> None:
    """Both operations that take an entry reject it."""
    assert caller.refused("POST", f"{path}/allowlist", {**PERMANENT, **change}) == INVALID
    assert caller.refused("PUT", f"{path}/allowlist", [{**PERMANENT, **change}]) == INVALID
    assert len(caller.get(f"{path}/allowlist")) == 1


@pytest.mark.parametrize(
    ("duration", "ends"),
    [("1h0m0s", "23:13:20"), ("90m", "23:43:20"), ("1m1s", "22:14:21"), ("3600s", "23:13:20")],
)
def test_a_temporary_entry_expires_by_the_clock(
    caller: ApiCaller, path: str, duration: str, ends: str
) -> None:
    """At its end it is `expired`, and it stays in the list."""
    body = {"cidrBlock": "10.2.0.0/16", "ruleType": "temporary", "duration": duration}
    caller.call("POST", f"{path}/allowlist", body)
    entry = caller.get(f"{path}/allowlist")[1]
    assert (entry["duration"], entry["expiresAt"]) == (duration, f"2023-11-14T{ends}Z")
    seconds = {"1h0m0s": 3600, "90m": 5400, "1m1s": 61, "3600s": 3600}[duration]
    caller.now += (seconds - 1) * 1000
    assert caller.get(f"{path}/allowlist")[1]["state"] == "active"
    caller.now += 1000
    assert caller.get(f"{path}/allowlist")[1]["state"] == "expired"


def test_the_allow_list_is_replaced_completely_or_not_at_all(caller: ApiCaller, path: str) -> None:
    """An entry that is sent as it was listed keeps its times."""
    temporary = {"cidrBlock": "10.3.0.0/16", "ruleType": "temporary", "duration": "1h"}
    caller.call("POST", f"{path}/allowlist", temporary)
    listed = caller.get(f"{path}/allowlist")
    caller.now += 60_000
    twice = [*listed, {**PERMANENT, "cidrBlock": "10.1.2.3/16"}]
    assert caller.refused("PUT", f"{path}/allowlist", twice) == (422, "ErrAllowListsCreateDuplicateCIDR")
    assert caller.get(f"{path}/allowlist") == listed
    replaced = caller.call("PUT", f"{path}/allowlist", [*listed, PERMANENT])
    assert (replaced.status, replaced.body) == (202, None)
    after = caller.get(f"{path}/allowlist")
    assert after[:2] == listed
    assert names(after, "cidrBlock") == ["10.1.0.0/16", "10.3.0.0/16", "10.2.0.0/16"]
    changed = {**listed[1], "comment": "now with a reason"}
    caller.call("PUT", f"{path}/allowlist", [changed])
    [entry] = caller.get(f"{path}/allowlist")
    assert entry["createdAt"] == listed[1]["createdAt"]
    assert entry["updatedAt"] > listed[1]["updatedAt"]
    assert entry["expiresAt"] > listed[1]["expiresAt"]
    plain = {"cidrBlock": "10.3.0.0/16", "ruleType": "temporary", "duration": "1h"}
    caller.call("PUT", f"{path}/allowlist", [plain])
    assert "comment" not in caller.get(f"{path}/allowlist")[0]
    caller.call("PUT", f"{path}/allowlist", [])
    assert caller.get(f"{path}/allowlist") == []


def test_a_duration_has_at_most_6_digits_for_each_unit(caller: ApiCaller, path: str) -> None:
    """A duration with more digits could end after the year 9999, which RFC 3339 cannot express."""
    for number, duration in enumerate(("999999h", "999999m999999s", "1s")):
        body = {"cidrBlock": f"10.{number + 2}.0.0/16", "ruleType": "temporary", "duration": duration}
        assert caller.call("POST", f"{path}/allowlist", body).status == 202
        assert caller.get(f"{path}/allowlist")[-1]["state"] == "active"


def test_a_permanent_entry_has_no_duration(caller: ApiCaller, path: str) -> None:
    """A duration that is sent with it is dropped."""
    caller.call("POST", f"{path}/allowlist", {**PERMANENT, "duration": "1h"})
    entry = caller.get(f"{path}/allowlist")[-1]
    assert "duration" not in entry
    assert "expiresAt" not in entry
