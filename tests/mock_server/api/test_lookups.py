"""Finding the resources of a call, and checking that they can be changed."""

from http import HTTPStatus
from typing import Any

import pytest

from tests.support.api_caller import ApiCaller, cluster_v3

PERMANENT = {"cidrBlock": "10.2.0.0/16", "ruleType": "permanent"}
UNKNOWN = "f2b5a1f0-0000-4000-8000-000000000000"
MISSING = (404, "EntityNotFound")
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
def test_the_contents_of_a_cluster_in_transition_cannot_be_changed(
    caller: ApiCaller, method: str, path: str, body: object
) -> None:
    """This applies while it deploys and while it is destroyed; its lists can be read at any time."""
    location = caller.make("/v3/clusters", cluster_v3(caller.project(), environment="vpc"))
    cluster = location.replace("/v3/", "/v2/")
    assert caller.refused(method, cluster + path, body) == (422, "ErrClusterStateNotNormal")
    for part in ("buckets", "allowlist", "users", "certificate", "health"):
        caller.get(f"{cluster}/{part}")
    caller.settle(location)
    caller.call("DELETE", location)
    assert caller.refused(method, cluster + path, body) == (422, "EntityNotWritable")
    assert caller.refused(method, f"/v2/clusters/{UNKNOWN}{path}", body) == MISSING


HOSTED = (422, "EntityStateInvalid")
READS: list[tuple[str, str, Any]] = [
    ("GET", path, None) for path in ("/buckets", "/allowlist", "/users", "/health", "/certificate")
]


@pytest.mark.parametrize(
    ("method", "path", "body"), READS + CHANGES, ids=[f"{c[0]} {c[1]}" for c in READS + CHANGES]
)
def test_v2_does_not_have_the_contents_of_a_hosted_cluster(
    caller: ApiCaller, method: str, path: str, body: object
) -> None:
    """Each operation is refused in every state of the cluster, and the message says what to use instead."""
    location = caller.make("/v3/clusters", cluster_v3(caller.project()))
    cluster = location.replace("/v3/", "/v2/")
    response = caller.call(method, cluster + path, body)
    assert (response.status, response.body["errorType"]) == HOSTED
    assert "POST /v3/clusters/{id}/users" in response.body["message"]
    caller.settle(location)
    assert caller.refused(method, cluster + path, body) == HOSTED
    assert caller.call("POST", f"{location}/users", {"username": "u", "password": "p"}).status == 201
    caller.call("DELETE", location)
    assert caller.refused(method, cluster + path, body) == HOSTED


def test_the_user_of_a_hosted_cluster_needs_a_settled_cluster(caller: ApiCaller) -> None:
    """The error type is that of a change to the contents of a cluster."""
    location = caller.make("/v3/clusters", cluster_v3(caller.project()))
    user = {"username": "u", "password": "p"}
    assert caller.refused("POST", f"{location}/users", user) == (422, "ErrClusterStateNotNormal")


def test_a_new_cluster_is_empty(caller: ApiCaller) -> None:
    """Only the clusters of the seed have contents."""
    location = caller.make("/v3/clusters", cluster_v3(caller.project(), environment="vpc"))
    for part in ("buckets", "allowlist", "users"):
        assert caller.get(f"{location.replace('/v3/', '/v2/')}/{part}") == []


def test_a_cluster_id_belongs_to_one_version() -> None:
    """The id of a v2 cluster does not exist in v3, and the reverse, except on the shared paths."""
    caller = ApiCaller()
    v2 = caller.get("/v2/clusters?perPage=1")["data"][0]["id"]
    v3 = caller.get("/v3/clusters?perPage=1")["data"]["items"][0]["id"]
    missing = (404, "EntityNotFound")
    for path in ("", "/status"):
        assert caller.refused("GET", f"/v2/clusters/{v3}{path}") == missing
        assert caller.refused("GET", f"/v3/clusters/{v2}{path}") == missing
    assert caller.refused("DELETE", f"/v2/clusters/{v3}") == missing
    assert caller.refused("DELETE", f"/v3/clusters/{v2}") == missing
    for path in ("health", "certificate", "buckets", "allowlist", "users"):
        caller.get(f"/v2/clusters/{v2}/{path}")
        caller.get(f"/v2/clusters/{v3}/{path}")
        assert caller.refused("GET", f"/v2/clusters/{UNKNOWN}/{path}") == missing


@pytest.mark.parametrize("path", ["/v2/clouds/", "/v2/projects/", "/v2/clusters/", "/v3/clusters/"])
def test_an_unknown_id_is_404(caller: ApiCaller, path: str) -> None:
    """The message contains the id."""
    response = caller.call("GET", path + UNKNOWN)
    assert response.status == HTTPStatus.NOT_FOUND
    assert UNKNOWN in str(response.body)


def test_an_id_in_upper_case_is_the_same_id(caller: ApiCaller) -> None:
    """RFC 9562: the case of a UUID is ignored."""
    cloud = caller.get("/v2/clouds?perPage=1")["data"][0]
    assert caller.get(f"/v2/clouds/{cloud['id'].upper()}")["id"] == cloud["id"]


def test_the_id_in_a_location_is_in_lower_case() -> None:
    """A request with an upper-case id gets a Location with the lower-case id."""
    caller = ApiCaller()
    cluster = caller.get("/v3/clusters?perPage=1")["data"]["items"][0]["id"]
    for path, body in (
        (f"/v2/clusters/{cluster.upper()}/buckets", {"name": "b", "memoryQuota": 100}),
        (f"/v3/clusters/{cluster.upper()}/users", {"username": "u", "password": "p"}),
    ):
        assert f"/{cluster}/" in caller.make(path, body)
