"""List the addresses that may reach a cluster.

GET /v2/clusters/{id}/allowlist, operation getAllowList.
"""

from capella.client import Client
from capella.output import ClusterId, Json, print_list, run


def get_allow_list(cluster_id: ClusterId, *, as_json: Json = False) -> None:
    """List the addresses that may reach a cluster."""
    with Client.from_environment() as capella:
        answer = capella.get("/v2/clusters/{id}/allowlist", cluster_id)
    print_list(
        answer,
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
