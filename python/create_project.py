"""Create a project and print its id.

POST /v2/projects, operation createProject.
"""

from typing import Annotated

from typer import Option

from capella.client import Client
from capella.output import Json, print_id, run


def create_project(
    *,
    name: Annotated[str, Option(help="what to call the project")],
    as_json: Json = False,
) -> None:
    """Create a project and print its id."""
    body = {"name": name}
    with Client.from_environment() as capella:
        answer = capella.post("/v2/projects", body=body)
    print_id(answer, as_json=as_json)


if __name__ == "__main__":
    run(create_project)
