"""Send a GET to any endpoint. The target is signed and sent exactly as typed."""

from typing import Annotated

from capella.client import Client
from capella.command import run
from capella.options import Argument
from capella.output import print_json


def get(
    target: Annotated[
        str, Argument(metavar="TARGET", help="path and query, percent-encoded, such as '/v2/projects?page=2'")
    ],
) -> None:
    """Send a GET to any endpoint and print the response as JSON."""
    with Client.from_environment() as capella:
        response = capella.request("GET", target)
    print_json(response)


if __name__ == "__main__":
    run(get)
