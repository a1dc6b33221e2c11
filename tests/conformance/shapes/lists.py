"""Lists by the shape of their body: what an empty list looks like, and what is no list."""

from __future__ import annotations

from tests.conformance.shapes.shape import CLUSTER, NO_LIST, Shape, clouds, incomplete, page

MALFORMED = (
    "malformed JSON instead of the API's JSON: a proxy or a gateway responded, or CBC_API_URL is not the API"
)
_DIGITS = "0123456789" * 600


def _bare(id_: str, body: str, shows: str = "", reason: str = "") -> Shape:
    """Return a list without pages, of the operations that have one."""
    target = f"/v2/clusters/{CLUSTER}/buckets"
    return Shape(
        f"bare-{id_}", "lists without pages", ("list_buckets", CLUSTER), target, (body,), shows, reason
    )


LISTS = (
    *(
        clouds(f"body-{name}", body, shows=shows, group="lists")
        for name, body, shows in (
            ("null", "null", "[]"),
            ("null-in-space", " null\n", "[]"),
            ("empty-array", "[]", "[]"),
            ("array", '[{"id":"a"}]', '[{"id":"a"}]'),
            ("data-null", '{"data":null}', '{"data":[]}'),
            ("data-empty", '{"data":[]}', '{"data":[]}'),
            ("data-empty-object", '{"cursor":{"pages":{"totalItems":0}},"data":{}}', '{"data":{"items":[]}}'),
            ("data-object-in-space", '{ "data" : { } }', '{"data":{"items":[]}}'),
            ("items-null", '{"data":{"items":null}}', '{"data":{"items":[]}}'),
            ("items-missing", '{"data":{"tenantId":"t"}}', '{"data":{"items":[],"tenantId":"t"}}'),
            ("items", '{"data":{"tenantId":"t","items":[1]}}', '{"data":{"items":[1],"tenantId":"t"}}'),
            ("data-twice", '{"data":[1],"data":[2]}', '{"data":[2]}'),
            (
                "unknown-fields",
                '{"z":1,"data":[{"b":{},"a":[]}],"a":{}}',
                '{"a":{},"data":[{"b":{},"a":[]}],"z":1}',
            ),
            ("items-of-any-kind", '{"data":[null,true,"a",1,[],{}]}', '{"data":[null,true,"a",1,[],{}]}'),
            ("equal-items-of-one-page", '{"data":[1,1]}', '{"data":[1,1]}'),
            ("names", '{"\\u0064ata":[],"x\u2028\\/":1,"\\ud800":2}', '{"data":[],"x\\u2028/":1,"\ufffd":2}'),
            ("html-characters", '{"data":["<&>","\\u003c\\u0026"]}', '{"data":["<&>","\\u003c\\u0026"]}'),
            ("escapes", '{"data":["\\u00e9\\/\\"\\\\","é"]}', '{"data":["\\u00e9\\/\\"\\\\","é"]}'),
            ("lone-surrogate", '{"data":["\\ud800"]}', '{"data":["\\ud800"]}'),
            ("line-separator", '{"data":["a\u2028b\\u2028"]}', '{"data":["a\\u2028b\\u2028"]}'),
            (
                "beyond-the-bmp",
                '{"data":["\U0001f600\\ud83d\\ude00"]}',
                '{"data":["\U0001f600\\ud83d\\ude00"]}',
            ),
            ("numbers", '{"data":[1.0,1e3,-0,1E+2,0.10]}', '{"data":[1.0,1e3,-0,1E+2,0.10]}'),
            (
                "huge-numbers",
                '{"data":[1e30,1e999,12345678901234567890.10]}',
                '{"data":[1e30,1e999,12345678901234567890.10]}',
            ),
            ("many-digits", f'{{"data":[1{_DIGITS}]}}', f'{{"data":[1{_DIGITS}]}}'),
            ("deep", f'{{"data":[{"[" * 498}{"]" * 498}]}}', f'{{"data":[{"[" * 498}{"]" * 498}]}}'),
        )
    ),
    *(
        clouds(f"body-{name}", body, reason=reason, group="lists")
        for name, body, reason in (
            ("nothing", "", NO_LIST),
            ("white-space", " \n", NO_LIST),
            ("empty-object", "{}", NO_LIST),
            ("text", '"data"', NO_LIST),
            ("text-null", '"null"', NO_LIST),
            ("number", "0", NO_LIST),
            ("true", "true", NO_LIST),
            ("no-data", '{"cursor":{"pages":{"totalItems":0}}}', NO_LIST),
            ("data-in-capitals", '{"DATA":[1]}', NO_LIST),
            ("data-text", '{"data":"[1]"}', NO_LIST),
            ("data-text-null", '{"data":"null"}', NO_LIST),
            ("data-number", '{"data":0}', NO_LIST),
            ("data-false", '{"data":false}', NO_LIST),
            ("data-numeric-keys", '{"data":{"0":{"id":"a"},"1":{"id":"b"}}}', NO_LIST),
            ("data-unknown-field", '{"data":{"clusters":[1]}}', NO_LIST),
            ("data-tenant-and-more", '{"data":{"tenantId":"t","clusters":[1]}}', NO_LIST),
            ("items-object", '{"data":{"items":{}}}', NO_LIST),
            ("items-numeric-keys", '{"data":{"items":{"0":1}}}', NO_LIST),
            ("items-text", '{"data":{"items":"[1]"}}', NO_LIST),
            ("items-number", '{"data":{"items":1}}', NO_LIST),
            ("data-in-data", '{"data":{"data":[1]}}', NO_LIST),
            ("too-deep", f'{{"data":[{"[" * 499}{"]" * 499}]}}', MALFORMED),
            ("far-too-deep", "[" * 20000 + "]" * 20000, MALFORMED),
            ("nan", '{"data":[NaN]}', MALFORMED),
            ("infinity", '{"data":[-Infinity]}', MALFORMED),
            ("two-values", "[][]", MALFORMED),
            ("byte-order-mark", "\ufeff[]", MALFORMED),
        )
    ),
    *(
        _bare(name, body, shows)
        for name, body, shows in (
            ("null", "null", "[]"),
            ("empty", "[]", "[]"),
            ("items", '[{"name":"a","id":1}]', '[{"name":"a","id":1}]'),
            ("data-null", '{"data":null}', '{"data":[]}'),
            ("one-page", page("1", '"totalItems":1,"last":1'), '{"data":[1]}'),
        )
    ),
    *(
        _bare(name, body, reason=reason)
        for name, body, reason in (
            ("nothing", "", NO_LIST),
            ("object", '{"id":"a"}', NO_LIST),
            ("text", '"a"', NO_LIST),
            (
                "more-pages",
                page("1", '"next":2'),
                incomplete("it has more pages, which cannot be requested"),
            ),
            (
                "fewer-items",
                page("1", '"totalItems":2'),
                incomplete("it has 1 items, and its cursor says totalItems 2"),
            ),
        )
    ),
    Shape(
        "allow-list-null",
        "lists without pages",
        ("get_allow_list", CLUSTER),
        f"/v2/clusters/{CLUSTER}/allowlist",
        ("null",),
        "[]",
    ),
    Shape(
        "database-users-null",
        "lists without pages",
        ("list_database_users", CLUSTER),
        f"/v2/clusters/{CLUSTER}/users",
        ("null",),
        "[]",
    ),
    Shape(
        "v3-empty",
        "lists",
        ("list_clusters_v3",),
        "/v3/clusters?page=",
        ('{"cursor":{"hrefs":{},"pages":{"last":1,"page":1,"perPage":10,"totalItems":0}},"data":{}}',),
        '{"data":{"items":[]}}',
    ),
    Shape(
        "v3-pages",
        "cursors",
        ("list_clusters_v3",),
        "/v3/clusters?page=",
        (
            '{"cursor":{"pages":{"next":2}},"data":{"items":[{"createdAt":"2023-11-14T22:13:20.123456789Z"}],"tenantId":"t"}}',
            '{"cursor":{"pages":{}},"data":{"tenantId":"t","items":[{"createdAt":"2023-11-14T22:13:20.1Z"}]}}',
        ),
        '{"data":{"items":[{"createdAt":"2023-11-14T22:13:20.123456789Z"},{"createdAt":"2023-11-14T22:13:20.1Z"}],"tenantId":"t"}}',
    ),
    Shape(
        "v3-empty-last-page",
        "cursors",
        ("list_clusters_v3",),
        "/v3/clusters?page=",
        (
            '{"cursor":{"pages":{"next":2}},"data":{"items":[1],"tenantId":"t"}}',
            '{"cursor":{"pages":{}},"data":{}}',
        ),
        '{"data":{"items":[1],"tenantId":"t"}}',
    ),
    Shape(
        "one-page-keeps-its-cursor",
        "cursors",
        ("list_clouds", "--page", "2"),
        "/v2/clouds?page=2",
        ('{"data":[1],"cursor":{"pages":{"next":3.0,"page":"2"}}}',),
        '{"cursor":{"pages":{"next":3.0,"page":"2"}},"data":[1]}',
    ),
    Shape("one-page-null", "lists", ("list_clouds", "--page", "2"), "/v2/clouds?page=2", ("null",), "[]"),
)
