"""Create a cluster in your own cloud and print its id.

POST /v2/clusters, operation createCluster.
"""

from typing import Annotated

from typer import Option

from capella.client import Client
from capella.output import Json, print_id, run


def create_cluster(
    *,
    name: Annotated[str, Option(help="what to call the cluster")],
    cloud_id: Annotated[str, Option(help="the cloud to deploy it in")],
    project_id: Annotated[str, Option(help="the project it belongs to")],
    nodes: Annotated[int, Option(help="how many nodes, up to 27")] = 3,
    services: Annotated[str, Option(help="what runs on each node, with commas between")] = "data,index,query",
    provider: Annotated[str, Option(help="whose cloud it is, aws or azure")] = "aws",
    instance_size: Annotated[
        str, Option(help="the machine of each node; m5.xlarge or Standard_D4s_v3 if left out")
    ] = "",
    ebs_size: Annotated[int, Option(help="disk of each node in GiB, on aws")] = 50,
    volume_type: Annotated[str, Option(help="disk of each node, on azure")] = "P10",
    support_package: Annotated[str, Option(help="enterprise, developerPro or forumSupport")] = "developerPro",
    timezone: Annotated[str, Option(help="hours of support: ET, GMT, IST or PT")] = "PT",
    version: Annotated[str, Option(help="Couchbase Server to deploy")] = "latest",
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
        answer = capella.post("/v2/clusters", body=body)
    print_id(answer, as_json=as_json)


if __name__ == "__main__":
    run(create_cluster)
