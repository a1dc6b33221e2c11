"""Clusters of API v3, which the service hosts."""

from typing import Any

from mock_server.api.answers import Answer, ApiError, invalid
from mock_server.api.lookups import (
    by_id,
    cidr_block,
    must_be_free,
    must_be_known,
    must_be_nodes,
    must_be_settled,
)
from mock_server.api.paging import page_of
from mock_server.api.registry import Call, operation
from mock_server.api.store import Cluster

_NAME = range(2, 129)  # characters: the limits of a new cluster's name, which an update does not repeat


def _location(cluster: Cluster) -> tuple[tuple[str, str], ...]:
    """Return the header that leads to a cluster."""
    return (("Location", f"/v3/clusters/{cluster.facts['id']}"),)


def _cluster(call: Call) -> Cluster:
    """Return the v3 cluster whose id stands in the path."""
    return by_id(call, call.store.clusters_v3, "v3 cluster")


def _servers(body: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the servers of a body, as a cluster shows them.

    Raises:
        ApiError: 422 when they are none or too many.
    """
    must_be_nodes(body["servers"])
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


@operation("listClustersV3")
def list_clusters_v3(call: Call) -> Answer:
    """List one page of them, of one cloud or one project if asked. It is a poll of those it shows."""
    wanted = {name: call.query[name].lower() for name in ("cloudId", "projectId") if name in call.query}
    found = [
        cluster
        for cluster in call.store.clusters_v3.values()
        if all(cluster.facts.get(name) == value for name, value in wanted.items())
    ]
    cursor, shown = page_of(call, found)
    names = ("id", "name", "environment", "projectId", "cloudId")
    items = [{name: c.facts[name] for name in names if name in c.facts} for c in shown]
    for cluster in shown:
        call.store.look(cluster)
    return Answer(200, {"cursor": cursor, "data": {"tenantId": call.store.tenant_id, "items": items}})


@operation("createClusterV3")
def create_cluster_v3(call: Call) -> Answer:
    """Begin to deploy a cluster. The answer has no body: the id stands in `Location` alone."""
    body = call.body
    must_be_known(call.store, projectId=body["projectId"])
    hosted = body["place"].get("hosted")
    if hosted is None:
        raise invalid("In the body, place: hosted is needed; nothing else says where the cluster lies.")
    cidr_block(hosted["CIDR"], "place/hosted/CIDR")
    project_id = body["projectId"].lower()
    must_be_free(call.store, project_id, body["clusterName"])
    facts = {
        "name": body["clusterName"],
        "projectId": project_id,
        "environment": body["environment"],
        "place": {name: hosted[name] for name in ("provider", "region", "CIDR")},
        "support": body["supportPackage"]["type"],
    }
    cluster = call.store.add_cluster_v3(facts, _servers(body), single_zone=body["place"]["singleAZ"])
    return Answer(202, headers=_location(cluster))


@operation("getClusterV3")
def get_cluster_v3(call: Call) -> Answer:
    """Show one cluster whole. It is a poll."""
    cluster = _cluster(call)
    facts = {name: value for name, value in cluster.facts.items() if name != "cloudId"}
    return Answer(200, {**facts, "servers": cluster.servers, "status": call.store.look(cluster)})


@operation("deleteClusterV3")
def delete_cluster_v3(call: Call) -> Answer:
    """Begin to destroy a cluster that is healthy, and everything in it."""
    cluster = _cluster(call)
    must_be_settled(cluster)
    call.store.destroy(cluster)
    return Answer(202, headers=_location(cluster))


@operation("getClusterStatusV3")
def get_cluster_status_v3(call: Call) -> Answer:
    """Show what a cluster is doing. It is a poll."""
    return Answer(200, {"status": call.store.look(_cluster(call))})


@operation("updateClusterMetaV3")
def update_cluster_meta_v3(call: Call) -> Answer:
    """Rename a cluster. A description is taken too, but no operation shows it."""
    cluster = _cluster(call)
    must_be_settled(cluster)
    name = call.body.get("name", cluster.facts["name"])
    if len(name) not in _NAME:
        raise invalid("In the body, name: a cluster's name has 2 to 128 characters.")
    if name != cluster.facts["name"]:
        must_be_free(call.store, cluster.facts["projectId"], name)
    cluster.revise(call.store.now(), name=name)
    return Answer(204)


@operation("updateClusterServersV3")
def update_cluster_servers_v3(call: Call) -> Answer:
    """Begin to scale a cluster: it is `scaling`, then `healthy` again."""
    cluster = _cluster(call)
    must_be_settled(cluster)
    cluster.servers = _servers(call.body)
    cluster.revise(call.store.now())
    cluster.life.begin("scaling", "healthy", call.store.transition)
    return Answer(202, headers=_location(cluster))


@operation("updateClusterSupportV3")
def update_cluster_support_v3(call: Call) -> Answer:
    """Change the support package. `Basic` is for clusters in one availability zone."""
    cluster = _cluster(call)
    must_be_settled(cluster)
    support = call.body["supportPackage"]["type"]
    if support == "Basic" and len(cluster.facts["availabilityZones"]) > 1:
        raise ApiError(
            422,
            "EntityNotWritable",
            "The cluster lies in several availability zones, which Basic does not cover.",
        )
    cluster.revise(call.store.now(), support=support)
    return Answer(204)
