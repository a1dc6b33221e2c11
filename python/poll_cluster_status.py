"""Wait until a cluster is ready.

GET /v2/clusters/{id}/status, or GET /v3/clusters/{id}/status with --v3, again and again.
"""

from typing import Annotated

from typer import Option

from capella.client import Client
from capella.output import ClusterId, Interval, Json, Timeout, print_field, run
from capella.wait import wait_for


def poll_cluster_status(
    cluster_id: ClusterId,
    *,
    v3: Annotated[bool, Option("--v3", help="a cluster made by create_cluster_v3: wait for healthy")] = False,
    timeout: Timeout = 3600,
    interval: Interval = 10,
    as_json: Json = False,
) -> None:
    """Wait until a cluster in your own cloud is ready, or with --v3 one hosted by Capella healthy."""
    path, wanted = ("/v3/clusters/{id}/status", "healthy") if v3 else ("/v2/clusters/{id}/status", "ready")
    with Client.from_environment() as capella:
        answer = wait_for(
            f"cluster {cluster_id}",
            lambda: capella.get(path, cluster_id),
            state=lambda answer: answer.field("status"),
            wanted=wanted,
            timeout=timeout,
            interval=interval,
        )
    print_field(answer, "status", as_json=as_json)


if __name__ == "__main__":
    run(poll_cluster_status)
