"""Print the certificate of a cluster, in PEM.

GET /v2/clusters/{id}/certificate, operation getClusterCertificate.
"""

from capella.client import Client
from capella.command import run
from capella.options import ClusterId, Json
from capella.output import print_field


def get_cluster_certificate(cluster_id: ClusterId, *, as_json: Json = False) -> None:
    """Print the certificate of a cluster, in PEM."""
    with Client.from_environment() as capella:
        response = capella.get("/v2/clusters/{id}/certificate", cluster_id)
    print_field(response, "certificate", as_json=as_json)


if __name__ == "__main__":
    run(get_cluster_certificate)
