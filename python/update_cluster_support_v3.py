"""Change the support package of a cluster.

PUT /v3/clusters/{id}/support, operation updateClusterSupportV3.
"""

from typing import Annotated

from capella.client import Client
from capella.command import run
from capella.options import ClusterId, Json, Option, given
from capella.output import print_line


def update_cluster_support_v3(
    cluster_id: ClusterId,
    *,
    support_package: Annotated[str, Option(help="Basic, DeveloperPro or Enterprise")],
    timezone: Annotated[str | None, Option(help="time zone of the support hours: ET, GMT, IST or PT")] = None,
    as_json: Json = False,
) -> None:
    """Change the support package of a cluster."""
    body = {"supportPackage": given(type=support_package, timezone=timezone)}
    with Client.from_environment() as capella:
        response = capella.put("/v3/clusters/{id}/support", cluster_id, body=body)
    print_line(response, f"updated the support of cluster {cluster_id}", as_json=as_json)


if __name__ == "__main__":
    run(update_cluster_support_v3)
