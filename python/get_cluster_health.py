"""Show the health of a cluster, its buckets and its nodes.

GET /v2/clusters/{id}/health, operation getClusterHealth.
"""

from capella.client import Client
from capella.command import run
from capella.options import ClusterId, Json
from capella.output import print_one


def get_cluster_health(cluster_id: ClusterId, *, as_json: Json = False) -> None:
    """Show the health of a cluster, its buckets and its nodes."""
    with Client.from_environment() as capella:
        response = capella.get("/v2/clusters/{id}/health", cluster_id)
    print_one(
        response,
        {
            "Status": "status",
            "Health": "health",
            "Buckets": "bucketStats.status",
            "Nodes": "nodeStats.status",
        },
        as_json=as_json,
    )


if __name__ == "__main__":
    run(get_cluster_health)
