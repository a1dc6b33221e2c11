"""Pages: one answer's part of a list, and the cursor that leads to the others."""

from collections.abc import Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

from mock_server.api.registry import Call

Item = TypeVar("Item")


def ordered(call: Call, items: Sequence[dict[str, Any]]) -> Sequence[dict[str, Any]]:
    """Sort by `sortBy`, which is `KEY`, `KEY.asc` or `KEY.desc`; without it keep the order of creation."""
    key, _, direction = call.query.get("sortBy", "").partition(".")
    if not key:
        return items
    return sorted(items, key=lambda item: item[key], reverse=direction == "desc")


def page_of(call: Call, items: Sequence[Item]) -> tuple[dict[str, Any], Sequence[Item]]:
    """Return the cursor and the items of the page asked for.

    Our policy, where the vendor is silent: pages count from 1, and a page past the end is empty.
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
            name: f"{call.origin}{call.path}?{urlencode({**call.query, 'page': number})}"
            for name, number in numbers.items()
        },
    }
    start = (page - 1) * per_page
    return cursor, items[start : start + per_page]
