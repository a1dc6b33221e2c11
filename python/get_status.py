"""Show whether the API is up.

GET /v2/status, operation getStatus.
"""

from capella.client import Client
from capella.output import Json, print_field, run


def get_status(*, as_json: Json = False) -> None:
    """Show whether the API is up. Needs no keys, and sends none."""
    with Client.from_environment(keys=False) as capella:
        answer = capella.get("/v2/status")
    print_field(answer, "status", as_json=as_json)


if __name__ == "__main__":
    run(get_status)
