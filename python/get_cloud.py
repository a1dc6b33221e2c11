"""Show one cloud.

GET /v2/clouds/{id}, operation getCloud.
"""

from capella.client import Client
from capella.command import run
from capella.options import CloudId, Json
from capella.output import print_one


def get_cloud(cloud_id: CloudId, *, as_json: Json = False) -> None:
    """Show one cloud."""
    with Client.from_environment() as capella:
        response = capella.get("/v2/clouds/{id}", cloud_id)
    print_one(
        response,
        {
            "Name": "name",
            "Provider": "provider",
            "Region": "providerSettings.region",
            "Status": "status",
            "ID": "id",
        },
        as_json=as_json,
    )


if __name__ == "__main__":
    run(get_cloud)
