"""Add addresses to the allow list of a cluster.

POST /v2/clusters/{id}/allowlist, operation createAllowListEntry.
"""

from typing import Annotated

from capella.client import Client
from capella.command import run
from capella.options import CidrBlock, ClusterId, Json, Option, given
from capella.output import print_line


def create_allow_list_entry(
    cluster_id: ClusterId,
    *,
    cidr_block: CidrBlock,
    duration: Annotated[
        str | None, Option(help="how long to allow them, such as 2h0m0s; permanent if left out")
    ] = None,
    comment: Annotated[str | None, Option(help="a comment")] = None,
    as_json: Json = False,
) -> None:
    """Add addresses to the allow list of a cluster."""
    rule_type = "temporary" if duration else "permanent"
    body = given(cidrBlock=cidr_block, ruleType=rule_type, duration=duration, comment=comment)
    with Client.from_environment() as capella:
        response = capella.post("/v2/clusters/{id}/allowlist", cluster_id, body=body)
    print_line(response, f"added {cidr_block}", as_json=as_json)


if __name__ == "__main__":
    run(create_allow_list_entry)
