"""Change the access or the password of a database user.

PUT /v2/clusters/{id}/users/{username}, operation updateDatabaseUser.
"""

from typing import Annotated

from capella.client import Client
from capella.command import run
from capella.errors import InputInvalidError
from capella.options import Buckets, ClusterId, Json, Option, Username
from capella.output import print_line
from capella.password import database_password


def update_database_user(
    cluster_id: ClusterId,
    username: Username,
    *,
    access: Annotated[str | None, Option(help="data_reader or data_writer; unchanged if left out")] = None,
    bucket: Buckets = None,
    change_password: Annotated[
        bool, Option("--change-password", help="set a new password, from CBC_DATABASE_PASSWORD or a prompt")
    ] = False,
    as_json: Json = False,
) -> None:
    """Change the access or the password of a database user. Options that are left out change nothing."""
    if not access and not change_password:
        raise InputInvalidError("nothing to change: give --access or --change-password")
    if bucket and not access:
        raise InputInvalidError("--bucket needs --access: give both")
    body: dict[str, object] = {}
    if access and bucket:
        body["buckets"] = [{"bucketName": name, "bucketAccess": [access]} for name in bucket]
    elif access:
        body["allBucketsAccess"] = access
    with Client.from_environment() as capella:
        if change_password:
            body["password"] = database_password()
        response = capella.put("/v2/clusters/{id}/users/{username}", cluster_id, username, body=body)
    print_line(response, f"updated database user {username}", as_json=as_json)


if __name__ == "__main__":
    run(update_database_user)
