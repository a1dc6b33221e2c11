"""Delete a project without clusters.

DELETE /v2/projects/{id}, operation deleteProject.
"""

from capella.client import Client
from capella.command import run
from capella.options import Json, ProjectId
from capella.output import print_line


def delete_project(project_id: ProjectId, *, as_json: Json = False) -> None:
    """Delete a project without clusters."""
    with Client.from_environment() as capella:
        response = capella.delete("/v2/projects/{id}", project_id)
    print_line(response, f"deleted project {project_id}", as_json=as_json)


if __name__ == "__main__":
    run(delete_project)
