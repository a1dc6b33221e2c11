"""Create a database user, with a password from the environment or a prompt.

POST /v3/clusters/{id}/users, operation createDatabaseUserV3.
"""

from typing import Annotated

from typer import Option

from capella.client import Client
from capella.output import Access, Buckets, ClusterId, Json, print_id, run
from capella.settings import database_password


def create_database_user_v3(
    cluster_id: ClusterId,
    *,
    username: Annotated[str, Option(help="the name to connect with")],
    access: Access = "data_reader",
    bucket: Buckets = None,
    scope: Annotated[str, Option(help="the scope of the named buckets, * for all")] = "*",
    as_json: Json = False,
) -> None:
    """Create a database user. Its password is taken from CBC_DATABASE_PASSWORD, or asked for."""
    with Client.from_environment() as capella:
        body: dict[str, object] = {"username": username, "password": database_password()}
        if bucket:
            body["buckets"] = [{"name": name, "scope": scope, "access": access} for name in bucket]
        else:
            body["allBucketsAccess"] = access
        answer = capella.post("/v3/clusters/{id}/users", cluster_id, body=body)
    print_id(answer, as_json=as_json)


if __name__ == "__main__":
    run(create_database_user_v3)
