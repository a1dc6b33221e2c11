"""Projects."""

import pytest

from tests.support.api_caller import ApiCaller, cluster_v2, cluster_v3


def test_a_project_is_created_returned_listed_and_deleted() -> None:
    """It has the clock's time and the organization's id."""
    caller = ApiCaller()
    created = caller.call("POST", "/v2/projects", {"name": "mine"})
    assert created.status == 201
    assert isinstance(created.body, dict)
    assert created.body["name"] == "mine"
    assert created.body["createdAt"] == "2023-11-14T22:13:20Z"
    path = f"/v2/projects/{created.body['id']}"
    assert caller.get(path) == created.body
    assert caller.get("/v2/projects?perPage=100")["data"][-1] == created.body
    deleted = caller.call("DELETE", path)
    assert (deleted.status, deleted.body) == (204, None)
    assert caller.refused("GET", path) == (404, "EntityNotFound")
    assert caller.refused("DELETE", path) == (404, "EntityNotFound")


def test_the_name_of_a_project_is_unique() -> None:
    """The name of a deleted project can be used again, with a new id."""
    caller = ApiCaller()
    first = caller.call("POST", "/v2/projects", {"name": "mine"}).body
    assert caller.refused("POST", "/v2/projects", {"name": "mine"}) == (422, "EntityNameExists")
    assert isinstance(first, dict)
    caller.call("DELETE", f"/v2/projects/{first['id']}")
    second = caller.call("POST", "/v2/projects", {"name": "mine"}).body
    assert isinstance(second, dict)
    assert second["id"] != first["id"]


@pytest.mark.parametrize("version", ["v2", "v3"])
def test_a_project_with_clusters_cannot_be_deleted(version: str) -> None:
    """This applies to clusters of both versions, until they are gone."""
    caller = ApiCaller()
    project = caller.project()
    path = f"/v2/projects/{project}"
    body = cluster_v2(caller) if version == "v2" else cluster_v3(project)
    location = caller.make(f"/{version}/clusters", body)
    assert caller.refused("DELETE", path) == (422, "EntityNotWritable")
    caller.settle(location)
    caller.call("DELETE", location)
    for _ in range(caller.transition):
        assert caller.refused("DELETE", path) == (422, "EntityNotWritable")
        caller.get(f"{location}/status")
    assert caller.call("DELETE", path).status == 204
