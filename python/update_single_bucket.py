"""Change the memory of one bucket.

PUT /v2/clusters/{id}/buckets/{bucketId}, operation updateSingleBucket.
"""

from capella.client import Client
from capella.command import run
from capella.options import BucketId, ClusterId, Json, MemoryQuota
from capella.output import print_line


def update_single_bucket(
    cluster_id: ClusterId,
    bucket_id: BucketId,
    *,
    memory_quota: MemoryQuota,
    as_json: Json = False,
) -> None:
    """Change the memory of one bucket."""
    body = {"memoryQuota": memory_quota}
    with Client.from_environment() as capella:
        response = capella.put("/v2/clusters/{id}/buckets/{bucketId}", cluster_id, bucket_id, body=body)
    print_line(response, f"updating bucket {bucket_id}", as_json=as_json)


if __name__ == "__main__":
    run(update_single_bucket)
