"""Create a database user. The password comes from the environment or from a prompt.

POST /v2/clusters/{id}/users, operation createDatabaseUser.
"""

from typing import Annotated

from capella.client import Client
from capella.command import run
from capella.options import Access, Buckets, ClusterId, Json, Option
from capella.output import print_line
from capella.password import database_password


def create_database_user(
    cluster_id: ClusterId,
    *,
    username: Annotated[str, Option(help="the database user's name")],
    access: Access = "data_reader",
    bucket: Buckets = None,
    as_json: Json = False,
) -> None:
    """Create a database user. Its password comes from CBC_DATABASE_PASSWORD or from a prompt."""
    with Client.from_environment() as capella:
        body: dict[str, object] = {"username": username, "password": database_password()}
        if bucket:
            body["buckets"] = [{"bucketName": name, "bucketAccess": [access]} for name in bucket]
        else:
            body["allBucketsAccess"] = access
        response = capella.post("/v2/clusters/{id}/users", cluster_id, body=body)
    print_line(response, f"created database user {username}", as_json=as_json)


if __name__ == "__main__":
    run(create_database_user)
