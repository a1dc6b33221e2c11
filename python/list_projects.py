"""List the projects of your organization.

GET /v2/projects, operation listProjects.
"""

from capella.client import Client
from capella.command import run
from capella.options import Json, Page, PerPage, SortBy
from capella.output import print_list


def list_projects(
    page: Page = None,
    per_page: PerPage = None,
    sort_by: SortBy = None,
    *,
    as_json: Json = False,
) -> None:
    """List the projects of your organization, all pages in one list."""
    query = {"perPage": per_page, "sortBy": sort_by}
    with Client.from_environment() as capella:
        response = capella.get_pages("/v2/projects", query=query, page=page)
    print_list(response, {"Name": "name", "Created": "createdAt", "ID": "id"}, as_json=as_json)


if __name__ == "__main__":
    run(list_projects)
