"""List the database users of a cluster.

GET /v2/clusters/{id}/users, operation listDatabaseUsers.
"""

from capella.client import Client
from capella.command import run
from capella.options import ClusterId, Json
from capella.output import print_list


def list_database_users(cluster_id: ClusterId, *, as_json: Json = False) -> None:
    """List the database users of a cluster."""
    with Client.from_environment() as capella:
        response = capella.get_list("/v2/clusters/{id}/users", cluster_id)
    print_list(response, {"Username": "username", "Access": "access", "ID": "userId"}, as_json=as_json)


if __name__ == "__main__":
    run(list_database_users)
