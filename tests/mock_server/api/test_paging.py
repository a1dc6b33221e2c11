"""Lists: pages, sorting, and the links between pages."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.support.api_caller import ORIGIN, ApiCaller

PAGED = ["/v2/clouds", "/v2/users", "/v2/projects", "/v2/clusters", "/v3/clusters"]
SORTED = {
    "/v2/clouds": ["id", "name", "status", "provider", "region", "virtualNetworkID", "virtualNetworkCIDR"],
    "/v2/users": ["id", "name", "email"],
    "/v2/projects": ["id", "name", "tenantId", "createdAt"],
    "/v2/clusters": ["id", "name", "tenantId", "cloudId", "projectId", "status", "nodes"],
}


def items(page: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the items of a page. In v3, `data` contains them under `items`, and is empty without items."""
    data = page["data"]
    found: list[dict[str, Any]] = data.get("items", []) if isinstance(data, dict) else data
    return found


@pytest.mark.parametrize("path", PAGED)
def test_the_seed_fills_three_pages_of_ten(caller: ApiCaller, path: str) -> None:
    """A page has ten items by default; every item is on one page; pages after the last are empty."""
    pages = [items(caller.get(f"{path}?page={number}")) for number in (1, 2, 3, 4)]
    assert [len(page) for page in pages[:2]] == [10, 10]
    assert 0 < len(pages[2]) <= 10
    assert pages[3] == []
    ids = [item["id"] for page in pages for item in page]
    assert len(set(ids)) == len(ids)
    assert items(caller.get(f"{path}?perPage=100")) == [item for page in pages for item in page]
    assert items(caller.get(path)) == pages[0]


@pytest.mark.parametrize("path", PAGED)
def test_the_cursor_has_the_numbers_of_the_pages(caller: ApiCaller, path: str) -> None:
    """The first page has no previous page, and the last page has no next page."""
    total = len(items(caller.get(f"{path}?perPage=100")))
    cursors = {number: caller.get(f"{path}?page={number}")["cursor"]["pages"] for number in (1, 2, 3, 9)}
    common = {"perPage": 10, "totalItems": total, "last": 3}
    assert cursors[1] == {**common, "page": 1, "next": 2}
    assert cursors[2] == {**common, "page": 2, "next": 3, "previous": 1}
    assert cursors[3] == {**common, "page": 3, "previous": 2}
    assert cursors[9] == {**common, "page": 9, "previous": 3}


@pytest.mark.parametrize("path", PAGED)
def test_the_links_name_the_pages(caller: ApiCaller, path: str) -> None:
    """They have the caller's host, and keep the filters and the order. Without `/public` they lead on."""
    query = "perPage=7" if path == "/v3/clusters" else "perPage=7&sortBy=name.desc"
    page = caller.get(f"{path}?{query}")
    seen = items(page)
    while "next" in page["cursor"]["hrefs"]:
        link = page["cursor"]["hrefs"]["next"]
        assert link.startswith(f"{ORIGIN}/public{path}?")
        page = caller.get(link.removeprefix(f"{ORIGIN}/public"))
        seen += items(page)
    assert seen == items(caller.get(f"{path}?{query.replace('=7', '=100')}"))
    hrefs = page["cursor"]["hrefs"]
    assert set(hrefs) == {"first", "previous", "last"}
    for name, number in (("first", "1"), ("previous", "3"), ("last", "4")):
        parameters = dict(parse_qsl(urlsplit(hrefs[name]).query))
        assert parameters == {**dict(parse_qsl(query)), "page": number}, name


@pytest.mark.parametrize("path", PAGED)
def test_a_link_is_not_a_path_of_the_api(caller: ApiCaller, path: str) -> None:
    """A client that follows a link gets a 404, as it does from the service. The message says what to do."""
    for link in caller.get(f"{path}?page=2")["cursor"]["hrefs"].values():
        response = caller.call("GET", link.removeprefix(ORIGIN))
        assert (response.status, response.body["errorType"]) == (404, "RouteNotFound")
        assert response.body["message"].endswith("request a page with ?page=N instead.")


@pytest.mark.parametrize("path", PAGED)
@pytest.mark.parametrize("per_page", [101, 1000, 10**20])
def test_a_page_has_as_many_items_as_requested(caller: ApiCaller, path: str, per_page: int) -> None:
    """The API states no maximum for `perPage`."""
    page = caller.get(f"{path}?perPage={per_page}")
    total = page["cursor"]["pages"]["totalItems"]
    assert page["cursor"]["pages"] == {"page": 1, "perPage": per_page, "totalItems": total, "last": 1}
    assert len(items(page)) == total


@pytest.mark.parametrize(("path", "key"), [(path, key) for path, keys in SORTED.items() for key in keys])
def test_a_list_is_sorted_by_every_described_key(caller: ApiCaller, path: str, key: str) -> None:
    """Ascending by default; equal items keep the order of creation."""
    plain = caller.get(f"{path}?perPage=100")["data"]
    for suffix, reverse in (("", False), (".asc", False), (".desc", True)):
        result = caller.get(f"{path}?perPage=100&sortBy={key}{suffix}")["data"]
        assert result == sorted(plain, key=lambda item: item[key], reverse=reverse)
