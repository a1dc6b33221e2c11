"""Create a project and print its id.

POST /v2/projects, operation createProject.
"""

from typing import Annotated

from capella.client import Client
from capella.command import run
from capella.options import Json, Option
from capella.output import print_id


def create_project(
    *,
    name: Annotated[str, Option(help="the project's name")],
    as_json: Json = False,
) -> None:
    """Create a project and print its id."""
    body = {"name": name}
    with Client.from_environment() as capella:
        response = capella.post("/v2/projects", body=body)
    print_id(response, as_json=as_json)


if __name__ == "__main__":
    run(create_project)
