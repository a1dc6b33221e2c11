"""Replace the servers of a cluster.

PUT /v3/clusters/{id}/servers, operation updateClusterServersV3.
"""

from typing import Annotated

from capella.client import Client
from capella.command import run
from capella.errors import InputInvalidError
from capella.options import ClusterId, Compute, Json, Nodes, Option, Services, StorageSize, StorageType
from capella.output import print_line


def update_cluster_servers_v3(
    cluster_id: ClusterId,
    *,
    nodes: Nodes,
    compute: Compute,
    services: Services,
    storage_type: StorageType,
    storage_size: StorageSize,
    iops: Annotated[int | None, Option(help="disk operations per second; required for GP3 and IO2")] = None,
    as_json: Json = False,
) -> None:
    """Replace the servers of a cluster. Give every value, because none of the old ones is kept."""
    storage: dict[str, object] = {"type": storage_type, "size": storage_size}
    if storage_type != "PD-SSD":  # its rate follows from its size
        if not iops:
            raise InputInvalidError(f"--iops is missing: --storage-type {storage_type!a} requires it")
        storage["IOPS"] = iops
    body = {
        "servers": [{"size": nodes, "compute": compute, "services": services.split(","), "storage": storage}]
    }
    with Client.from_environment() as capella:
        response = capella.put("/v3/clusters/{id}/servers", cluster_id, body=body)
    print_line(response, f"updating the servers of cluster {cluster_id}", as_json=as_json)


if __name__ == "__main__":
    run(update_cluster_servers_v3)
