"""The command line of the examples: their arguments, what they print, and how they end.

The result goes to stdout, everything else to stderr; a command that fails prints nothing on stdout.
"""

from typing import Annotated

from typer import Argument, Option

# Path parameters are positional, in path order.
CloudId = Annotated[str, Argument(metavar="CLOUD_ID", help="the cloud's id, as list_clouds shows it")]
ProjectId = Annotated[str, Argument(metavar="PROJECT_ID", help="the project's id, as list_projects shows it")]
ClusterId = Annotated[
    str, Argument(metavar="CLUSTER_ID", help="the cluster's id, as a list of clusters shows it")
]
BucketId = Annotated[str, Argument(metavar="BUCKET_ID", help="the bucket's id, as list_buckets shows it")]
Username = Annotated[str, Argument(metavar="USERNAME", help="the database user's name")]

# Everything else is an option.
Json = Annotated[bool, Option("--json", help="print status, location and body as JSON")]
Page = Annotated[int | None, Option(min=1, help="one page alone, counted from 1; all pages if left out")]
PerPage = Annotated[int | None, Option(min=1, help="items a page; the service's own choice if left out")]
SortBy = Annotated[str | None, Option(help="the field to sort by")]
OfCloud = Annotated[str | None, Option("--cloud-id", help="those in this cloud alone")]
OfProject = Annotated[str | None, Option("--project-id", help="those of this project alone")]
Nodes = Annotated[int, Option(help="how many nodes, 3 to 27")]
Compute = Annotated[str, Option(help="the machine of each node")]
Services = Annotated[str, Option(help="what runs on each node, with commas between")]
StorageType = Annotated[str, Option(help="disk of each node: GP3, IO2 or PD-SSD")]
StorageSize = Annotated[int, Option(help="disk of each node in GB, 50 to 16384")]
Iops = Annotated[int, Option(help="disk operations a second, for GP3 and IO2")]
MemoryQuota = Annotated[int, Option(help="memory of the bucket in MB, 100 or more")]
CidrBlock = Annotated[str, Option(help="addresses, such as 198.51.100.0/24")]
Access = Annotated[str, Option(help="data_reader or data_writer")]
Buckets = Annotated[list[str] | None, Option(help="access to this bucket alone; repeat for more")]
Timeout = Annotated[float, Option(min=0, help="seconds to wait before giving up")]
Interval = Annotated[float, Option(min=0, help="seconds between two looks")]
