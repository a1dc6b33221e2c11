"""The health and the certificate of a cluster in a cloud of the organization."""

from importlib import resources
from typing import Any

from mock_server.api.lookups import cluster_in_vpc
from mock_server.api.registry import Call, operation
from mock_server.api.replies import json_reply
from mock_server.api.store import Cluster
from mock_server.http import Reply

# The v2 status for a v3 status, because this is a v2 operation. The other statuses are the same in both.
_V2_STATUS = {
    **dict.fromkeys(("healthy", "degraded"), "ready"),
    **dict.fromkeys(("scaling", "rebalancing", "peering"), "deploying"),
    **dict.fromkeys(
        ("deploymentFailed", "scaleFailed", "upgradeFailed", "rebalanceFailed", "peeringFailed"),
        "deploy_failed",
    ),
    "destroyFailed": "destroy_failed",
}


@operation("getClusterHealth")
def get_cluster_health(call: Call) -> Reply:
    """Return the health of a cluster, and of its buckets and nodes once it is ready.

    It counts as a poll of the cluster and of the buckets that the response contains.
    """
    cluster = cluster_in_vpc(call)
    current = call.store.poll(cluster)
    status = _V2_STATUS.get(current, current)
    if status != "ready":
        return json_reply(200, {"status": status, "health": "N/A"})
    health = {"status": status, "health": "degraded" if current == "degraded" else "healthy"}
    return json_reply(200, {**health, "bucketStats": _buckets(cluster), "nodeStats": _nodes(cluster)})


def _buckets(cluster: Cluster) -> dict[str, Any]:
    """Return the health of the buckets. A bucket that is still deploying counts as unhealthy."""
    stats = {name: bucket.lifecycle.poll() for name, bucket in cluster.buckets.items()}
    unhealthy = sum(status != "healthy" for status in stats.values())
    return {
        "status": "unhealthy" if unhealthy else "healthy",
        "totalCount": len(stats),
        "unhealthyCount": unhealthy,
        "healthStats": stats,
    }


def _nodes(cluster: Cluster) -> dict[str, Any]:
    """Return the health of the nodes: they are always healthy."""
    nodes = [sorted(set(server["services"])) for server in cluster.servers for _ in range(server["size"])]
    host = cluster.properties["endpointsSrv"].removeprefix("cb.")
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
def get_cluster_certificate(call: Call) -> Reply:
    """Return a self-signed certificate, the same for every cluster. No server uses it."""
    cluster_in_vpc(call)
    return json_reply(200, {"certificate": _CERTIFICATE})


_CERTIFICATE = resources.files("mock_server.api").joinpath("certificate.pem").read_text(encoding="ascii")
