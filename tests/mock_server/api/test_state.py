"""The state as a JSON value: writing it, reading it, and what is refused."""

import json
import re
import time
from typing import Any

import pytest
from hypothesis import given as given_by
from hypothesis import settings
from hypothesis import strategies as st

from mock_server.api import description
from mock_server.api.state import StateError
from mock_server.server import MockServer
from tests.conformance.raw_http import RawResponse, parse, send_bytes
from tests.mock_server.api.states import (
    BAD,
    CHANGES,
    CLOUD,
    CLUSTER,
    EDITS,
    FULL,
    HOSTED,
    OWN,
    PLACE,
    PROJECT,
    USER,
    Change,
    edited,
)
from tests.support.api_caller import CLOCK, ApiCaller, cluster_v3, server_v3
from tests.support.raw_http import request


def everything(caller: ApiCaller) -> list[Any]:
    """Return all that the API shows. It counts as a poll of each cluster and bucket."""
    shown = [
        caller.get(f"/{path}?perPage=100")
        for path in ("v2/clouds", "v2/users", "v2/projects", "v2/clusters", "v3/clusters")
    ]
    state = caller.api.state()
    for cluster in state["clusters"]:
        path = f"/v2/clusters/{cluster['id']}"
        shown += [caller.call("GET", path + part).body for part in PARTS]
    for cluster in state["clustersV3"]:
        shown.append(caller.call("GET", f"/v3/clusters/{cluster['id']}").body)
        if cluster["environment"] == "vpc":
            path = f"/v2/clusters/{cluster['id']}"
            shown += [caller.call("GET", path + part).body for part in PARTS[1:]]
    shown += [caller.call("GET", f"/v2/clouds/{cloud['id']}").body for cloud in state["clouds"]]
    return shown


PARTS = ("", "/health", "/buckets", "/allowlist", "/users")


def text_of(state: object) -> str:
    """Return a state as the mock sends it."""
    return json.dumps(state, sort_keys=True)


@settings(max_examples=40)
@given_by(
    st.lists(st.tuples(st.sampled_from(CHANGES), st.integers(0, 10**6)), max_size=25),
    st.lists(st.tuples(st.sampled_from(CHANGES), st.integers(0, 10**6)), max_size=10),
    st.sampled_from([0, 1, 2, 3]),
)
def test_a_state_read_back_is_the_same_state(
    before: list[tuple[Change, int]],
    after: list[tuple[Change, int]],
    transition: int,
) -> None:
    """After any changes: the same text, and the same responses, ids and times of all that follows."""
    one = ApiCaller(transition=transition, first=FULL)
    for change, number in before:
        change(one, number)
    text = text_of(one.api.state())
    assert '"password"' not in text
    other = ApiCaller(transition=transition, now=one.now, first=json.loads(text))
    assert text_of(other.api.state()) == text
    one.api.replace_state(json.loads(text))
    assert text_of(one.api.state()) == text
    for change, number in after:
        assert change(one, number) == change(other, number)
    assert everything(one) == everything(other)
    other.api.reset()
    assert text_of(other.api.state()) == text


@settings(max_examples=60)
@given_by(EDITS)
def test_any_edit_of_a_state_is_an_error_or_works(edits: list[tuple[tuple[Any, ...], object]]) -> None:
    """Each response of a state that is accepted is as described, and it can be read back."""
    try:
        caller = ApiCaller(first=edited(edits), transition=1)
    except StateError as error:
        message = str(error)
        assert (message.partition("\n")[0], message[:5]) == (message, "state")
        return
    text = text_of(caller.api.state())
    other = ApiCaller(first=json.loads(text), transition=1)
    assert everything(caller) == everything(other)
    for change in CHANGES:
        assert change(caller, 3) == change(other, 3)
    assert everything(caller) == everything(other)


def test_a_restored_state_goes_on_as_the_first() -> None:
    """Without a comparison of two stores that were both restored."""
    one, other = ApiCaller(), ApiCaller()
    other.api.replace_state(json.loads(text_of(other.api.state())))
    for caller in (one, other):
        caller.make("/v3/clusters", cluster_v3(caller.project()))
        caller.call("POST", "/v2/projects", {"name": "new"})
    assert text_of(one.api.state()) == text_of(other.api.state())
    assert everything(one) == everything(other)


def test_defaults() -> None:
    """A resource needs a name and its place; the rest has defaults, which the API shows as its own."""
    caller = ApiCaller(first=OWN)
    created = "2023-11-14T22:13:20Z"
    assert caller.get(f"/v2/projects/{PROJECT}")["createdAt"] == created
    assert caller.get("/v2/users")["data"][0]["email"] == "rosa.lind@example.com"
    cloud = caller.get("/v2/clouds")["data"][0]
    assert (cloud["name"], cloud["provider"], cloud["region"]) == ("my cloud", "aws", "us-east-1")
    cluster = caller.get(f"/v2/clusters/{CLUSTER}")
    assert (cluster["status"], cluster["updatedAt"]) == ("ready", created)
    assert cluster["endpointsSrv"] == "cb.33333333.mock.invalid"
    assert caller.get("/v2/clusters")["data"][0]["nodes"] == 3
    hosted = caller.get(f"/v3/clusters/{HOSTED}")
    assert (hosted["status"], hosted["environment"], hosted["support"]) == (
        "healthy",
        "hosted",
        "DeveloperPro",
    )
    assert hosted["place"] == {"provider": "aws", "region": "us-east-1", "CIDR": "10.0.0.0/20"}
    assert hosted["servers"] == [server_v3(services=["data", "index", "query"])]
    assert len(hosted["availabilityZones"]) == 3
    everything(caller)


def test_everything_can_be_given() -> None:
    """What the API shows is what the state says, and reading it back changes nothing."""
    bucket = {
        "name": "b",
        "memoryQuota": 512,
        "replicas": 2,
        "conflictResolution": "lww",
        "status": "healthy",
    }
    entry: dict[str, Any] = {
        "cidrBlock": "10.1.2.3/16",
        "ruleType": "temporary",
        "comment": "c",
        "duration": "1h",
    }
    entry |= {"createdAt": "2020-01-01T00:00:00Z", "updatedAt": "2020-01-02T00:00:00Z"}
    user = {"username": "u", "userId": USER, "access": [{"bucketName": "b", "bucketAccess": ["data_reader"]}]}
    contents: dict[str, Any] = {
        "buckets": [bucket],
        "allowList": [{**entry, "expiresAt": "2020-01-01T01:00:00Z"}],
    }
    version: dict[str, Any] = {"name": "old", "components": {"cbServerVersion": "6.5.0"}}
    cloud: dict[str, Any] = {
        "status": "upgrading",
        "provider": "azure",
        "createdAt": "2020-01-01T00:00:00Z",
        "version": version,
    }
    cloud["providerSettings"] = {"region": "uksouth", "vNetCidr": "c", "vNetName": "n", "tags": {"a": "b"}}
    cluster = {
        "status": "deploy_failed",
        "servers": [{"size": 5, "services": ["search"]}],
        "version": version,
    }
    cluster |= {"endpointsSrv": "localhost", "createdAt": "2020-01-01T00:00:00Z", "resourceIdentifier": "r"}
    v3: dict[str, Any] = {
        "environment": "vpc",
        "cloudId": CLOUD,
        "support": "Basic",
        "availabilityZones": ["z"],
        "status": "degraded",
    }
    v3 |= {"place": {"provider": "gcp", "region": "r", "CIDR": "10.9.0.0/16"}, "version": version}
    v3 |= {"createdAt": "2020-01-01T00:00:00.123456789Z", "updatedAt": "2020-01-02T00:00:00Z"}
    v3["servers"] = [server_v3(size=27, compute="c", storage={"type": "PD-SSD", "IOPS": 0, "size": 100})]
    state: dict[str, Any] = {
        "tenantId": USER,
        "projects": [{"id": PROJECT, "name": "mine", "createdAt": "1999-12-31T23:59:59Z"}],
        "clouds": [{"id": CLOUD, "name": "c", **cloud}],
        "users": [{"id": USER, "name": "x", "email": "y"}],
        "clusters": [{"id": CLUSTER, **PLACE, **cluster, **contents, "databaseUsers": [user]}],
        "clustersV3": [{"id": HOSTED, "name": "v3", "projectId": PROJECT, **v3, **contents}],
    }
    caller = ApiCaller(first=state)
    dumped = caller.api.state()
    for kind in ("projects", "clouds", "users", "clusters", "clustersV3"):
        for given, shown in zip(state[kind], dumped[kind], strict=True):
            assert shown.items() >= given.items(), kind
    everything(caller)
    assert caller.get(f"/v2/projects/{PROJECT}")["tenantId"] == USER
    assert caller.get(f"/v2/clusters/{CLUSTER}/allowlist")[0]["state"] == "expired"
    assert caller.get(f"/v3/clusters/{HOSTED}")["createdAt"] == "2020-01-01T00:00:00.123456789Z"


STATUSES_V3 = description.load()["components"]["schemas"]["ClusterStatusResponseV3"]["properties"]["status"][
    "enum"
]


@pytest.mark.parametrize("status", STATUSES_V3)
def test_each_status_of_v3_has_one_of_v2(status: str) -> None:
    """`getClusterHealth` is an operation of v2, also for a v3 cluster."""
    cluster = {**OWN["clustersV3"][0], "environment": "vpc", "status": status}
    health = ApiCaller(first={**OWN, "clustersV3": [cluster]}).get(f"/v2/clusters/{HOSTED}/health")
    assert (health["health"] == "N/A") == (status not in ("healthy", "degraded"))


def test_an_empty_state() -> None:
    """No resource at all; the first ones get the first ids."""
    caller = ApiCaller(first={})
    assert [page["cursor"]["pages"]["totalItems"] for page in everything(caller)] == [0] * 5
    seeded = ApiCaller()
    first = caller.call("POST", "/v2/projects", {"name": "first"}).body
    assert first["id"] == seeded.api.state()["projects"][0]["id"]
    caller.api.reset()
    assert caller.call("POST", "/v2/projects", {"name": "first"}).body == first


def test_ids_that_are_left_out_never_meet_those_given() -> None:
    """Neither in the state nor later: a new id is skipped if the state names it."""
    ids = [project["id"] for project in ApiCaller().api.state()["projects"]]
    projects = [
        {"name": "a"},
        {"name": "b", "id": ids[0]},
        {"name": "c"},
        {"name": "d", "id": ids[3].upper()},
    ]
    caller = ApiCaller(first={"projects": projects})
    assert [each["id"] for each in caller.api.state()["projects"]] == [ids[1], ids[0], ids[2], ids[3]]
    assert caller.call("POST", "/v2/projects", {"name": "e"}).body["id"] == ids[4]


def test_resources_can_be_added_to_a_state_that_was_written() -> None:
    """They get the next ids, and so does what is created later."""
    seeded = ApiCaller().api.state()
    count = seeded["counters"]["project"]
    caller = ApiCaller(first={**seeded, "projects": [*seeded["projects"], {"name": "added"}]})
    created = caller.call("POST", "/v2/projects", {"name": "later"}).body["id"]
    ids = [project["id"] for project in caller.api.state()["projects"]]
    assert ids[-1] == created
    assert len(set(ids)) == count + 2
    assert caller.api.state()["counters"]["project"] == count + 2


@pytest.mark.parametrize("transition", [0, 1, 2, 3])
@pytest.mark.parametrize(
    ("kind", "status", "seen"),
    [
        ("clusters", "deploying", ["deploying", "deploy_succeeded", "ready"]),
        ("clusters", "deploy_succeeded", ["deploy_succeeded", "ready"]),
        ("clusters", "destroying", ["destroying", "destroy_succeeded", None]),
        ("clusters", "draft", ["draft"]),
        ("clustersV3", "deploying", ["deploying", "healthy"]),
        ("clustersV3", "scaling", ["scaling", "rebalancing", "healthy"]),
        ("clustersV3", "rebalancing", ["rebalancing", "healthy"]),
        ("clustersV3", "destroying", ["destroying", None]),
        ("clustersV3", "upgradeFailed", ["upgradeFailed"]),
    ],
)
def test_a_status_that_passes_passes(kind: str, status: str, seen: list[str | None], transition: int) -> None:
    """After as many polls as that of a new cluster, but it is shown at least once. Others stay."""
    [cluster] = OWN[kind]
    caller = ApiCaller(transition=transition, first={**OWN, kind: [{**cluster, "status": status}]})
    path = f"/{'v2' if kind == 'clusters' else 'v3'}/clusters/{cluster['id']}/status"
    responses = [caller.call("GET", path).body.get("status") for _ in range(transition + 2)]
    if transition < 2:  # too few polls for the status in between
        seen = [seen[0], *seen[-1:]] if len(seen) > 1 else seen
    assert list(dict.fromkeys(responses)) == seen
    assert responses.count(status) == (
        len(responses) if len(seen) == 1 else max(1, transition - len(seen) + 2)
    )


def test_polls_of_ones_own() -> None:
    """A cluster that never becomes ready, as good as: its polls are given."""
    pending = {"status": "deploying", "nextStatus": "deploy_failed", "polls": 1_000_000}
    bucket = {"name": "b", "status": "deploying", "nextStatus": "unhealthy", "polls": 1}
    cluster = {**OWN["clusters"][0], "buckets": [bucket]}
    caller = ApiCaller(first={**OWN, "clusters": [cluster, {**PLACE, "name": "other", **pending}]})
    other = f"/v2/clusters/{caller.api.state()['clusters'][1]['id']}"
    assert {caller.get(f"{other}/status")["status"] for _ in range(20)} == {"deploying"}
    assert caller.api.state()["clusters"][1]["polls"] == 1_000_000 - 20
    assert caller.refused("DELETE", other) == (422, "EntityStateInvalid")
    statuses = [caller.get(f"/v2/clusters/{CLUSTER}/buckets")[0]["status"] for _ in range(3)]
    assert statuses == ["deploying", "unhealthy", "unhealthy"]


def test_free_blocks_are_found() -> None:
    """A hosted cluster without a block gets one that no other names, before or behind it."""
    clusters: list[dict[str, Any]] = [{"name": f"c{number}", "projectId": PROJECT} for number in range(40)]
    clusters += [{"name": "named", "projectId": PROJECT, "place": {"CIDR": "10.0.16.0/20"}}]
    state = ApiCaller(first={**OWN, "clustersV3": clusters}).api.state()
    blocks = [cluster["place"]["CIDR"] for cluster in state["clustersV3"]]
    assert len(set(blocks)) == 41
    assert blocks[:2] == ["10.0.0.0/20", "10.0.32.0/20"]


@pytest.mark.parametrize(("state", "message"), BAD, ids=[message[:40] for _, message in BAD])
def test_an_invalid_state_is_refused_with_its_path(state: object, message: str) -> None:
    """One line that begins with the path and quotes no value; the state is unchanged."""
    caller = ApiCaller(first=OWN)
    before = text_of(caller.api.state())
    with pytest.raises(StateError) as caught:
        caller.api.replace_state(state)
    assert message in str(caught.value)
    assert re.match(r"state[.\[:]", str(caught.value))
    assert "\n" not in str(caught.value)
    assert "hunter2" not in str(caught.value)
    assert len(str(caught.value)) < 700
    assert text_of(caller.api.state()) == before
    if state is not None:  # the seed
        with pytest.raises(StateError):
            ApiCaller(first=state)


def test_a_deep_value_is_refused() -> None:
    """Where the schema allows any value, there is none that is deep."""
    deep: dict[str, Any] = {}
    for _ in range(3000):
        deep = {"projects": [deep]}
    with pytest.raises(StateError, match="state"):
        ApiCaller(first=deep)


def test_many_errors_are_as_fast_as_one() -> None:
    """Only the first is looked for."""
    started = time.monotonic()
    with pytest.raises(StateError, match=r"state.projects\[0\].name"):
        ApiCaller(first={"projects": [{"name": 5}] * 100_000})
    assert time.monotonic() - started < 3


def test_a_reset_restores_the_first_state() -> None:
    """With the times and ids of the start, whatever the clock says by now; a PUT is no first state."""
    caller = ApiCaller(first=OWN)
    first = text_of(caller.api.state())
    caller.now += 10**9
    caller.api.replace_state({"projects": [{"name": "other"}]})
    assert caller.api.state()["projects"][0]["createdAt"] != "2023-11-14T22:13:20Z"
    caller.api.reset()
    assert text_of(caller.api.state()) == first
    assert caller.now == CLOCK + 10**9


def put(mock: MockServer, body: bytes) -> RawResponse:
    """Send a body to `/_mock/state`."""
    return parse(send_bytes(mock.port, request("PUT", "/_mock/state", [], body)))


def get(mock: MockServer) -> RawResponse:
    """Return the response with the state."""
    return parse(send_bytes(mock.port, request("GET", "/_mock/state", [])))


def test_the_state_over_http(mock: MockServer) -> None:
    """What GET gives, PUT takes, and nothing has changed; PUT takes YAML too, and answers as GET."""
    before = get(mock).body
    same = put(mock, before)
    assert (same.status, same.body, get(mock).body) == (200, before, before)
    changed = put(mock, b"projects:\n- name: mine\n")
    assert (changed.status, changed.json["projects"][0]["name"]) == (200, "mine")
    assert get(mock).json == changed.json
    send_bytes(mock.port, request("POST", "/_mock/reset", []))
    assert get(mock).body == before


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "The body is empty."),
        (b"\xff", "The body is not UTF-8."),
        (b"a: &x 1", "The body contains an anchor or an alias at line 1, column 4: write the value itself."),
        (b'{"users": [], "users": []}', "The body contains an object with the same name twice."),
        (b"[" * 3000, "The body is nested too deeply."),
        (b"null", 'state: the value is not of type "object"'),
        (
            b'{"projects": [{"name": "a"}, {"name": "a"}]}',
            "state.projects[1].name: another project has this name",
        ),
    ],
)
def test_an_invalid_state_over_http_is_422(mock: MockServer, body: bytes, message: str) -> None:
    """Nothing has changed."""
    before = get(mock).body
    response = put(mock, body)
    assert (response.status, response.json) == (422, {"errorType": "RequestInvalid", "message": message})
    assert get(mock).body == before
