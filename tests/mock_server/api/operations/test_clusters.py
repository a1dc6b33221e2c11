"""Clusters: the operations that v2 and v3 have in common, and those that only v2 has."""

from typing import Any

import pytest

from tests.support.api_caller import ApiCaller, cluster_v2, cluster_v3, server_v3

UNKNOWN = "f2b5a1f0-0000-4000-8000-000000000000"
MOVING = (422, "EntityStateInvalid")
DYING = (422, "EntityNotWritable")


def new_cluster(caller: ApiCaller, version: str) -> str:
    """Make a cluster in a VPC and return its Location."""
    body = cluster_v2(caller) if version == "v2" else cluster_v3(caller.project(), environment="vpc")
    return caller.make(f"/{version}/clusters", body)


def items(page: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the items of a page. In v3, `data` contains them under `items`, and is empty without items."""
    data = page["data"]
    found: list[dict[str, Any]] = data.get("items", []) if isinstance(data, dict) else data
    return found


@pytest.mark.parametrize(
    ("version", "passing", "end"), [("v2", "deploy_succeeded", "ready"), ("v3", "deploying", "healthy")]
)
@pytest.mark.parametrize("transition", [0, 1, 2, 3])
def test_a_new_cluster_deploys_for_n_polls(version: str, passing: str, end: str, transition: int) -> None:
    """The first N polls see `deploying`, all later ones the final status. The Nth sees v2's passing state."""
    caller = ApiCaller(transition=transition)
    location = new_cluster(caller, version)
    assert location.startswith(f"/{version}/clusters/")
    seen = [caller.get(f"{location}/status")["status"] for _ in range(transition + 2)]
    deploying = ["deploying"] * transition
    assert seen == (deploying if transition < 2 else [*deploying[1:], passing]) + [end, end]


@pytest.mark.parametrize(
    ("version", "end", "passing"), [("v2", "ready", "destroy_succeeded"), ("v3", "healthy", "destroying")]
)
@pytest.mark.parametrize("transition", [0, 1, 2, 3])
def test_a_deleted_cluster_is_destroyed_for_n_polls(
    version: str, end: str, passing: str, transition: int
) -> None:
    """After N polls it does not exist, the list does not contain it, and its name can be used again."""
    caller = ApiCaller(transition=transition)
    location = new_cluster(caller, version)
    assert caller.settle(location) == end
    before = caller.get(f"/{version}/clusters")["cursor"]["pages"]["totalItems"]
    deleted = caller.call("DELETE", location)
    assert (deleted.status, deleted.body, deleted.headers) == (202, None, (("Location", location),))
    seen = [caller.get(f"{location}/status")["status"] for _ in range(transition)]
    destroying = ["destroying"] * transition
    assert seen == (destroying if transition < 2 else [*destroying[1:], passing])
    assert caller.refused("GET", f"{location}/status") == (404, "EntityNotFound")
    assert caller.refused("GET", location) == (404, "EntityNotFound")
    assert caller.refused("DELETE", location) == (404, "EntityNotFound")
    assert caller.get(f"/{version}/clusters")["cursor"]["pages"]["totalItems"] == before - 1
    assert new_cluster(caller, version) != location


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
def test_each_response_with_a_cluster_counts_as_a_poll(version: str, target: str) -> None:
    """These responses count: the cluster itself, its status, its health, and a list page that contains it."""
    caller = ApiCaller(transition=2)
    location = new_cluster(caller, version)
    polled = target.format(location=location, id=location.rpartition("/")[2])
    for _ in range(2):
        assert caller.refused("DELETE", location) == MOVING
        caller.get(polled)
    assert caller.call("DELETE", location).status == 202


@pytest.mark.parametrize("version", ["v2", "v3"])
def test_other_responses_do_not_count_as_a_poll(version: str) -> None:
    """These responses do not count: another page, another cluster, and lists of the cluster's contents."""
    caller = ApiCaller(transition=1)
    location = new_cluster(caller, version)
    cluster_id = location.rpartition("/")[2]
    caller.get("/v2/clusters?perPage=1")
    caller.get("/v3/clusters?perPage=1")
    for path in ("buckets", "allowlist", "users", "certificate"):
        caller.get(f"/v2/clusters/{cluster_id}/{path}")
    assert caller.get(f"{location}/status")["status"] == "deploying"


@pytest.mark.parametrize("version", ["v2", "v3"])
def test_a_cluster_in_transition_cannot_be_changed(version: str) -> None:
    """Every operation that changes a cluster refuses it while it deploys and while it is destroyed."""
    caller = ApiCaller()
    location = new_cluster(caller, version)
    changes: list[tuple[str, str, Any]] = [("DELETE", location, None)]
    if version == "v3":
        changes += [
            ("PUT", f"{location}/meta", {"name": "other"}),
            ("PUT", f"{location}/servers", {"servers": [server_v3()]}),
            ("PUT", f"{location}/support", {"supportPackage": {"type": "Enterprise"}}),
        ]
    for change in changes:
        assert caller.refused(*change) == MOVING
    caller.settle(location)
    caller.call("DELETE", location)
    for change in changes:
        assert caller.refused(*change) == DYING


@pytest.mark.parametrize("version", ["v2", "v3"])
def test_a_cluster_needs_an_existing_project_and_a_unique_name(version: str) -> None:
    """Unknown ids in a body are 422; a name is unique in a project, over both versions."""
    caller = ApiCaller()
    new_cluster(caller, version)
    v2, v3 = cluster_v2(caller), cluster_v3(caller.project())
    assert caller.refused("POST", "/v2/clusters", v2) == (422, "EntityNameExists")
    assert caller.refused("POST", "/v3/clusters", v3) == (422, "EntityNameExists")
    assert caller.refused("POST", "/v2/clusters", {**v2, "projectId": UNKNOWN}) == (422, "RequestInvalid")
    assert caller.refused("POST", "/v2/clusters", {**v2, "cloudId": UNKNOWN}) == (422, "RequestInvalid")
    assert caller.refused("POST", "/v3/clusters", {**v3, "projectId": UNKNOWN}) == (422, "RequestInvalid")
    elsewhere = caller.get("/v2/projects?perPage=2")["data"][1]["id"]
    caller.make("/v2/clusters", {**v2, "projectId": elsewhere.upper()})


@pytest.mark.parametrize("path", ["/v2/clusters", "/v3/clusters"])
@pytest.mark.parametrize("key", ["projectId", "cloudId"])
def test_clusters_are_filtered_by_project_and_cloud(caller: ApiCaller, path: str, key: str) -> None:
    """The case of a UUID is ignored; two filters are combined; an unknown id finds nothing."""
    every = items(caller.get(f"{path}?perPage=100"))
    wanted = next(item[key] for item in every if key in item)
    expected = [item for item in every if item.get(key) == wanted]
    assert 0 < len(expected) < len(every)
    assert items(caller.get(f"{path}?{key}={wanted}")) == expected
    assert items(caller.get(f"{path}?{key}={wanted.upper()}")) == expected
    unknown = "f2b5a1f0-0000-4000-8000-000000000000"
    empty = caller.get(f"{path}?{key}={unknown}")
    assert items(empty) == []
    assert empty["cursor"]["pages"] == {"page": 1, "perPage": 10, "totalItems": 0, "last": 1}
    other = "cloudId" if key == "projectId" else "projectId"
    assert items(caller.get(f"{path}?{key}={wanted}&{other}={unknown}")) == []


def test_a_v2_cluster_has_the_properties_sent() -> None:
    """One cluster and the list show them. The default is three nodes with data, index and query."""
    caller = ApiCaller(transition=0)
    servers = [{"size": 2, "services": ["query", "data", "query"]}, {"size": 5, "services": ["data"]}]
    body = cluster_v2(caller, servers=servers, version="enterprise-6.5.1")
    shown = caller.get(caller.make("/v2/clusters", body))
    assert {name: shown[name] for name in ("name", "projectId", "cloudId", "status")} == {
        "name": "new cluster",
        "projectId": body["projectId"],
        "cloudId": body["cloudId"],
        "status": "ready",
    }
    assert shown["version"]["name"] == "enterprise-6.5.1"
    assert shown["createdAt"] == shown["updatedAt"] == "2023-11-14T22:13:20Z"
    caller.make("/v2/clusters", cluster_v2(caller, name="plain", servers=[]))
    many, plain = caller.get(f"/v2/clusters?projectId={body['projectId']}")["data"]
    assert (many["nodes"], many["services"]) == (7, ["data", "query"])
    nodes = caller.get(f"/v2/clusters/{many['id']}/health")["nodeStats"]["serviceStats"]
    assert [node["services"] for node in nodes] == [["data", "query"]] * 2 + [["data"]] * 5
    assert (plain["nodes"], plain["services"]) == (3, ["data", "index", "query"])


def test_a_v2_cluster_has_at_most_27_nodes() -> None:
    """This is policy: the vendor documents the limit only for v3."""
    caller = ApiCaller()
    servers = [{"size": 14, "services": ["data"]}] * 2
    body = cluster_v2(caller, servers=servers)
    assert caller.refused("POST", "/v2/clusters", body) == (422, "RequestInvalid")


@pytest.mark.parametrize("sizes", [(1,), (27,), (13, 14)])
def test_a_v2_cluster_has_1_to_27_nodes(sizes: tuple[int, ...]) -> None:
    """The sizes of its servers are added."""
    caller = ApiCaller(transition=0)
    servers = [{"size": size, "services": ["data"]} for size in sizes]
    location = caller.make("/v2/clusters", cluster_v2(caller, servers=servers))
    assert caller.get(f"{location}/health")["nodeStats"]["totalCount"] == sum(sizes)
