"""Delete addresses from the allow list of a cluster.

DELETE /v2/clusters/{id}/allowlist, operation deleteAllowListEntry.
"""

from capella.client import Client
from capella.command import run
from capella.options import CidrBlock, ClusterId, Json
from capella.output import print_line


def delete_allow_list_entry(
    cluster_id: ClusterId,
    *,
    cidr_block: CidrBlock,
    as_json: Json = False,
) -> None:
    """Delete addresses from the allow list of a cluster."""
    body = {"cidrBlock": cidr_block}
    with Client.from_environment() as capella:
        response = capella.delete("/v2/clusters/{id}/allowlist", cluster_id, body=body)
    print_line(response, f"deleted {cidr_block}", as_json=as_json)


if __name__ == "__main__":
    run(delete_allow_list_entry)
