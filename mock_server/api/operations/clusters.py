"""Clusters of API v2, which are in a cloud of the organization."""

from typing import Any

from mock_server.api.lookups import (
    by_id,
    require_existing,
    require_free_name,
    require_node_count,
    require_settled,
)
from mock_server.api.paging import ordered, page_of
from mock_server.api.registry import Call, operation
from mock_server.api.replies import json_reply
from mock_server.api.store import Cluster
from mock_server.http import Reply

_DEFAULT_SERVERS = [
    {"size": 3, "services": ["data", "index", "query"]}
]  # the mock's own policy: the vendor documents none


def _location(cluster: Cluster) -> tuple[tuple[str, str], ...]:
    """Return the Location header of a cluster."""
    return (("Location", f"/v2/clusters/{cluster.properties['id']}"),)


def _summary(cluster: Cluster) -> dict[str, Any]:
    """Return a cluster as in the list, without counting a poll."""
    names = ("id", "name", "tenantId", "cloudId", "projectId")
    return {
        **{name: cluster.properties[name] for name in names},
        "status": cluster.lifecycle.state,
        "services": sorted({service for server in cluster.servers for service in server["services"]}),
        "nodes": sum(server["size"] for server in cluster.servers),
    }


@operation("listClusters")
def list_clusters(call: Call) -> Reply:
    """Return one page of the clusters, filtered by cloud and project. It counts as a poll of each."""
    wanted = {name: call.query[name].lower() for name in ("cloudId", "projectId") if name in call.query}
    found = [
        _summary(cluster)
        for cluster in call.store.clusters.values()
        if all(cluster.properties[name] == value for name, value in wanted.items())
    ]
    cursor, shown = page_of(call, ordered(call, found))
    for summary in shown:
        call.store.poll(call.store.clusters[summary["id"]])
    return json_reply(200, {"cursor": cursor, "data": shown})


@operation("createCluster")
def create_cluster(call: Call) -> Reply:
    """Start to deploy a cluster. The response has no body: the id is only in `Location`."""
    body = call.body
    require_existing(call.store, projectId=body["projectId"], cloudId=body["cloudId"])
    project_id = body["projectId"].lower()
    require_free_name(call.store, project_id, body["name"])
    servers = body.get("servers") or _DEFAULT_SERVERS
    require_node_count(servers)
    cluster = call.store.add_cluster(
        {"name": body["name"], "projectId": project_id, "cloudId": body["cloudId"].lower()},
        servers,
        version=body.get("version", "latest"),
    )
    return Reply(202, headers=_location(cluster))


@operation("getCluster")
def get_cluster(call: Call) -> Reply:
    """Return one cluster with all its properties. It counts as a poll."""
    cluster = by_id(call, call.store.clusters, "v2 cluster")
    return json_reply(200, {**cluster.properties, "status": call.store.poll(cluster)})


@operation("deleteCluster")
def delete_cluster(call: Call) -> Reply:
    """Start to destroy a cluster that is ready, with its contents."""
    cluster = by_id(call, call.store.clusters, "v2 cluster")
    require_settled(cluster)
    call.store.destroy(cluster)
    return Reply(202, headers=_location(cluster))


@operation("getClusterStatus")
def get_cluster_status(call: Call) -> Reply:
    """Return the status of a cluster. It counts as a poll."""
    cluster = by_id(call, call.store.clusters, "v2 cluster")
    return json_reply(200, {"status": call.store.poll(cluster)})
