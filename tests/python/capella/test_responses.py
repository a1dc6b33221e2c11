"""What the Python client makes of a success: lists of pages, and ids of what was created."""

from __future__ import annotations

import json
from typing import Any

import pytest

from capella.errors import UnexpectedResponseError
from tests.support.hostile_servers import Rig, Wire, answer

# Pages


def page(number: int, last: int, *, v3: bool = False) -> bytes:
    """One page of two items, with links that lead elsewhere."""
    items = [{"id": f"{number}{letter}"} for letter in "ab"]
    pages = {"page": number, "last": last, "totalItems": 2 * last} | (
        {"next": number + 1} if number < last else {}
    )
    cursor = {"pages": pages, "hrefs": {"first": "http://127.0.0.1:1/", "next": "http://127.0.0.1:1/"}}
    return answer(
        200,
        json.dumps({"cursor": cursor, "data": {"tenantId": "t", "items": items} if v3 else items}).encode(),
    )


@pytest.mark.parametrize("v3", [False, True])
def test_pages_are_asked_for_by_number(v3: bool) -> None:  # noqa: FBT001  # a column
    """All items come in one list, in order; no link is followed."""
    with Wire(*(page(number, 3, v3=v3) for number in (1, 2, 3))) as wire, Rig(wire.url).client as client:
        found = client.get_pages("/v2/projects", query={"perPage": 2, "sortBy": None})
        assert [seen.target for seen in wire.seen] == [f"/v2/projects?page={n}&perPage=2" for n in (1, 2, 3)]
    assert [item["id"] for item in found.items] == ["1a", "1b", "2a", "2b", "3a", "3b"]
    assert found.body["cursor"]["pages"] == {"page": 3, "last": 3, "totalItems": 6}
    assert not v3 or found.body["data"]["tenantId"] == "t"


def test_one_page() -> None:
    """A page that is named is asked for alone."""
    with Wire(page(2, 3)) as wire, Rig(wire.url).client as client:
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
def test_odd_cursor_ends_the_list(body: object, items: list[Any]) -> None:
    """No cursor leads around in circles, or on past an empty page."""
    with Wire(answer(200, json.dumps(body).encode())) as wire, Rig(wire.url).client as client:
        assert client.get_pages("/v2/projects", query={}).items == items
        assert len(wire.seen) == 1


@pytest.mark.parametrize(
    "body",
    [b"{}", b"null", b'"a"', b'{"data": 1}', b'{"data": 0}', b'{"data": ""}', b'{"data": {"items": "ab"}}'],
)
def test_list_that_is_none(body: bytes) -> None:
    """What holds no list is not the answer of a list."""
    with (
        Wire(answer(200, body)) as wire,
        Rig(wire.url).client as client,
        pytest.raises(UnexpectedResponseError),
    ):
        client.get_pages("/v2/projects", query={})


# What is made of an answer


@pytest.mark.parametrize(
    ("location", "new_id"),
    [
        ("/v2/clusters/7f3a", "7f3a"),
        ("https://elsewhere.example/v2/clusters/7f3a/", "7f3a"),
        ("/v2/clusters/1/buckets/YjE%3D", "YjE="),
        ("/v2/clusters/7f3a?a=/b", "7f3a"),
        ("7f3a", "7f3a"),
    ],
)
def test_new_id_is_the_last_segment_of_location(location: str, new_id: str) -> None:
    """Location is read, and never followed."""
    with Wire(answer(202, b"", f"Location: {location}")) as wire, Rig(wire.url).client as client:
        found = client.post("/v2/clusters", body={})
        assert (found.location, found.body, found.new_id) == (location, None, new_id)
        assert len(wire.seen) == 1


def test_new_id_of_the_body() -> None:
    """Without Location the id is in the body; without both there is none."""
    with Wire(answer(201, b'{"id": "a"}'), answer(201)) as wire, Rig(wire.url).client as client:
        assert client.post("/v2/projects", body={}).new_id == "a"
        with pytest.raises(UnexpectedResponseError, match="the response has no id"):
            _ = client.post("/v2/projects", body={}).new_id
