"""Lists: the seed, pages, sorting, filters and the links between pages."""

from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.support.operations import ORIGIN, Client

PAGED = ["/v2/clouds", "/v2/users", "/v2/projects", "/v2/clusters", "/v3/clusters"]
SORTED = {
    "/v2/clouds": ["id", "name", "status", "provider", "region", "virtualNetworkID", "virtualNetworkCIDR"],
    "/v2/users": ["id", "name", "email"],
    "/v2/projects": ["id", "name", "tenantId", "createdAt"],
    "/v2/clusters": ["id", "name", "tenantId", "cloudId", "projectId", "status", "nodes"],
}


@pytest.fixture(scope="module")
def client() -> Client:
    """A client of the seed; no test here changes anything."""
    return Client()


def items(page: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what is on a page: v3 clusters lie one level deeper."""
    data = page["data"]
    found: list[dict[str, Any]] = data["items"] if isinstance(data, dict) else data
    return found


@pytest.mark.parametrize("path", PAGED)
def test_the_seed_fills_three_pages_of_ten(client: Client, path: str) -> None:
    """Ten to a page unless asked for, everything once, nothing after the end."""
    pages = [items(client.get(f"{path}?page={number}")) for number in (1, 2, 3, 4)]
    assert [len(page) for page in pages[:2]] == [10, 10]
    assert 0 < len(pages[2]) <= 10
    assert pages[3] == []
    ids = [item["id"] for page in pages for item in page]
    assert len(set(ids)) == len(ids)
    assert items(client.get(f"{path}?perPage=100")) == [item for page in pages for item in page]
    assert items(client.get(path)) == pages[0]


@pytest.mark.parametrize("path", PAGED)
def test_the_cursor_counts(client: Client, path: str) -> None:
    """There is no previous page before the first, and no next one after the last."""
    total = len(items(client.get(f"{path}?perPage=100")))
    cursors = {number: client.get(f"{path}?page={number}")["cursor"]["pages"] for number in (1, 2, 3, 9)}
    common = {"perPage": 10, "totalItems": total, "last": 3}
    assert cursors[1] == {**common, "page": 1, "next": 2}
    assert cursors[2] == {**common, "page": 2, "next": 3, "previous": 1}
    assert cursors[3] == {**common, "page": 3, "previous": 2}
    assert cursors[9] == {**common, "page": 9, "previous": 3}


@pytest.mark.parametrize("path", PAGED)
def test_the_links_lead_to_the_pages_on_the_host_asked(client: Client, path: str) -> None:
    """Following `next` from the first page sees everything once; filters and order are kept."""
    query = "perPage=7" if path == "/v3/clusters" else "perPage=7&sortBy=name.desc"
    page = client.get(f"{path}?{query}")
    seen = items(page)
    while "next" in page["cursor"]["hrefs"]:
        link = page["cursor"]["hrefs"]["next"]
        assert link.startswith(f"{ORIGIN}{path}?")
        page = client.get(link.removeprefix(ORIGIN))
        seen += items(page)
    assert seen == items(client.get(f"{path}?{query.replace('=7', '=100')}"))
    hrefs = page["cursor"]["hrefs"]
    assert set(hrefs) == {"first", "previous", "last"}
    for name, number in (("first", "1"), ("previous", "3"), ("last", "4")):
        parameters = dict(parse_qsl(urlsplit(hrefs[name]).query))
        assert parameters == {**dict(parse_qsl(query)), "page": number}, name


@pytest.mark.parametrize(("path", "key"), [(path, key) for path, keys in SORTED.items() for key in keys])
def test_a_list_sorts_by_every_described_key_both_ways(client: Client, path: str, key: str) -> None:
    """Ascending unless told otherwise; equals keep the order of creation."""
    plain = client.get(f"{path}?perPage=100")["data"]
    for suffix, reverse in (("", False), (".asc", False), (".desc", True)):
        result = client.get(f"{path}?perPage=100&sortBy={key}{suffix}")["data"]
        assert result == sorted(plain, key=lambda item: item[key], reverse=reverse)


@pytest.mark.parametrize("path", ["/v2/clouds", "/v2/users", "/v2/projects", "/v2/clusters"])
def test_the_seed_shows_that_sorting_works(client: Client, path: str) -> None:
    """The order of creation is neither the alphabet's nor its reverse."""
    names = [item["name"] for item in client.get(f"{path}?perPage=100")["data"]]
    assert names not in (sorted(names), sorted(names, reverse=True))


@pytest.mark.parametrize("path", ["/v2/clusters", "/v3/clusters"])
@pytest.mark.parametrize("key", ["projectId", "cloudId"])
def test_clusters_are_filtered_by_project_and_cloud(client: Client, path: str, key: str) -> None:
    """In either case of the UUID, alone and together; an unknown one finds nothing."""
    every = items(client.get(f"{path}?perPage=100"))
    wanted = next(item[key] for item in every if key in item)
    expected = [item for item in every if item.get(key) == wanted]
    assert 0 < len(expected) < len(every)
    assert items(client.get(f"{path}?{key}={wanted}")) == expected
    assert items(client.get(f"{path}?{key}={wanted.upper()}")) == expected
    nobody = "f2b5a1f0-0000-4000-8000-000000000000"
    empty = client.get(f"{path}?{key}={nobody}")
    assert items(empty) == []
    assert empty["cursor"]["pages"] == {"page": 1, "perPage": 10, "totalItems": 0, "last": 1}
    other = "cloudId" if key == "projectId" else "projectId"
    assert items(client.get(f"{path}?{key}={wanted}&{other}={nobody}")) == []


def test_a_cloud_is_shown_whole_by_its_id(client: Client) -> None:
    """AWS and Azure clouds each have their provider's settings; the list knows the networks by one name."""
    for summary in client.get("/v2/clouds?perPage=100")["data"]:
        cloud = client.get(f"/v2/clouds/{summary['id']}")
        settings = cloud["providerSettings"]
        assert cloud["name"] == summary["name"]
        assert settings["region"] == summary["region"]
        network = "vpcCidr" if cloud["provider"] == "aws" else "vNetCidr"
        assert settings[network] == summary["virtualNetworkCIDR"]


def test_the_seed_is_the_same_every_time() -> None:
    """Ids, names and times: whatever the clock says, and again after a reset."""
    first, second = Client(), Client(now=0)
    for path in PAGED:
        assert first.get(f"{path}?perPage=100") == second.get(f"{path}?perPage=100")
    before = {path: first.get(f"{path}?perPage=100") for path in PAGED}
    made = first.call("POST", "/v2/projects", {"name": "mine"}).body
    first.api.reset()
    assert {path: first.get(f"{path}?perPage=100") for path in PAGED} == before
    assert first.call("POST", "/v2/projects", {"name": "mine"}).body == made


def test_the_status_is_there() -> None:
    """The smallest answer."""
    assert Client().call("GET", "/v2/status").status == HTTPStatus.OK
