"""Show whether the API is up.

GET /v2/status, operation getStatus.
"""

from capella.client import Client
from capella.command import run
from capella.options import Json
from capella.output import print_field


def get_status(*, as_json: Json = False) -> None:
    """Show whether the API is up. It needs no keys and sends none."""
    with Client.from_environment(keys=False) as capella:
        response = capella.get("/v2/status")
    print_field(response, "status", as_json=as_json)


if __name__ == "__main__":
    run(get_status)
