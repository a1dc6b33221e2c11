"""Wait until a cluster is ready.

GET /v2/clusters/{id}/status, or GET /v3/clusters/{id}/status with --v3, repeated.
"""

from typing import Annotated

from capella.client import Client
from capella.command import run
from capella.options import ClusterId, Interval, Json, Option, Timeout
from capella.output import print_field
from capella.wait import wait_for


def poll_cluster_status(
    cluster_id: ClusterId,
    *,
    v3: Annotated[
        bool, Option("--v3", help="wait for healthy, for a cluster created by create_cluster_v3")
    ] = False,
    timeout: Timeout = 3600,
    interval: Interval = 10,
    as_json: Json = False,
) -> None:
    """Wait until a cluster in your own cloud is ready. With --v3, wait until a cluster is healthy."""
    path, wanted = ("/v3/clusters/{id}/status", "healthy") if v3 else ("/v2/clusters/{id}/status", "ready")
    with Client.from_environment() as capella:
        response = wait_for(
            f"cluster {cluster_id}",
            lambda: capella.get(path, cluster_id),
            state=lambda response: response.field("status"),
            wanted=wanted,
            timeout=timeout,
            interval=interval,
        )
    print_field(response, "status", as_json=as_json)


if __name__ == "__main__":
    run(poll_cluster_status)
