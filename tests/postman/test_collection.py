"""The whole collection, run by Newman against the mock."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

import yaml

from mock_server.faults.grammar import Fault
from mock_server.http import ReceivedRequest
from mock_server.server import MockServer
from tests.postman.newman import SUMMARY, Newman, item
from tests.support.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PATHS = yaml.safe_load((ROOT / "mock_server/api/openapi.yaml").read_text(encoding="utf-8"))["paths"]

TO_BUCKETS = ("Clouds", "Projects", "Clusters", "Buckets")
"""The folders that a run needs until it has buckets."""


def operation_of(entry: dict[str, Any]) -> str:
    """Return the `operationId` of a request in the journal, found independently of the mock's router."""
    method, path = entry["method"].lower(), entry["target"].partition("?")[0]
    (found,) = (
        methods[method]["operationId"]
        for template, methods in PATHS.items()
        if method in methods and re.fullmatch(re.sub(r"{\w+}", "[^/]+", template), path)
    )
    return str(found)


def test_every_operation_succeeds(
    newman: Newman, mock: MockServer, record_property: Callable[[str, object], None]
) -> None:
    """A run calls all 38 operations in the order of the plan, all with 2xx, and leaves nothing behind."""
    before = snapshot(mock)
    done = newman.whole()
    assert (done.code, done.errors) == (0, [])
    assert all(status is not None and 200 <= status <= 299 for status in done.statuses())
    entries = mock.journal.entries()
    called = Counter(operation_of(entry) for entry in entries)
    assert len(called) == 38
    assert {entry["code"] for entry in entries} == {"ok", "unsigned"}
    names = [each["item"]["name"] for each in done.executions]
    assert list(dict.fromkeys(names)) == names_of_the_plan(newman)
    assert snapshot(mock) == before
    summary = done.output[done.output.index("┌") :]
    record_property(SUMMARY, f"{len(called)} of 38 operations respond with 2xx\n{summary}")


def names_of_the_plan(newman: Newman) -> list[str]:
    """Return the names of the requests in the order of the collection."""
    return [request["name"] for folder in newman.collection()["item"] for request in folder["item"]]


def listed(mock: MockServer, target: str) -> Any:  # noqa: ANN401  # any JSON
    """Return what a list of the API contains, without a signature and without a journal entry."""
    reply = mock.api.handle(ReceivedRequest("GET", f"{target}?perPage=100"), mock.url)
    return json.loads(reply.body)["data"]


def snapshot(mock: MockServer) -> tuple[set[str], ...]:
    """Return the ids of all projects and clusters."""
    lists = listed(mock, "/v2/projects"), listed(mock, "/v2/clusters"), listed(mock, "/v3/clusters")["items"]
    return tuple({each["id"] for each in content} for content in lists)


def test_a_wrong_secret_key_is_refused_by_name(newman: Newman, mock: MockServer) -> None:
    """Each signed request fails with what the API says and the mock's name of the mistake. No id is used."""
    done = newman.whole(secretKey="another secret key")
    assert done.code == 1
    first = next(error for error in done.errors if error.startswith("401"))
    assert first.startswith("401 UNAUTHORIZED Unauthorized The signature is that of another text")
    assert "X-Mock-Mistake: signature_mismatch" in first
    assert {entry["status"] for entry in mock.journal.entries()} == {200, 401}
    assert any("has no value ({{clusterId}})" in error for error in done.errors)
    assert not any(
        "clusters//" in entry["target"] or ":id" in entry["target"] for entry in mock.journal.entries()
    )


def test_a_known_mistake_is_shown(newman: Newman) -> None:
    """A secret key that is the access key is named."""
    done = newman.whole("Users", secretKey="mock-access-key")
    assert any("X-Mock-Mistake: secret_is_access_key" in error for error in done.errors)


def test_a_cluster_that_is_busy_is_asked_again(newman: Newman, mock: MockServer) -> None:
    """`ErrClusterStateNotNormal` is repeated until it passes, and is no failure then."""
    spec = "POST /v2/clusters/*/buckets status=422 errorType=ErrClusterStateNotNormal first=2"
    mock.faults.replace([Fault.from_spec(spec)])
    done = newman.whole(*TO_BUCKETS)
    assert (done.code, done.errors) == (0, [])
    assert [each["status"] for each in mock.journal.entries() if each["target"].endswith("/buckets")][:3] == [
        *(422, 422, 201)
    ]


def test_a_cluster_that_stays_busy_fails(newman: Newman, mock: MockServer) -> None:
    """The repetition is bounded by `pollLimit`."""
    spec = "POST /v2/clusters/*/buckets status=422 errorType=ErrClusterStateNotNormal"
    mock.faults.replace([Fault.from_spec(spec)])
    done = newman.whole(*TO_BUCKETS, pollLimit="5")
    assert any(error.startswith("422") and "ErrClusterStateNotNormal" in error for error in done.errors)
    tried = [each for each in mock.journal.entries() if each["status"] == 422 and each["method"] == "POST"]
    assert len(tried) == 12  # both POSTs: the first time, and 5 times more


def test_polling_is_bounded(tmp_path: Path) -> None:
    """A cluster that does not become ready ends the waiting with one line."""
    with MockServer(transition=1000) as mock:
        done = Newman(mock, tmp_path).whole(*TO_BUCKETS[:-1], pollLimit="4")
        assert "the state is deploying after 4 more requests: ready is expected" in done.errors
        polls = [
            each for each in mock.journal.entries() if re.match("/v2/clusters/.*/status", each["target"])
        ]
        assert len(polls) == 5


def test_a_failed_creation_changes_nothing_else(newman: Newman, mock: MockServer) -> None:
    """An id of an environment is not used in a run: a failed creation deletes no cluster of the user."""
    mine = listed(mock, "/v2/clusters")[0]["id"]
    before = snapshot(mock)
    mock.faults.replace([Fault.from_spec("POST /v2/clusters status=500")])
    done = newman.whole(clusterId=mine)
    assert any(error.startswith("500") for error in done.errors)
    assert any(":id in the URL has no value ({{clusterId}})" in error for error in done.errors)
    assert snapshot(mock) == before
    touched = [each for each in mock.journal.entries() if mine in each["target"]]
    assert touched == []


def test_an_id_of_an_environment_gives_way_to_the_new_one(newman: Newman, mock: MockServer) -> None:
    """In a run, the clusters that it creates are used, whatever an environment says."""
    mine, mine_v3 = listed(mock, "/v2/clusters")[0]["id"], listed(mock, "/v3/clusters")["items"][0]["id"]
    done = newman.whole(clusterId=mine, clusterIdV3=mine_v3)
    assert done.errors == []
    assert not any(mine in each["target"] or mine_v3 in each["target"] for each in mock.journal.entries())


def test_redirects_are_not_followed(newman: Newman, mock: MockServer) -> None:
    """The target of a redirect would get a signature for another URL."""
    statuses = [301, 302, 303, 307, 308]
    specs = [f"GET /v2/users?page={code} status={code} header=Location:/v2/clouds" for code in statuses]
    mock.faults.replace([Fault.from_spec(spec) for spec in specs])
    (users,) = (folder["item"][0] for folder in newman.collection()["item"] if folder["name"] == "Users")
    items = [{**users, **item(f"{{{{baseUrl}}}}/v2/users?page={code}")} for code in statuses]
    done = newman.run(newman.with_requests(items))
    assert [each["status"] for each in mock.journal.entries()] == statuses
    assert [error[:3] for error in done.errors] == list(map(str, statuses))
