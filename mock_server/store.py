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
    """A v2 or v3 cluster and what lives in it. `facts` is what the API shows of it, without its status."""

    facts: dict[str, Any]
    life: Life
    servers: list[dict[str, Any]] = field(default_factory=list)
    buckets: dict[str, Bucket] = field(default_factory=dict)  # by name
    allow_list: dict[str, dict[str, Any]] = field(default_factory=dict)  # by normalised CIDR block
    database_users: dict[str, list[dict[str, Any]]] = field(default_factory=dict)  # user name -> access


class Store:
    """All state. Not thread-safe by itself: the API holds one lock around every use."""

    def __init__(self, clock: Callable[[], int], transition: int) -> None:
        """Start empty. `clock` gives milliseconds since 1970 UTC; `transition` is in looks."""
        self._clock = clock
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

    def now(self) -> str:
        """Return the clock's time in the API's writing."""
        return timestamp(self._clock())

    def add_project(self, name: str, created_at: str = "") -> dict[str, Any]:
        """Add a project, made now unless told otherwise, and return it as the API shows it."""
        project = {
            "id": self.new_id("project"),
            "name": name,
            "tenantId": self.tenant_id,
            "createdAt": created_at or self.now(),
        }
        self.projects[project["id"]] = project
        return project
