"""Lists by their cursor: a list is whole, or it is an error, and no server is followed for ever."""

from __future__ import annotations

from tests.conformance.shapes.shape import MAX_PAGES, NO_LIST, clouds, incomplete, page

_NEXT = {  # values of `next` that mean 2, and values that name no page
    **dict.fromkeys(("2", '"2"', "2.0", "2e0", "20e-1", '"2.0"', '"\\u0032"'), 2),
    **dict.fromkeys(("null", "0", "-0", "0.0", '"0"'), 0),
}
_NO_NUMBER = (
    *("true", "false", '"two"', '""', '" 2"', '"2 "', '"0x2"', '"+2"', '"02"', '"2_0"', '"\\u0662"', '"NaN"'),
    *("2.5", "-1", "-2", "1e30", "1e999", "9007199254740992", "[]", "[2]", "{}", '{"page":2}', "9" * 99),
)


def _malformed(name: str, text: str, instead: str = "a whole number") -> str:
    return f"the cursor is malformed: {name} is {text} instead of {instead}"


def _names(page: int, following: int, more: str = "") -> str:
    return incomplete(f"page {page} names page {following} as the next one{more}")


CURSORS = (
    *(
        clouds(f"cursor-{name}", f'{{"cursor":{text},"data":[1]}}', shows='{"data":[1]}')
        for name, text in (
            ("null", "null"),
            ("empty", "{}"),
            ("pages-null", '{"pages":null}'),
            ("pages-empty", '{"pages":{}}'),
            ("hrefs-only", '{"hrefs":{"next":"http://127.0.0.1:1/"}}'),
            ("unknown-field", '{"pages":{"NEXT":2,"Next":2,"after":"x","page":true}}'),
            ("in-capitals", '{"PAGES":{"next":2}}'),
            ("spaced", ' { "pages" : { "next" : null } } '),
        )
    ),
    *(
        clouds(
            f"cursor-{name}", f'{{"cursor":{text},"data":[1]}}', reason=_malformed(field, shown, "an object")
        )
        for name, text, field, shown in (
            ("text", '"abc"', "cursor", '"abc"'),
            ("number", "2", "cursor", "2"),
            ("true", "true", "cursor", "true"),
            ("array", "[]", "cursor", "[]"),
            ("pages-text", '{"pages":"2"}', "pages", '"2"'),
            ("pages-number", '{"pages":2}', "pages", "2"),
            ("pages-array", '{"pages":[{"next":2}]}', "pages", '[{"next":2}]'),
            ("long", f'"{"é" * 200}"', "cursor", f'"{"é" * 99}'),
            ("control-character", '"\u200b"', "cursor", '" "'),
        )
    ),
    *(
        clouds(f"next-{text}", page("1", f'"next":{text}'), page("2", ""), shows='{"data":[1,2]}')
        if number
        else clouds(f"next-{text}", page("1", f'"next":{text}'), shows='{"data":[1]}')
        for text, number in _NEXT.items()
    ),
    *(
        clouds(f"{name}-{text[:20]}", page("1", f'"{name}":{text}'), reason=_malformed(name, text))
        for name, texts in (
            ("next", _NO_NUMBER),
            *(
                (name, ("true", '"two"', "0.5", "-1", "1e30", "[]"))
                for name in ("totalItems", "last", "perPage")
            ),
        )
        for text in texts
    ),
    *(
        clouds(f"{name}-as-{text}", page("1", f'"{name}":{text}'), shows='{"data":[1]}')
        for name in ("totalItems", "last")
        for text in ("1", '"1"', "1.0", "null")
    ),
    clouds("cursor-missing", page("1"), shows='{"data":[1]}'),
    clouds("cursor-twice", '{"cursor":{"pages":{"next":2}},"cursor":{},"data":[1]}', shows='{"data":[1]}'),
    clouds("empty-with-totals", page("", '"totalItems":0,"last":1,"page":1'), shows='{"data":[]}'),
    clouds("empty-with-last-0", page("", '"totalItems":0,"last":0'), shows='{"data":[]}'),
    clouds(
        "three-pages",
        page("1,2", '"next":2,"last":3,"perPage":2,"totalItems":5'),
        page("3,4", '"next":3,"last":3,"perPage":2,"totalItems":5'),
        page("5", '"last":3,"perPage":2,"totalItems":5'),
        shows='{"data":[1,2,3,4,5]}',
    ),
    clouds("empty-last-page", page("1", '"next":2'), page("", ""), shows='{"data":[1]}'),
    clouds(
        "per-page-above-the-limit",  # a server may limit it
        page("1", '"next":2,"perPage":1000,"totalItems":2'),
        page("2", '"perPage":1000,"totalItems":2'),
        shows='{"data":[1,2]}',
    ),
    clouds(
        "null-page-in-the-middle", page("1", '"next":2'), "null", reason=incomplete("page 2 has no cursor")
    ),
    clouds("cursor-lost", page("1", '"next":2'), page("2"), reason=incomplete("page 2 has no cursor")),
    clouds("list-lost", page("1", '"next":2'), "{}", reason=NO_LIST),
    clouds("next-stays", page("1", '"next":1'), reason=_names(1, 1)),
    clouds("next-skips", page("1", '"next":3'), reason=_names(1, 3)),
    clouds("next-stays-on-page-2", page("1", '"next":2'), page("2", '"next":2'), reason=_names(2, 2)),
    clouds("next-goes-back", page("1", '"next":2'), page("2", '"next":1'), reason=_names(2, 1)),
    clouds("empty-page-first", page("", '"next":2'), reason=_names(1, 2, ", and has no items")),
    clouds(
        "empty-page-in-the-middle",
        page("1", '"next":2'),
        page("", '"next":3'),
        reason=_names(2, 3, ", and has no items"),
    ),
    clouds(
        "short-page",
        page("1", '"next":2,"perPage":2'),
        reason=_names(1, 2, ", and has 1 items, and its cursor says perPage 2"),
    ),
    clouds(
        "total-too-small",
        page("1,2", '"next":2,"totalItems":2'),
        reason=_names(1, 2, ", and its cursor says totalItems 2"),
    ),
    clouds(
        "last-too-small",
        page("1", '"next":2,"last":"1"'),
        reason=_names(1, 2, ", and its cursor says last 1"),
    ),
    clouds(
        "fewer-items-than-the-total",
        page("1", '"next":2,"totalItems":3'),
        page("2", '"totalItems":3'),
        reason=incomplete("it has 2 items, and its cursor says totalItems 3"),
    ),
    clouds(
        "more-items-than-the-total",
        page("1,2", '"totalItems":"1"'),
        reason=incomplete("it has 2 items, and its cursor says totalItems 1"),
    ),
    clouds(
        "null-with-a-total",
        '{"cursor":{"pages":{"totalItems":7}},"data":null}',
        reason=incomplete("it has 0 items, and its cursor says totalItems 7"),
    ),
    clouds(
        "empty-object-with-a-total",
        '{"cursor":{"pages":{"totalItems":7}},"data":{}}',
        reason=incomplete("it has 0 items, and its cursor says totalItems 7"),
    ),
    clouds(
        "ends-before-the-last-page",
        page("1", '"last":3'),
        reason=incomplete("it ends at page 1, and its cursor says last 3"),
    ),
    clouds(
        "total-lost-on-page-2",
        page("1", '"next":2,"totalItems":3'),
        page("2", ""),
        reason=incomplete("it has 2 items, and its cursor says totalItems 3"),
    ),
    clouds(
        "total-changes",
        page("1", '"next":2,"totalItems":2'),
        page("2", '"totalItems":3'),
        reason="the list changed between two pages: totalItems was 2 and is 3; try again",
    ),
    clouds(
        "last-changes",
        page("1", '"next":2,"last":2'),
        page("2", '"last":1'),
        reason="the list changed between two pages: last was 2 and is 1; try again",
    ),
    clouds(
        "same-page-again",
        page('{"id":"a"}', '"next":2'),
        page('{"id":"a"}', '"next":3'),
        reason=incomplete("page 2 repeats an item of an earlier page"),
    ),
    clouds(
        "item-again",
        page("1,2", '"next":2'),
        page("2,3", ""),
        reason=incomplete("page 2 repeats an item of an earlier page"),
    ),
    clouds(
        "pages-in-a-circle",
        page("1", '"next":2'),
        page("2", '"next":3'),
        page("1", '"next":4'),
        reason=incomplete("page 3 repeats an item of an earlier page"),
    ),
    clouds(
        "for-ever",
        *(page(f"{number}", f'"next":{number + 1}') for number in range(1, MAX_PAGES + 1)),
        reason=f"the list has more than {MAX_PAGES} pages: use a larger --per-page",
    ),
)
