"""Delete a database user.

DELETE /v2/clusters/{id}/users/{username}, operation deleteDatabaseUser.
"""

from capella.client import Client
from capella.output import ClusterId, Json, Username, print_line, run


def delete_database_user(cluster_id: ClusterId, username: Username, *, as_json: Json = False) -> None:
    """Delete a database user."""
    with Client.from_environment() as capella:
        answer = capella.delete("/v2/clusters/{id}/users/{username}", cluster_id, username)
    print_line(answer, f"deleted database user {username}", as_json=as_json)


if __name__ == "__main__":
    run(delete_database_user)
