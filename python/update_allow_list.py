"""Replace the whole allow list of a cluster.

PUT /v2/clusters/{id}/allowlist, operation updateAllowList.
"""

from typing import Annotated

from typer import Option

from capella.client import Client
from capella.output import ClusterId, Json, given, print_line, run


def update_allow_list(
    cluster_id: ClusterId,
    *,
    cidr_block: Annotated[list[str], Option(help="addresses such as 198.51.100.0/24; repeat for more")],
    comment: Annotated[str | None, Option(help="a few words about them")] = None,
    as_json: Json = False,
) -> None:
    """Replace the whole allow list of a cluster."""
    body = [given(cidrBlock=block, ruleType="permanent", comment=comment) for block in cidr_block]
    with Client.from_environment() as capella:
        answer = capella.put("/v2/clusters/{id}/allowlist", cluster_id, body=body)
    print_line(answer, f"replaced the allow list of cluster {cluster_id}", as_json=as_json)


if __name__ == "__main__":
    run(update_allow_list)
