"""Lists in Python: the pages of a list become one list, or an error if they may not be the whole list."""

from __future__ import annotations

import json

import pytest

from capella.errors import UnexpectedResponseError
from capella.list import MAX_PAGES, Pages, read_list
from capella.responses import Response
from capella.transport import Request
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


def received(text: str) -> Response:
    """Return a response as it is received."""
    return Response(200, json.loads(text) if text else None, request=Request("GET", "/v2/x"), received=text)


def with_cursor(pages: str, data: str) -> str:
    """Return a page with the members of its cursor's `pages`."""
    return f'{{"cursor": {{"pages": {{{pages}}}}}, "data": {data}}}'


@pytest.mark.parametrize("v3", [False, True])
def test_pages_are_asked_for_by_number(v3: bool) -> None:  # noqa: FBT001  # a column
    """The items of all pages are one list, in order and without a cursor, and no link is followed."""
    with (
        ScriptedServer(*(page(number, 3, v3=v3) for number in (1, 2, 3))) as wire,
        Rig(wire.url).client as client,
    ):
        found = client.get_pages("/v2/projects", query={"perPage": 2, "sortBy": None})
        assert [seen.target for seen in wire.seen] == [f"/v2/projects?page={n}&perPage=2" for n in (1, 2, 3)]
    items = [{"id": f"{number}{letter}"} for number in (1, 2, 3) for letter in "ab"]
    assert found.body == {"data": {"items": items, "tenantId": "t"} if v3 else items}
    assert json.loads(found.text) == found.body


def test_one_page() -> None:
    """With `page`, only that page is requested, and it keeps its cursor."""
    with ScriptedServer(page(2, 3)) as wire, Rig(wire.url).client as client:
        found = client.get_pages("/v2/projects", query={}, page=2)
        assert [seen.target for seen in wire.seen] == ["/v2/projects?page=2"]
    assert found.body["data"] == [{"id": "2a"}, {"id": "2b"}]
    assert found.body["cursor"]["pages"] == {"page": 2, "next": 3, "last": 3, "totalItems": 6}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("null", "[]"),
        ("[1]", "[1]"),
        ('{"data": null}', '{"data":[]}'),
        ('{"data": {}}', '{"data":{"items":[]}}'),
        ('{"data": {"items": null}}', '{"data":{"items":[]}}'),
        ('{"data": {"tenantId": "t"}}', '{"data":{"items":[],"tenantId":"t"}}'),
        (
            '{"z": 1.0, "data": [ {"b": 1e3, "a": "\\u003c"} ]}',
            '{"data":[{"b": 1e3, "a": "\\u003c"}],"z":1.0}',
        ),
        ('{"\u00e9": "\u00e9", "data": []}', '{"data":[],"\u00e9":"\u00e9"}'),
        ('{"data":[1,2],"a":3}', '{"a":3,"data":[1,2]}'),
        (with_cursor('"last": 0', "[1]"), '{"data":[1]}'),
        (with_cursor('"last": 1', "[1]"), '{"data":[1]}'),
    ],
)
def test_shapes_of_a_list(text: str, shown: str) -> None:
    """Null and the empty object are empty lists; the text of each item is kept."""
    pages = Pages()
    assert not pages.add(received(text))
    assert pages.response(received(text)).text == shown


def test_response_of_a_list() -> None:
    """The response has the status, the Location and the request of the last page."""
    request, pages = Request("GET", "/v2/x"), Pages()
    last = Response(203, [1], "/v2/y", request, "[1]")
    assert not pages.add(last)
    found = pages.response(last)
    assert (found.status, found.location, found.request) == (203, "/v2/y", request)


def test_full_page() -> None:
    """A page of `perPage` items may name another one; so may any page if there is no `perPage`."""
    pages = Pages()
    assert pages.add(received(with_cursor('"next": 2, "perPage": 2', "[1, 2]")))
    assert pages.add(received(with_cursor('"next": 3', "[3]")))


def test_next_in_other_types() -> None:
    """A page number may be a text, or have a fraction of zero; null and 0 name no page."""
    pages = Pages()
    assert pages.add(received(with_cursor('"next": "2", "totalItems": "4"', "[1]")))
    assert pages.add(received(with_cursor('"next": 3.0, "totalItems": null', "[2]")))
    assert pages.add(received(with_cursor('"next": 40e-1, "last": 4', "[3]")))
    assert not pages.add(received(with_cursor('"next": 0', "[4]")))
    assert pages.response(received("[]")).body == {"data": [1, 2, 3, 4]}


INCOMPLETE = "the list may be incomplete: "
FIRST = with_cursor('"next": 2', "[1, 2]")


@pytest.mark.parametrize(
    ("texts", "reason"),
    [
        (['{"cursor": [1], "data": []}'], "the cursor is malformed: cursor is [1] instead of an object"),
        (
            ['{"cursor": {"pages": 2}, "data": []}'],
            "the cursor is malformed: pages is 2 instead of an object",
        ),
        *(
            (
                [with_cursor(f'"{name}": {text}', "[1]")],
                f"the cursor is malformed: {name} is {text} instead of a whole number",
            )
            for name in ("next", "last", "totalItems", "perPage")
            for text in ('"two"', "true", "-1", "2.5", "1e30", "9007199254740992", "1e999", "[]", '"\u0662"')
        ),
        ([FIRST, '{"data": [3]}'], INCOMPLETE + "page 2 has no cursor"),
        ([with_cursor('"next": 1', "[1]")], INCOMPLETE + "page 1 names page 1 as the next one"),
        ([with_cursor('"next": 3', "[1]")], INCOMPLETE + "page 1 names page 3 as the next one"),
        ([FIRST, with_cursor('"next": 1', "[3]")], INCOMPLETE + "page 2 names page 1 as the next one"),
        (
            [with_cursor('"next": 2', "[]")],
            INCOMPLETE + "page 1 names page 2 as the next one, and has no items",
        ),
        (
            [with_cursor('"next": 2, "totalItems": 1', "[1]")],
            INCOMPLETE + "page 1 names page 2 as the next one, and its cursor says totalItems 1",
        ),
        (
            [with_cursor('"next": 2, "last": 1', "[1]")],
            INCOMPLETE + "page 1 names page 2 as the next one, and its cursor says last 1",
        ),
        (
            [with_cursor('"next": 2, "perPage": 2', "[1]")],
            INCOMPLETE
            + "page 1 names page 2 as the next one, and has 1 items, and its cursor says perPage 2",
        ),
        (
            [with_cursor('"totalItems": 2', "[1]")],
            INCOMPLETE + "it has 1 items, and its cursor says totalItems 2",
        ),
        ([with_cursor('"last": 2', "[1]")], INCOMPLETE + "it ends at page 1, and its cursor says last 2"),
        (
            [with_cursor('"next": 2, "totalItems": 2', "[1]"), with_cursor('"totalItems": 3', "[2]")],
            "the list changed between two pages: totalItems was 2 and is 3; try again",
        ),
        ([FIRST, with_cursor('"next": 3', "[2]")], INCOMPLETE + "page 2 repeats an item of an earlier page"),
    ],
)
def test_incomplete_lists(texts: list[str], reason: str) -> None:
    """Pages that may not be the whole list are an error that says why."""
    pages = Pages()
    *before, last = texts
    assert all(pages.add(received(text)) for text in before)
    with pytest.raises(UnexpectedResponseError) as raised:
        pages.add(received(last))
    assert raised.value.message == reason


def test_endless_list() -> None:
    """A server that always names another page is not followed for ever."""
    pages = Pages()
    for number in range(1, MAX_PAGES):
        assert pages.add(received(with_cursor(f'"next": {number + 1}', f"[{number}]")))
    with pytest.raises(UnexpectedResponseError, match=r"more than 1000 pages: use a larger --per-page$"):
        pages.add(received(with_cursor(f'"next": {MAX_PAGES + 1}', "[0]")))


def test_list_without_pages() -> None:
    """A list without pages is returned whole, null as an empty list; a cursor with more pages is an error."""
    bodies = (b"[1]", b"null", FIRST.encode())
    with (
        ScriptedServer(*(response_bytes(200, body) for body in bodies)) as wire,
        Rig(wire.url).client as client,
    ):
        assert client.get_list("/v2/clusters/{id}/users", "1").body == [1]
        assert client.get_list("/v2/clusters/{id}/users", "1").text == "[]"
        with pytest.raises(UnexpectedResponseError, match="it has more pages, which cannot be requested"):
            client.get_list("/v2/clusters/{id}/users", "1")


@pytest.mark.parametrize(
    "text",
    [
        *("{}", '"a"', "", '{"data": 1}', '{"data": 0}', '{"data": ""}', '{"data": {"items": "ab"}}'),
        *('{"data": {"0": 1}}', '{"data": {"items": {}}}', '{"data": "[1]"}'),
    ],
)
def test_response_without_a_list(text: str) -> None:
    """A response without a list is an UnexpectedResponseError."""
    with pytest.raises(UnexpectedResponseError, match=r"the response has no list$"):
        read_list(received(text))
