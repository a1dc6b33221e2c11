"""List the clusters in your own clouds.

GET /v2/clusters, operation listClusters.
"""

from capella.client import Client
from capella.command import run
from capella.options import CloudFilter, Json, Page, PerPage, ProjectFilter, SortBy
from capella.output import print_list


def list_clusters(
    page: Page = None,
    per_page: PerPage = None,
    sort_by: SortBy = None,
    cloud_id: CloudFilter = None,
    project_id: ProjectFilter = None,
    *,
    as_json: Json = False,
) -> None:
    """List the clusters in your own clouds, all pages in one list."""
    query = {"perPage": per_page, "sortBy": sort_by, "cloudId": cloud_id, "projectId": project_id}
    with Client.from_environment() as capella:
        response = capella.get_pages("/v2/clusters", query=query, page=page)
    print_list(
        response,
        {"Name": "name", "Status": "status", "Nodes": "nodes", "Services": "services", "ID": "id"},
        as_json=as_json,
    )


if __name__ == "__main__":
    run(list_clusters)
