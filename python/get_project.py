"""Show one project.

GET /v2/projects/{id}, operation getProject.
"""

from capella.client import Client
from capella.output import Json, ProjectId, print_one, run


def get_project(project_id: ProjectId, *, as_json: Json = False) -> None:
    """Show one project."""
    with Client.from_environment() as capella:
        answer = capella.get("/v2/projects/{id}", project_id)
    print_one(answer, {"Name": "name", "Created": "createdAt", "ID": "id"}, as_json=as_json)


if __name__ == "__main__":
    run(get_project)
