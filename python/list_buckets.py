"""List the buckets of a cluster.

GET /v2/clusters/{id}/buckets, operation listBuckets.
"""

from capella.client import Client
from capella.command import run
from capella.options import ClusterId, Json
from capella.output import print_list


def list_buckets(cluster_id: ClusterId, *, as_json: Json = False) -> None:
    """List the buckets of a cluster."""
    with Client.from_environment() as capella:
        response = capella.get_list("/v2/clusters/{id}/buckets", cluster_id)
    print_list(
        response,
        {
            "Name": "name",
            "Memory (MB)": "memoryQuota",
            "Replicas": "replicas",
            "Status": "status",
            "ID": "id",
        },
        as_json=as_json,
    )


if __name__ == "__main__":
    run(list_buckets)
