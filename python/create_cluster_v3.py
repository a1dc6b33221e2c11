"""Create a cluster hosted by Capella and print its id.

POST /v3/clusters, operation createClusterV3.
"""

from typing import Annotated

from typer import Option

from capella.client import Client
from capella.output import Compute, Iops, Json, Nodes, Services, StorageSize, StorageType, print_id, run


def create_cluster_v3(
    *,
    name: Annotated[str, Option(help="what to call the cluster")],
    project_id: Annotated[str, Option(help="the project it belongs to")],
    description: Annotated[str, Option(help="a few words about it")] = "",
    provider: Annotated[str, Option(help="aws, azure or gcp")] = "aws",
    region: Annotated[str, Option(help="where, in the provider's words")] = "us-west-2",
    cidr: Annotated[str, Option(help="the cluster's own network")] = "10.0.16.0/20",
    nodes: Nodes = 3,
    compute: Compute = "m5.xlarge",
    services: Services = "data,index,query",
    storage_type: StorageType = "GP3",
    storage_size: StorageSize = 50,
    iops: Iops = 3000,
    support_package: Annotated[str, Option(help="Basic, DeveloperPro or Enterprise")] = "DeveloperPro",
    timezone: Annotated[str, Option(help="hours of support: ET, GMT, IST or PT")] = "PT",
    single_az: Annotated[
        bool, Option("--single-az", help="all nodes in one availability zone, as Basic demands")
    ] = False,
    as_json: Json = False,
) -> None:
    """Create a cluster hosted by Capella and print its id."""
    storage: dict[str, object] = {"type": storage_type, "size": storage_size}
    if storage_type != "PD-SSD":  # the one kind whose rate follows from its size
        storage["IOPS"] = iops
    body = {
        "environment": "hosted",
        "clusterName": name,
        "description": description,
        "projectId": project_id,
        "place": {"singleAZ": single_az, "hosted": {"provider": provider, "region": region, "CIDR": cidr}},
        "servers": [{"size": nodes, "compute": compute, "services": services.split(","), "storage": storage}],
        "supportPackage": {"type": support_package, "timezone": timezone},
    }
    with Client.from_environment() as capella:
        answer = capella.post("/v3/clusters", body=body)
    print_id(answer, as_json=as_json)


if __name__ == "__main__":
    run(create_cluster_v3)
