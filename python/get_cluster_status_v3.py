"""Show the status of a cluster.

GET /v3/clusters/{id}/status, operation getClusterStatusV3.
"""

from capella.client import Client
from capella.output import ClusterId, Json, print_field, run


def get_cluster_status_v3(cluster_id: ClusterId, *, as_json: Json = False) -> None:
    """Show the status of a cluster."""
    with Client.from_environment() as capella:
        answer = capella.get("/v3/clusters/{id}/status", cluster_id)
    print_field(answer, "status", as_json=as_json)


if __name__ == "__main__":
    run(get_cluster_status_v3)
