"""Replace the whole allow list of a cluster.

PUT /v2/clusters/{id}/allowlist, operation updateAllowList.
"""

from typing import Annotated

from capella.client import Client
from capella.command import run
from capella.options import ClusterId, Json, Option, given
from capella.output import print_line


def update_allow_list(
    cluster_id: ClusterId,
    *,
    cidr_block: Annotated[
        list[str], Option(help="the addresses to allow, such as 198.51.100.0/24; repeat for more")
    ],
    comment: Annotated[str | None, Option(help="a comment")] = None,
    as_json: Json = False,
) -> None:
    """Replace the whole allow list of a cluster."""
    body = [given(cidrBlock=block, ruleType="permanent", comment=comment) for block in cidr_block]
    with Client.from_environment() as capella:
        response = capella.put("/v2/clusters/{id}/allowlist", cluster_id, body=body)
    print_line(response, f"replaced the allow list of cluster {cluster_id}", as_json=as_json)


if __name__ == "__main__":
    run(update_allow_list)
