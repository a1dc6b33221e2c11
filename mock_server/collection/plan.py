"""The order of the requests in the collection, and what each of them needs beyond openapi.yaml.

A run of the whole collection goes through all steps in order. It creates everything that it changes, and
deletes it at the end. Buckets, allow list and database users of v2 belong to the v2 cluster: the service does
not have them for hosted clusters, and the v3 cluster is hosted.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_FROM_LOCATION: Final = (
    "const findId = () => decodeURIComponent((pm.response.headers.get('Location') || '').split('/').pop());"
)
_FROM_BODY: Final = "const findId = () => pm.response.json().id;"
_FIRST_AWS_CLOUD: Final = (
    "const findId = () => (pm.response.json().data || [])"
    ".filter((each) => each.provider === 'aws' && each.status === 'ready').map((each) => each.id)[0];"
)
_STATUS: Final = "const findState = (body) => body.status;"
_ALL_BUCKETS: Final = (
    "const findState = (body) =>"
    " ((body || []).every((each) => each.status === 'healthy') ? 'healthy' : 'deploying');"
)


def _gone(variable: str, items: str) -> str:
    """Return the line that says whether a deleted cluster is still in a list."""
    id_ = f"pm.variables.get({json.dumps(variable)})"
    return f"const findState = (body) => ({items}.some((each) => each.id === {id_}) ? 'destroying' : 'gone');"


@dataclass(frozen=True, slots=True)
class Step:
    """One request of the collection.

    Attributes:
        operation: the `operationId`.
        name: the name of the request; by default the summary of the operation.
        patch: a JSON Merge Patch (RFC 7396) for the body's example in openapi.yaml.
        query: the values of query parameters that are sent; those of lists are sent always.
        creates: the variable that is emptied before the request and set by its response, or None.
        remembers: the variable that the response sets, or None.
        finder: the line of JavaScript that finds the id or the state in the response.
        waits_for: the state until which a run repeats the request, or None.
    """

    operation: str
    name: str | None = None
    patch: Any = None
    query: Mapping[str, str] | None = None
    creates: str | None = None
    remembers: str | None = None
    finder: str = ""
    waits_for: str | None = None


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of the collection, with its requests in the order of a run."""

    name: str
    steps: Sequence[Step]


_DATABASE_USER: Final = {
    "username": "{{username}}",
    "password": "{{databasePassword}}",
    "buckets": None,
    "allBucketsAccess": "data_writer",
}
_CIDR: Final = "203.0.113.7/32"  # an address for documentation (RFC 5737)

FOLDERS: Final = (
    Folder("Status", [Step("getStatus")]),
    Folder(
        "Clouds",
        [Step("listClouds", remembers="cloudId", finder=_FIRST_AWS_CLOUD), Step("getCloud")],
    ),
    Folder("Users", [Step("listUsers")]),
    Folder(
        "Projects",
        [
            Step("listProjects"),
            Step(
                "createProject",
                patch={"name": "Postman project {{$timestamp}}"},
                creates="projectId",
                finder=_FROM_BODY,
            ),
            Step("getProject"),
        ],
    ),
    Folder(
        "Clusters",
        [
            Step("listClusters"),
            Step(
                "createCluster",
                patch={"name": "Postman cluster", "projectId": "{{projectId}}", "cloudId": "{{cloudId}}"},
                creates="clusterId",
                finder=_FROM_LOCATION,
            ),
            Step("getClusterStatus", finder=_STATUS, waits_for="ready"),
            Step("getCluster"),
            Step("getClusterHealth"),
            Step("getClusterCertificate"),
        ],
    ),
    Folder(
        "Buckets",
        [
            Step("createBucket", patch={"name": "postman"}, creates="bucketId", finder=_FROM_LOCATION),
            Step("createBucket", name="Create another bucket", patch={"name": "postman-other"}),
            Step("listBuckets", finder=_ALL_BUCKETS, waits_for="healthy"),
            Step("updateBuckets", patch=[{"name": "postman-other", "memoryQuota": 200}]),
            Step("updateSingleBucket"),
            Step("deleteSingleBucket"),
            Step("deleteBucket", patch={"name": "postman-other"}),
        ],
    ),
    Folder(
        "Allow list",
        [
            Step("createAllowListEntry", patch={"cidrBlock": _CIDR}),
            Step("getAllowList"),
            Step("updateAllowList", patch=[{"cidrBlock": _CIDR, "ruleType": "permanent"}]),
            Step("deleteAllowListEntry", patch={"cidrBlock": _CIDR}),
        ],
    ),
    Folder(
        "Database users",
        [
            Step("createDatabaseUser", patch=_DATABASE_USER),
            Step("listDatabaseUsers"),
            Step("updateDatabaseUser", patch={"password": "{{databasePassword}}"}),
            Step("deleteDatabaseUser"),
        ],
    ),
    Folder(
        "Clusters v3",
        [
            Step("listClustersV3"),
            Step(
                "createClusterV3",
                patch={
                    "clusterName": "Postman v3 cluster",
                    "projectId": "{{projectId}}",
                    "place": {"hosted": {"CIDR": "{{hostedCidr}}"}},
                },
                creates="clusterIdV3",
                finder=_FROM_LOCATION,
            ),
            Step("getClusterStatusV3", finder=_STATUS, waits_for="healthy"),
            Step("createDatabaseUserV3", patch=_DATABASE_USER),
            Step("updateClusterMetaV3"),
            Step("updateClusterSupportV3"),
            Step("updateClusterServersV3"),
            Step("getClusterV3", finder=_STATUS, waits_for="healthy"),
        ],
    ),
    Folder(
        "Clean up",
        [
            Step("deleteCluster"),
            Step("deleteClusterV3"),
            Step(
                "listClusters",
                name="Wait until the v2 cluster is gone",
                query={"projectId": "{{projectId}}"},
                finder=_gone("clusterId", "(body.data || [])"),
                waits_for="gone",
            ),
            Step(
                "listClustersV3",
                name="Wait until the v3 cluster is gone",
                query={"projectId": "{{projectId}}"},
                finder=_gone("clusterIdV3", "((body.data || {}).items || [])"),
                waits_for="gone",
            ),
            Step("deleteProject"),
        ],
    ),
)

IDS: Final[Mapping[str, str]] = {
    "/v2/clouds/": "cloudId",
    "/v2/projects/": "projectId",
    "/v2/clusters/": "clusterId",
    "/v3/clusters/": "clusterIdV3",
}
"""What the path parameter ``id`` is, by the beginning of the path: the variable with the value."""

VARIABLES: Final[Mapping[str, tuple[str, str]]] = {
    "projectId": ("", "set by createProject"),
    "cloudId": ("", "set by listClouds: the first AWS cloud that is ready"),
    "clusterId": ("", "set by createCluster: a v2 cluster"),
    "clusterIdV3": ("", "set by createClusterV3"),
    "bucketId": ("", "set by createBucket"),
    "username": ("postman", "the name of a database user"),
    "databasePassword": (
        "{{$guid}}-Aa1",
        "the password of a database user; by default another one each time",
    ),
    "hostedCidr": ("10.77.0.0/20", "the network of the v3 cluster; it must be free"),
    "pollSeconds": ("1", "seconds between two requests that wait for a state"),
    "pollLimit": ("1800", "the most requests that wait for one state"),
}
"""Variables beside the base URL and the keys: the value at first, and what it is."""
