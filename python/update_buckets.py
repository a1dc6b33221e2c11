"""Change the memory of several buckets at once.

PUT /v2/clusters/{id}/buckets, operation updateBuckets.
"""

from typing import Annotated

from capella.client import Client
from capella.command import run
from capella.errors import InputInvalidError
from capella.options import ClusterId, Json, Option
from capella.output import print_line


def update_buckets(
    cluster_id: ClusterId,
    *,
    bucket: Annotated[
        list[str],
        Option(metavar="NAME=MB", help="a bucket's name and its memory in MB per node; repeat for more"),
    ],
    as_json: Json = False,
) -> None:
    """Change the memory of several buckets at once."""
    body: list[dict[str, object]] = []
    for item in bucket:
        name, _, memory = item.rpartition("=")
        if not name or not memory.isdecimal():
            raise InputInvalidError(f"--bucket {item!a} is not NAME=MB: write it like travel=256")
        body.append({"name": name, "memoryQuota": int(memory)})
    with Client.from_environment() as capella:
        response = capella.put("/v2/clusters/{id}/buckets", cluster_id, body=body)
    print_line(response, f"updated {', '.join(bucket)}", as_json=as_json)


if __name__ == "__main__":
    run(update_buckets)
