"""The state at start."""

from typing import Any

import pytest

from tests.support.api_caller import ApiCaller

PAGED = ["/v2/clouds", "/v2/users", "/v2/projects", "/v2/clusters", "/v3/clusters"]


def items(page: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the items of a page. In v3, `data` contains them under `items`, and is empty without items."""
    data = page["data"]
    found: list[dict[str, Any]] = data.get("items", []) if isinstance(data, dict) else data
    return found


def test_the_seed_is_always_the_same() -> None:
    """Ids, names and times do not depend on the clock, and a reset restores them."""
    first, second = ApiCaller(), ApiCaller(now=0)
    for path in PAGED:
        assert first.get(f"{path}?perPage=100") == second.get(f"{path}?perPage=100")
    before = {path: first.get(f"{path}?perPage=100") for path in PAGED}
    created = first.call("POST", "/v2/projects", {"name": "mine"}).body
    first.api.reset()
    assert {path: first.get(f"{path}?perPage=100") for path in PAGED} == before
    assert first.call("POST", "/v2/projects", {"name": "mine"}).body == created


@pytest.mark.parametrize("path", ["/v2/clouds", "/v2/users", "/v2/projects", "/v2/clusters"])
def test_the_seed_is_not_in_alphabetical_order(caller: ApiCaller, path: str) -> None:
    """The order of the seed differs from both sorted orders, so a test can see the effect of sorting."""
    names = [item["name"] for item in caller.get(f"{path}?perPage=100")["data"]]
    assert names not in (sorted(names), sorted(names, reverse=True))


def test_the_seed_has_projects_with_and_without_clusters() -> None:
    """The first project has none."""
    caller = ApiCaller()
    ids = [project["id"] for project in caller.get("/v2/projects?perPage=100")["data"]]
    responses = [caller.call("DELETE", f"/v2/projects/{project}").status for project in ids]
    assert set(responses) == {204, 422}
    assert responses[0] == 204
