"""Sorts lists, and divides them into pages with a cursor."""

from collections.abc import Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

from mock_server.api.registry import Call

Item = TypeVar("Item")


def ordered(call: Call, items: Sequence[dict[str, Any]]) -> Sequence[dict[str, Any]]:
    """Return the items sorted by `sortBy`: `KEY`, `KEY.asc` or `KEY.desc`. Without it, the order is kept."""
    key, _, direction = call.query.get("sortBy", "").partition(".")
    if not key:
        return items
    return sorted(items, key=lambda item: item[key], reverse=direction == "desc")


def page_of(call: Call, items: Sequence[Item]) -> tuple[dict[str, Any], Sequence[Item]]:
    """Return the cursor and the items of the requested page.

    Page numbers start at 1, and a page after the last is empty. The vendor does not document this: it is the
    mock's own policy. The links begin with `/public`, as those of the service do. No operation has such a
    path: a client requests a page by its number.
    """
    page, per_page = call.query["page"], call.query["perPage"]
    last = max(1, -(-len(items) // per_page))
    numbers = {"first": 1, "last": last}
    if page > 1:
        numbers["previous"] = min(page - 1, last)
    if page < last:
        numbers["next"] = page + 1
    cursor = {
        "pages": {
            "page": page,
            "perPage": per_page,
            "totalItems": len(items),
            **{name: number for name, number in numbers.items() if name != "first"},
        },
        "hrefs": {
            name: f"{call.origin}/public{call.path}?{urlencode({**call.query, 'page': number})}"
            for name, number in numbers.items()
        },
    }
    start = (page - 1) * per_page
    return cursor, items[start : start + per_page]
