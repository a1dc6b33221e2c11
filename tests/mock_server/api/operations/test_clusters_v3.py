"""Clusters: the operations that only v3 has."""

from typing import Any

import pytest

from tests.support.api_caller import ApiCaller, cluster_v2, cluster_v3, server_v3


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
        {"place": {"singleAZ": True, "hosted": {"provider": "aws", "region": "r", "CIDR": "ten"}}},
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
    assert caller.get(f"/v3/clusters?projectId={caller.project()}")["data"]["items"] == []


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
    body = cluster_v3(caller.project(), servers=[server_v3(size=3.0)])
    location = caller.make("/v3/clusters", body)
    assert repr(caller.get(location)["servers"][0]["size"]) == "3"
    nodes = caller.get(f"{location.replace('/v3/', '/v2/')}/health")["nodeStats"]
    assert nodes["totalCount"] == 3


def test_a_v3_cluster_is_renamed() -> None:
    """It takes effect at once and sets updatedAt. A name in use and a name that is too short are refused."""
    caller = ApiCaller(transition=0)
    location = new_cluster(caller, "v3")
    caller.make("/v3/clusters", cluster_v3(caller.project(), clusterName="taken"))
    caller.now += 5000
    for name in ("x", "x" * 129, ""):
        assert caller.refused("PUT", f"{location}/meta", {"name": name}) == (422, "RequestInvalid")
    assert caller.refused("PUT", f"{location}/meta", {"name": "taken"}) == (422, "EntityNameExists")
    assert caller.refused("PUT", f"{location}/meta", {}) == (422, "RequestInvalid")
    assert caller.get(location)["updatedAt"] == "2023-11-14T22:13:20Z"
    for body in ({"name": "other"}, {"name": "other"}, {"description": "d"}):
        assert caller.call("PUT", f"{location}/meta", body).status == 204
    shown = caller.get(location)
    assert (shown["name"], shown["updatedAt"]) == ("other", "2023-11-14T22:13:25Z")
    assert shown["createdAt"] == "2023-11-14T22:13:20Z"


def test_a_v3_cluster_is_scaled() -> None:
    """A cluster with new servers is `scaling` for N polls, then `healthy`."""
    caller = ApiCaller(transition=2)
    location = new_cluster(caller, "v3")
    caller.settle(location)
    refused = caller.refused("PUT", f"{location}/servers", {"servers": [server_v3(size=27), server_v3()]})
    assert refused == (422, "RequestInvalid")
    scaled = caller.call("PUT", f"{location}/servers", {"servers": [server_v3(size=9)]})
    assert (scaled.status, scaled.body, scaled.headers) == (202, None, (("Location", location),))
    health = caller.get(f"/v2{location.removeprefix('/v3')}/health")
    assert health == {"status": "deploying", "health": "N/A"}
    shown = caller.get(location)
    assert (shown["status"], shown["servers"]) == ("scaling", [server_v3(size=9)])
    assert caller.get(location)["status"] == "healthy"


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
    single = caller.make("/v3/clusters", cluster_v3(caller.project(), clusterName="single"))
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
