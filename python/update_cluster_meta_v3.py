"""Change the name or the description of a cluster.

PUT /v3/clusters/{id}/meta, operation updateClusterMetaV3.
"""

from typing import Annotated

from typer import Option

from capella.client import Client
from capella.errors import InputInvalidError
from capella.output import ClusterId, Json, given, print_line, run


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
        answer = capella.put("/v3/clusters/{id}/meta", cluster_id, body=body)
    print_line(answer, f"updated cluster {cluster_id}", as_json=as_json)


if __name__ == "__main__":
    run(update_cluster_meta_v3)
