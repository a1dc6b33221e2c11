"""Delete a bucket by its name, with all its data.

DELETE /v2/clusters/{id}/buckets, operation deleteBucket.
"""

from typing import Annotated

from capella.client import Client
from capella.command import run
from capella.options import ClusterId, Json, Option
from capella.output import print_line


def delete_bucket(
    cluster_id: ClusterId,
    *,
    name: Annotated[str, Option(help="the bucket's name")],
    as_json: Json = False,
) -> None:
    """Delete a bucket by its name, with all its data."""
    body = {"name": name}
    with Client.from_environment() as capella:
        response = capella.delete("/v2/clusters/{id}/buckets", cluster_id, body=body)
    print_line(response, f"deleting bucket {name}", as_json=as_json)


if __name__ == "__main__":
    run(delete_bucket)
