"""The database users of a cluster. The mock does not store passwords.

v3 can only create one. The other operations are those of v2, which are not for hosted clusters.
"""

from typing import Any
from urllib.parse import quote

from mock_server.api.errors import ApiError, invalid, not_found
from mock_server.api.lookups import by_id, cluster_in_vpc, require_existing, require_settled, settled_cluster
from mock_server.api.registry import Call, operation
from mock_server.api.replies import json_reply
from mock_server.api.store import Cluster
from mock_server.http import Reply

_NAME = range(1, 129)  # characters: the limits of v2, whose operation deletes v3 users too


def _access(body: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the access rights in v2's format. `*` stands for all buckets, which is the mock's own policy."""
    access = [
        {"bucketName": role["bucketName"], "bucketAccess": role["bucketAccess"]}
        for role in body.get("buckets", [])
    ]
    if "allBucketsAccess" in body:
        access.insert(0, {"bucketName": "*", "bucketAccess": [body["allBucketsAccess"]]})
    return access


def _add(cluster: Cluster, user: dict[str, Any]) -> None:
    """Add a user to a cluster.

    Raises:
        ApiError: 422 if the cluster has a user with this name.
    """
    if user["username"] in cluster.database_users:
        raise ApiError(
            422,
            "ErrDataplaneUserNameExists",
            "The cluster has a user with this name: choose another.",
        )
    cluster.database_users[user["username"]] = user


def _named(call: Call, cluster: Cluster) -> dict[str, Any]:
    """Return the user whose name is in the path.

    Raises:
        ApiError: 404 if the cluster has no such user.
    """
    name = call.ids["username"]
    if name not in cluster.database_users:
        raise not_found("database user", name)
    return cluster.database_users[name]


@operation("listDatabaseUsers")
def list_database_users(call: Call) -> Reply:
    """Return all database users, without passwords."""
    return json_reply(200, list(cluster_in_vpc(call).database_users.values()))


@operation("createDatabaseUser")
def create_database_user(call: Call) -> Reply:
    """Create a database user."""
    cluster = settled_cluster(call)
    body = call.body
    require_existing(call.store, userId=body.get("userId"))
    user_id = {"userId": body["userId"].lower()} if "userId" in body else {}
    _add(cluster, {**user_id, "username": body["username"], "access": _access(body)})
    return Reply(201)


@operation("updateDatabaseUser")
def update_database_user(call: Call) -> Reply:
    """Change the properties in the body, which may include the name. The others stay."""
    cluster = settled_cluster(call)
    user = _named(call, cluster)
    body = call.body
    require_existing(call.store, userId=body.get("userId"))
    changed = dict(user)
    if "userId" in body:
        changed["userId"] = body["userId"].lower()
    if "buckets" in body or "allBucketsAccess" in body:
        changed["access"] = _access(body)
    changed["username"] = body.get("username", user["username"])
    if changed["username"] != user["username"]:
        _add(cluster, changed)
        del cluster.database_users[user["username"]]
    cluster.database_users[changed["username"]] = changed
    return Reply(204)


@operation("deleteDatabaseUser")
def delete_database_user(call: Call) -> Reply:
    """Delete the user whose name is in the path."""
    cluster = settled_cluster(call)
    del cluster.database_users[_named(call, cluster)["username"]]
    return Reply(204)


@operation("createDatabaseUserV3")
def create_database_user_v3(call: Call) -> Reply:
    """Create a database user of a v3 cluster. `Location` is its v2 path, because v3 has none for a user.

    The roles of all scopes of a bucket become one list, because v2, which lists the users, has no scopes.
    """
    cluster = by_id(call, call.store.clusters_v3, "v3 cluster")
    require_settled(cluster, "ErrClusterStateNotNormal")
    body = call.body
    name = body["username"]
    if len(name) not in _NAME:
        raise invalid("In the body, username: the length must be 1 to 128 characters.")
    roles: dict[str, list[str]] = {}
    for role in body.get("buckets", []):
        held = roles.setdefault(role["name"], [])
        if role["access"] not in held:
            held.append(role["access"])
    buckets = [{"bucketName": bucket, "bucketAccess": held} for bucket, held in roles.items()]
    _add(cluster, {"username": name, "access": _access({**body, "buckets": buckets})})
    location = f"/v2/clusters/{cluster.properties['id']}/users/{quote(name, safe='')}"
    return Reply(201, headers=(("Location", location),))
