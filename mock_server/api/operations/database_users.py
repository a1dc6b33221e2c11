"""The database users of a cluster of either version. Passwords are not kept, so none can come out."""

from typing import Any
from urllib.parse import quote

from mock_server.api.answers import Answer, ApiError, invalid, not_found
from mock_server.api.lookups import any_cluster, by_id, must_be_known, settled_cluster
from mock_server.api.registry import Call, operation
from mock_server.api.store import Cluster

_NAME = range(1, 129)  # characters: the limits of v2, without which a user of v3 could not be deleted


def _access(body: dict[str, Any]) -> list[dict[str, Any]]:
    """Return who may do what in the words of v2; all buckets are the bucket `*` (policy)."""
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
        ApiError: 422 when the name is taken.
    """
    if user["username"] in cluster.database_users:
        raise ApiError(
            422, "ErrDataplaneUserNameExists", "The cluster has a database user of this name; choose another."
        )
    cluster.database_users[user["username"]] = user


def _named(call: Call, cluster: Cluster) -> dict[str, Any]:
    """Return the user whose name stands in the path.

    Raises:
        ApiError: 404.
    """
    name = call.ids["username"]
    if name not in cluster.database_users:
        raise not_found("database user", name)
    return cluster.database_users[name]


@operation("listDatabaseUsers")
def list_database_users(call: Call) -> Answer:
    """List them all, without passwords."""
    return Answer(200, list(any_cluster(call).database_users.values()))


@operation("createDatabaseUser")
def create_database_user(call: Call) -> Answer:
    """Make a database user."""
    cluster = settled_cluster(call)
    body = call.body
    must_be_known(call.store, userId=body.get("userId"))
    attached = {"userId": body["userId"].lower()} if "userId" in body else {}
    _add(cluster, {**attached, "username": body["username"], "access": _access(body)})
    return Answer(201)


@operation("updateDatabaseUser")
def update_database_user(call: Call) -> Answer:
    """Change what the body names, the name itself included; what it leaves out stays."""
    cluster = settled_cluster(call)
    user = _named(call, cluster)
    body = call.body
    must_be_known(call.store, userId=body.get("userId"))
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
    return Answer(204)


@operation("deleteDatabaseUser")
def delete_database_user(call: Call) -> Answer:
    """Delete the user whose name stands in the path."""
    cluster = settled_cluster(call)
    del cluster.database_users[_named(call, cluster)["username"]]
    return Answer(204)


@operation("createDatabaseUserV3")
def create_database_user_v3(call: Call) -> Answer:
    """Make a database user of a v3 cluster; `Location` leads to the v2 path, the only one a user has.

    The roles of a bucket's scopes are one list afterwards: the list of users is v2's and knows no scopes.
    """
    by_id(call, call.store.clusters_v3, "v3 cluster")
    cluster = settled_cluster(call)
    body = call.body
    name = body["username"]
    if len(name) not in _NAME:
        raise invalid("In the body, username: a database user's name has 1 to 128 characters.")
    roles: dict[str, list[str]] = {}
    for role in body.get("buckets", []):
        held = roles.setdefault(role["name"], [])
        if role["access"] not in held:
            held.append(role["access"])
    buckets = [{"bucketName": bucket, "bucketAccess": held} for bucket, held in roles.items()]
    _add(cluster, {"username": name, "access": _access({**body, "buckets": buckets})})
    location = f"/v2/clusters/{cluster.facts['id']}/users/{quote(name, safe='')}"
    return Answer(201, headers=(("Location", location),))
