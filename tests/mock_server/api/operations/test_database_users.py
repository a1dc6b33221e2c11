"""The database users of v2 and v3 clusters."""

from typing import Any

import pytest

from tests.support.api_caller import ApiCaller

MISSING = (404, "EntityNotFound")
INVALID = (422, "RequestInvalid")


def names(items: list[dict[str, Any]], key: str = "name") -> list[str]:
    """Return the names of the items in a list."""
    return [item[key] for item in items]


def test_a_database_user_is_created_changed_and_deleted(caller: ApiCaller, path: str) -> None:
    """A property that is left out of an update keeps its value; a new name changes the path."""
    person = caller.get("/v2/users?perPage=1")["data"][0]["id"]
    roles = [{"bucketName": "b", "bucketAccess": ["data_reader", "data_writer"]}]
    body = {"username": "app", "password": "canary", "userId": person, "buckets": roles}
    created = caller.call("POST", f"{path}/users", body)
    assert (created.status, created.body) == (201, None)
    assert caller.get(f"{path}/users")[1] == {"userId": person, "username": "app", "access": roles}
    for change in ({}, {"password": "canary2"}):
        changed = caller.call("PUT", f"{path}/users/app", change)
        assert (changed.status, changed.body) == (204, None)
    assert caller.get(f"{path}/users")[1]["access"] == roles
    caller.call("PUT", f"{path}/users/app", {"username": "new", "allBucketsAccess": "data_reader"})
    every = {"bucketName": "*", "bucketAccess": ["data_reader"]}
    assert caller.get(f"{path}/users")[1] == {"userId": person, "username": "new", "access": [every]}
    assert caller.refused("PUT", f"{path}/users/app", {}) == MISSING
    assert caller.refused("DELETE", f"{path}/users/app") == MISSING
    deleted = caller.call("DELETE", f"{path}/users/new")
    assert (deleted.status, deleted.body) == (204, None)
    assert names(caller.get(f"{path}/users"), "username") == ["reader"]


def test_access_to_all_buckets_comes_first(caller: ApiCaller, path: str) -> None:
    """A user can have access to all buckets and to single ones."""
    role = {"bucketName": "b", "bucketAccess": ["data_writer"]}
    body = {"username": "app", "password": "p", "buckets": [role], "allBucketsAccess": "data_reader"}
    caller.call("POST", f"{path}/users", body)
    every = {"bucketName": "*", "bucketAccess": ["data_reader"]}
    assert caller.get(f"{path}/users")[1]["access"] == [every, role]


def test_the_name_of_a_database_user_is_unique(caller: ApiCaller, path: str) -> None:
    """A new user and a renamed user are checked; an unknown userId is 422."""
    taken = (422, "ErrDataplaneUserNameExists")
    body = {"username": "app", "password": "p"}
    assert caller.refused("POST", f"{path}/users", {**body, "username": "reader"}) == taken
    assert caller.call("POST", f"{path}/users", body).status == 201
    assert caller.refused("PUT", f"{path}/users/app", {"username": "reader"}) == taken
    assert caller.call("PUT", f"{path}/users/app", {"username": "app"}).status == 204
    unknown = {"userId": "f2b5a1f0-0000-4000-8000-000000000000"}
    assert caller.refused("POST", f"{path}/users", {**body, "username": "x", **unknown}) == INVALID
    assert caller.refused("PUT", f"{path}/users/app", unknown) == INVALID
    assert names(caller.get(f"{path}/users"), "username") == ["reader", "app"]


def test_a_v3_database_user_is_listed_in_the_format_of_v2(caller: ApiCaller) -> None:
    """Scopes are dropped, and the roles of one bucket are joined. Its Location is the v2 path."""
    cluster = caller.get("/v3/clusters?perPage=1")["data"]["items"][0]["id"]
    v2, v3 = f"/v2/clusters/{cluster}/users", f"/v3/clusters/{cluster}/users"
    buckets = [
        {"name": "b", "scope": "*", "access": "data_reader"},
        {"name": "b", "scope": "s", "access": "data_writer"},
        {"name": "b", "scope": "t", "access": "data_writer"},
        {"name": "c", "scope": "s", "access": "data_writer"},
    ]
    location = caller.make(v3, {"username": "a/b c", "password": "canary", "buckets": buckets})
    assert location == f"{v2}/a%2Fb%20c"
    assert caller.get(v2)[1] == {
        "username": "a/b c",
        "access": [
            {"bucketName": "b", "bucketAccess": ["data_reader", "data_writer"]},
            {"bucketName": "c", "bucketAccess": ["data_writer"]},
        ],
    }
    taken = {"username": "reader", "password": "p"}
    assert caller.refused("POST", v3, taken) == (422, "ErrDataplaneUserNameExists")
    for name in ("", "x" * 129):
        assert caller.refused("POST", v3, {"username": name, "password": "p"}) == INVALID
    assert caller.call("DELETE", location).status == 204
    v2_cluster = caller.get("/v2/clusters?perPage=1")["data"][0]["id"]
    assert caller.refused("POST", f"/v3/clusters/{v2_cluster}/users", taken) == MISSING


@pytest.mark.parametrize("name", ["x", "x" * 128])
def test_the_name_of_a_v3_database_user_has_1_to_128_characters(caller: ApiCaller, name: str) -> None:
    """The limits are those of v2, because a v2 operation deletes v3 users."""
    cluster = caller.get("/v3/clusters?perPage=1")["data"]["items"][0]["id"]
    location = caller.make(f"/v3/clusters/{cluster}/users", {"username": name, "password": "p"})
    assert caller.call("DELETE", location).status == 204
