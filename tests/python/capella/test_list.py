"""Lists in Python: the pages of a list become one list."""

from __future__ import annotations

import json
from typing import Any

import pytest

from capella.errors import UnexpectedResponseError
from tests.support.hostile_servers import Rig, ScriptedServer, response_bytes


def page(number: int, last: int, *, v3: bool = False) -> bytes:
    """Return a page of two items, with links to another server."""
    items = [{"id": f"{number}{letter}"} for letter in "ab"]
    pages = {"page": number, "last": last, "totalItems": 2 * last} | (
        {"next": number + 1} if number < last else {}
    )
    cursor = {"pages": pages, "hrefs": {"first": "http://127.0.0.1:1/", "next": "http://127.0.0.1:1/"}}
    return response_bytes(
        200,
        json.dumps({"cursor": cursor, "data": {"tenantId": "t", "items": items} if v3 else items}).encode(),
    )


@pytest.mark.parametrize("v3", [False, True])
def test_pages_are_asked_for_by_number(v3: bool) -> None:  # noqa: FBT001  # a column
    """The items of all pages are one list, in order, and no link is followed."""
    with (
        ScriptedServer(*(page(number, 3, v3=v3) for number in (1, 2, 3))) as wire,
        Rig(wire.url).client as client,
    ):
        found = client.get_pages("/v2/projects", query={"perPage": 2, "sortBy": None})
        assert [seen.target for seen in wire.seen] == [f"/v2/projects?page={n}&perPage=2" for n in (1, 2, 3)]
    assert [item["id"] for item in found.items] == ["1a", "1b", "2a", "2b", "3a", "3b"]
    assert found.body["cursor"]["pages"] == {"page": 3, "last": 3, "totalItems": 6}
    assert not v3 or found.body["data"]["tenantId"] == "t"


def test_one_page() -> None:
    """With `page`, only that page is requested."""
    with ScriptedServer(page(2, 3)) as wire, Rig(wire.url).client as client:
        found = client.get_pages("/v2/projects", query={}, page=2)
        assert [seen.target for seen in wire.seen] == ["/v2/projects?page=2"]
    assert [item["id"] for item in found.items] == ["2a", "2b"]


@pytest.mark.parametrize(
    ("body", "items"),
    [
        ({"cursor": {"pages": {"next": 1}}, "data": [1]}, [1]),
        ({"cursor": {"pages": {"next": "2"}}, "data": [1]}, [1]),
        ({"cursor": {"pages": {"next": 2}}, "data": []}, []),
        ({"cursor": None, "data": None}, []),
        ({"data": {"items": None}}, []),
        ([1], [1]),
    ],
)
def test_invalid_cursor_ends_the_list(body: object, items: list[Any]) -> None:
    """An invalid cursor, one to an earlier page and an empty page end the list."""
    with (
        ScriptedServer(response_bytes(200, json.dumps(body).encode())) as wire,
        Rig(wire.url).client as client,
    ):
        assert client.get_pages("/v2/projects", query={}).items == items
        assert len(wire.seen) == 1


@pytest.mark.parametrize(
    "body",
    [b"{}", b"null", b'"a"', b'{"data": 1}', b'{"data": 0}', b'{"data": ""}', b'{"data": {"items": "ab"}}'],
)
def test_response_without_a_list(body: bytes) -> None:
    """A response without a list is an UnexpectedResponseError."""
    with (
        ScriptedServer(response_bytes(200, body)) as wire,
        Rig(wire.url).client as client,
        pytest.raises(UnexpectedResponseError),
    ):
        client.get_pages("/v2/projects", query={})
