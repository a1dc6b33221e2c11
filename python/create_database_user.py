"""Create a database user, with a password from the environment or a prompt.

POST /v2/clusters/{id}/users, operation createDatabaseUser.
"""

from typing import Annotated

from typer import Option

from capella.client import Client
from capella.output import Access, Buckets, ClusterId, Json, print_line, run
from capella.settings import database_password


def create_database_user(
    cluster_id: ClusterId,
    *,
    username: Annotated[str, Option(help="the name to connect with")],
    access: Access = "data_reader",
    bucket: Buckets = None,
    as_json: Json = False,
) -> None:
    """Create a database user. Its password is taken from CBC_DATABASE_PASSWORD, or asked for."""
    with Client.from_environment() as capella:
        body: dict[str, object] = {"username": username, "password": database_password()}
        if bucket:
            body["buckets"] = [{"bucketName": name, "bucketAccess": [access]} for name in bucket]
        else:
            body["allBucketsAccess"] = access
        answer = capella.post("/v2/clusters/{id}/users", cluster_id, body=body)
    print_line(answer, f"created database user {username}", as_json=as_json)


if __name__ == "__main__":
    run(create_database_user)
