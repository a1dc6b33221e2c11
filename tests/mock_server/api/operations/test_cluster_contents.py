"""What is in a cluster of either version: buckets, health, allow list, database users, certificate."""

import base64
from typing import Any

import pytest
from cryptography import x509

from tests.support.operations import Client, cluster_v3

PERMANENT = {"cidrBlock": "10.2.0.0/16", "ruleType": "permanent"}
MISSING = (404, "EntityNotFound")
INVALID = (422, "RequestInvalid")


@pytest.fixture
def client() -> Client:
    """A client of the seed."""
    return Client()


@pytest.fixture(params=["v2", "v3"])
def path(request: pytest.FixtureRequest, client: Client) -> str:
    """The v2 path of a seeded cluster of either version, which holds one of everything."""
    data = client.get(f"/{request.param}/clusters?perPage=1")["data"]
    cluster = data[0] if request.param == "v2" else data["items"][0]
    return f"/v2/clusters/{cluster['id']}"


def names(items: list[dict[str, Any]], key: str = "name") -> list[str]:
    """Return what a list calls its items."""
    return [item[key] for item in items]


def test_a_bucket_is_made_and_becomes_healthy(client: Client, path: str) -> None:
    """Defaults are filled in; the id is the name in base64; each list is a poll."""
    made = client.call("POST", f"{path}/buckets", {"name": "b", "memoryQuota": 100, "extra": 1})
    spec = {"name": "b", "memoryQuota": 100, "replicas": 1, "conflictResolution": "seqno"}
    assert (made.status, made.body) == (201, spec)
    assert dict(made.headers)["Location"] == f"{path}/buckets/Yg=="
    for status in ("deploying", "deploying", "deploying", "healthy", "healthy"):
        bucket = client.get(f"{path}/buckets")[1]
        assert bucket == {**spec, "id": base64.b64encode(b"b").decode(), "status": status}


def test_a_health_answer_shows_buckets_and_is_a_poll_of_them(client: Client, path: str) -> None:
    """One that is still being made is not healthy yet."""
    client.call("POST", f"{path}/buckets", {"name": "b", "memoryQuota": 100})
    for status, unhealthy in (("deploying", 1), ("deploying", 1), ("deploying", 1), ("healthy", 0)):
        health = client.get(f"{path}/health")
        assert (health["status"], health["health"]) == ("ready", "healthy")
        stats = health["bucketStats"]
        assert stats["healthStats"] == {"travel-sample": "healthy", "b": status}
        assert (stats["totalCount"], stats["unhealthyCount"]) == (2, unhealthy)
        assert (stats["status"] == "healthy") == (unhealthy == 0)
    nodes = health["nodeStats"]
    assert nodes["totalCount"] == len(nodes["serviceStats"]) >= 3
    assert len({node["nodeName"] for node in nodes["serviceStats"]}) == nodes["totalCount"]


def test_a_bucket_name_is_free_once(client: Client, path: str) -> None:
    """In one cluster; a deleted bucket's name is free again."""
    body = {"name": "travel-sample", "memoryQuota": 100}
    assert client.refused("POST", f"{path}/buckets", body) == (422, "EntityNameExists")
    deleted = client.call("DELETE", f"{path}/buckets", {"name": "travel-sample"})
    assert (deleted.status, deleted.body) == (202, None)
    assert client.get(f"{path}/buckets") == []
    assert client.refused("DELETE", f"{path}/buckets", {"name": "travel-sample"}) == MISSING
    assert client.make(f"{path}/buckets", body) == dict(deleted.headers)["Location"]


@pytest.mark.parametrize("name", ["a", "b?/>", "~~~", "grüße", "x" * 100, "\U0001f600"])
def test_a_bucket_is_changed_and_deleted_by_the_location_it_came_with(
    client: Client, path: str, name: str
) -> None:
    """Base64 holds `/`, `+` and `=`: the Location has them as a segment can."""
    location = client.make(f"{path}/buckets", {"name": name, "memoryQuota": 100})
    changed = client.call("PUT", location, {"memoryQuota": 250})
    assert (changed.status, changed.body) == (202, None)
    assert client.get(f"{path}/buckets")[1]["memoryQuota"] == 250
    deleted = client.call("DELETE", location)
    assert (deleted.status, deleted.body) == (202, None)
    assert names(client.get(f"{path}/buckets")) == ["travel-sample"]
    assert client.refused("DELETE", location) == MISSING
    assert client.refused("PUT", location, {"memoryQuota": 250}) == MISSING


def test_buckets_are_changed_by_name_all_or_none(client: Client, path: str) -> None:
    """The answer shows the first; what a change leaves out stays."""
    client.make(f"{path}/buckets", {"name": "b", "memoryQuota": 100, "conflictResolution": "lww"})
    first, second = (
        {"name": "b", "memoryQuota": 150},
        {"name": "travel-sample", "memoryQuota": 120, "replicas": 2},
    )
    unknown = {"name": "nobody", "memoryQuota": 150}
    assert client.refused("PUT", f"{path}/buckets", [first, unknown]) == MISSING
    assert client.refused("PUT", f"{path}/buckets", []) == INVALID
    assert [bucket["memoryQuota"] for bucket in client.get(f"{path}/buckets")] == [200, 100]
    changed = client.call("PUT", f"{path}/buckets", [first, second])
    assert changed.status == 201
    assert changed.body == {**first, "replicas": 1, "conflictResolution": "lww"}
    shown = [(b["memoryQuota"], b["replicas"]) for b in client.get(f"{path}/buckets")]
    assert shown == [(120, 2), (150, 1)]


def test_an_allow_list_entry_is_made_listed_and_deleted(client: Client, path: str) -> None:
    """Whichever way the same block is written."""
    added = client.call("POST", f"{path}/allowlist", {**PERMANENT, "comment": "c", "state": "failed"})
    assert (added.status, added.body) == (202, None)
    now = "2023-11-14T22:13:20Z"
    assert client.get(f"{path}/allowlist")[1] == {
        **PERMANENT,
        "comment": "c",
        "createdAt": now,
        "updatedAt": now,
        "state": "active",
    }
    for again in ("10.2.0.0/16", "10.2.3.4/16"):
        body = {**PERMANENT, "cidrBlock": again}
        assert client.refused("POST", f"{path}/allowlist", body) == (422, "ErrAllowListsCreateDuplicateCIDR")
    assert client.call("DELETE", f"{path}/allowlist", {"cidrBlock": "10.2.9.9/16"}).status == 204
    assert client.refused("DELETE", f"{path}/allowlist", {"cidrBlock": "10.2.0.0/16"}) == MISSING
    assert names(client.get(f"{path}/allowlist"), "cidrBlock") == ["10.1.0.0/16"]


@pytest.mark.parametrize("block", ["10.2.0.0", "10.2.0.0/8", "2001:db8::/32", "0.0.0.0/0"])
def test_a_block_is_any_address_with_or_without_a_length(client: Client, path: str, block: str) -> None:
    """It is listed as it was sent."""
    assert client.call("POST", f"{path}/allowlist", {**PERMANENT, "cidrBlock": block}).status == 202
    assert client.get(f"{path}/allowlist")[1]["cidrBlock"] == block


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
def test_an_allow_list_entry_that_makes_no_sense_is_422(
    client: Client, path: str, change: dict[str, str]
) -> None:
    """Added alone or as a whole list."""
    assert client.refused("POST", f"{path}/allowlist", {**PERMANENT, **change}) == INVALID
    assert client.refused("PUT", f"{path}/allowlist", [{**PERMANENT, **change}]) == INVALID
    assert len(client.get(f"{path}/allowlist")) == 1


@pytest.mark.parametrize(
    ("duration", "ends"),
    [("1h0m0s", "23:13:20"), ("90m", "23:43:20"), ("1m1s", "22:14:21"), ("3600s", "23:13:20")],
)
def test_a_temporary_entry_expires_by_the_clock(client: Client, path: str, duration: str, ends: str) -> None:
    """Exactly at its end it is `expired`; it stays in the list."""
    body = {"cidrBlock": "10.2.0.0/16", "ruleType": "temporary", "duration": duration}
    client.call("POST", f"{path}/allowlist", body)
    entry = client.get(f"{path}/allowlist")[1]
    assert (entry["duration"], entry["expiresAt"]) == (duration, f"2023-11-14T{ends}Z")
    seconds = {"1h0m0s": 3600, "90m": 5400, "1m1s": 61, "3600s": 3600}[duration]
    client.now += (seconds - 1) * 1000
    assert client.get(f"{path}/allowlist")[1]["state"] == "active"
    client.now += 1000
    assert client.get(f"{path}/allowlist")[1]["state"] == "expired"


def test_the_allow_list_is_replaced_whole_or_not_at_all(client: Client, path: str) -> None:
    """What is sent back as it was listed keeps its times."""
    temporary = {"cidrBlock": "10.3.0.0/16", "ruleType": "temporary", "duration": "1h"}
    client.call("POST", f"{path}/allowlist", temporary)
    listed = client.get(f"{path}/allowlist")
    client.now += 60_000
    twice = [*listed, {**PERMANENT, "cidrBlock": "10.1.2.3/16"}]
    assert client.refused("PUT", f"{path}/allowlist", twice) == (422, "ErrAllowListsCreateDuplicateCIDR")
    assert client.get(f"{path}/allowlist") == listed
    replaced = client.call("PUT", f"{path}/allowlist", [*listed, PERMANENT])
    assert (replaced.status, replaced.body) == (202, None)
    after = client.get(f"{path}/allowlist")
    assert after[:2] == listed
    assert names(after, "cidrBlock") == ["10.1.0.0/16", "10.3.0.0/16", "10.2.0.0/16"]
    changed = {**listed[1], "comment": "now with a reason"}
    client.call("PUT", f"{path}/allowlist", [changed])
    [entry] = client.get(f"{path}/allowlist")
    assert entry["createdAt"] == listed[1]["createdAt"]
    assert entry["updatedAt"] > listed[1]["updatedAt"]
    assert entry["expiresAt"] > listed[1]["expiresAt"]
    plain = {"cidrBlock": "10.3.0.0/16", "ruleType": "temporary", "duration": "1h"}
    client.call("PUT", f"{path}/allowlist", [plain])
    assert "comment" not in client.get(f"{path}/allowlist")[0]
    client.call("PUT", f"{path}/allowlist", [])
    assert client.get(f"{path}/allowlist") == []


def test_a_database_user_is_made_changed_and_deleted(client: Client, path: str) -> None:
    """What an update leaves out stays; a new name is the new address."""
    person = client.get("/v2/users?perPage=1")["data"][0]["id"]
    roles = [{"bucketName": "b", "bucketAccess": ["data_reader", "data_writer"]}]
    body = {"username": "app", "password": "canary", "userId": person, "buckets": roles}
    made = client.call("POST", f"{path}/users", body)
    assert (made.status, made.body) == (201, None)
    assert client.get(f"{path}/users")[1] == {"userId": person, "username": "app", "access": roles}
    for change in ({}, {"password": "canary2"}):
        changed = client.call("PUT", f"{path}/users/app", change)
        assert (changed.status, changed.body) == (204, None)
    assert client.get(f"{path}/users")[1]["access"] == roles
    client.call("PUT", f"{path}/users/app", {"username": "new", "allBucketsAccess": "data_reader"})
    every = {"bucketName": "*", "bucketAccess": ["data_reader"]}
    assert client.get(f"{path}/users")[1] == {"userId": person, "username": "new", "access": [every]}
    assert client.refused("PUT", f"{path}/users/app", {}) == MISSING
    assert client.refused("DELETE", f"{path}/users/app") == MISSING
    deleted = client.call("DELETE", f"{path}/users/new")
    assert (deleted.status, deleted.body) == (204, None)
    assert names(client.get(f"{path}/users"), "username") == ["reader"]


def test_access_to_all_buckets_stands_before_the_others(client: Client, path: str) -> None:
    """A user may have both."""
    role = {"bucketName": "b", "bucketAccess": ["data_writer"]}
    body = {"username": "app", "password": "p", "buckets": [role], "allBucketsAccess": "data_reader"}
    client.call("POST", f"{path}/users", body)
    every = {"bucketName": "*", "bucketAccess": ["data_reader"]}
    assert client.get(f"{path}/users")[1]["access"] == [every, role]


def test_a_database_users_name_is_free_once(client: Client, path: str) -> None:
    """For a new one and for one that is renamed; an unknown person is 422."""
    taken = (422, "ErrDataplaneUserNameExists")
    body = {"username": "app", "password": "p"}
    assert client.refused("POST", f"{path}/users", {**body, "username": "reader"}) == taken
    assert client.call("POST", f"{path}/users", body).status == 201
    assert client.refused("PUT", f"{path}/users/app", {"username": "reader"}) == taken
    assert client.call("PUT", f"{path}/users/app", {"username": "app"}).status == 204
    nobody = {"userId": "f2b5a1f0-0000-4000-8000-000000000000"}
    assert client.refused("POST", f"{path}/users", {**body, "username": "x", **nobody}) == INVALID
    assert client.refused("PUT", f"{path}/users/app", nobody) == INVALID
    assert names(client.get(f"{path}/users"), "username") == ["reader", "app"]


def test_a_v3_database_user_is_listed_in_the_words_of_v2(client: Client) -> None:
    """Scopes are forgotten, roles of one bucket joined; the Location leads where it can be deleted."""
    cluster = client.get("/v3/clusters?perPage=1")["data"]["items"][0]["id"]
    v2, v3 = f"/v2/clusters/{cluster}/users", f"/v3/clusters/{cluster}/users"
    buckets = [
        {"name": "b", "scope": "*", "access": "data_reader"},
        {"name": "b", "scope": "s", "access": "data_writer"},
        {"name": "b", "scope": "t", "access": "data_writer"},
        {"name": "c", "scope": "s", "access": "data_writer"},
    ]
    location = client.make(v3, {"username": "a/b c", "password": "canary", "buckets": buckets})
    assert location == f"{v2}/a%2Fb%20c"
    assert client.get(v2)[1] == {
        "username": "a/b c",
        "access": [
            {"bucketName": "b", "bucketAccess": ["data_reader", "data_writer"]},
            {"bucketName": "c", "bucketAccess": ["data_writer"]},
        ],
    }
    taken = {"username": "reader", "password": "p"}
    assert client.refused("POST", v3, taken) == (422, "ErrDataplaneUserNameExists")
    for name in ("", "x" * 129):
        assert client.refused("POST", v3, {"username": name, "password": "p"}) == INVALID
    assert client.call("DELETE", location).status == 204
    v2_cluster = client.get("/v2/clusters?perPage=1")["data"][0]["id"]
    assert client.refused("POST", f"/v3/clusters/{v2_cluster}/users", taken) == MISSING


CHANGES: list[tuple[str, str, Any]] = [
    ("POST", "/buckets", {"name": "b", "memoryQuota": 100}),
    ("PUT", "/buckets", [{"name": "b", "memoryQuota": 100}]),
    ("DELETE", "/buckets", {"name": "b"}),
    ("PUT", "/buckets/Yg==", {"memoryQuota": 100}),
    ("DELETE", "/buckets/Yg==", None),
    ("POST", "/allowlist", PERMANENT),
    ("PUT", "/allowlist", [PERMANENT]),
    ("DELETE", "/allowlist", {"cidrBlock": "10.2.0.0/16"}),
    ("POST", "/users", {"username": "u", "password": "p"}),
    ("PUT", "/users/u", {}),
    ("DELETE", "/users/u", None),
]


@pytest.mark.parametrize(("method", "path", "body"), CHANGES, ids=[f"{c[0]} {c[1]}" for c in CHANGES])
def test_nothing_in_a_cluster_in_motion_can_be_changed(
    client: Client, method: str, path: str, body: object
) -> None:
    """While it deploys and while it is destroyed; its lists can be read all the time."""
    location = client.make("/v3/clusters", cluster_v3(client.project()))
    cluster = location.replace("/v3/", "/v2/")
    assert client.refused(method, cluster + path, body) == (422, "ErrClusterStateNotNormal")
    for part in ("buckets", "allowlist", "users", "certificate", "health"):
        client.get(f"{cluster}/{part}")
    client.settle(location)
    client.call("DELETE", location)
    assert client.refused(method, cluster + path, body) == (422, "EntityNotWritable")
    nowhere = "/v2/clusters/f2b5a1f0-0000-4000-8000-000000000000"
    assert client.refused(method, nowhere + path, body) == MISSING


def test_a_new_cluster_is_empty(client: Client) -> None:
    """Only the seed's clusters come furnished."""
    location = client.make("/v3/clusters", cluster_v3(client.project()))
    for part in ("buckets", "allowlist", "users"):
        assert client.get(f"{location.replace('/v3/', '/v2/')}/{part}") == []


def test_the_certificate_is_one_and_self_signed(client: Client, path: str) -> None:
    """A real one that a client's parser takes."""
    pem = client.get(f"{path}/certificate")["certificate"]
    certificate = x509.load_pem_x509_certificate(pem.encode())
    assert certificate.issuer == certificate.subject
    certificate.verify_directly_issued_by(certificate)


def test_an_answer_does_not_change_after_it_was_given(client: Client, path: str) -> None:
    """The server writes it out while the next request is at work."""
    lists = [f"{path}/{part}" for part in ("buckets", "allowlist", "users", "health")]
    before = [client.get(each) for each in lists]
    kept = str(before)
    client.call("PUT", f"{path}/buckets", [{"name": "travel-sample", "memoryQuota": 999}])
    client.call("POST", f"{path}/buckets", {"name": "b", "memoryQuota": 100})
    client.call("POST", f"{path}/allowlist", PERMANENT)
    client.call("PUT", f"{path}/users/reader", {"allBucketsAccess": "data_writer"})
    client.call("POST", f"{path}/users", {"username": "u", "password": "p"})
    assert str(before) == kept
    assert all(client.get(each) != old for each, old in zip(lists, before, strict=True))
