"""Show the status of a cluster in your own cloud.

GET /v2/clusters/{id}/status, operation getClusterStatus.
"""

from capella.client import Client
from capella.command import run
from capella.options import ClusterId, Json
from capella.output import print_field


def get_cluster_status(cluster_id: ClusterId, *, as_json: Json = False) -> None:
    """Show the status of a cluster in your own cloud."""
    with Client.from_environment() as capella:
        response = capella.get("/v2/clusters/{id}/status", cluster_id)
    print_field(response, "status", as_json=as_json)


if __name__ == "__main__":
    run(get_cluster_status)
