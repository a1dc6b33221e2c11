"""Create a cluster in your own cloud and print its id.

POST /v2/clusters, operation createCluster.
"""

from typing import Annotated

from capella.client import Client
from capella.command import run
from capella.options import Json, Option
from capella.output import print_id


def create_cluster(
    *,
    name: Annotated[str, Option(help="the cluster's name")],
    cloud_id: Annotated[str, Option(help="the id of the cloud to deploy in")],
    project_id: Annotated[str, Option(help="the id of the cluster's project")],
    nodes: Annotated[int, Option(help="number of nodes, up to 27")] = 3,
    services: Annotated[str, Option(help="services on each node, separated by commas")] = "data,index,query",
    provider: Annotated[str, Option(help="the cloud's provider: aws or azure")] = "aws",
    instance_size: Annotated[
        str, Option(help="machine type of each node; m5.xlarge or Standard_D4s_v3 if left out")
    ] = "",
    ebs_size: Annotated[int, Option(help="disk size of each node in GiB, for aws")] = 50,
    volume_type: Annotated[str, Option(help="disk type of each node, for azure")] = "P10",
    support_package: Annotated[str, Option(help="enterprise, developerPro or forumSupport")] = "developerPro",
    timezone: Annotated[str, Option(help="time zone of the support hours: ET, GMT, IST or PT")] = "PT",
    version: Annotated[str, Option(help="version of Couchbase Server")] = "latest",
    as_json: Json = False,
) -> None:
    """Create a cluster in your own cloud and print its id."""
    machine: dict[str, object]
    if provider == "azure":
        machine = {"azure": {"instanceSize": instance_size or "Standard_D4s_v3", "volumeType": volume_type}}
    else:
        machine = {"aws": {"instanceSize": instance_size or "m5.xlarge", "ebsSizeGib": ebs_size}}
    body = {
        "name": name,
        "cloudId": cloud_id,
        "projectId": project_id,
        "servers": [{"size": nodes, "services": services.split(","), **machine}],
        "supportPackage": {"type": support_package, "timezone": timezone},
        "version": version,
    }
    with Client.from_environment() as capella:
        response = capella.post("/v2/clusters", body=body)
    print_id(response, as_json=as_json)


if __name__ == "__main__":
    run(create_cluster)
