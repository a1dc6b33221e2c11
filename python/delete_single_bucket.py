"""Delete a bucket by its id, with all its data.

DELETE /v2/clusters/{id}/buckets/{bucketId}, operation deleteSingleBucket.
"""

from capella.client import Client
from capella.command import run
from capella.options import BucketId, ClusterId, Json
from capella.output import print_line


def delete_single_bucket(cluster_id: ClusterId, bucket_id: BucketId, *, as_json: Json = False) -> None:
    """Delete a bucket by its id, with all its data."""
    with Client.from_environment() as capella:
        response = capella.delete("/v2/clusters/{id}/buckets/{bucketId}", cluster_id, bucket_id)
    print_line(response, f"deleting bucket {bucket_id}", as_json=as_json)


if __name__ == "__main__":
    run(delete_single_bucket)
