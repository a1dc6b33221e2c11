"""The state of the API: its resources, their ids and times, and how their states change.

All of it is reproducible: the same calls after a reset give the same responses. An id is a UUID computed from
the kind of the resource and a counter. A time is that of the injected clock.
"""

import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

_NAMESPACE = uuid.UUID("5cc2cd0c-28c3-4b54-92b5-0c2a5ea2f1d0")
_LATEST_SECOND = 253_402_300_799  # 9999-12-31T23:59:59Z, the last second that RFC 3339 can express

SERVER_VERSION = "6.6.0"
"""The version of Couchbase Server: the newest version in the v2 description."""

GONE = "gone"
"""The state after `destroying`. No response shows it: a resource that is gone is removed."""


def timestamp(milliseconds: int) -> str:
    """Return a time in the format of v2, RFC 3339 in whole seconds, from milliseconds since 1970 UTC."""
    return exact_timestamp(milliseconds // 1000 * 1_000_000_000)


def exact_timestamp(nanoseconds: int) -> str:
    """Return a time in the format of v3 from nanoseconds since 1970 UTC.

    That is Go's RFC3339Nano: up to nine digits after the second, without zeros at the end.
    """
    seconds, fraction = divmod(nanoseconds, 1_000_000_000)
    time = datetime.fromtimestamp(min(seconds, _LATEST_SECOND), UTC)
    digits = f".{fraction:09}".rstrip("0").rstrip(".")
    return f"{time:%Y-%m-%dT%H:%M:%S}{digits}Z"


@dataclass(slots=True)
class Lifecycle:
    """A state that changes after a number of polls. So a test of waiting needs no sleep.

    Attributes:
        state: the current state.
        next_state: the state after the last poll.
        polls: the number of polls until `next_state`; 0 if the state does not change any more.
        passing: the state that only the last of these polls returns; empty for none.
    """

    state: str
    next_state: str = ""
    polls: int = 0
    passing: str = ""

    def enter(self, state: str, next_state: str, polls: int, passing: str = "") -> None:
        """Enter `state`, which the next `polls` polls return; later polls return `next_state`.

        The last of two or more polls returns `passing` instead, if it is given.
        """
        self.state = state if polls else next_state
        self.next_state = next_state
        self.polls = polls
        self.passing = passing

    @property
    def settled(self) -> bool:
        """Whether the state does not change any more by itself."""
        return not self.polls

    def poll(self) -> str:
        """Return the state, and count the poll."""
        state = self.state
        if self.polls:
            self.polls -= 1
            if not self.polls:
                self.state = self.next_state
            elif self.polls == 1 and self.passing:
                self.state = self.passing
        return state


@dataclass(slots=True)
class Bucket:
    """A bucket of a cluster. `properties` has the API's names, without the id and the status."""

    properties: dict[str, Any]
    lifecycle: Lifecycle


@dataclass(slots=True)
class Cluster:
    """A v2 or v3 cluster with its contents.

    Attributes:
        properties: the properties that the API returns, except the status and the servers.
        lifecycle: the status.
        servers: the servers, as the API shows them.
        buckets: the buckets by name.
        allow_list: the entries by CIDR block in canonical form.
        database_users: the database users by user name.
    """

    properties: dict[str, Any]
    lifecycle: Lifecycle
    servers: list[dict[str, Any]]
    buckets: dict[str, Bucket] = field(default_factory=dict)
    allow_list: dict[str, dict[str, Any]] = field(default_factory=dict)
    database_users: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def hosted(self) -> bool:
        """Whether the service hosts the cluster, instead of a cloud of the organization."""
        return self.properties.get("environment") == "hosted"

    def create(self, now: str) -> None:
        """Set `createdAt`, and `updatedAt` unless it is known."""
        self.properties = {"updatedAt": now, **self.properties, "createdAt": now}

    def update(self, now: str, **properties: object) -> None:
        """Change the properties given, and set `updatedAt`."""
        self.properties = {**self.properties, **properties, "updatedAt": now}


class Store:
    """All resources. Not thread-safe: `Api` holds a lock during each use.

    Attributes:
        clock: returns milliseconds since 1970-01-01 UTC.
        transition: the number of polls until a cluster or bucket is ready.
        counters: the number of ids that were made, by kind, and of times of v3.
        reserved: ids that `new_id` never returns.
        tenant_id: the id of the organization.
        clouds: the clouds by id, as the API shows them. All resources are in the order of their creation,
            which is that of a list without sortBy.
        users: the users by id, as the API shows them.
        projects: the projects by id, as the API shows them.
        clusters: the v2 clusters by id.
        clusters_v3: the v3 clusters by id.
    """

    def __init__(self, clock: Callable[[], int], transition: int) -> None:
        """Create an empty store.

        Args:
            clock: returns milliseconds since 1970-01-01 UTC.
            transition: the number of polls until a cluster or bucket is ready.
        """
        self.clock = clock
        self.counters: Counter[str] = Counter()
        self.reserved: frozenset[str] = frozenset()
        self.transition = transition
        self.tenant_id = self.new_id("tenant")
        self.clouds: dict[str, dict[str, Any]] = {}
        self.users: dict[str, dict[str, Any]] = {}
        self.projects: dict[str, dict[str, Any]] = {}
        self.clusters: dict[str, Cluster] = {}
        self.clusters_v3: dict[str, Cluster] = {}

    def new_id(self, kind: str) -> str:
        """Return the next id of a kind of resource. A reset restarts the sequence."""
        while True:
            self.counters[kind] += 1
            new = str(uuid.uuid5(_NAMESPACE, f"{kind}/{self.counters[kind]}"))
            if new not in self.reserved:
                return new

    def now(self, later: int = 0) -> str:
        """Return the clock's time plus `later` seconds, in the API's format."""
        return timestamp(self.clock() + later * 1000)

    def exact_now(self) -> str:
        """Return the clock's time in the format of v3.

        The clock counts milliseconds. The digits after them come from a counter, so they are the same after
        each reset, and a later time is never before an earlier one within 70,000 times of one millisecond.
        """
        self.counters["time"] += 1
        return exact_timestamp(self.clock() * 1_000_000 + (456_782 + 7 * self.counters["time"]) % 1_000_000)

    def poll(self, cluster: Cluster) -> str:
        """Return a cluster's status, and count the poll. The last poll of `destroying` removes it."""
        status = cluster.lifecycle.poll()
        self._remove_if_gone(cluster)
        return status

    def destroy(self, cluster: Cluster) -> None:
        """Start to destroy a cluster. Only v2 has a state for one that is destroyed."""
        passing = "destroy_succeeded" if cluster.properties["id"] in self.clusters else ""
        cluster.lifecycle.enter("destroying", GONE, self.transition, passing)
        self._remove_if_gone(cluster)

    def _remove_if_gone(self, cluster: Cluster) -> None:
        """Remove a cluster whose state is `GONE`."""
        if cluster.lifecycle.state == GONE:
            self.clusters.pop(cluster.properties["id"], None)
            self.clusters_v3.pop(cluster.properties["id"], None)

    def add_user(self, name: str, **properties: str) -> None:
        """Add a user. `properties` replaces the id and the e-mail address."""
        user_id = properties.get("id") or self.new_id("user")
        email = f"{name.lower().replace(' ', '.')}@example.com"
        self.users[user_id] = {"id": user_id, "name": name, "email": email, **properties}

    def add_project(self, name: str, **properties: str) -> dict[str, Any]:
        """Add a project, and return it as the API shows it. `properties` replaces the id and the time."""
        project_id = properties.get("id") or self.new_id("project")
        project = {"id": project_id, "name": name, "tenantId": self.tenant_id, "createdAt": self.now()}
        self.projects[project_id] = {**project, **properties}
        return self.projects[project_id]

    def add_cluster(self, properties: dict[str, Any], servers: list[dict[str, Any]], version: str) -> Cluster:
        """Add a v2 cluster, which is `deploying`, then `deploy_succeeded`, then `ready`.

        Args:
            properties: `name`, `projectId` and `cloudId`; each other property has a default.
            servers: the servers, as the API shows them.
            version: the name of the version, such as `latest`.
        """
        cluster_id = properties.get("id") or self.new_id("cluster")
        host = _host(cluster_id)
        properties = {
            "id": cluster_id,
            "tenantId": self.tenant_id,
            "resourceIdentifier": f"mock-{cluster_id}",
            "version": {"name": version, "components": {"cbServerVersion": SERVER_VERSION}},
            "endpointsURL": [f"cb-{number:04}.{host}" for number in range(3)],
            "privateEndpointURL": [],
            "endpointsSrv": f"cb.{host}",
            "privateEndpointsSrv": f"private.{host}",
            **properties,
        }
        cluster = self.clusters[cluster_id] = Cluster(properties, Lifecycle("draft"), servers)
        cluster.create(properties.get("createdAt") or self.now())
        cluster.lifecycle.enter("deploying", "ready", self.transition, "deploy_succeeded")
        return cluster

    def add_cluster_v3(
        self, properties: dict[str, Any], servers: list[dict[str, Any]], *, single_zone: bool
    ) -> Cluster:
        """Add a v3 cluster, which is `deploying` first and `healthy` later.

        Args:
            properties: `name`, `projectId`, `environment`, `place` and `support`, as the API shows
                them; `cloudId` for a cluster in a cloud of the organization. The others have defaults.
            servers: the servers, as the API shows them.
            single_zone: whether the cluster has one availability zone instead of three.
        """
        cluster_id = properties.get("id") or self.new_id("v3 cluster")
        region = properties["place"]["region"]
        properties = {
            "id": cluster_id,
            "tenantId": self.tenant_id,
            "version": {"name": "latest", "components": {"cbServerVersion": SERVER_VERSION}},
            "endpointsSrv": f"cb.{_host(cluster_id)}",
            "availabilityZones": [f"{region}{zone}" for zone in ("a" if single_zone else "abc")],
            **properties,
        }
        cluster = self.clusters_v3[cluster_id] = Cluster(properties, Lifecycle("draft"), servers)
        cluster.create(properties.get("createdAt") or self.exact_now())
        cluster.lifecycle.enter("deploying", "healthy", self.transition)
        return cluster

    def scale(self, cluster: Cluster, servers: list[dict[str, Any]]) -> None:
        """Start to give a v3 cluster other servers."""
        cluster.servers = servers
        cluster.update(self.exact_now())
        cluster.lifecycle.enter("scaling", "healthy", self.transition, "rebalancing")


def _host(cluster_id: str) -> str:
    """Return the domain of a cluster's nodes. It never resolves: `.invalid` is reserved (RFC 2606)."""
    return f"{cluster_id[:8]}.mock.invalid"
