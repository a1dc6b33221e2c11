"""Projects: made, shown, and deleted when nothing is in them."""

import pytest

from tests.support.operations import Client, cluster_v2, cluster_v3


def test_a_project_is_made_shown_listed_and_deleted() -> None:
    """With the clock's time and the organization's id."""
    client = Client()
    made = client.call("POST", "/v2/projects", {"name": "mine"})
    assert made.status == 201
    assert isinstance(made.body, dict)
    assert made.body["name"] == "mine"
    assert made.body["createdAt"] == "2023-11-14T22:13:20Z"
    path = f"/v2/projects/{made.body['id']}"
    assert client.get(path) == made.body
    assert client.get("/v2/projects?perPage=100")["data"][-1] == made.body
    deleted = client.call("DELETE", path)
    assert (deleted.status, deleted.body) == (204, None)
    assert client.refused("GET", path) == (404, "EntityNotFound")
    assert client.refused("DELETE", path) == (404, "EntityNotFound")


def test_a_name_is_taken_until_its_project_is_deleted() -> None:
    """A second one of the same name is 422; afterwards it has a new id."""
    client = Client()
    first = client.call("POST", "/v2/projects", {"name": "mine"}).body
    assert client.refused("POST", "/v2/projects", {"name": "mine"}) == (422, "EntityNameExists")
    assert isinstance(first, dict)
    client.call("DELETE", f"/v2/projects/{first['id']}")
    second = client.call("POST", "/v2/projects", {"name": "mine"}).body
    assert isinstance(second, dict)
    assert second["id"] != first["id"]


@pytest.mark.parametrize("version", ["v2", "v3"])
def test_a_project_with_clusters_cannot_be_deleted(version: str) -> None:
    """Of either version, and not before they are gone, however long that takes."""
    client = Client()
    project = client.project()
    path = f"/v2/projects/{project}"
    body = cluster_v2(client) if version == "v2" else cluster_v3(project)
    location = client.make(f"/{version}/clusters", body)
    assert client.refused("DELETE", path) == (422, "EntityNotWritable")
    client.settle(location)
    client.call("DELETE", location)
    for _ in range(client.transition):
        assert client.refused("DELETE", path) == (422, "EntityNotWritable")
        client.get(f"{location}/status")
    assert client.call("DELETE", path).status == 204


def test_the_seed_has_projects_with_and_without_clusters() -> None:
    """The first page begins with some that can be deleted."""
    client = Client()
    ids = [project["id"] for project in client.get("/v2/projects?perPage=100")["data"]]
    answers = [client.call("DELETE", f"/v2/projects/{project}").status for project in ids]
    assert set(answers) == {204, 422}
    assert answers[0] == 204


def test_the_clock_is_written_as_rfc_3339_however_far_it_runs() -> None:
    """A clock beyond the year 9999 stays at the last second that can be written."""
    client = Client()
    for now, written in [
        (0, "1970-01-01T00:00:00Z"),
        (999, "1970-01-01T00:00:00Z"),
        (10**18, "9999-12-31T23:59:59Z"),
    ]:
        client.now = now
        made = client.call("POST", "/v2/projects", {"name": f"at {now}"}).body
        assert isinstance(made, dict)
        assert made["createdAt"] == written
