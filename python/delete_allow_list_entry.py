"""Take addresses off the allow list of a cluster.

DELETE /v2/clusters/{id}/allowlist, operation deleteAllowListEntry.
"""

from capella.client import Client
from capella.output import CidrBlock, ClusterId, Json, print_line, run


def delete_allow_list_entry(
    cluster_id: ClusterId,
    *,
    cidr_block: CidrBlock,
    as_json: Json = False,
) -> None:
    """Take addresses off the allow list of a cluster."""
    body = {"cidrBlock": cidr_block}
    with Client.from_environment() as capella:
        answer = capella.delete("/v2/clusters/{id}/allowlist", cluster_id, body=body)
    print_line(answer, f"deleted {cidr_block}", as_json=as_json)


if __name__ == "__main__":
    run(delete_allow_list_entry)
