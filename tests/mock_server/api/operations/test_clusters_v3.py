"""Clusters: the operations that only v3 has."""

import re
from typing import Any

import pytest

from tests.support.api_caller import ApiCaller, cluster_v2, cluster_v3, place_v3, server_v3


def new_cluster(caller: ApiCaller, version: str) -> str:
    """Make a cluster and return its Location."""
    body = cluster_v2(caller) if version == "v2" else cluster_v3(caller.project())
    return caller.make(f"/{version}/clusters", body)


def test_a_v3_cluster_has_the_described_properties_sent() -> None:
    """Properties that are not described are dropped."""
    caller = ApiCaller(transition=0)
    servers = [
        server_v3(extra="x"),
        server_v3(size=4, services=["query"], storage={"type": "PD-SSD", "size": 60, "x": 1}),
    ]
    body = cluster_v3(caller.project(), servers=servers, description="d", extra={"a": 1})
    shown = caller.get(caller.make("/v3/clusters", body))
    assert shown["servers"] == [
        server_v3(),
        server_v3(size=4, services=["query"], storage={"type": "PD-SSD", "IOPS": 0, "size": 60}),
    ]
    assert shown["place"] == body["place"]["hosted"]
    assert shown["availabilityZones"] == ["us-west-2a"]
    assert (shown["support"], shown["environment"], shown["status"]) == ("DeveloperPro", "hosted", "healthy")
    assert "extra" not in str(shown)


@pytest.mark.parametrize(
    "change",
    [
        {"place": {"singleAZ": True}},
        {"place": place_v3("ten")},
        {"servers": []},
        {"servers": [server_v3(size=14), server_v3(size=14)]},
    ],
    ids=["no place", "no CIDR", "no nodes", "28 nodes"],
)
def test_a_v3_cluster_has_a_place_and_1_to_27_nodes(change: dict[str, Any]) -> None:
    """The schemas do not contain these rules."""
    caller = ApiCaller()
    body = cluster_v3(caller.project(), **change)
    assert caller.refused("POST", "/v3/clusters", body) == (422, "RequestInvalid")
    assert caller.get(f"/v3/clusters?projectId={caller.project()}")["data"] == {}


def test_only_the_list_contains_the_cloud_of_a_v3_cluster() -> None:
    """The vendor describes it only there, and only for clusters in a cloud of the organization."""
    caller = ApiCaller()
    listed = caller.get("/v3/clusters?perPage=100")["data"]["items"]
    assert {("cloudId" in item, item["environment"]) for item in listed} == {(True, "vpc"), (False, "hosted")}
    for item in listed:
        assert "cloudId" not in caller.get(f"/v3/clusters/{item['id']}")


def test_a_number_with_a_zero_fraction_is_an_integer() -> None:
    """JSON Schema says so. The response contains the number without the fraction."""
    caller = ApiCaller(transition=0)
    body = cluster_v3(caller.project(), servers=[server_v3(size=3.0)], environment="vpc")
    location = caller.make("/v3/clusters", body)
    assert repr(caller.get(location)["servers"][0]["size"]) == "3"
    nodes = caller.get(f"{location.replace('/v3/', '/v2/')}/health")["nodeStats"]
    assert nodes["totalCount"] == 3


def test_a_v3_cluster_is_renamed() -> None:
    """It takes effect at once and sets updatedAt. A name in use and a name that is too short are refused."""
    caller = ApiCaller(transition=0)
    location = new_cluster(caller, "v3")
    other = cluster_v3(caller.project(), clusterName="taken", place=place_v3("10.22.0.0/16"))
    caller.make("/v3/clusters", other)
    caller.now += 5001
    for name in ("x", "x" * 129, ""):
        assert caller.refused("PUT", f"{location}/meta", {"name": name}) == (422, "RequestInvalid")
    assert caller.refused("PUT", f"{location}/meta", {"name": "taken"}) == (422, "EntityNameExists")
    assert caller.refused("PUT", f"{location}/meta", {}) == (422, "RequestInvalid")
    before = caller.get(location)
    assert before["updatedAt"] == before["createdAt"]
    assert re.fullmatch(r"2023-11-14T22:13:20\.000[1-9][0-9]{1,5}Z", before["createdAt"])
    for body in ({"name": "other"}, {"name": "other"}, {"description": "d"}):
        assert caller.call("PUT", f"{location}/meta", body).status == 204
    shown = caller.get(location)
    assert shown["name"] == "other"
    assert re.fullmatch(r"2023-11-14T22:13:25\.001[1-9][0-9]{1,5}Z", shown["updatedAt"])
    assert shown["createdAt"] == before["createdAt"]


def test_a_v3_cluster_is_scaled() -> None:
    """A cluster with new servers is `scaling` and at last `rebalancing` for N polls, then `healthy`."""
    caller = ApiCaller(transition=3)
    location = caller.make("/v3/clusters", cluster_v3(caller.project(), environment="vpc"))
    caller.settle(location)
    refused = caller.refused("PUT", f"{location}/servers", {"servers": [server_v3(size=27), server_v3()]})
    assert refused == (422, "RequestInvalid")
    scaled = caller.call("PUT", f"{location}/servers", {"servers": [server_v3(size=9)]})
    assert (scaled.status, scaled.body, scaled.headers) == (202, None, (("Location", location),))
    health = caller.get(f"/v2{location.removeprefix('/v3')}/health")
    assert health == {"status": "deploying", "health": "N/A"}
    shown = caller.get(location)
    assert (shown["status"], shown["servers"]) == ("scaling", [server_v3(size=9)])
    assert caller.refused("DELETE", location) == (422, "EntityStateInvalid")
    assert caller.get(location)["status"] == "rebalancing"
    assert caller.get(location)["status"] == "healthy"


def test_a_v3_cluster_that_rebalances_is_deploying_in_v2() -> None:
    """v2 has no such status."""
    caller = ApiCaller(transition=2)
    location = caller.make("/v3/clusters", cluster_v3(caller.project(), environment="vpc"))
    caller.settle(location)
    caller.call("PUT", f"{location}/servers", {"servers": [server_v3(size=9)]})
    assert caller.get(f"{location}/status") == {"status": "scaling"}
    health = caller.get(f"/v2{location.removeprefix('/v3')}/health")
    assert health == {"status": "deploying", "health": "N/A"}
    assert caller.get(f"{location}/status") == {"status": "healthy"}


def test_the_times_of_v3_have_nanoseconds() -> None:
    """They have up to nine digits without zeros at the end, are the same after a reset, and never go back."""
    caller = ApiCaller(transition=0)

    def times() -> list[str]:
        clusters = caller.get("/v3/clusters?perPage=100")["data"]["items"]
        return [caller.get(f"/v3/clusters/{cluster['id']}")["createdAt"] for cluster in clusters]

    first = times()
    assert all(re.fullmatch(r"2021-0[12]-[0-9]{2}T[0-9:]{8}\.[0-9]{0,8}[1-9]Z", time) for time in first)
    assert {len(time) for time in first} > {len("2021-01-31T22:13:20.126456789Z")}
    caller.api.reset()
    assert times() == first
    location = new_cluster(caller, "v3")
    shown = [caller.get(location)["updatedAt"].removesuffix("Z")]
    for number in range(20):
        caller.call("PUT", f"{location}/meta", {"name": f"name {number}"})
        shown.append(caller.get(location)["updatedAt"].removesuffix("Z"))
    assert shown == sorted(shown)
    assert len(set(shown)) == len(shown)


def test_no_v3_clusters_are_an_empty_object() -> None:
    """The service leaves out `items` and `tenantId`, with a filter too."""
    caller = ApiCaller(transition=0)
    empty = {"page": 1, "perPage": 10, "totalItems": 0, "last": 1}
    filtered = caller.get(f"/v3/clusters?projectId={caller.project()}")
    assert (filtered["data"], filtered["cursor"]["pages"]) == ({}, empty)
    for cluster in caller.get("/v3/clusters?perPage=100")["data"]["items"]:
        assert caller.call("DELETE", f"/v3/clusters/{cluster['id']}").status == 202
    every = caller.get("/v3/clusters")
    assert (every["data"], every["cursor"]["pages"]) == ({}, empty)


@pytest.mark.parametrize("block", ["10.21.0.0/16", "10.21.7.9/16"])
def test_the_block_of_a_hosted_cluster_is_unique(block: str) -> None:
    """The canonical forms are compared. A cluster in a VPC may have it, and so may one after the deletion."""
    caller = ApiCaller(transition=0)
    location = new_cluster(caller, "v3")
    second = cluster_v3(caller.project(), clusterName="second", place=place_v3(block))
    assert caller.refused("POST", "/v3/clusters", second) == (422, "ErrClusterInvalidCIDRNotUnique")
    caller.make("/v3/clusters", {**second, "clusterName": "third", "environment": "vpc"})
    caller.make("/v3/clusters", {**second, "clusterName": "fourth", "place": place_v3("10.21.0.0/17")})
    caller.call("DELETE", location)
    caller.make("/v3/clusters", second)


def test_the_support_package_of_a_v3_cluster_is_changed() -> None:
    """`Basic` is refused for several availability zones."""
    caller = ApiCaller(transition=0)
    place = {**cluster_v3("")["place"], "singleAZ": False}
    location = caller.make("/v3/clusters", cluster_v3(caller.project(), place=place))
    assert len(caller.get(location)["availabilityZones"]) == 3
    basic = {"supportPackage": {"type": "Basic"}}
    assert caller.refused("PUT", f"{location}/support", basic) == (422, "EntityNotWritable")
    enterprise = {"supportPackage": {"type": "Enterprise", "timezone": "PT"}}
    assert caller.call("PUT", f"{location}/support", enterprise).status == 204
    assert caller.get(location)["support"] == "Enterprise"
    body = cluster_v3(caller.project(), clusterName="single", place=place_v3("10.22.0.0/16"))
    single = caller.make("/v3/clusters", body)
    assert caller.call("PUT", f"{single}/support", basic).status == 204


@pytest.mark.parametrize("name", ["xx", "x" * 128])
def test_the_name_of_a_v3_cluster_has_2_to_128_characters(name: str) -> None:
    """An update accepts a name at either limit."""
    caller = ApiCaller(transition=0)
    location = new_cluster(caller, "v3")
    assert caller.call("PUT", f"{location}/meta", {"name": name}).status == 204
    assert caller.get(location)["name"] == name


def test_the_servers_of_a_v3_cluster_can_have_27_nodes() -> None:
    """The sizes of its servers are added."""
    caller = ApiCaller(transition=0)
    location = new_cluster(caller, "v3")
    servers = [server_v3(size=13), server_v3(size=14)]
    assert caller.call("PUT", f"{location}/servers", {"servers": servers}).status == 202
