"""List the clusters in your own clouds.

GET /v2/clusters, operation listClusters.
"""

from capella.client import Client
from capella.output import Json, OfCloud, OfProject, Page, PerPage, SortBy, print_list, run


def list_clusters(
    page: Page = None,
    per_page: PerPage = None,
    sort_by: SortBy = None,
    cloud_id: OfCloud = None,
    project_id: OfProject = None,
    *,
    as_json: Json = False,
) -> None:
    """List the clusters in your own clouds, all pages in one list."""
    query = {"perPage": per_page, "sortBy": sort_by, "cloudId": cloud_id, "projectId": project_id}
    with Client.from_environment() as capella:
        answer = capella.get_pages("/v2/clusters", query=query, page=page)
    print_list(
        answer,
        {"Name": "name", "Status": "status", "Nodes": "nodes", "Services": "services", "ID": "id"},
        as_json=as_json,
    )


if __name__ == "__main__":
    run(list_clusters)
