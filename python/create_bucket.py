"""Create a bucket and print its id.

POST /v2/clusters/{id}/buckets, operation createBucket.
"""

from typing import Annotated

from capella.client import Client
from capella.command import run
from capella.options import ClusterId, Json, MemoryQuota, Option
from capella.output import print_id


def create_bucket(
    cluster_id: ClusterId,
    *,
    name: Annotated[str, Option(help="the bucket's name")],
    memory_quota: MemoryQuota = 256,
    replicas: Annotated[int, Option(help="additional copies of each document")] = 1,
    conflict_resolution: Annotated[str, Option(help="seqno or lww")] = "seqno",
    as_json: Json = False,
) -> None:
    """Create a bucket and print its id."""
    body = {
        "name": name,
        "memoryQuota": memory_quota,
        "replicas": replicas,
        "conflictResolution": conflict_resolution,
    }
    with Client.from_environment() as capella:
        response = capella.post("/v2/clusters/{id}/buckets", cluster_id, body=body)
    print_id(response, as_json=as_json)


if __name__ == "__main__":
    run(create_bucket)
