"""Clusters of API v2, which lie in a cloud of the organization's own."""

from typing import Any

from mock_server.api.answers import Answer
from mock_server.api.lookups import by_id, must_be_free, must_be_known, must_be_nodes, must_be_settled
from mock_server.api.paging import ordered, page_of
from mock_server.api.registry import Call, operation
from mock_server.api.store import Cluster

_DEFAULT_SERVERS = [{"size": 3, "services": ["data", "index", "query"]}]  # the vendor names none: ours


def _location(cluster: Cluster) -> tuple[tuple[str, str], ...]:
    """Return the header that leads to a cluster."""
    return (("Location", f"/v2/clusters/{cluster.facts['id']}"),)


def _summary(cluster: Cluster) -> dict[str, Any]:
    """Show a cluster as the list does, without counting a look."""
    facts = {name: cluster.facts[name] for name in ("id", "name", "tenantId", "cloudId", "projectId")}
    return {
        **facts,
        "status": cluster.life.state,
        "services": sorted({service for server in cluster.servers for service in server["services"]}),
        "nodes": sum(server["size"] for server in cluster.servers),
    }


@operation("listClusters")
def list_clusters(call: Call) -> Answer:
    """List one page of them, of one cloud or one project if asked. It is a poll of those it shows."""
    wanted = {name: call.query[name].lower() for name in ("cloudId", "projectId") if name in call.query}
    found = [
        _summary(cluster)
        for cluster in call.store.clusters.values()
        if all(cluster.facts[name] == value for name, value in wanted.items())
    ]
    cursor, shown = page_of(call, ordered(call, found))
    for summary in shown:
        call.store.look(call.store.clusters[summary["id"]])
    return Answer(200, {"cursor": cursor, "data": shown})


@operation("createCluster")
def create_cluster(call: Call) -> Answer:
    """Begin to deploy a cluster. The answer has no body: the id stands in `Location` alone."""
    body = call.body
    must_be_known(call.store, projectId=body["projectId"], cloudId=body["cloudId"])
    project_id = body["projectId"].lower()
    must_be_free(call.store, project_id, body["name"])
    servers = body.get("servers") or _DEFAULT_SERVERS
    must_be_nodes(servers)
    cluster = call.store.add_cluster(
        {"name": body["name"], "projectId": project_id, "cloudId": body["cloudId"].lower()},
        servers,
        version=body.get("version", "latest"),
    )
    return Answer(202, headers=_location(cluster))


@operation("getCluster")
def get_cluster(call: Call) -> Answer:
    """Show one cluster whole. It is a poll."""
    cluster = by_id(call, call.store.clusters, "v2 cluster")
    return Answer(200, {**cluster.facts, "status": call.store.look(cluster)})


@operation("deleteCluster")
def delete_cluster(call: Call) -> Answer:
    """Begin to destroy a cluster that is ready, and everything in it."""
    cluster = by_id(call, call.store.clusters, "v2 cluster")
    must_be_settled(cluster)
    call.store.destroy(cluster)
    return Answer(202, headers=_location(cluster))


@operation("getClusterStatus")
def get_cluster_status(call: Call) -> Answer:
    """Show what a cluster is doing. It is a poll."""
    cluster = by_id(call, call.store.clusters, "v2 cluster")
    return Answer(200, {"status": call.store.look(cluster)})
