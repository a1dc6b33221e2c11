"""Delete a project without clusters.

DELETE /v2/projects/{id}, operation deleteProject.
"""

from capella.client import Client
from capella.output import Json, ProjectId, print_line, run


def delete_project(project_id: ProjectId, *, as_json: Json = False) -> None:
    """Delete a project without clusters."""
    with Client.from_environment() as capella:
        answer = capella.delete("/v2/projects/{id}", project_id)
    print_line(answer, f"deleted project {project_id}", as_json=as_json)


if __name__ == "__main__":
    run(delete_project)
