"""Delete a cluster in your own cloud, with all its data.

DELETE /v2/clusters/{id}, operation deleteCluster.
"""

from capella.client import Client
from capella.command import run
from capella.options import ClusterId, Json
from capella.output import print_line


def delete_cluster(cluster_id: ClusterId, *, as_json: Json = False) -> None:
    """Delete a cluster in your own cloud, with all its data."""
    with Client.from_environment() as capella:
        response = capella.delete("/v2/clusters/{id}", cluster_id)
    print_line(response, f"deleting cluster {cluster_id}", as_json=as_json)


if __name__ == "__main__":
    run(delete_cluster)
