"""Show one cluster.

GET /v3/clusters/{id}, operation getClusterV3.
"""

from capella.client import Client
from capella.command import run
from capella.options import ClusterId, Json
from capella.output import print_one


def get_cluster_v3(cluster_id: ClusterId, *, as_json: Json = False) -> None:
    """Show one cluster."""
    with Client.from_environment() as capella:
        response = capella.get("/v3/clusters/{id}", cluster_id)
    print_one(
        response,
        {
            "Name": "name",
            "Status": "status",
            "Provider": "place.provider",
            "Region": "place.region",
            "Endpoint": "endpointsSrv",
            "ID": "id",
        },
        as_json=as_json,
    )


if __name__ == "__main__":
    run(get_cluster_v3)
