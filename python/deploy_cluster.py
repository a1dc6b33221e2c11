"""Deploy a cluster that an application can use, with a project and a database user.

Hosted by Capella: POST /v2/projects, POST /v3/clusters, GET /v3/clusters/{id}/status until it is healthy,
POST /v3/clusters/{id}/users. v3 offers no bucket and no allow list.

In a cloud of yours: POST /v2/projects, POST /v2/clusters, GET /v2/clusters/{id}/status until it is ready,
POST /v2/clusters/{id}/buckets, POST /v2/clusters/{id}/allowlist, POST /v2/clusters/{id}/users.
"""

from dataclasses import replace
from typing import Annotated

from capella.client import Client
from capella.command import run
from capella.errors import InputInvalidError
from capella.options import Compute, Interval, Json, Nodes, Option, Timeout, require_cidr_block
from capella.output import print_one
from capella.password import database_password
from capella.wait import wait_for
from capella.workflow import Workflow


def deploy_cluster(
    *,
    name: Annotated[str, Option(help="the name of the project and of the cluster")],
    cloud_id: Annotated[str | None, Option(help="the id of your cloud; hosted if left out")] = None,
    bucket: Annotated[str | None, Option(help="the name of the bucket, for your cloud")] = None,
    cidr_block: Annotated[str | None, Option(help="the addresses to allow, for your cloud")] = None,
    memory_quota: Annotated[int, Option(min=100, help="memory of the bucket in MB, 100 or more")] = 256,
    username: Annotated[str, Option(help="the name of the database user to create")] = "app",
    provider: Annotated[str, Option(help="aws, azure or gcp; defaults and GP3 disks are for aws")] = "aws",
    region: Annotated[str, Option(help="the provider's name of the region, if hosted")] = "us-west-2",
    cidr: Annotated[str, Option(help="the cluster's network, if hosted")] = "10.0.16.0/20",
    nodes: Nodes = 3,
    compute: Compute = "m5.xlarge",
    timeout: Timeout = 3600,
    interval: Interval = 10,
    as_json: Json = False,
) -> None:
    """Deploy a cluster with a project and a user; in your cloud also with a bucket and an allow list entry.

    The user's password comes from CBC_DATABASE_PASSWORD or from a prompt.
    """
    in_cloud = [cloud_id, bucket, cidr_block]
    if any(each is not None for each in in_cloud) and not all(in_cloud):
        raise InputInvalidError(
            "--cloud-id, --bucket and --cidr-block go together: give all three, or none for a hosted cluster"
        )
    if cidr_block:
        require_cidr_block("--cidr-block", cidr_block)

    with Workflow(timeout=timeout, interval=interval) as workflow, Client.from_environment() as capella:
        password = database_password()
        project = {"name": name}
        project_id = workflow.create("project", name, capella.post, "/v2/projects", body=project).new_id

        services = ["data", "index", "query"]
        if cloud_id:
            clusters, ready = "/v2/clusters", "ready"
            machine = {"aws": {"instanceSize": compute, "ebsSizeGib": 50}}
            if provider == "azure":
                machine = {"azure": {"instanceSize": compute, "volumeType": "P10"}}
            cluster = {
                "name": name,
                "projectId": project_id,
                "cloudId": cloud_id,
                "servers": [{"size": nodes, "services": services, **machine}],
                "supportPackage": {"type": "developerPro", "timezone": "PT"},
            }
        else:
            clusters, ready = "/v3/clusters", "healthy"
            hosted = {"provider": provider, "region": region, "CIDR": cidr}
            storage = {"type": "GP3", "size": 50, "IOPS": 3000}
            cluster = {
                "environment": "hosted",
                "clusterName": name,
                "projectId": project_id,
                "place": {"singleAZ": False, "hosted": hosted},
                "servers": [{"size": nodes, "compute": compute, "services": services, "storage": storage}],
                "supportPackage": {"type": "DeveloperPro", "timezone": "PT"},
            }
        cluster_id = workflow.create("cluster", name, capella.post, clusters, body=cluster).new_id
        wait_for(
            f"cluster {cluster_id}",
            lambda: capella.get(clusters + "/{id}/status", cluster_id),
            state=lambda response: response.field("status"),
            wanted=ready,
            timeout=timeout,
            interval=interval,
        )
        deployed = {"clusterId": cluster_id, "projectId": project_id, "username": username}
        columns = {"Project": "projectId", "Cluster": "clusterId", "User": "username"}

        if bucket and cidr_block:
            path = "/v2/clusters/{id}/buckets"
            data = {"name": bucket, "memoryQuota": memory_quota}
            workflow.create("bucket", bucket, capella.post, path, cluster_id, body=data)
            path = "/v2/clusters/{id}/allowlist"
            entry = {"cidrBlock": cidr_block, "ruleType": "permanent"}
            workflow.create("allow list entry", cidr_block, capella.post, path, cluster_id, body=entry)
            deployed = {"bucket": bucket, "cidrBlock": cidr_block, **deployed}
            columns |= {"Bucket": "bucket", "Allowed": "cidrBlock"}

        path = clusters + "/{id}/users"
        user = {"username": username, "password": password, "allBucketsAccess": "data_writer"}
        response = workflow.create("database user", username, capella.post, path, cluster_id, body=user)
        print_one(replace(response, body=deployed), columns, as_json=as_json)


if __name__ == "__main__":
    run(deploy_cluster)
