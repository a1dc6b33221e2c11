"""The state behind the operations: what exists, what it is called, and how it changes by being looked at.

Everything in it is reproducible. An id is a UUID made from the kind of thing and how many of them there
have been; a time is the injected clock's. The same calls after a reset give the same answers.
"""

import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

_IDS = uuid.UUID("5cc2cd0c-28c3-4b54-92b5-0c2a5ea2f1d0")
_LAST_SECOND = 253_402_300_799  # 9999-12-31T23:59:59Z, the last that RFC 3339 can write

SERVER_VERSION = "6.6.0"  # of Couchbase Server: the newest the v2 description names
GONE = "gone"  # the state after `destroying`: never shown, the thing is removed instead


def timestamp(milliseconds: int) -> str:
    """Write a time of the clock (milliseconds since 1970 UTC) as the API does: RFC 3339, whole seconds."""
    moment = datetime.fromtimestamp(min(milliseconds // 1000, _LAST_SECOND), UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(slots=True)
class Life:
    """A state that moves on by being looked at, so that waiting can be tested without sleeping."""

    state: str
    then: str = ""
    polls: int = 0  # looks left until `then`

    def begin(self, state: str, then: str, polls: int) -> None:
        """Enter `state`; the next `polls` looks see it, later ones see `then`. 0 polls is `then` at once."""
        self.state = state if polls else then
        self.then = then
        self.polls = polls

    @property
    def settled(self) -> bool:
        """Whether the state will stay as it is."""
        return not self.polls

    def look(self) -> str:
        """Return the state, and count the look."""
        seen = self.state
        if self.polls:
            self.polls -= 1
            if not self.polls:
                self.state = self.then
        return seen


@dataclass(slots=True)
class Bucket:
    """A bucket of a cluster. `facts` has the API's own property names."""

    facts: dict[str, Any]
    life: Life


@dataclass(slots=True)
class Cluster:
    """A v2 or v3 cluster and what lives in it.

    `facts` is what the API shows of it, without its status. What an answer has shown is being written out
    while the next request is at work: it is replaced, never changed.
    """

    facts: dict[str, Any]
    life: Life
    servers: list[dict[str, Any]]
    buckets: dict[str, Bucket] = field(default_factory=dict)  # by name
    allow_list: dict[str, dict[str, Any]] = field(default_factory=dict)  # by CIDR block, host bits cleared
    database_users: dict[str, dict[str, Any]] = field(default_factory=dict)  # by user name

    def revise(self, now: str, **facts: object) -> None:
        """Replace some of the facts."""
        self.facts = {**self.facts, **facts, "updatedAt": now}


class Store:
    """All state. Not thread-safe by itself: the API holds one lock around every use."""

    def __init__(self, clock: Callable[[], int], transition: int) -> None:
        """Start empty. `clock` gives milliseconds since 1970 UTC; `transition` is in looks."""
        self.clock = clock
        self._count: Counter[str] = Counter()
        self.transition = transition
        self.tenant_id = self.new_id("tenant")
        # Each by id, in the order of creation: the order of a list that is not sorted.
        self.clouds: dict[str, dict[str, Any]] = {}
        self.users: dict[str, dict[str, Any]] = {}
        self.projects: dict[str, dict[str, Any]] = {}
        self.clusters: dict[str, Cluster] = {}
        self.clusters_v3: dict[str, Cluster] = {}

    def new_id(self, kind: str) -> str:
        """Return the next id of this kind: the same one after every reset."""
        self._count[kind] += 1
        return str(uuid.uuid5(_IDS, f"{kind}/{self._count[kind]}"))

    def now(self, later: int = 0) -> str:
        """Return the clock's time, or one `later` by so many seconds, in the API's writing."""
        return timestamp(self.clock() + later * 1000)

    def look(self, cluster: Cluster) -> str:
        """Return a cluster's status and count the look: after the last one at `destroying` it is gone."""
        seen = cluster.life.look()
        self._bury(cluster)
        return seen

    def destroy(self, cluster: Cluster) -> None:
        """Begin to destroy a cluster."""
        cluster.life.begin("destroying", GONE, self.transition)
        self._bury(cluster)

    def _bury(self, cluster: Cluster) -> None:
        """Take a cluster that is gone off the books."""
        if cluster.life.state == GONE:
            self.clusters.pop(cluster.facts["id"], None)
            self.clusters_v3.pop(cluster.facts["id"], None)

    def add_project(self, name: str) -> dict[str, Any]:
        """Add a project, and return it as the API shows it."""
        project = {
            "id": self.new_id("project"),
            "name": name,
            "tenantId": self.tenant_id,
            "createdAt": self.now(),
        }
        self.projects[project["id"]] = project
        return project

    def add_cluster(self, facts: dict[str, Any], servers: list[dict[str, Any]], version: str) -> Cluster:
        """Add a v2 cluster, which begins as `deploying` and ends as `ready`.

        Args:
            facts: `name`, `projectId` and `cloudId`.
            servers: As in the API.
            version: Of Couchbase Server, in the API's words.
        """
        cluster_id = self.new_id("cluster")
        host = _host(cluster_id)
        facts = {
            "id": cluster_id,
            "tenantId": self.tenant_id,
            **facts,
            "resourceIdentifier": f"mock-{cluster_id}",
            "version": {"name": version, "components": {"cbServerVersion": SERVER_VERSION}},
            "endpointsURL": [f"cb-{number:04}.{host}" for number in range(3)],
            "privateEndpointURL": [],
            "endpointsSrv": f"cb.{host}",
            "privateEndpointsSrv": f"private.{host}",
        }
        return self._deploy(self.clusters, Cluster(facts, Life("draft"), servers), "ready")

    def add_cluster_v3(
        self, facts: dict[str, Any], servers: list[dict[str, Any]], *, single_zone: bool
    ) -> Cluster:
        """Add a v3 cluster, which begins as `deploying` and ends as `healthy`.

        Args:
            facts: `name`, `projectId`, `environment`, `place` and `support`, as the API shows them; `cloudId`
                where it lies in a cloud of the organization's own.
            servers: As the API shows them.
            single_zone: Whether it lies in one availability zone instead of three.
        """
        cluster_id = self.new_id("v3 cluster")
        region = facts["place"]["region"]
        facts = {
            "id": cluster_id,
            "tenantId": self.tenant_id,
            **facts,
            "version": {"name": "latest", "components": {"cbServerVersion": SERVER_VERSION}},
            "endpointsSrv": f"cb.{_host(cluster_id)}",
            "availabilityZones": [f"{region}{zone}" for zone in ("a" if single_zone else "abc")],
        }
        return self._deploy(self.clusters_v3, Cluster(facts, Life("draft"), servers), "healthy")

    def _deploy(self, clusters: dict[str, Cluster], cluster: Cluster, end: str) -> Cluster:
        """Put a new cluster on the books and let it begin."""
        cluster.revise(self.now())
        cluster.facts["createdAt"] = cluster.facts["updatedAt"]
        cluster.life.begin("deploying", end, self.transition)
        clusters[cluster.facts["id"]] = cluster
        return cluster


def _host(cluster_id: str) -> str:
    """Return the domain of a cluster's nodes: a name that leads nowhere, on purpose."""
    return f"{cluster_id[:8]}.mock.invalid"
