"""The arguments and options that several examples share."""

import re
from contextlib import suppress
from ipaddress import ip_network
from typing import Annotated

from typer import Argument, Option

from capella.errors import InputInvalidError

__all__ = [  # Argument and Option too: an example imports everything from this package
    "Access",
    "Argument",
    "BucketId",
    "Buckets",
    "CidrBlock",
    "CloudFilter",
    "CloudId",
    "ClusterId",
    "Compute",
    "Interval",
    "Iops",
    "Json",
    "MemoryQuota",
    "Nodes",
    "Option",
    "Page",
    "PerPage",
    "ProjectFilter",
    "ProjectId",
    "Services",
    "SortBy",
    "StorageSize",
    "StorageType",
    "Timeout",
    "Username",
    "given",
    "require_cidr_block",
]

# Path parameters are positional, in path order.
CloudId = Annotated[str, Argument(metavar="CLOUD_ID", help="the cloud's id, as list_clouds prints it")]
ProjectId = Annotated[
    str, Argument(metavar="PROJECT_ID", help="the project's id, as list_projects prints it")
]
ClusterId = Annotated[
    str,
    Argument(metavar="CLUSTER_ID", help="the cluster's id, as the lists of clusters print it"),
]
BucketId = Annotated[str, Argument(metavar="BUCKET_ID", help="the bucket's id, as list_buckets prints it")]
Username = Annotated[str, Argument(metavar="USERNAME", help="the database user's name")]

# Everything else is an option.
Json = Annotated[bool, Option("--json", help="print status, location and body as JSON")]
Page = Annotated[int | None, Option(min=1, help="list only this page, counted from 1; all pages if left out")]
PerPage = Annotated[int | None, Option(min=1, help="items per page; the API's default if left out")]
SortBy = Annotated[str | None, Option(help="the field to sort by")]
CloudFilter = Annotated[str | None, Option("--cloud-id", help="list only clusters in this cloud")]
ProjectFilter = Annotated[str | None, Option("--project-id", help="list only clusters of this project")]
Nodes = Annotated[int, Option(help="number of nodes, 3 to 27")]
Compute = Annotated[str, Option(help="machine type of each node")]
Services = Annotated[str, Option(help="services on each node, separated by commas")]
StorageType = Annotated[str, Option(help="disk type of each node: GP3, IO2 or PD-SSD")]
StorageSize = Annotated[int, Option(help="disk size of each node in GB, 50 to 16384")]
Iops = Annotated[int, Option(help="disk operations per second, for GP3 and IO2")]
MemoryQuota = Annotated[int, Option(help="memory of the bucket in MB, 100 or more")]
CidrBlock = Annotated[str, Option(help="the addresses to allow, such as 198.51.100.0/24")]
Access = Annotated[str, Option(help="data_reader or data_writer")]
Buckets = Annotated[list[str] | None, Option(help="give access only to this bucket; repeat for more")]
Timeout = Annotated[float, Option(min=0, max=1e9, help="seconds to wait before giving up")]
Interval = Annotated[float, Option(min=0, max=1e9, help="seconds between two requests")]


def given(**fields: object) -> dict[str, object]:
    """Return the fields that are not None, so that an option that was not given is not sent."""
    return {name: value for name, value in fields.items() if value is not None}


def require_cidr_block(option: str, text: str) -> None:
    """Refuse a text that is not a CIDR block with a prefix length, such as 198.51.100.0/24.

    Raises:
        InputInvalidError: the text is not one. The message contains the name of the option.
    """
    if re.fullmatch("[0-9A-Fa-f:.]+/[0-9]+", text):  # without a mask or an IPv6 zone
        with suppress(ValueError):
            ip_network(text, strict=False)
            return
    raise InputInvalidError(f"{option} {text!a} is not a CIDR block: use one like 198.51.100.0/24")
