"""Show one cluster in your own cloud.

GET /v2/clusters/{id}, operation getCluster.
"""

from capella.client import Client
from capella.command import run
from capella.options import ClusterId, Json
from capella.output import print_one


def get_cluster(cluster_id: ClusterId, *, as_json: Json = False) -> None:
    """Show one cluster in your own cloud."""
    with Client.from_environment() as capella:
        response = capella.get("/v2/clusters/{id}", cluster_id)
    print_one(
        response,
        {
            "Name": "name",
            "Status": "status",
            "Version": "version.name",
            "Endpoint": "endpointsSrv",
            "ID": "id",
        },
        as_json=as_json,
    )


if __name__ == "__main__":
    run(get_cluster)
