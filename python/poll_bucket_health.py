"""Wait until the buckets of a cluster are healthy.

GET /v2/clusters/{id}/health, repeated.
"""

from typing import Annotated

from capella.client import Client
from capella.command import run
from capella.options import ClusterId, Interval, Json, Option, Timeout
from capella.output import print_field
from capella.wait import wait_for


def poll_bucket_health(
    cluster_id: ClusterId,
    *,
    bucket: Annotated[str | None, Option(help="the name of one bucket; all buckets if left out")] = None,
    timeout: Timeout = 600,
    interval: Interval = 10,
    as_json: Json = False,
) -> None:
    """Wait until all buckets of a cluster are healthy, or with --bucket only one."""
    field = ("bucketStats", "healthStats", bucket) if bucket else ("bucketStats", "status")
    with Client.from_environment() as capella:
        response = wait_for(
            f"bucket {bucket} of cluster {cluster_id}" if bucket else f"the buckets of cluster {cluster_id}",
            lambda: capella.get("/v2/clusters/{id}/health", cluster_id),
            state=lambda response: response.field(*field, default="not there yet"),
            wanted="healthy",
            timeout=timeout,
            interval=interval,
        )
    print_field(response, *field, as_json=as_json)


if __name__ == "__main__":
    run(poll_bucket_health)
