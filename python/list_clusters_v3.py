"""List the clusters of your organization.

GET /v3/clusters, operation listClustersV3.
"""

from capella.client import Client
from capella.command import run
from capella.options import CloudFilter, Json, Page, PerPage, ProjectFilter
from capella.output import print_list


def list_clusters_v3(
    page: Page = None,
    per_page: PerPage = None,
    cloud_id: CloudFilter = None,
    project_id: ProjectFilter = None,
    *,
    as_json: Json = False,
) -> None:
    """List the clusters of your organization, all pages in one list."""
    query = {"perPage": per_page, "cloudId": cloud_id, "projectId": project_id}
    with Client.from_environment() as capella:
        response = capella.get_pages("/v3/clusters", query=query, page=page)
    print_list(
        response,
        {"Name": "name", "Environment": "environment", "Project": "projectId", "ID": "id"},
        as_json=as_json,
    )


if __name__ == "__main__":
    run(list_clusters_v3)
