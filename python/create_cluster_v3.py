"""Create a cluster hosted by Capella and print its id.

POST /v3/clusters, operation createClusterV3.
"""

from typing import Annotated

from capella.client import Client
from capella.command import run
from capella.options import Compute, Iops, Json, Nodes, Option, Services, StorageSize, StorageType
from capella.output import print_id


def create_cluster_v3(
    *,
    name: Annotated[str, Option(help="the cluster's name")],
    project_id: Annotated[str, Option(help="the id of the cluster's project")],
    description: Annotated[str, Option(help="a comment")] = "",
    provider: Annotated[str, Option(help="aws, azure or gcp")] = "aws",
    region: Annotated[str, Option(help="the provider's name of the region")] = "us-west-2",
    cidr: Annotated[str, Option(help="the cluster's network")] = "10.0.16.0/20",
    nodes: Nodes = 3,
    compute: Compute = "m5.xlarge",
    services: Services = "data,index,query",
    storage_type: StorageType = "GP3",
    storage_size: StorageSize = 50,
    iops: Iops = 3000,
    support_package: Annotated[str, Option(help="Basic, DeveloperPro or Enterprise")] = "DeveloperPro",
    timezone: Annotated[str, Option(help="time zone of the support hours: ET, GMT, IST or PT")] = "PT",
    single_az: Annotated[
        bool, Option("--single-az", help="all nodes in one availability zone; required for Basic")
    ] = False,
    as_json: Json = False,
) -> None:
    """Create a cluster hosted by Capella and print its id."""
    storage: dict[str, object] = {"type": storage_type, "size": storage_size}
    if storage_type != "PD-SSD":  # its rate follows from its size
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
        response = capella.post("/v3/clusters", body=body)
    print_id(response, as_json=as_json)


if __name__ == "__main__":
    run(create_cluster_v3)
