"""Deploy a cluster that an application can use, with a project, a bucket, an address and a user.

POST /v2/projects, POST /v3/clusters, GET /v3/clusters/{id}/status until it is healthy,
POST /v2/clusters/{id}/buckets, POST /v2/clusters/{id}/allowlist, POST /v3/clusters/{id}/users.
"""

from dataclasses import replace
from ipaddress import ip_network
from typing import Annotated

from capella.client import Client
from capella.command import run
from capella.errors import InputInvalidError
from capella.leftovers import leftovers
from capella.options import CidrBlock, Compute, Interval, Json, Nodes, Option, Timeout
from capella.output import print_one
from capella.password import database_password
from capella.wait import wait_for


def deploy_cluster(
    *,
    name: Annotated[str, Option(help="the name of the project and of the cluster")],
    cidr_block: CidrBlock,
    username: Annotated[str, Option(help="the name of the database user to create")] = "app",
    bucket: Annotated[str, Option(help="the name of the bucket to create")] = "app",
    memory_quota: Annotated[int, Option(min=100, help="memory of the bucket in MB, 100 or more")] = 256,
    provider: Annotated[str, Option(help="aws, azure or gcp; defaults and GP3 disks are for aws")] = "aws",
    region: Annotated[str, Option(help="the provider's name of the region")] = "us-west-2",
    cidr: Annotated[str, Option(help="the cluster's network")] = "10.0.16.0/20",
    nodes: Nodes = 3,
    compute: Compute = "m5.xlarge",
    timeout: Timeout = 3600,
    interval: Interval = 10,
    as_json: Json = False,
) -> None:
    """Deploy a cluster with a project, a bucket, an allow list entry and a database user.

    The user's password comes from CBC_DATABASE_PASSWORD or from a prompt.
    """
    try:
        # A block has a prefix length, not a mask.
        address, prefix = cidr_block.split("/")
        ip_network((address, int(prefix)), strict=False)
    except ValueError:
        raise InputInvalidError(
            f"--cidr-block {cidr_block!a} is not a CIDR block: use one like 198.51.100.0/24"
        ) from None
    with leftovers() as created, Client.from_environment() as capella:
        password = database_password()
        project_id = capella.post("/v2/projects", body={"name": name}).new_id
        created.append(f"project {project_id}")

        services = ["data", "index", "query"]
        storage = {"type": "GP3", "size": 50, "IOPS": 3000}
        server = {"size": nodes, "compute": compute, "services": services, "storage": storage}
        cluster = {
            "environment": "hosted",
            "clusterName": name,
            "projectId": project_id,
            "place": {"singleAZ": False, "hosted": {"provider": provider, "region": region, "CIDR": cidr}},
            "servers": [server],
            "supportPackage": {"type": "DeveloperPro", "timezone": "PT"},
        }
        cluster_id = capella.post("/v3/clusters", body=cluster).new_id
        created.append(f"cluster {cluster_id}")
        wait_for(
            f"cluster {cluster_id}",
            lambda: capella.get("/v3/clusters/{id}/status", cluster_id),
            state=lambda response: response.field("status"),
            wanted="healthy",
            timeout=timeout,
            interval=interval,
        )

        spec = {"name": bucket, "memoryQuota": memory_quota}
        capella.post("/v2/clusters/{id}/buckets", cluster_id, body=spec)
        created.append(f"bucket {bucket}")

        entry = {"cidrBlock": cidr_block, "ruleType": "permanent"}
        capella.post("/v2/clusters/{id}/allowlist", cluster_id, body=entry)
        created.append(f"allow list entry {cidr_block}")

        user = {"username": username, "password": password, "allBucketsAccess": "data_writer"}
        response = capella.post("/v3/clusters/{id}/users", cluster_id, body=user)

    deployed = {"projectId": project_id, "clusterId": cluster_id, "bucket": bucket}
    deployed |= {"cidrBlock": cidr_block, "username": username}
    columns = {"Project": "projectId", "Cluster": "clusterId", "Bucket": "bucket"}
    columns |= {"Allowed": "cidrBlock", "User": "username"}
    print_one(replace(response, body=deployed), columns, as_json=as_json)


if __name__ == "__main__":
    run(deploy_cluster)
