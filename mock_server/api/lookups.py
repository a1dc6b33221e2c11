"""Find what a call is about, or say that it is not there or cannot be changed now."""

import ipaddress
import re
from collections import ChainMap
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from mock_server.api.answers import ApiError, invalid, not_found
from mock_server.api.registry import Call
from mock_server.api.store import GONE, Cluster, Store

Thing = TypeVar("Thing")

_MOST_NODES = 27  # in one cluster, by the vendor's words on v3's `size`; the mock holds v2 to it as well
_CIDR = re.compile(r"[0-9A-Fa-f:.]+(/[0-9]+)?")


def by_id(call: Call, things: Mapping[str, Thing], what: str) -> Thing:
    """Return the thing whose id stands in the path; a UUID means the same in upper case.

    Raises:
        ApiError: 404.
    """
    wanted = call.ids["id"].lower()
    if wanted not in things:
        raise not_found(what, wanted)
    return things[wanted]


def any_cluster(call: Call) -> Cluster:
    """Return the v2 or v3 cluster whose id stands in the path (policy: these v2 paths take both).

    Raises:
        ApiError: 404.
    """
    return by_id(call, ChainMap(call.store.clusters, call.store.clusters_v3), "cluster")


def settled_cluster(call: Call) -> Cluster:
    """Return the v2 or v3 cluster whose id stands in the path, to change something in it.

    Raises:
        ApiError: 404; 422 when it is in motion.
    """
    cluster = any_cluster(call)
    must_be_settled(cluster, "ErrClusterStateNotNormal")
    return cluster


def must_be_settled(cluster: Cluster, error_type: str = "EntityStateInvalid") -> None:
    """Refuse to change a cluster, or what is in it, while it is in motion.

    Raises:
        ApiError: 422; which error type the service gives when is our guess.
    """
    life = cluster.life
    if life.then == GONE:
        raise ApiError(
            422, "EntityNotWritable", "The cluster is being destroyed; it cannot be changed any more."
        )
    if not life.settled:
        message = f"The cluster is {life.state}; poll its status until it is {life.then}, then try again."
        raise ApiError(422, error_type, message)


def must_be_known(store: Store, **ids: str | None) -> None:
    """Refuse a body that names a project, a cloud or a user that does not exist.

    Raises:
        ApiError: 422.
    """
    known: dict[str, Mapping[str, object]] = {
        "projectId": store.projects,
        "cloudId": store.clouds,
        "userId": store.users,
    }
    for name, value in ids.items():
        if value is not None and value.lower() not in known[name]:
            raise invalid(f"In the body, {name}: nothing has this id; list them to see what there is.")


def must_be_free(store: Store, project_id: str, name: str) -> None:
    """Refuse a cluster name that the project has already.

    Raises:
        ApiError: 422.
    """
    clusters = (*store.clusters.values(), *store.clusters_v3.values())
    if any((c.facts["projectId"], c.facts["name"]) == (project_id, name) for c in clusters):
        raise ApiError(
            422, "EntityNameExists", "Another cluster of the project has this name; choose another."
        )


def must_be_nodes(servers: Iterable[dict[str, Any]]) -> None:
    """Refuse servers that are no nodes at all, or more than a cluster can have.

    Raises:
        ApiError: 422.
    """
    if not 1 <= sum(server["size"] for server in servers) <= _MOST_NODES:
        raise invalid(f"In the body, servers: a cluster has 1 to {_MOST_NODES} nodes, all sizes together.")


def cidr_block(text: str, where: str) -> str:
    """Return a CIDR block in its one form, with the host's bits cleared; an address alone is a block of one.

    Raises:
        ApiError: 422.
    """
    problem = invalid(f"In the body, {where}: not a CIDR block like 10.1.0.0/16.")
    if not _CIDR.fullmatch(text):  # ip_network takes netmasks and zones too
        raise problem
    try:
        return str(ipaddress.ip_network(text, strict=False))
    except ValueError:
        raise problem from None
