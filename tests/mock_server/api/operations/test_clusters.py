"""Clusters of both versions: they change by being looked at, and are changed only when they stand still."""

from typing import Any

import pytest

from tests.support.operations import Client, cluster_v2, cluster_v3, server_v3

NOBODY = "f2b5a1f0-0000-4000-8000-000000000000"
MOVING = (422, "EntityStateInvalid")
DYING = (422, "EntityNotWritable")


def new_cluster(client: Client, version: str) -> str:
    """Make a cluster and return its Location."""
    body = cluster_v2(client) if version == "v2" else cluster_v3(client.project())
    return client.make(f"/{version}/clusters", body)


@pytest.mark.parametrize(("version", "end"), [("v2", "ready"), ("v3", "healthy")])
@pytest.mark.parametrize("transition", [0, 1, 3])
def test_a_new_cluster_deploys_for_as_many_polls(version: str, end: str, transition: int) -> None:
    """The first N polls see `deploying`, all later ones the end; waiting needs no sleep."""
    client = Client(transition=transition)
    location = new_cluster(client, version)
    assert location.startswith(f"/{version}/clusters/")
    seen = [client.get(f"{location}/status")["status"] for _ in range(transition + 2)]
    assert seen == ["deploying"] * transition + [end, end]


@pytest.mark.parametrize(("version", "end"), [("v2", "ready"), ("v3", "healthy")])
@pytest.mark.parametrize("transition", [0, 1, 3])
def test_a_deleted_cluster_is_destroyed_for_as_many_polls(version: str, end: str, transition: int) -> None:
    """Then it is gone, from the list too, and its name is free again."""
    client = Client(transition=transition)
    location = new_cluster(client, version)
    assert client.settle(location) == end
    before = client.get(f"/{version}/clusters")["cursor"]["pages"]["totalItems"]
    deleted = client.call("DELETE", location)
    assert (deleted.status, deleted.body, deleted.headers) == (202, None, (("Location", location),))
    for _ in range(transition):
        assert client.get(f"{location}/status")["status"] == "destroying"
    assert client.refused("GET", f"{location}/status") == (404, "EntityNotFound")
    assert client.refused("GET", location) == (404, "EntityNotFound")
    assert client.refused("DELETE", location) == (404, "EntityNotFound")
    assert client.get(f"/{version}/clusters")["cursor"]["pages"]["totalItems"] == before - 1
    assert new_cluster(client, version) != location


@pytest.mark.parametrize(
    ("version", "target"),
    [
        ("v2", "{location}"),
        ("v2", "{location}/status"),
        ("v2", "{location}/health"),
        ("v2", "/v2/clusters?perPage=100"),
        ("v3", "{location}"),
        ("v3", "{location}/status"),
        ("v3", "/v2/clusters/{id}/health"),
        ("v3", "/v3/clusters?perPage=100"),
    ],
)
def test_whatever_shows_a_cluster_is_a_poll(version: str, target: str) -> None:
    """Alone, by its status or health, or on a page of a list."""
    client = Client(transition=2)
    location = new_cluster(client, version)
    polled = target.format(location=location, id=location.rpartition("/")[2])
    for _ in range(2):
        assert client.refused("DELETE", location) == MOVING
        client.get(polled)
    assert client.call("DELETE", location).status == 202


@pytest.mark.parametrize("version", ["v2", "v3"])
def test_what_does_not_show_a_cluster_is_no_poll(version: str) -> None:
    """Another page, another cluster, and the lists of what is in it leave it as it is."""
    client = Client(transition=1)
    location = new_cluster(client, version)
    cluster_id = location.rpartition("/")[2]
    client.get("/v2/clusters?perPage=1")
    client.get("/v3/clusters?perPage=1")
    for path in ("buckets", "allowlist", "users", "certificate"):
        client.get(f"/v2/clusters/{cluster_id}/{path}")
    assert client.get(f"{location}/status")["status"] == "deploying"


@pytest.mark.parametrize("version", ["v2", "v3"])
def test_a_cluster_in_motion_cannot_be_changed(version: str) -> None:
    """While it deploys, and while it is destroyed; every operation that changes it says so."""
    client = Client()
    location = new_cluster(client, version)
    changes: list[tuple[str, str, Any]] = [("DELETE", location, None)]
    if version == "v3":
        changes += [
            ("PUT", f"{location}/meta", {"name": "other"}),
            ("PUT", f"{location}/servers", {"servers": [server_v3()]}),
            ("PUT", f"{location}/support", {"supportPackage": {"type": "Enterprise"}}),
        ]
    for change in changes:
        assert client.refused(*change) == MOVING
    client.settle(location)
    client.call("DELETE", location)
    for change in changes:
        assert client.refused(*change) == DYING


@pytest.mark.parametrize("version", ["v2", "v3"])
def test_a_cluster_needs_a_project_that_exists_and_a_name_that_is_free(version: str) -> None:
    """Unknown ids in a body are 422; a name is free once per project, over both versions."""
    client = Client()
    new_cluster(client, version)
    v2, v3 = cluster_v2(client), cluster_v3(client.project())
    assert client.refused("POST", "/v2/clusters", v2) == (422, "EntityNameExists")
    assert client.refused("POST", "/v3/clusters", v3) == (422, "EntityNameExists")
    assert client.refused("POST", "/v2/clusters", {**v2, "projectId": NOBODY}) == (422, "RequestInvalid")
    assert client.refused("POST", "/v2/clusters", {**v2, "cloudId": NOBODY}) == (422, "RequestInvalid")
    assert client.refused("POST", "/v3/clusters", {**v3, "projectId": NOBODY}) == (422, "RequestInvalid")
    elsewhere = client.get("/v2/projects?perPage=2")["data"][1]["id"]
    client.make("/v2/clusters", {**v2, "projectId": elsewhere.upper()})


def test_a_v2_cluster_shows_what_it_was_made_of() -> None:
    """Alone and in the list; three nodes with data, index and query unless told otherwise."""
    client = Client(transition=0)
    servers = [{"size": 2, "services": ["query", "data", "query"]}, {"size": 5, "services": ["data"]}]
    body = cluster_v2(client, servers=servers, version="enterprise-6.5.1")
    shown = client.get(client.make("/v2/clusters", body))
    assert {name: shown[name] for name in ("name", "projectId", "cloudId", "status")} == {
        "name": "new cluster",
        "projectId": body["projectId"],
        "cloudId": body["cloudId"],
        "status": "ready",
    }
    assert shown["version"]["name"] == "enterprise-6.5.1"
    assert shown["createdAt"] == shown["updatedAt"] == "2023-11-14T22:13:20Z"
    client.make("/v2/clusters", cluster_v2(client, name="plain", servers=[]))
    many, plain = client.get(f"/v2/clusters?projectId={body['projectId']}")["data"]
    assert (many["nodes"], many["services"]) == (7, ["data", "query"])
    nodes = client.get(f"/v2/clusters/{many['id']}/health")["nodeStats"]["serviceStats"]
    assert [node["services"] for node in nodes] == [["data", "query"]] * 2 + [["data"]] * 5
    assert (plain["nodes"], plain["services"]) == (3, ["data", "index", "query"])


def test_a_v3_cluster_shows_what_it_was_made_of() -> None:
    """And nothing that the caller made up beside it."""
    client = Client(transition=0)
    servers = [
        server_v3(extra="x"),
        server_v3(size=4, services=["query"], storage={"type": "PD-SSD", "size": 60, "x": 1}),
    ]
    body = cluster_v3(client.project(), servers=servers, description="d", extra={"a": 1})
    shown = client.get(client.make("/v3/clusters", body))
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
    """Rules that stand beside the schemas."""
    client = Client()
    body = cluster_v3(client.project(), **change)
    assert client.refused("POST", "/v3/clusters", body) == (422, "RequestInvalid")
    assert client.get(f"/v3/clusters?projectId={client.project()}")["data"]["items"] == []


def test_the_cloud_of_a_v3_cluster_is_shown_in_the_list_alone() -> None:
    """The vendor describes it there only, and only for clusters in the organization's own clouds."""
    client = Client()
    listed = client.get("/v3/clusters?perPage=100")["data"]["items"]
    assert {("cloudId" in item, item["environment"]) for item in listed} == {(True, "vpc"), (False, "hosted")}
    for item in listed:
        assert "cloudId" not in client.get(f"/v3/clusters/{item['id']}")


def test_a_v2_cluster_has_at_most_27_nodes_too() -> None:
    """Policy, where the vendor speaks of v3 alone."""
    client = Client()
    servers = [{"size": 14, "services": ["data"]}] * 2
    body = cluster_v2(client, servers=servers)
    assert client.refused("POST", "/v2/clusters", body) == (422, "RequestInvalid")


def test_a_whole_number_with_a_fraction_of_zero_is_a_whole_number() -> None:
    """JSON Schema says so; the answer has it without."""
    client = Client(transition=0)
    body = cluster_v3(client.project(), servers=[server_v3(size=3.0)])
    location = client.make("/v3/clusters", body)
    assert repr(client.get(location)["servers"][0]["size"]) == "3"
    nodes = client.get(f"{location.replace('/v3/', '/v2/')}/health")["nodeStats"]
    assert nodes["totalCount"] == 3


def test_a_v3_cluster_is_renamed() -> None:
    """At once; the clock's time is kept, and a name that is taken or too short refused."""
    client = Client(transition=0)
    location = new_cluster(client, "v3")
    client.make("/v3/clusters", cluster_v3(client.project(), clusterName="taken"))
    client.now += 5000
    for name in ("x", "x" * 129, ""):
        assert client.refused("PUT", f"{location}/meta", {"name": name}) == (422, "RequestInvalid")
    assert client.refused("PUT", f"{location}/meta", {"name": "taken"}) == (422, "EntityNameExists")
    assert client.refused("PUT", f"{location}/meta", {}) == (422, "RequestInvalid")
    assert client.get(location)["updatedAt"] == "2023-11-14T22:13:20Z"
    for body in ({"name": "other"}, {"name": "other"}, {"description": "d"}):
        assert client.call("PUT", f"{location}/meta", body).status == 204
    shown = client.get(location)
    assert (shown["name"], shown["updatedAt"]) == ("other", "2023-11-14T22:13:25Z")
    assert shown["createdAt"] == "2023-11-14T22:13:20Z"


def test_a_v3_cluster_is_scaled() -> None:
    """It is `scaling` for as many polls, with its new servers."""
    client = Client(transition=2)
    location = new_cluster(client, "v3")
    client.settle(location)
    refused = client.refused("PUT", f"{location}/servers", {"servers": [server_v3(size=27), server_v3()]})
    assert refused == (422, "RequestInvalid")
    scaled = client.call("PUT", f"{location}/servers", {"servers": [server_v3(size=9)]})
    assert (scaled.status, scaled.body, scaled.headers) == (202, None, (("Location", location),))
    health = client.get(f"/v2{location.removeprefix('/v3')}/health")
    assert health == {"status": "deploying", "health": "N/A"}
    shown = client.get(location)
    assert (shown["status"], shown["servers"]) == ("scaling", [server_v3(size=9)])
    assert client.get(location)["status"] == "healthy"


def test_a_v3_clusters_support_is_changed() -> None:
    """`Basic` does not cover several availability zones."""
    client = Client(transition=0)
    place = {**cluster_v3("")["place"], "singleAZ": False}
    location = client.make("/v3/clusters", cluster_v3(client.project(), place=place))
    assert len(client.get(location)["availabilityZones"]) == 3
    basic = {"supportPackage": {"type": "Basic"}}
    assert client.refused("PUT", f"{location}/support", basic) == (422, "EntityNotWritable")
    enterprise = {"supportPackage": {"type": "Enterprise", "timezone": "PT"}}
    assert client.call("PUT", f"{location}/support", enterprise).status == 204
    assert client.get(location)["support"] == "Enterprise"
    single = client.make("/v3/clusters", cluster_v3(client.project(), clusterName="single"))
    assert client.call("PUT", f"{single}/support", basic).status == 204


def test_a_cluster_has_its_own_versions_paths_only() -> None:
    """The id of one version names nothing in the other, save for what the two share."""
    client = Client()
    v2 = client.get("/v2/clusters?perPage=1")["data"][0]["id"]
    v3 = client.get("/v3/clusters?perPage=1")["data"]["items"][0]["id"]
    missing = (404, "EntityNotFound")
    for path in ("", "/status"):
        assert client.refused("GET", f"/v2/clusters/{v3}{path}") == missing
        assert client.refused("GET", f"/v3/clusters/{v2}{path}") == missing
    assert client.refused("DELETE", f"/v2/clusters/{v3}") == missing
    assert client.refused("DELETE", f"/v3/clusters/{v2}") == missing
    for path in ("health", "certificate", "buckets", "allowlist", "users"):
        client.get(f"/v2/clusters/{v2}/{path}")
        client.get(f"/v2/clusters/{v3}/{path}")
        assert client.refused("GET", f"/v2/clusters/{NOBODY}/{path}") == missing
