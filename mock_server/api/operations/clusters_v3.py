"""Clusters of API v3, which the service hosts."""

from typing import Any

from mock_server.api.errors import ApiError, invalid
from mock_server.api.lookups import (
    by_id,
    cidr_block,
    require_existing,
    require_free_name,
    require_node_count,
    require_settled,
)
from mock_server.api.paging import page_of
from mock_server.api.registry import Call, operation
from mock_server.api.replies import json_reply
from mock_server.api.store import Cluster, Store
from mock_server.http import Reply

_NAME = range(2, 129)  # characters: described for a new cluster, but not for an update


def _location(cluster: Cluster) -> tuple[tuple[str, str], ...]:
    """Return the Location header of a cluster."""
    return (("Location", f"/v3/clusters/{cluster.properties['id']}"),)


def _cluster(call: Call) -> Cluster:
    """Return the v3 cluster whose id is in the path.

    Raises:
        ApiError: 404 if no v3 cluster has this id.
    """
    return by_id(call, call.store.clusters_v3, "v3 cluster")


def _servers(body: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the servers of a body as the API shows them.

    Raises:
        ApiError: 422 for no nodes or too many nodes.
    """
    require_node_count(body["servers"])
    return [
        {
            "size": server["size"],
            "compute": server["compute"],
            "services": server["services"],
            "storage": {
                "type": server["storage"]["type"],
                "IOPS": server["storage"].get("IOPS", 0),
                "size": server["storage"]["size"],
            },
        }
        for server in body["servers"]
    ]


def _require_free_block(store: Store, block: str) -> None:
    """Check that no hosted cluster has a CIDR block; blocks that only overlap are accepted.

    Raises:
        ApiError: 422 if one has it.
    """
    for cluster in store.clusters_v3.values():
        if cluster.hosted and cidr_block(cluster.properties["place"]["CIDR"], "") == block:
            raise ApiError(
                422,
                "ErrClusterInvalidCIDRNotUnique",
                f"In the body, place/hosted/CIDR: another hosted cluster has {block}: choose another block.",
            )


@operation("listClustersV3")
def list_clusters_v3(call: Call) -> Reply:
    """Return one page of the clusters, filtered by cloud and project. It counts as a poll of each.

    `data` is empty if the page is.
    """
    wanted = {name: call.query[name].lower() for name in ("cloudId", "projectId") if name in call.query}
    found = [
        cluster
        for cluster in call.store.clusters_v3.values()
        if all(cluster.properties.get(name) == value for name, value in wanted.items())
    ]
    cursor, shown = page_of(call, found)
    names = ("id", "name", "environment", "projectId", "cloudId")
    items = [{name: c.properties[name] for name in names if name in c.properties} for c in shown]
    for cluster in shown:
        call.store.poll(cluster)
    data = {"tenantId": call.store.tenant_id, "items": items} if items else {}
    return json_reply(200, {"cursor": cursor, "data": data})


@operation("createClusterV3")
def create_cluster_v3(call: Call) -> Reply:
    """Start to deploy a cluster. The response has no body: the id is only in `Location`."""
    body = call.body
    require_existing(call.store, projectId=body["projectId"])
    hosted = body["place"].get("hosted")
    if hosted is None:
        raise invalid("In the body, place: hosted is missing: it says where to deploy the cluster.")
    block = cidr_block(hosted["CIDR"], "place/hosted/CIDR")
    project_id = body["projectId"].lower()
    require_free_name(call.store, project_id, body["clusterName"])
    if body["environment"] == "hosted":
        _require_free_block(call.store, block)
    properties = {
        "name": body["clusterName"],
        "projectId": project_id,
        "environment": body["environment"],
        "place": {name: hosted[name] for name in ("provider", "region", "CIDR")},
        "support": body["supportPackage"]["type"],
    }
    cluster = call.store.add_cluster_v3(properties, _servers(body), single_zone=body["place"]["singleAZ"])
    return Reply(202, headers=_location(cluster))


@operation("getClusterV3")
def get_cluster_v3(call: Call) -> Reply:
    """Return one cluster with all its properties. It counts as a poll."""
    cluster = _cluster(call)
    properties = {name: value for name, value in cluster.properties.items() if name != "cloudId"}
    return json_reply(200, {**properties, "servers": cluster.servers, "status": call.store.poll(cluster)})


@operation("deleteClusterV3")
def delete_cluster_v3(call: Call) -> Reply:
    """Start to destroy a cluster that is healthy, with its contents."""
    cluster = _cluster(call)
    require_settled(cluster)
    call.store.destroy(cluster)
    return Reply(202, headers=_location(cluster))


@operation("getClusterStatusV3")
def get_cluster_status_v3(call: Call) -> Reply:
    """Return the status of a cluster. It counts as a poll."""
    return json_reply(200, {"status": call.store.poll(_cluster(call))})


@operation("updateClusterMetaV3")
def update_cluster_meta_v3(call: Call) -> Reply:
    """Rename a cluster. A description is accepted too, but no operation shows it."""
    cluster = _cluster(call)
    require_settled(cluster)
    name = call.body.get("name", cluster.properties["name"])
    if len(name) not in _NAME:
        raise invalid("In the body, name: the length must be 2 to 128 characters.")
    if name != cluster.properties["name"]:
        require_free_name(call.store, cluster.properties["projectId"], name)
    cluster.update(call.store.exact_now(), name=name)
    return Reply(204)


@operation("updateClusterServersV3")
def update_cluster_servers_v3(call: Call) -> Reply:
    """Start to scale a cluster, which is `scaling`, then `rebalancing`, then `healthy`."""
    cluster = _cluster(call)
    require_settled(cluster)
    call.store.scale(cluster, _servers(call.body))
    return Reply(202, headers=_location(cluster))


@operation("updateClusterSupportV3")
def update_cluster_support_v3(call: Call) -> Reply:
    """Change the support package. `Basic` is only for clusters in one availability zone."""
    cluster = _cluster(call)
    require_settled(cluster)
    support = call.body["supportPackage"]["type"]
    if support == "Basic" and len(cluster.properties["availabilityZones"]) > 1:
        raise ApiError(
            422,
            "EntityNotWritable",
            "Basic is only for clusters in one availability zone, and this one has several.",
        )
    cluster.update(call.store.exact_now(), support=support)
    return Reply(204)
