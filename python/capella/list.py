"""The pages of a list: whether they are the whole list, and how their items become one list.

A list is whole, or it is an error. The cursor of a page is

    {"pages": {"page": 1, "next": 2, "last": 3, "perPage": 10, "totalItems": 25}, "hrefs": {...}}

`next` is absent, null or 0 on the last page. Every number may be absent, and may be written as text or with a
fraction of zero. A list of one page needs no cursor.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from capella.printable import valid
from capella.responses import DECODER, Response, decode

MAX_PAGES = 1000  # a list of more pages is an error, so that no server is followed for ever

_WHITE_SPACE = " \t\n\r"
_SPACE = re.compile(f"[{_WHITE_SPACE}]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_MAX_NUMBER = 2**53  # a float is exact below
_BOUNDS = ("totalItems", "last")  # they are the same on every page


@dataclass(frozen=True, slots=True)
class Page:
    """A page: {"cursor": ..., "data": [...]}, {"cursor": ..., "data": {"items": [...]}}, or a bare list.

    Args:
        body: name -> JSON text; None for a bare list.
        data: the same of `data`; None unless it is an object.
        items: the JSON text of each item.
    """

    body: dict[str, str] | None
    data: dict[str, str] | None
    items: list[str]

    def decoded(self) -> list[Any]:
        """Return the decoded items."""
        return [decode(item) for item in self.items]

    def response(self, response: Response) -> Response:
        """Return a response with this page as its body, and with names in alphabetical order."""
        text = f"[{','.join(self.items)}]"
        if self.data is not None:
            text = _object({**self.data, "items": text})
        if self.body is not None:
            text = _object({**self.body, "data": text})
        return Response(response.status, decode(text), response.location, response.request, text)


def read_list(response: Response) -> Page:
    """Return the page in a response. A list or `data` that is null, and `data` that is {}, are empty lists.

    Raises:
        UnexpectedResponseError: the response has no list.
    """
    body, data, items = None, None, response.text.strip(_WHITE_SPACE)
    if items.startswith("{"):
        body = members(items)
        items = body.get("data", "")
    if body is not None and items.startswith("{"):
        data = members(items)
        items = data.get("items", "null" if data.keys() <= {"tenantId"} else "")
    if items == "null":
        return Page(body, data, [])
    if not items.startswith("["):
        raise response.unexpected("the response has no list")
    return Page(body, data, [item for _, item in _parts(items)])


@dataclass(slots=True)
class Pages:
    """The pages of a list, added in their order. `number` is the number of the last one."""

    number: int = 0
    _first: Page = field(default_factory=lambda: Page(None, None, []))
    _items: list[str] = field(default_factory=list)
    _seen: set[str] = field(default_factory=set)
    _bounds: dict[str, int] = field(default_factory=dict)

    def add(self, response: Response) -> bool:
        """Add the next page, and return whether another one follows.

        Raises:
            UnexpectedResponseError: the response has no list, its cursor is malformed, or the pages may not
                be the whole list.
        """
        page = read_list(response)
        self.number += 1
        try:
            more = self._check(page)
        except ValueError as error:
            raise response.unexpected(str(error)) from None
        if self.number == 1:
            self._first = page
        return more

    def response(self, last: Response) -> Response:
        """Return the last response with the items of all pages in the body of the first, without cursor."""
        body = self._first.body
        if body is not None:
            body = {name: text for name, text in body.items() if name != "cursor"}
        return Page(body, self._first.data, self._items).response(last)

    def _check(self, page: Page) -> bool:
        """Add the items of a page, and return whether another page follows.

        Raises:
            ValueError: the pages may not be the whole list.
        """
        numbers = _cursor(page)
        if numbers is None and self.number > 1:
            raise ValueError(f"the list may be incomplete: page {self.number} has no cursor")
        numbers = numbers or {}
        self._compare(numbers)
        if not self._seen.isdisjoint(page.items):
            raise ValueError(
                f"the list may be incomplete: page {self.number} repeats an item of an earlier page"
            )
        self._seen.update(page.items)
        self._items += page.items
        following = numbers.get("next", 0)
        if following == 0:
            self._check_end()
            return False
        self._check_next(following, len(page.items), numbers.get("perPage", 0))
        return True

    def _compare(self, numbers: Mapping[str, int]) -> None:
        """Compare the bounds in a cursor with those of earlier pages, and keep them."""
        for name in _BOUNDS:
            if name in numbers and self._bounds.setdefault(name, numbers[name]) != numbers[name]:
                raise ValueError(
                    f"the list changed between two pages: {name} was {self._bounds[name]}"
                    f" and is {numbers[name]}; try again"
                )

    def _check_end(self) -> None:
        """Compare the whole list with the bounds in its cursor."""
        total, last = (self._bounds.get(name) for name in _BOUNDS)
        if total not in {None, len(self._items)}:
            raise ValueError(
                f"the list may be incomplete: it has {len(self._items)} items,"
                f" and its cursor says totalItems {total}"
            )
        if last is not None and max(last, 1) != self.number:
            raise ValueError(
                f"the list may be incomplete: it ends at page {self.number}, and its cursor says last {last}"
            )

    def _check_next(self, following: int, size: int, per_page: int) -> None:
        """Check that another page can follow a page of a size."""
        named = f"the list may be incomplete: page {self.number} names page {following} as the next one"
        total, last = (self._bounds.get(name) for name in _BOUNDS)
        if following != self.number + 1:
            raise ValueError(named)
        if size == 0:
            raise ValueError(f"{named}, and has no items")
        if total is not None and len(self._items) >= total:
            raise ValueError(f"{named}, and its cursor says totalItems {total}")
        if last is not None and self.number >= last:
            raise ValueError(f"{named}, and its cursor says last {last}")
        if total is None and size < per_page:
            raise ValueError(f"{named}, and has {size} items, and its cursor says perPage {per_page}")
        if self.number == MAX_PAGES:
            raise ValueError(f"the list has more than {MAX_PAGES} pages: use a larger --per-page")


def members(text: str) -> dict[str, str]:
    """Return the members of a JSON object: name -> JSON text."""
    return dict(_parts(text))


def _parts(text: str) -> Iterator[tuple[str, str]]:
    """Yield the name and the JSON text of each member of an object, or "" and that of each item of a list."""
    position = _after_space(text, 1)
    while text[position] not in "]}":
        name = ""
        if text[0] == "{":
            name, position = DECODER.raw_decode(text, position)
            position = _after_space(text, _after_space(text, position) + 1)  # the colon
        _, end = DECODER.raw_decode(text, position)
        yield name, text[position:end]
        position = _after_space(text, end)
        if text[position] == ",":
            position = _after_space(text, position + 1)


def _after_space(text: str, position: int) -> int:
    found = _SPACE.match(text, position)
    return found.end() if found else position


def _object(members: Mapping[str, str]) -> str:
    """Return the JSON text of an object, with its names in alphabetical order."""
    pairs = (f"{json.dumps(valid(name), ensure_ascii=False)}:{members[name]}" for name in sorted(members))
    return f"{{{','.join(pairs)}}}"


def _cursor(page: Page) -> dict[str, int] | None:
    """Return the numbers in the cursor of a page; None without a cursor.

    Raises:
        ValueError: the cursor is malformed.
    """
    found = page.body or {}
    for name in ("cursor", "pages"):
        text = found.get(name, "null")
        if text == "null":
            return None
        if not text.startswith("{"):
            raise ValueError(f"the cursor is malformed: {name} is {text:.100} instead of an object")
        found = members(text)
    numbers = {}
    for name in ("next", "perPage", *_BOUNDS):
        text = found.get(name, "null")
        if text == "null":
            continue
        number = _whole(text)
        if number is None:
            raise ValueError(f"the cursor is malformed: {name} is {text:.100} instead of a whole number")
        numbers[name] = number
    return numbers


def _whole(text: str) -> int | None:
    """Return the whole number from 0 in a JSON number, or in a JSON string of one; None for anything else."""
    if text.startswith('"'):
        text = decode(text)
    if not _NUMBER.fullmatch(text):
        return None
    number = float(text)
    return int(number) if number.is_integer() and 0 <= number < _MAX_NUMBER else None
