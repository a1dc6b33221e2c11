"""Create a database user. The password comes from the environment or from a prompt.

POST /v3/clusters/{id}/users, operation createDatabaseUserV3.
"""

from typing import Annotated

from capella.client import Client
from capella.command import run
from capella.options import Access, Buckets, ClusterId, Json, Option
from capella.output import print_id
from capella.password import database_password


def create_database_user_v3(
    cluster_id: ClusterId,
    *,
    username: Annotated[str, Option(help="the database user's name")],
    access: Access = "data_reader",
    bucket: Buckets = None,
    scope: Annotated[str, Option(help="the scope of the given buckets; * for all scopes")] = "*",
    as_json: Json = False,
) -> None:
    """Create a database user. Its password comes from CBC_DATABASE_PASSWORD or from a prompt."""
    with Client.from_environment() as capella:
        body: dict[str, object] = {"username": username, "password": database_password()}
        if bucket:
            body["buckets"] = [{"name": name, "scope": scope, "access": access} for name in bucket]
        else:
            body["allBucketsAccess"] = access
        response = capella.post("/v3/clusters/{id}/users", cluster_id, body=body)
    print_id(response, as_json=as_json)


if __name__ == "__main__":
    run(create_database_user_v3)
