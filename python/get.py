"""GET any endpoint, as it stands: the target you type is the one that travels and is signed."""

from typing import Annotated

from typer import Argument

from capella.client import Client
from capella.output import print_json, run


def get(
    target: Annotated[
        str, Argument(metavar="TARGET", help="path and query, already percent-encoded: '/v2/projects?page=2'")
    ],
) -> None:
    """GET any endpoint and print the answer as JSON."""
    with Client.from_environment() as capella:
        answer = capella.request("GET", target)
    print_json(answer)


if __name__ == "__main__":
    run(get)
