"""Create a bucket and print its id.

POST /v2/clusters/{id}/buckets, operation createBucket.
"""

from typing import Annotated

from typer import Option

from capella.client import Client
from capella.output import ClusterId, Json, MemoryQuota, print_id, run


def create_bucket(
    cluster_id: ClusterId,
    *,
    name: Annotated[str, Option(help="what to call the bucket")],
    memory_quota: MemoryQuota = 256,
    replicas: Annotated[int, Option(help="copies of each document, beside the first")] = 1,
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
        answer = capella.post("/v2/clusters/{id}/buckets", cluster_id, body=body)
    print_id(answer, as_json=as_json)


if __name__ == "__main__":
    run(create_bucket)
