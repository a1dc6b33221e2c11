"""Show one project.

GET /v2/projects/{id}, operation getProject.
"""

from capella.client import Client
from capella.command import run
from capella.options import Json, ProjectId
from capella.output import print_one


def get_project(project_id: ProjectId, *, as_json: Json = False) -> None:
    """Show one project."""
    with Client.from_environment() as capella:
        response = capella.get("/v2/projects/{id}", project_id)
    print_one(response, {"Name": "name", "Created": "createdAt", "ID": "id"}, as_json=as_json)


if __name__ == "__main__":
    run(get_project)
