"""List the allow list of a cluster.

GET /v2/clusters/{id}/allowlist, operation getAllowList.
"""

from capella.client import Client
from capella.command import run
from capella.options import ClusterId, Json
from capella.output import print_list


def get_allow_list(cluster_id: ClusterId, *, as_json: Json = False) -> None:
    """List the allow list of a cluster."""
    with Client.from_environment() as capella:
        response = capella.get_list("/v2/clusters/{id}/allowlist", cluster_id)
    print_list(
        response,
        {
            "CIDR block": "cidrBlock",
            "Type": "ruleType",
            "State": "state",
            "Expires": "expiresAt",
            "Comment": "comment",
        },
        as_json=as_json,
    )


if __name__ == "__main__":
    run(get_allow_list)
