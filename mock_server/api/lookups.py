"""Finds the resources of a call, and checks that they can be changed."""

from collections import ChainMap
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from mock_server.api.errors import ApiError, invalid, not_found
from mock_server.api.formats import canonical_block
from mock_server.api.registry import Call
from mock_server.api.store import GONE, Cluster, Store

Resource = TypeVar("Resource")

_MAX_NODES = 27  # nodes of a cluster: the vendor states it for v3's `size`; the mock applies it to v2 too
_HOSTED = (
    "The cluster is hosted, and this v2 operation is only for clusters in a cloud of the organization:"
    " create a database user with POST /v3/clusters/{id}/users, and do everything else in the Capella UI."
)


def by_id(call: Call, resources: Mapping[str, Resource], kind: str) -> Resource:
    """Return the resource whose id is in the path. Upper and lower case are the same in a UUID.

    Raises:
        ApiError: 404 if no resource has this id.
    """
    wanted = call.ids["id"].lower()
    if wanted not in resources:
        raise not_found(kind, wanted)
    return resources[wanted]


def cluster_in_vpc(call: Call) -> Cluster:
    """Return the cluster whose id is in the path, for the v2 operations on the contents of a cluster.

    The service does not have these operations for hosted clusters. How it refuses them is not known: status,
    error type and message are the mock's own policy. That v3 clusters in a VPC are accepted is policy too.

    Raises:
        ApiError: 404 if no cluster has this id; 422 if the cluster is hosted.
    """
    cluster = by_id(call, ChainMap(call.store.clusters, call.store.clusters_v3), "cluster")
    if cluster.hosted:
        raise ApiError(422, "EntityStateInvalid", _HOSTED)
    return cluster


def settled_cluster(call: Call) -> Cluster:
    """Return the cluster whose id is in the path, for a v2 operation that changes its contents.

    Raises:
        ApiError: 404 if no cluster has this id; 422 if it is hosted, or its state is about to change.
    """
    cluster = cluster_in_vpc(call)
    require_settled(cluster, "ErrClusterStateNotNormal")
    return cluster


def require_settled(cluster: Cluster, error_type: str = "EntityStateInvalid") -> None:
    """Check that a cluster can be changed: that it is neither deploying, scaling nor being destroyed.

    Raises:
        ApiError: 422. The vendor does not document which error type belongs to which state.
    """
    lifecycle = cluster.lifecycle
    if lifecycle.next_state == GONE:
        raise ApiError(
            422, "EntityNotWritable", "The cluster is being destroyed: it cannot be changed any more."
        )
    if not lifecycle.settled:
        message = (
            f"The cluster is {lifecycle.state}: poll its status until it is {lifecycle.next_state},"
            " then try again."
        )
        raise ApiError(422, error_type, message)


def require_existing(store: Store, **ids: str | None) -> None:
    """Check that the `projectId`, `cloudId` and `userId` of a body exist. None is not checked.

    Raises:
        ApiError: 422 if one of them does not exist.
    """
    known: dict[str, Mapping[str, object]] = {
        "projectId": store.projects,
        "cloudId": store.clouds,
        "userId": store.users,
    }
    for name, value in ids.items():
        if value is not None and value.lower() not in known[name]:
            raise invalid(
                f"In the body, {name}: this id does not exist: list the resources to see which exist."
            )


def require_free_name(store: Store, project_id: str, name: str) -> None:
    """Check that no cluster of a project has a name.

    Raises:
        ApiError: 422 if one has it.
    """
    clusters = (*store.clusters.values(), *store.clusters_v3.values())
    if any((c.properties["projectId"], c.properties["name"]) == (project_id, name) for c in clusters):
        raise ApiError(
            422, "EntityNameExists", "Another cluster of the project has this name: choose another."
        )


def require_node_count(servers: Iterable[dict[str, Any]]) -> None:
    """Check that the sizes of the servers add up to 1 to 27 nodes.

    Raises:
        ApiError: 422 if they do not.
    """
    if not 1 <= sum(server["size"] for server in servers) <= _MAX_NODES:
        raise invalid(f"In the body, servers: the sizes must add up to 1 to {_MAX_NODES} nodes.")


def cidr_block(text: str, location: str) -> str:
    """Return a CIDR block in canonical form: host bits cleared; an address alone is a block of one.

    Args:
        text: the block as sent.
        location: where it is in the body, for the message.

    Raises:
        ApiError: 422 if the text is not a CIDR block.
    """
    block = canonical_block(text)
    if block is None:
        raise invalid(f"In the body, {location}: this is not a CIDR block such as 10.1.0.0/16.")
    return block
