"""Delete the bucket with a name, with all its data.

DELETE /v2/clusters/{id}/buckets, operation deleteBucket.
"""

from typing import Annotated

from typer import Option

from capella.client import Client
from capella.output import ClusterId, Json, print_line, run


def delete_bucket(
    cluster_id: ClusterId,
    *,
    name: Annotated[str, Option(help="the name of the bucket")],
    as_json: Json = False,
) -> None:
    """Delete the bucket with a name, with all its data."""
    body = {"name": name}
    with Client.from_environment() as capella:
        answer = capella.delete("/v2/clusters/{id}/buckets", cluster_id, body=body)
    print_line(answer, f"deleting bucket {name}", as_json=as_json)


if __name__ == "__main__":
    run(delete_bucket)
