"""Show the certificate a cluster is reached with, in PEM.

GET /v2/clusters/{id}/certificate, operation getClusterCertificate.
"""

from capella.client import Client
from capella.output import ClusterId, Json, print_field, run


def get_cluster_certificate(cluster_id: ClusterId, *, as_json: Json = False) -> None:
    """Show the certificate a cluster is reached with, in PEM."""
    with Client.from_environment() as capella:
        answer = capella.get("/v2/clusters/{id}/certificate", cluster_id)
    print_field(answer, "certificate", as_json=as_json)


if __name__ == "__main__":
    run(get_cluster_certificate)
