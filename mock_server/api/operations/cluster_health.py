"""How a cluster of either version is, and the certificate it shows."""

from importlib import resources
from typing import Any

from mock_server.api.answers import Answer
from mock_server.api.lookups import any_cluster
from mock_server.api.registry import Call, operation
from mock_server.api.store import Cluster

# A v3 cluster's status in the words of v2, which this v2 operation must use; the others are the same in both.
_V2_WORDS = {"healthy": "ready", "scaling": "deploying"}


@operation("getClusterHealth")
def get_cluster_health(call: Call) -> Answer:
    """Show how a cluster is, its buckets and nodes too once it is ready. It is a poll of all it shows."""
    cluster = any_cluster(call)
    seen = call.store.look(cluster)
    status = _V2_WORDS.get(seen, seen)
    if status != "ready":
        return Answer(200, {"status": status, "health": "N/A"})
    health = {"status": status, "health": "healthy"}
    return Answer(200, {**health, "bucketStats": _buckets(cluster), "nodeStats": _nodes(cluster)})


def _buckets(cluster: Cluster) -> dict[str, Any]:
    """Show how the buckets are: one that is still being made counts as not healthy."""
    stats = {name: bucket.life.look() for name, bucket in cluster.buckets.items()}
    unhealthy = sum(status != "healthy" for status in stats.values())
    return {
        "status": "unhealthy" if unhealthy else "healthy",
        "totalCount": len(stats),
        "unhealthyCount": unhealthy,
        "healthStats": stats,
    }


def _nodes(cluster: Cluster) -> dict[str, Any]:
    """Show how the nodes are: always well."""
    nodes = [sorted(set(server["services"])) for server in cluster.servers for _ in range(server["size"])]
    host = cluster.facts["endpointsSrv"].removeprefix("cb.")
    return {
        "status": "healthy",
        "totalCount": len(nodes),
        "failedOverCount": 0,
        "unhealthyCount": 0,
        "serviceStats": [
            {"nodeName": f"cb-{number:04}.{host}", "services": services, "status": "healthy"}
            for number, services in enumerate(nodes)
        ],
    }


@operation("getClusterCertificate")
def get_cluster_certificate(call: Call) -> Answer:
    """Show a self-signed certificate: the same for every cluster, and nothing listens behind it."""
    any_cluster(call)
    return Answer(200, {"certificate": _CERTIFICATE})


_CERTIFICATE = resources.files("mock_server.api").joinpath("certificate.pem").read_text(encoding="ascii")
