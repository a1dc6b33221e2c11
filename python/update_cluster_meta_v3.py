"""Change the name or the description of a cluster.

PUT /v3/clusters/{id}/meta, operation updateClusterMetaV3.
"""

from typing import Annotated

from capella.client import Client
from capella.command import run
from capella.errors import InputInvalidError
from capella.options import ClusterId, Json, Option, given
from capella.output import print_line


def update_cluster_meta_v3(
    cluster_id: ClusterId,
    *,
    name: Annotated[str | None, Option(help="the new name")] = None,
    description: Annotated[str | None, Option(help="the new description")] = None,
    as_json: Json = False,
) -> None:
    """Change the name or the description of a cluster."""
    body = given(name=name, description=description)
    if not body:
        raise InputInvalidError("nothing to change: give --name or --description")
    with Client.from_environment() as capella:
        response = capella.put("/v3/clusters/{id}/meta", cluster_id, body=body)
    print_line(response, f"updated cluster {cluster_id}", as_json=as_json)


if __name__ == "__main__":
    run(update_cluster_meta_v3)
