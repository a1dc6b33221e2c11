"""States: a small one, changes of it that are invalid, and changes by requests."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from hypothesis import strategies as st

from tests.support.api_caller import ApiCaller, cluster_v2, cluster_v3, place_v3, server_v3

PROJECT = "11111111-1111-4111-8111-111111111111"
CLOUD = "22222222-2222-4222-8222-222222222222"
CLUSTER = "33333333-3333-4333-8333-333333333333"
HOSTED = "44444444-4444-4444-8444-444444444444"
USER = "55555555-5555-4555-8555-555555555555"
PLACE = {"name": "cluster", "projectId": PROJECT, "cloudId": CLOUD}
OWN: dict[str, Any] = {
    "projects": [{"id": PROJECT, "name": "mine"}],
    "clouds": [{"id": CLOUD, "name": "my cloud"}],
    "users": [{"id": USER, "name": "Rosa Lind"}],
    "clusters": [{"id": CLUSTER, **PLACE}],
    "clustersV3": [{"id": HOSTED, "name": "hosted", "projectId": PROJECT}],
}
"""A state with one resource of each kind, and defaults for everything that has one."""


# Changes of the state. Each takes a number, which selects what is changed.
def _path(caller: ApiCaller, number: int) -> str:
    clusters = caller.api.state()["clusters"]
    return f"/v2/clusters/{clusters[number % len(clusters)]['id']}" if clusters else "/v2/clusters/x"


def _path_v3(caller: ApiCaller, number: int) -> str:
    clusters = caller.api.state()["clustersV3"]
    return f"/v3/clusters/{clusters[number % len(clusters)]['id']}" if clusters else "/v3/clusters/x"


def _last_project(caller: ApiCaller) -> str:
    """Return the path of the last project; the first one, where clusters are created, stays."""
    others = [project["id"] for project in caller.api.state()["projects"][1:]]
    return f"/v2/projects/{others[-1] if others else 'x'}"


def _later(caller: ApiCaller, number: int) -> None:
    caller.now += number


Change = Callable[[ApiCaller, int], object]
CHANGES: list[Change] = [
    _later,
    lambda caller, n: caller.call("POST", "/v2/projects", {"name": f"new {n}"}),
    lambda caller, _: caller.call("DELETE", _last_project(caller)),
    lambda caller, n: caller.call(
        "POST",
        "/v2/clusters",
        cluster_v2(caller, name=f"new {n}", servers=[{"size": 1, "services": [], "x": 1}]),
    ),
    lambda caller, n: caller.call(
        "POST",
        "/v3/clusters",
        cluster_v3(
            caller.project(),
            clusterName=f"n3 {n}",
            place=place_v3(f"10.{n % 256}.0.0/16"),
            environment=("hosted", "vpc")[n % 2],
        ),
    ),
    lambda caller, n: caller.call("DELETE", _path(caller, n)),
    lambda caller, n: caller.call("DELETE", _path_v3(caller, n)),
    lambda caller, n: caller.call("GET", f"{_path(caller, n)}/status"),
    lambda caller, n: caller.call("GET", f"{_path_v3(caller, n)}/status"),
    lambda caller, n: caller.call("PUT", f"{_path_v3(caller, n)}/servers", {"servers": [server_v3(size=5)]}),
    lambda caller, n: caller.call("PUT", f"{_path_v3(caller, n)}/meta", {"name": f"renamed {n}"}),
    lambda caller, n: caller.call(
        "POST", f"{_path(caller, n)}/buckets", {"name": f"b{n}", "memoryQuota": 100 + n, "x": 1}
    ),
    lambda caller, n: caller.call("GET", f"{_path(caller, n)}/buckets"),
    lambda caller, n: caller.call("DELETE", f"{_path(caller, n)}/buckets", {"name": "travel-sample"}),
    lambda caller, n: caller.call(
        "POST",
        f"{_path(caller, n)}/allowlist",
        {"cidrBlock": f"10.{n % 256}.1.1/16", "ruleType": "temporary", "duration": "1h0m0s", "x": 1},
    ),
    lambda caller, n: caller.call(
        "PUT", f"{_path(caller, n)}/allowlist", [{"cidrBlock": "10.1.0.0/16", "ruleType": "permanent"}]
    ),
    lambda caller, n: caller.call(
        "POST",
        f"{_path(caller, n)}/users",
        {"username": f"u{n}", "password": "p", "userId": caller.api.state()["users"][0]["id"]},
    ),
    lambda caller, n: caller.call(
        "POST",
        f"{_path_v3(caller, n)}/users",
        {
            "username": f"u{n}",
            "password": "p",
            "buckets": [{"name": "b", "scope": "*", "access": "data_reader"}],
        },
    ),
]


def changed(path: str, value: object) -> dict[str, Any]:
    """Return `OWN` with a value at a path, such as `clusters/0/name`."""
    state: dict[str, Any] = json.loads(json.dumps(OWN))
    target: Any = state
    *parts, last = (int(part) if part.isdigit() else part for part in path.split("/"))
    for part in parts:
        target = target[part]
    target[last] = value
    return state


ENTRY = {"cidrBlock": "10.1.0.0/16"}
NO_TIME = "the value is not a time such as 2021-01-31T22:13:20Z"
BAD: list[tuple[object, str]] = [
    (None, 'state: the value is not of type "object"'),
    ([], 'state: the value is not of type "object"'),
    ("x", 'state: the value is not of type "object"'),
    (
        {"project": []},
        "state.project: this key is unknown: use tenantId, clouds, users, projects, clusters, ",
    ),
    ({"a b": []}, "state['a b']: this key is unknown"),
    ({"x" * 500: []}, "state['" + "x" * 79 + "]: this key is unknown"),
    ({"\u202e\u00e9": []}, r"state['\u202e\xe9']: this key is unknown"),
    ({"projects": None}, 'state.projects: the value is not of type "array"'),
    ({"projects": {}}, 'state.projects: the value is not of type "array"'),
    ({"projects": ["x"]}, 'state.projects[0]: the value is not of type "object"'),
    ({"projects": [{}]}, "state.projects[0].name: this key is missing"),
    ({"projects": [{"name": "x" * 257}]}, "state.projects[0].name: the value is longer than 256 characters"),
    ({"projects": [{"name": ""}]}, "state.projects[0].name: the value is shorter than 1 character"),
    ({"projects": [{"name": 5}]}, 'state.projects[0].name: the value is not of type "string"'),
    (
        {"projects": [{"name": "a", "id": "1"}]},
        "state.projects[0].id: the value is not a UUID such as 11111111-1111-",
    ),
    ({"projects": [{"name": "a"}, {"name": "a"}]}, "state.projects[1].name: another project has this name"),
    (changed("projects/0/createdAt", "2024-01-31"), f"state.projects[0].createdAt: {NO_TIME}"),
    (changed("projects/0/createdAt", "2024-02-30T00:00:00Z"), f"state.projects[0].createdAt: {NO_TIME}"),
    (changed("projects/0/createdAt", "2024-01-31T00:00:00+01:00"), f"state.projects[0].createdAt: {NO_TIME}"),
    (changed("projects/0/createdAt", "2024-01-31T00:00:00.5Z"), f"state.projects[0].createdAt: {NO_TIME}"),
    (
        changed("clustersV3/0/createdAt", "2024-01-31T00:00:00.50Z"),
        "clustersV3[0].createdAt: the value is not a time",
    ),
    (
        changed("clusters/0/nmae", "x"),
        "state.clusters[0].nmae: this key is unknown: use id, name, projectId,",
    ),
    (changed("clusters/0/projectId", USER), f"state.clusters[0].projectId: no project has the id {USER}"),
    (changed("clusters/0/cloudId", USER), f"state.clusters[0].cloudId: no cloud has the id {USER}"),
    (
        changed("clustersV3/0/projectId", CLOUD),
        f"state.clustersV3[0].projectId: no project has the id {CLOUD}",
    ),
    ({"clusters": [{"name": "cc", "cloudId": CLOUD}]}, "state.clusters[0].projectId: this key is missing"),
    ({"clusters": [{"name": "cc", "projectId": CLOUD}]}, "state.clusters[0].cloudId: this key is missing"),
    ({"clustersV3": [{"name": "cc"}]}, "state.clustersV3[0].projectId: this key is missing"),
    (
        changed("projects", [*OWN["projects"], {"id": PROJECT, "name": "b"}]),
        "state.projects[1].id: another project",
    ),
    (
        changed("clouds", [*OWN["clouds"], {"id": CLOUD, "name": "b"}]),
        "state.clouds[1].id: another cloud has this id",
    ),
    (
        changed("users", [*OWN["users"], {"id": USER, "name": "b"}]),
        "state.users[1].id: another user has this id",
    ),
    (changed("clustersV3/0/id", CLUSTER), "state.clustersV3[0].id: another cluster has this id"),
    (
        changed("clusters", [PLACE, PLACE]),
        "state.clusters[1].name: another cluster of the project has this name",
    ),
    (
        changed("clustersV3/0/name", "cluster"),
        "state.clustersV3[0].name: another cluster of the project has this name",
    ),
    (changed("clusters/0/status", "healthy"), "state.clusters[0].status: the value is not one of "),
    (changed("clustersV3/0/status", "ready"), "state.clustersV3[0].status: the value is not one of "),
    (changed("clusters/0/polls", 1), "state.clusters[0].status: this key is missing"),
    (changed("clusters/0/nextStatus", "ready"), "state.clusters[0].polls: this key is missing"),
    (
        changed("clusters/0", {**PLACE, "status": "deploying", "polls": 1, "nextStatus": "x"}),
        "a status of a v2 cluster",
    ),
    (
        changed("clusters/0", {**PLACE, "status": "deploying", "polls": 0, "nextStatus": "gone"}),
        "[0].polls: the value is",
    ),
    (
        changed("clusters/0/servers", [{"size": 27}, {"size": 1}]),
        "state.clusters[0].servers: the sizes add up to more",
    ),
    (
        changed("clusters/0/servers", [{"size": 0}]),
        "state.clusters[0].servers[0].size: the value is less than",
    ),
    (
        changed("clusters/0/servers", [{"size": 1, "services": ["x"]}]),
        "servers[0].services[0]: the value is not one of",
    ),
    (
        changed("clusters/0/servers", [{"size": 1, "aws": {}}]),
        "servers[0].aws: this key is unknown: use size, services",
    ),
    (
        changed("clusters/0/buckets", [{"name": "b"}, {"name": "b"}]),
        "state.clusters[0].buckets[1].name: another bucket",
    ),
    (
        changed("clusters/0/buckets", [{"name": "b", "memoryQuota": 99}]),
        "buckets[0].memoryQuota: the value is less than",
    ),
    (
        changed("clusters/0/buckets", [{"name": "b", "memoryQuota": 1.5}]),
        'the value is not of type "integer"',
    ),
    (
        changed("clusters/0/allowList", [{"cidrBlock": "10.1.0.0/255.0.0.0"}]),
        "allowList[0].cidrBlock: the value is not a",
    ),
    (
        changed("clusters/0/allowList", [ENTRY, {"cidrBlock": "10.1.9.9/16"}]),
        "allowList[1].cidrBlock: another entry",
    ),
    (
        changed("clusters/0/allowList", [{**ENTRY, "ruleType": "temporary"}]),
        "allowList[0].duration: this key is missing",
    ),
    (
        changed("clusters/0/allowList", [{**ENTRY, "duration": "1h"}]),
        "duration: only an entry with the ruleType temporary",
    ),
    (
        changed("clusters/0/allowList", [{**ENTRY, "ruleType": "temporary", "duration": "soon"}]),
        "state.clusters[0].allowList[0].duration: the value is not a duration such as 1h0m0s",
    ),
    (
        changed("clusters/0/databaseUsers", [{"username": "u"}] * 2),
        "databaseUsers[1].username: another user has this",
    ),
    (
        changed("clusters/0/databaseUsers", [{"username": "u", "password": "hunter2"}]),
        "state.clusters[0].databaseUsers[0].password: this key is unknown: use username, userId, access",
    ),
    (
        changed("clusters/0/databaseUsers", [{"username": "u", "userId": CLOUD}]),
        f"state.clusters[0].databaseUsers[0].userId: no user has the id {CLOUD}",
    ),
    (changed("clustersV3/0/cloudId", CLOUD), "state.clustersV3[0].cloudId: a hosted cluster is in no cloud"),
    (
        changed("clustersV3/0/place", {"CIDR": "x"}),
        "state.clustersV3[0].place.CIDR: the value is not a CIDR block",
    ),
    (
        changed(
            "clustersV3",
            [
                {"name": f"c{number}", "projectId": PROJECT, "place": {"CIDR": f"10.8.{number}.0/16"}}
                for number in range(2)
            ],
        ),
        "state.clustersV3[1].place.CIDR: another hosted cluster has this block",
    ),
    (
        changed("clouds/0/provider", "gcp"),
        'state.clouds[0].provider: the value is not one of "aws" or "azure"',
    ),
    (
        changed("clouds/0/providerSettings", {"vNetCidr": "x"}),
        "clouds[0].providerSettings.vNetCidr: this key is unknown",
    ),
    (
        changed("clouds/0/providerSettings", {"region": "eastus"}),
        "clouds[0].providerSettings.region: the value is not one",
    ),
    (changed("counters", {"x": 1}), "state.counters.x: this key is unknown: use tenant, cloud,"),
    (changed("counters", {"project": -1}), "state.counters.project: the value is less than"),
    (changed("counters", {"project": 10**30}), "state.counters.project: the value is greater than"),
    ({"users": [{"name": {1, 2}}]}, "state: nested too deeply, or not of the types of JSON"),
]


def _paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:  # noqa: ANN401  # any JSON value
    """Yield the path of each value inside a JSON value."""
    for key in value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        yield (*path, key)
        yield from _paths(value[key], (*path, key))


_CLUSTER = {**OWN["clusters"][0], "buckets": [{"name": "b"}], "allowList": [ENTRY]}
_CLUSTER["databaseUsers"] = [{"username": "u", "userId": USER}]
_IN_VPC = {"name": "in VPC", "projectId": PROJECT, "cloudId": CLOUD, "environment": "vpc"}
FULL: dict[str, Any] = ApiCaller(
    first={**OWN, "clusters": [_CLUSTER], "clustersV3": [*OWN["clustersV3"], _IN_VPC]}
).api.state()
"""A state with one resource of each kind and all its properties."""

_WORDS = [
    "gone",
    "deploying",
    "scaling",
    "degraded",
    "temporary",
    "vpc",
    "azure",
    "eastus",
    "Basic",
    "unhealthy",
]
_WORDS += ["9999-12-31T23:59:59Z", "0000-01-01T00:00:00Z", "::1", "0s", "1h", PROJECT, CLOUD, "name", "polls"]
_SCALARS = st.none() | st.integers(-1, 30) | st.integers() | st.floats() | st.text(max_size=3)
_VALUES = _SCALARS | st.sampled_from(_WORDS) | st.dictionaries(st.sampled_from(_WORDS), _SCALARS, max_size=2)
EDITS = st.lists(
    st.tuples(
        st.sampled_from(sorted(_paths(FULL), key=str)), st.sampled_from(["remove", "repeat"]) | _VALUES
    ),
    min_size=1,
    max_size=3,
)
"""Edits of `FULL`: a path, and what becomes of the value there."""


def edited(edits: list[tuple[tuple[Any, ...], object]]) -> dict[str, Any]:
    """Return `FULL` after edits. An edit of a path that is gone has no effect."""
    state: dict[str, Any] = json.loads(json.dumps(FULL))
    for (*parts, last), value in edits:
        target: Any = state
        try:
            for part in parts:
                target = target[part]
            before = target[last]
        except (KeyError, IndexError, TypeError):
            continue
        if value == "remove":
            del target[last]
        elif value == "repeat" and isinstance(target, list):
            target.append(before)
        elif not isinstance(target, str):
            target[last] = value
    return state
