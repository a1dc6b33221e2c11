"""The cases of the examples: arguments, expected output and expected changes; the same for both languages.

A text may contain names: `{cluster}` and others are ids of the mock's seed, `{new}` is the id that the
example printed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Example:
    """One run of an example. Exactly one of `reads`, `shows` and `line` defines the expected output."""

    name: str
    arguments: tuple[str, ...] = ()
    reads: str = ""  # a target: the output is its response
    shows: Facts = field(default_factory=dict)  # the output, if the example composes it
    columns: Mapping[str, str] = field(default_factory=dict)  # Python's column headings -> key of an item
    prints: str = ""  # the only field of the body that Python prints, instead of a table
    line: str = ""  # what Python prints after a change
    status: int = 200
    before: tuple[tuple[str, str, object], ...] = ()  # calls that create what the example needs
    finds: Mapping[str, tuple[str, Facts]] = field(
        default_factory=dict
    )  # afterwards: name -> a list, and what its item has
    # Afterwards: a target, and what it or an item of its list contains.
    there: tuple[tuple[str, Facts], ...] = ()
    gone: tuple[tuple[str, Facts], ...] = ()  # afterwards: a target that does not exist, or has no such item
    variant: str = ""  # distinguishes two runs of one example
    has_json: bool = True  # whether Python prints the JSON, which Go always prints, only with --json

    @property
    def id(self) -> str:
        """The name of the run in the tables."""
        return f"{self.name}-{self.variant}" if self.variant else self.name


CLUSTER = "/v2/clusters/{cluster}"
CLUSTER_V3 = "/v3/clusters/{cluster_v3}"
NAME_AND_ID = {"Name": "name", "ID": "id"}
SERVERS = [
    {
        "size": 5,
        "compute": "m5.2xlarge",
        "services": ["data", "index"],
        "storage": {"type": "IO2", "size": 100, "IOPS": 4000},
    }
]
SCALING = ("PUT", f"{CLUSTER_V3}/servers", {"servers": SERVERS})
NEW_BUCKET = ("POST", f"{CLUSTER}/buckets", {"name": "travel", "memoryQuota": 256})

READING = (
    Example("get_status", reads="/v2/status", prints="status"),
    Example("get", ("/v2/projects?page=2",), reads="/v2/projects?page=2", has_json=False),
    Example(
        "list_clouds",
        reads="/v2/clouds?perPage=100",
        columns={"Name": "name", "Provider": "provider", "Region": "region", "ID": "id"},
    ),
    Example(
        "list_clouds",
        ("--page", "2", "--per-page", "7", "--sort-by", "name"),
        reads="/v2/clouds?page=2&perPage=7&sortBy=name",
        columns=NAME_AND_ID,
        variant="one-page",
    ),
    Example(
        "get_cloud", ("{cloud}",), reads="/v2/clouds/{cloud}", columns={**NAME_AND_ID, "Provider": "provider"}
    ),
    Example("list_users", reads="/v2/users?perPage=100", columns={**NAME_AND_ID, "Email": "email"}),
    Example("list_projects", reads="/v2/projects?perPage=100", columns=NAME_AND_ID),
    Example("get_project", ("{project}",), reads="/v2/projects/{project}", columns=NAME_AND_ID),
    Example("list_clusters", reads="/v2/clusters?perPage=100", columns=NAME_AND_ID),
    Example(
        "list_clusters",
        ("--project-id", "{cluster_project}"),
        reads="/v2/clusters?perPage=100&projectId={cluster_project}",
        columns=NAME_AND_ID,
        variant="of-project",
    ),
    Example("get_cluster", ("{cluster}",), reads=CLUSTER, columns={**NAME_AND_ID, "Status": "status"}),
    Example("get_cluster_status", ("{cluster}",), reads=f"{CLUSTER}/status", prints="status"),
    Example("get_cluster_health", ("{cluster}",), reads=f"{CLUSTER}/health", columns={"Health": "health"}),
    Example("get_cluster_certificate", ("{cluster}",), reads=f"{CLUSTER}/certificate", prints="certificate"),
    Example("list_clusters_v3", reads="/v3/clusters?perPage=100", columns=NAME_AND_ID),
    Example(
        "get_cluster_v3", ("{cluster_v3}",), reads=CLUSTER_V3, columns={**NAME_AND_ID, "Status": "status"}
    ),
    Example("get_cluster_status_v3", ("{cluster_v3}",), reads=f"{CLUSTER_V3}/status", prints="status"),
    Example(
        "list_buckets",
        ("{cluster}",),
        reads=f"{CLUSTER}/buckets",
        columns={**NAME_AND_ID, "Status": "status"},
    ),
    Example(
        "get_allow_list", ("{cluster}",), reads=f"{CLUSTER}/allowlist", columns={"CIDR block": "cidrBlock"}
    ),
    Example(
        "list_database_users", ("{cluster}",), reads=f"{CLUSTER}/users", columns={"Username": "username"}
    ),
)

WRITING = (
    Example(
        "create_project",
        ("--name", "Travel é"),
        status=201,
        line="{new}",
        there=(("/v2/projects/{new}", {"name": "Travel é", "id": "{new}"}),),
    ),
    Example(
        "delete_project",
        ("{project}",),
        status=204,
        line="deleted project {project}",
        gone=(("/v2/projects/{project}", {}),),
    ),
    Example(
        "create_cluster",
        ("--name", "Travel", "--cloud-id", "{cloud}", "--project-id", "{project}", "--nodes", "4"),
        status=202,
        line="{new}",
        there=(("/v2/clusters/{new}", {"name": "Travel", "cloudId": "{cloud}", "status": "deploying"}),),
    ),
    Example(
        "delete_cluster",
        ("{cluster}",),
        status=202,
        line="deleting cluster {cluster}",
        there=((CLUSTER, {"status": "destroying"}),),
    ),
    Example(
        "create_cluster_v3",
        ("--name", "Travel", "--project-id", "{project}", "--region", "eu-west-1", "--compute", "m5.2xlarge"),
        status=202,
        line="{new}",
        there=(
            (
                "/v3/clusters/{new}",
                {
                    "name": "Travel",
                    "projectId": "{project}",
                    "status": "deploying",
                    "place": {"provider": "aws", "region": "eu-west-1"},
                },
            ),
        ),
    ),
    Example(
        "delete_cluster_v3",
        ("{cluster_v3}",),
        status=202,
        line="deleting cluster {cluster_v3}",
        there=((CLUSTER_V3, {"status": "destroying"}),),
    ),
    Example(
        "update_cluster_meta_v3",
        ("--name", "Renamed", "--description", "another one", "{cluster_v3}"),
        status=204,
        line="updated cluster {cluster_v3}",
        there=((CLUSTER_V3, {"name": "Renamed"}),),
    ),
    Example(
        "update_cluster_servers_v3",
        (
            *("--nodes", "5", "--compute", "m5.2xlarge", "--services", "data,index"),
            *("--storage-type", "IO2", "--storage-size", "100", "--iops", "4000", "{cluster_v3}"),
        ),
        status=202,
        line="updating the servers of cluster {cluster_v3}",
        there=((CLUSTER_V3, {"status": "scaling", "servers": SERVERS}),),
    ),
    Example(
        "update_cluster_support_v3",
        ("--support-package", "Enterprise", "--timezone", "GMT", "{cluster_v3}"),
        status=204,
        line="updated the support of cluster {cluster_v3}",
        there=((CLUSTER_V3, {"support": "Enterprise"}),),
    ),
    Example(
        "create_bucket",
        ("--name", "travel", "--memory-quota", "300", "--replicas", "2", "{cluster}"),
        status=201,
        line="{new}",
        there=((f"{CLUSTER}/buckets", {"id": "{new}", "name": "travel", "memoryQuota": 300, "replicas": 2}),),
    ),
    Example(
        "update_buckets",
        ("--bucket", "travel-sample=512", "{cluster}"),
        status=201,
        line="updated travel-sample=512",
        there=((f"{CLUSTER}/buckets", {"name": "travel-sample", "memoryQuota": 512}),),
    ),
    Example(
        "update_single_bucket",
        ("--memory-quota", "512", "{cluster}", "{bucket}"),
        status=202,
        line="updating bucket {bucket}",
        there=((f"{CLUSTER}/buckets", {"id": "{bucket}", "memoryQuota": 512}),),
    ),
    Example(
        "delete_bucket",
        ("--name", "travel-sample", "{cluster}"),
        status=202,
        line="deleting bucket travel-sample",
        gone=((f"{CLUSTER}/buckets", {"name": "travel-sample"}),),
    ),
    Example(
        "delete_single_bucket",
        ("{cluster}", "{bucket}"),
        status=202,
        line="deleting bucket {bucket}",
        gone=((f"{CLUSTER}/buckets", {"id": "{bucket}"}),),
    ),
    Example(
        "create_allow_list_entry",
        ("--cidr-block", "198.51.100.0/24", "--duration", "2h0m0s", "--comment", "a visitor", "{cluster}"),
        status=202,
        line="added 198.51.100.0/24",
        there=(
            (
                f"{CLUSTER}/allowlist",
                {"cidrBlock": "198.51.100.0/24", "ruleType": "temporary", "comment": "a visitor"},
            ),
        ),
    ),
    Example(
        "update_allow_list",
        ("--cidr-block", "203.0.113.0/24", "--cidr-block", "198.51.100.0/24", "{cluster}"),
        status=202,
        line="replaced the allow list of cluster {cluster}",
        there=(
            (f"{CLUSTER}/allowlist", {"cidrBlock": "203.0.113.0/24", "ruleType": "permanent"}),
            (f"{CLUSTER}/allowlist", {"cidrBlock": "198.51.100.0/24", "ruleType": "permanent"}),
        ),
        gone=((f"{CLUSTER}/allowlist", {"cidrBlock": "10.1.0.0/16"}),),
    ),
    Example(
        "delete_allow_list_entry",
        ("--cidr-block", "10.1.0.0/16", "{cluster}"),
        status=204,
        line="deleted 10.1.0.0/16",
        gone=((f"{CLUSTER}/allowlist", {"cidrBlock": "10.1.0.0/16"}),),
    ),
    Example(
        "create_database_user",
        ("--username", "ann/b c", "--access", "data_writer", "--bucket", "travel-sample", "{cluster}"),
        status=201,
        line="created database user ann/b c",
        there=(
            (
                f"{CLUSTER}/users",
                {
                    "username": "ann/b c",
                    "access": [{"bucketName": "travel-sample", "bucketAccess": ["data_writer"]}],
                },
            ),
        ),
    ),
    Example(
        "create_database_user_v3",
        ("--username", "ann", "--bucket", "travel-sample", "--scope", "inventory", "{cluster_v3}"),
        status=201,
        line="ann",
        there=(
            (
                "/v2/clusters/{cluster_v3}/users",
                {
                    "username": "ann",
                    "access": [{"bucketName": "travel-sample", "bucketAccess": ["data_reader"]}],
                },
            ),
        ),
    ),
    Example(
        "update_database_user",
        ("--access", "data_writer", "--change-password", "{cluster}", "reader"),
        status=204,
        line="updated database user reader",
        there=(
            (
                f"{CLUSTER}/users",
                {"username": "reader", "access": [{"bucketName": "*", "bucketAccess": ["data_writer"]}]},
            ),
        ),
    ),
    Example(
        "delete_database_user",
        ("{cluster}", "reader"),
        status=204,
        line="deleted database user reader",
        gone=((f"{CLUSTER}/users", {"username": "reader"}),),
    ),
)

WORKFLOWS = (
    Example("poll_cluster_status", ("{cluster}",), reads=f"{CLUSTER}/status", prints="status"),
    Example(
        "poll_cluster_status",
        ("--v3", "--interval", "0", "{cluster_v3}"),
        before=(SCALING,),
        reads=f"{CLUSTER_V3}/status",
        prints="status",
        variant="v3",
    ),
    Example(
        "poll_bucket_health",
        ("--bucket", "travel", "--interval", "0", "{cluster}"),
        before=(NEW_BUCKET,),
        reads=f"{CLUSTER}/health",
        prints="bucketStats.healthStats.travel",
    ),
    Example(
        "deploy_cluster",
        ("--name", "Fleet", "--interval", "0"),
        finds={
            "project_made": ("/v2/projects?perPage=100", {"name": "Fleet"}),
            "cluster_made": ("/v3/clusters?perPage=100", {"name": "Fleet"}),
        },
        status=201,
        shows={"projectId": "{project_made}", "clusterId": "{cluster_made}", "username": "app"},
        columns={"Project": "projectId", "Cluster": "clusterId", "User": "username"},
        there=(
            (
                "/v3/clusters/{cluster_made}",
                {"projectId": "{project_made}", "status": "healthy", "environment": "hosted"},
            ),
        ),
        variant="hosted",
    ),
    Example(
        "deploy_cluster",
        (
            *("--name", "Fleet", "--cloud-id", "{cloud}", "--bucket", "ships"),
            *("--cidr-block", "198.51.100.0/24", "--interval", "0"),
        ),
        finds={
            "project_made": ("/v2/projects?perPage=100", {"name": "Fleet"}),
            "cluster_made": ("/v2/clusters?perPage=100", {"name": "Fleet"}),
        },
        status=201,
        shows={
            "projectId": "{project_made}",
            "clusterId": "{cluster_made}",
            "bucket": "ships",
            "cidrBlock": "198.51.100.0/24",
            "username": "app",
        },
        columns={"Project": "projectId", "Cluster": "clusterId", "Bucket": "bucket", "User": "username"},
        there=(
            (
                "/v2/clusters/{cluster_made}",
                {"projectId": "{project_made}", "cloudId": "{cloud}", "status": "ready"},
            ),
            ("/v2/clusters/{cluster_made}/buckets", {"name": "ships"}),
            ("/v2/clusters/{cluster_made}/allowlist", {"cidrBlock": "198.51.100.0/24"}),
            ("/v2/clusters/{cluster_made}/users", {"username": "app"}),
        ),
        variant="in-cloud",
    ),
)

EXAMPLES = (*READING, *WRITING, *WORKFLOWS)
