"""List the clusters of your organization.

GET /v3/clusters, operation listClustersV3.
"""

from capella.client import Client
from capella.output import Json, OfCloud, OfProject, Page, PerPage, print_list, run


def list_clusters_v3(
    page: Page = None,
    per_page: PerPage = None,
    cloud_id: OfCloud = None,
    project_id: OfProject = None,
    *,
    as_json: Json = False,
) -> None:
    """List the clusters of your organization, all pages in one list."""
    query = {"perPage": per_page, "cloudId": cloud_id, "projectId": project_id}
    with Client.from_environment() as capella:
        answer = capella.get_pages("/v3/clusters", query=query, page=page)
    print_list(
        answer,
        {"Name": "name", "Environment": "environment", "Project": "projectId", "ID": "id"},
        as_json=as_json,
    )


if __name__ == "__main__":
    run(list_clusters_v3)
