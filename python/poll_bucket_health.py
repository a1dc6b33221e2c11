"""Wait until the buckets of a cluster are healthy.

GET /v2/clusters/{id}/health, again and again.
"""

from typing import Annotated

from typer import Option

from capella.client import Client
from capella.output import ClusterId, Interval, Json, Timeout, print_field, run
from capella.wait import wait_for


def poll_bucket_health(
    cluster_id: ClusterId,
    *,
    bucket: Annotated[str | None, Option(help="the name of one bucket; all of them if left out")] = None,
    timeout: Timeout = 600,
    interval: Interval = 10,
    as_json: Json = False,
) -> None:
    """Wait until every bucket of a cluster is healthy, or the one that is named."""
    field = ("bucketStats", "healthStats", bucket) if bucket else ("bucketStats", "status")
    with Client.from_environment() as capella:
        answer = wait_for(
            f"bucket {bucket} of cluster {cluster_id}" if bucket else f"the buckets of cluster {cluster_id}",
            lambda: capella.get("/v2/clusters/{id}/health", cluster_id),
            state=lambda answer: answer.field(*field, default="not there yet"),
            wanted="healthy",
            timeout=timeout,
            interval=interval,
        )
    print_field(answer, *field, as_json=as_json)


if __name__ == "__main__":
    run(poll_bucket_health)
