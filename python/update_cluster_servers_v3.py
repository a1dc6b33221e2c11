"""Change the servers of a cluster.

PUT /v3/clusters/{id}/servers, operation updateClusterServersV3.
"""

from capella.client import Client
from capella.output import (
    ClusterId,
    Compute,
    Iops,
    Json,
    Nodes,
    Services,
    StorageSize,
    StorageType,
    print_line,
    run,
)


def update_cluster_servers_v3(
    cluster_id: ClusterId,
    *,
    nodes: Nodes = 3,
    compute: Compute = "m5.xlarge",
    services: Services = "data,index,query",
    storage_type: StorageType = "GP3",
    storage_size: StorageSize = 50,
    iops: Iops = 3000,
    as_json: Json = False,
) -> None:
    """Change the servers of a cluster."""
    storage: dict[str, object] = {"type": storage_type, "size": storage_size}
    if storage_type != "PD-SSD":  # the one kind whose rate follows from its size
        storage["IOPS"] = iops
    body = {
        "servers": [{"size": nodes, "compute": compute, "services": services.split(","), "storage": storage}]
    }
    with Client.from_environment() as capella:
        answer = capella.put("/v3/clusters/{id}/servers", cluster_id, body=body)
    print_line(answer, f"updating the servers of cluster {cluster_id}", as_json=as_json)


if __name__ == "__main__":
    run(update_cluster_servers_v3)
