"""Projects: the folders that clusters lie in."""

from mock_server.api.answers import Answer, ApiError
from mock_server.api.lookups import by_id
from mock_server.api.paging import ordered, page_of
from mock_server.api.registry import Call, operation


@operation("listProjects")
def list_projects(call: Call) -> Answer:
    """List one page of them."""
    cursor, projects = page_of(call, ordered(call, list(call.store.projects.values())))
    return Answer(200, {"cursor": cursor, "data": projects})


@operation("getProject")
def get_project(call: Call) -> Answer:
    """Show one project."""
    return Answer(200, by_id(call, call.store.projects, "project"))


@operation("createProject")
def create_project(call: Call) -> Answer:
    """Make a project, whose name nobody else may have."""
    name = call.body["name"]
    if any(project["name"] == name for project in call.store.projects.values()):
        raise ApiError(422, "EntityNameExists", "Another project has this name; choose one that is free.")
    return Answer(201, call.store.add_project(name))


@operation("deleteProject")
def delete_project(call: Call) -> Answer:
    """Delete a project that holds no cluster, not even one that is still being destroyed."""
    project_id = by_id(call, call.store.projects, "project")["id"]
    clusters = [*call.store.clusters.values(), *call.store.clusters_v3.values()]
    held = sum(cluster.facts["projectId"] == project_id for cluster in clusters)
    if held:
        raise ApiError(
            422,
            "EntityNotWritable",
            f"The project still holds clusters ({held}); delete them and poll until they are gone.",
        )
    del call.store.projects[project_id]
    return Answer(204)
