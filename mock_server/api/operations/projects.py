"""Projects, which contain the clusters."""

from mock_server.api.errors import ApiError
from mock_server.api.lookups import by_id
from mock_server.api.paging import ordered, page_of
from mock_server.api.registry import Call, operation
from mock_server.api.replies import json_reply
from mock_server.http import Reply


@operation("listProjects")
def list_projects(call: Call) -> Reply:
    """Return one page of the projects."""
    cursor, projects = page_of(call, ordered(call, list(call.store.projects.values())))
    return json_reply(200, {"cursor": cursor, "data": projects})


@operation("getProject")
def get_project(call: Call) -> Reply:
    """Return one project."""
    return json_reply(200, by_id(call, call.store.projects, "project"))


@operation("createProject")
def create_project(call: Call) -> Reply:
    """Create a project. Its name must be unique."""
    name = call.body["name"]
    if any(project["name"] == name for project in call.store.projects.values()):
        raise ApiError(422, "EntityNameExists", "Another project has this name: choose another.")
    return json_reply(201, call.store.add_project(name))


@operation("deleteProject")
def delete_project(call: Call) -> Reply:
    """Delete a project without clusters. A cluster that is being destroyed still counts."""
    project_id = by_id(call, call.store.projects, "project")["id"]
    clusters = [*call.store.clusters.values(), *call.store.clusters_v3.values()]
    count = sum(cluster.properties["projectId"] == project_id for cluster in clusters)
    if count:
        raise ApiError(
            422,
            "EntityNotWritable",
            f"The project has {count} cluster(s): delete them, and poll until they are gone.",
        )
    del call.store.projects[project_id]
    return Reply(204)
