"""Delete a database user.

DELETE /v2/clusters/{id}/users/{username}, operation deleteDatabaseUser.
"""

from capella.client import Client
from capella.command import run
from capella.options import ClusterId, Json, Username
from capella.output import print_line


def delete_database_user(cluster_id: ClusterId, username: Username, *, as_json: Json = False) -> None:
    """Delete a database user."""
    with Client.from_environment() as capella:
        response = capella.delete("/v2/clusters/{id}/users/{username}", cluster_id, username)
    print_line(response, f"deleted database user {username}", as_json=as_json)


if __name__ == "__main__":
    run(delete_database_user)
