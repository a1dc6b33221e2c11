"""Writes the state as a JSON value, and reads it back: for ``--state`` and for ``/_mock/state``.

state.yaml describes the value. Reading gives each property that is left out its default: the next id of its
kind, the mock's time, the final status. The state that was written holds all of it, and the counters behind
ids and times, so that reading it back changes nothing.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

import jsonschema_rs
import yaml

from mock_server.api import description
from mock_server.api.formats import canonical_block, seconds_of
from mock_server.api.store import GONE, SERVER_VERSION, Bucket, Cluster, Lifecycle, Store
from mock_server.documents import SAFE_LOADER

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

_MOST_NODES: Final = 27
_SERVICES: Final = ("data", "index", "query")
_STORAGE: Final = {"type": "GP3", "IOPS": 3000, "size": 50}
_CLOUD_SETTINGS: Final = {
    "aws": {"region": "us-east-1", "vpcCidr": "10.0.0.0/16", "vpcId": "vpc-00000000"},
    "azure": {"region": "eastus", "vNetCidr": "10.0.0.0/16", "vNetName": "vnet-00000000"},
}
# For each status that passes: the next one, and the one that the last poll returns.
_V2_CHANGES: Final = {
    "deploying": ("ready", "deploy_succeeded"),
    "deploy_succeeded": ("ready", ""),
    "destroying": (GONE, "destroy_succeeded"),
    "destroy_succeeded": (GONE, ""),
}
_V3_CHANGES: Final = {
    "deploying": ("healthy", ""),
    "scaling": ("healthy", "rebalancing"),
    "rebalancing": ("healthy", ""),
    "destroying": (GONE, ""),
}
_BUCKET_CHANGES: Final = {"deploying": ("healthy", "")}
_LIFECYCLE: Final = ("status", "passingStatus", "nextStatus", "polls")
_CONTENTS: Final = ("servers", "buckets", "allowList", "databaseUsers")


class StateError(ValueError):
    """Raised for an invalid state. The message is one line, and begins with the path of the invalid part."""


def dump(store: Store) -> dict[str, Any]:
    """Return the state as a JSON value, which later operations do not change."""
    return {
        "tenantId": store.tenant_id,
        "clouds": [_without_tenant(each) for each in store.clouds.values()],
        "users": [dict(each) for each in store.users.values()],
        "projects": [_without_tenant(each) for each in store.projects.values()],
        "clusters": [_dump_cluster(each, ("size", "services")) for each in store.clusters.values()],
        "clustersV3": [
            _dump_cluster(each, ("size", "compute", "services", "storage"))
            for each in store.clusters_v3.values()
        ],
        "counters": dict(store.counters),
    }


def _without_tenant(properties: Mapping[str, Any]) -> dict[str, Any]:
    """Return the properties without the id of the organization, which is the same for all."""
    return {name: value for name, value in properties.items() if name != "tenantId"}


def _dump_cluster(cluster: Cluster, server_properties: Collection[str]) -> dict[str, Any]:
    """Return a cluster. Of its servers, v2 stores what a client has sent: only what matters is returned."""
    servers = [{name: server[name] for name in server_properties} for server in cluster.servers]
    return {
        **_without_tenant(cluster.properties),
        **_dump_lifecycle(cluster.lifecycle),
        "servers": servers,
        "buckets": [
            {**bucket.properties, **_dump_lifecycle(bucket.lifecycle)} for bucket in cluster.buckets.values()
        ],
        "allowList": [dict(entry) for entry in cluster.allow_list.values()],
        "databaseUsers": [dict(user) for user in cluster.database_users.values()],
    }


def _dump_lifecycle(lifecycle: Lifecycle) -> dict[str, Any]:
    if lifecycle.settled:
        return {"status": lifecycle.state}
    passing = {"passingStatus": lifecycle.passing} if lifecycle.passing else {}
    return {
        "status": lifecycle.state,
        **passing,
        "nextStatus": lifecycle.next_state,
        "polls": lifecycle.polls,
    }


def load(document: object, clock: Callable[[], int], transition: int) -> Store:
    """Return a store with the state of a JSON value.

    Args:
        document: the state.
        clock: returns milliseconds since 1970-01-01 UTC.
        transition: the number of polls until a cluster or bucket is ready.

    Raises:
        StateError: the state is invalid.
    """
    try:
        _schema().validate(document)
    except jsonschema_rs.ValidationError as error:
        raise _schema_error(error) from None
    except ValueError:  # the validator's limit of 255 levels, or a Python type that JSON does not have
        raise StateError("state: nested too deeply, or not of the types of JSON") from None
    assert isinstance(document, dict)  # noqa: S101  # by the schema; for mypy
    return _Loader(document, clock, transition).load()


@cache
def _source() -> dict[str, Any]:
    text = resources.files("mock_server.api").joinpath("state.yaml").read_text(encoding="utf-8")
    source: dict[str, Any] = yaml.load(text, Loader=SAFE_LOADER)  # noqa: S506  # it is a safe loader
    return {**source, "components": description.load()["components"]}


@cache
def _schema() -> jsonschema_rs.Validator:
    return jsonschema_rs.Draft202012Validator(
        _source(), validate_formats=True, mask="the value", offline=True
    )


def _schema_error(error: jsonschema_rs.ValidationError) -> StateError:
    """Return the error with the path of the part that the schema does not allow. It quotes no value."""
    schema: Any = _source()
    for part in error.schema_path[:-1]:
        schema = schema[part]
    path, details = _path(error.instance_path), error.kind.as_dict()
    match error.kind.name:
        case "additionalProperties":
            known = ", ".join(schema["properties"])
            return StateError(f"{path}{_key(details['unexpected'][0])}: this key is unknown: use {known}")
        case "falseSchema":
            return StateError(f"{path}: only an entry with the ruleType temporary has this key")
        case "required":
            return StateError(f"{path}{_key(details['property'])}: this key is missing")
        case "pattern" | "format" | "anyOf" if "description" in schema:
            return StateError(f"{path}: the value is not {schema['description']}")
        case _:
            return StateError(f"{path}: {error.message:.300}")


def _path(parts: Collection[str | int]) -> str:
    return "state" + "".join(f"[{part}]" if isinstance(part, int) else _key(part) for part in parts)


def _key(name: str) -> str:
    """Return a key as it continues a path: in quotes and as ASCII unless it is a short word."""
    return f".{name}" if re.fullmatch(r"\w{1,80}", name, re.ASCII) else f"[{name!a:.80}]"


class _Loader:
    """Loads one state, which its schema allows."""

    def __init__(self, document: dict[str, Any], clock: Callable[[], int], transition: int) -> None:
        self._document = document
        self._transition = transition
        now = clock()
        self._store = Store(lambda: now, transition=0)  # one time for all defaults
        self._clock = clock
        self._store.counters |= document.get("counters", {})
        self._store.tenant_id = document.get("tenantId", self._store.tenant_id).lower()
        self._ids: dict[str, set[str]] = {"cloud": set(), "user": set(), "project": set(), "cluster": set()}
        self._cluster_names: set[tuple[str, str]] = set()
        self._hosted_blocks: set[str] = set()
        self._free_blocks = self._unused_blocks()

    def load(self) -> Store:
        store = self._store
        kinds = {"clouds": "cloud", "users": "user", "projects": "project"}
        kinds |= {"clusters": "cluster", "clustersV3": "cluster"}
        for name, kind in kinds.items():
            self._check_ids(name, kind)
        store.reserved = frozenset().union(*self._ids.values())
        for _, cloud in self._each("clouds"):
            self._add_cloud(cloud)
        for _, user in self._each("users"):
            store.add_user(**user)
        self._add_projects()
        for path, cluster in self._each("clusters"):
            self._add_cluster(path, cluster)
        for path, cluster in self._each("clustersV3"):
            self._add_cluster_v3(path, cluster)
        store.clock, store.transition = self._clock, self._transition
        return store

    def _each(self, name: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield the resources of a kind, each with its path, and with ids in lower case."""
        for number, given in enumerate(self._document.get(name, [])):
            ids = {each: given[each].lower() for each in ("id", "projectId", "cloudId") if each in given}
            yield f"state.{name}[{number}]", {**given, **ids}

    def _check_ids(self, name: str, kind: str) -> None:
        for path, given in self._each(name):
            if "id" in given:
                _check_unique(f"{path}.id", given["id"], self._ids[kind], f"another {kind} has this id")

    def _add_cloud(self, given: dict[str, Any]) -> None:
        provider = given.get("provider", "aws")
        cloud_id = given.get("id") or self._store.new_id("cloud")
        created = given.get("createdAt", self._store.now())
        self._store.clouds[cloud_id] = {
            "id": cloud_id,
            "tenantId": self._store.tenant_id,
            "status": "ready",
            "provider": provider,
            "createdAt": created,
            "updatedAt": created,
            "version": {"name": "latest", "components": {"cbServerVersion": SERVER_VERSION}},
            **given,
            "providerSettings": {**_CLOUD_SETTINGS[provider], **given.get("providerSettings", {})},
        }

    def _add_projects(self) -> None:
        names: set[str] = set()
        for path, project in self._each("projects"):
            _check_unique(f"{path}.name", project["name"], names, "another project has this name")
            self._store.add_project(**project)

    def _add_cluster(self, path: str, given: dict[str, Any]) -> None:
        self._check_place(path, given)
        servers = given.get("servers") or [{"size": 3}]
        cluster = self._store.add_cluster(
            _properties(given), [{"services": list(_SERVICES), **server} for server in servers], "latest"
        )
        self._fill(path, cluster, given, ("ready", _V2_CHANGES))

    def _add_cluster_v3(self, path: str, given: dict[str, Any]) -> None:
        self._check_place(path, given)
        environment = given.get("environment", "hosted")
        if environment == "hosted" and "cloudId" in given:
            raise StateError(f"{path}.cloudId: a hosted cluster is in no cloud: remove it, or write vpc")
        properties = {
            "environment": environment,
            "support": "DeveloperPro",
            **_properties(given),
            "place": self._place(path, environment, given),
        }
        defaults = {"compute": "m5.xlarge", "services": list(_SERVICES), "storage": dict(_STORAGE)}
        servers = [{**defaults, **server} for server in given.get("servers") or [{"size": 3}]]
        single_zone = properties["support"] == "Basic"
        cluster = self._store.add_cluster_v3(properties, servers, single_zone=single_zone)
        self._fill(path, cluster, given, ("healthy", _V3_CHANGES))

    def _place(self, path: str, environment: str, given: dict[str, Any]) -> dict[str, Any]:
        """Return where a v3 cluster is, by default where its cloud is. Hosted blocks are unique."""
        place = {"provider": "aws", "region": "us-east-1"}
        if "cloudId" in given:
            cloud = self._store.clouds[given["cloudId"]]
            place = {"provider": cloud["provider"], "region": cloud["providerSettings"]["region"]}
        place |= given.get("place", {})
        if "CIDR" not in place:
            place["CIDR"] = next(self._free_blocks, "10.0.0.0/20")
        block = canonical_block(place["CIDR"])
        if block is None:
            raise StateError(f"{path}.place.CIDR: the value is not a CIDR block such as 10.1.0.0/16")
        if environment == "hosted":
            _check_unique(
                f"{path}.place.CIDR", block, self._hosted_blocks, "another hosted cluster has this block"
            )
        return place

    def _unused_blocks(self) -> Iterator[str]:
        """Yield blocks that no cluster names."""
        used = {each.get("place", {}).get("CIDR") for each in self._document.get("clustersV3", [])}
        blocks = (f"10.{high}.{low}.0/20" for high in range(256) for low in range(0, 256, 16))
        yield from (block for block in blocks if block not in used)

    def _check_place(self, path: str, given: dict[str, Any]) -> None:
        """Check that the project and the cloud of a cluster exist, and that its name is unique."""
        store = self._store
        self._check_reference(f"{path}.projectId", "project", given["projectId"], store.projects)
        if "cloudId" in given:
            self._check_reference(f"{path}.cloudId", "cloud", given["cloudId"], store.clouds)
        name = (given["projectId"], given["name"])
        _check_unique(
            f"{path}.name", name, self._cluster_names, "another cluster of the project has this name"
        )
        if sum(server["size"] for server in given.get("servers", [])) > _MOST_NODES:
            raise StateError(f"{path}.servers: the sizes add up to more than {_MOST_NODES} nodes")

    def _check_reference(self, path: str, kind: str, wanted: str, known: Collection[str]) -> None:
        if wanted not in known:
            raise StateError(f"{path}: no {kind} has the id {wanted}")

    def _fill(
        self,
        path: str,
        cluster: Cluster,
        given: dict[str, Any],
        statuses: tuple[str, Mapping[str, tuple[str, str]]],
    ) -> None:
        """Add the status and the contents of a cluster."""
        cluster.lifecycle = self._lifecycle(given, *statuses)
        for number, bucket in enumerate(given.get("buckets", [])):
            name = bucket["name"]
            _check_unique(
                f"{path}.buckets[{number}].name", name, cluster.buckets, "another bucket has this name"
            )
            defaults = {"name": name, "memoryQuota": 200, "replicas": 1, "conflictResolution": "seqno"}
            lifecycle = self._lifecycle(bucket, "healthy", _BUCKET_CHANGES)
            cluster.buckets[name] = Bucket({**defaults, **_properties(bucket)}, lifecycle)
        for number, entry in enumerate(given.get("allowList", [])):
            self._add_entry(f"{path}.allowList[{number}]", cluster, entry)
        for number, user in enumerate(given.get("databaseUsers", [])):
            self._add_database_user(f"{path}.databaseUsers[{number}]", cluster, user)

    def _lifecycle(
        self, given: dict[str, Any], final: str, changes: Mapping[str, tuple[str, str]]
    ) -> Lifecycle:
        status = given.get("status", final)
        lifecycle = Lifecycle(status)
        if "polls" in given:
            return Lifecycle(status, given["nextStatus"], given["polls"], given.get("passingStatus", ""))
        if status in changes:
            next_status, passing = changes[status]
            lifecycle.enter(status, next_status, max(1, self._transition), passing)
        return lifecycle

    def _add_entry(self, path: str, cluster: Cluster, given: dict[str, Any]) -> None:
        block = canonical_block(given["cidrBlock"])
        if block is None:
            raise StateError(f"{path}.cidrBlock: the value is not a CIDR block such as 10.1.0.0/16")
        _check_unique(
            f"{path}.cidrBlock", block, cluster.allow_list, "another entry of the allow list has this block"
        )
        created = given.get("createdAt", self._store.now())
        entry = {"ruleType": "permanent", "createdAt": created, "updatedAt": created, **given}
        if entry["ruleType"] == "temporary":
            seconds = seconds_of(entry["duration"])
            if not seconds:
                raise StateError(f"{path}.duration: the value is not a duration such as 1h0m0s")
            entry.setdefault("expiresAt", self._store.now(later=seconds))
        cluster.allow_list[block] = entry

    def _add_database_user(self, path: str, cluster: Cluster, given: dict[str, Any]) -> None:
        name = given["username"]
        _check_unique(f"{path}.username", name, cluster.database_users, "another user has this name")
        user = {"access": [], **given}
        if "userId" in given:
            user["userId"] = given["userId"].lower()
            self._check_reference(f"{path}.userId", "user", user["userId"], self._store.users)
        cluster.database_users[name] = user


def _properties(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the properties that the API shows, without status and contents."""
    return {name: value for name, value in given.items() if name not in (*_LIFECYCLE, *_CONTENTS)}


def _check_unique(path: str, value: Any, known: Any, problem: str) -> None:  # noqa: ANN401  # any set or dict
    """Check that a value is new, and add it to a set."""
    if value in known:
        raise StateError(f"{path}: {problem}")
    if isinstance(known, set):
        known.add(value)
