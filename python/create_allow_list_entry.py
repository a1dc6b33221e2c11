"""Let addresses reach a cluster.

POST /v2/clusters/{id}/allowlist, operation createAllowListEntry.
"""

from typing import Annotated

from typer import Option

from capella.client import Client
from capella.output import CidrBlock, ClusterId, Json, given, print_line, run


def create_allow_list_entry(
    cluster_id: ClusterId,
    *,
    cidr_block: CidrBlock,
    duration: Annotated[str | None, Option(help="how long, such as 2h0m0s; for good if left out")] = None,
    comment: Annotated[str | None, Option(help="a few words about it")] = None,
    as_json: Json = False,
) -> None:
    """Let addresses reach a cluster."""
    rule_type = "temporary" if duration else "permanent"
    body = given(cidrBlock=cidr_block, ruleType=rule_type, duration=duration, comment=comment)
    with Client.from_environment() as capella:
        answer = capella.post("/v2/clusters/{id}/allowlist", cluster_id, body=body)
    print_line(answer, f"added {cidr_block}", as_json=as_json)


if __name__ == "__main__":
    run(create_allow_list_entry)
