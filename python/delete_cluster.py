"""Delete a cluster in your own cloud, with all its data.

DELETE /v2/clusters/{id}, operation deleteCluster.
"""

from capella.client import Client
from capella.output import ClusterId, Json, print_line, run


def delete_cluster(cluster_id: ClusterId, *, as_json: Json = False) -> None:
    """Delete a cluster in your own cloud, with all its data."""
    with Client.from_environment() as capella:
        answer = capella.delete("/v2/clusters/{id}", cluster_id)
    print_line(answer, f"deleting cluster {cluster_id}", as_json=as_json)


if __name__ == "__main__":
    run(delete_cluster)
