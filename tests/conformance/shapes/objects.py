"""Responses that are one object: its fields, its id, its state, and the errors of the API."""

from __future__ import annotations

from tests.conformance.shapes.shape import CLUSTER, Shape


def _one(id_: str, body: str, shows: str = "", reason: str = "", status: int = 200) -> Shape:
    target = f"/v2/clusters/{CLUSTER}"
    return Shape(f"one-{id_}", "objects", ("get_cluster", CLUSTER), target, (body,), shows, reason, status)


def _status(id_: str, body: str, shows: str = "", reason: str = "") -> Shape:
    target = f"/v2/clusters/{CLUSTER}/status"
    return Shape(f"status-{id_}", "fields", ("get_cluster_status", CLUSTER), target, (body,), shows, reason)


def _created(id_: str, body: str, shows: str = "", reason: str = "") -> Shape:
    target = "/v2/projects"
    return Shape(
        f"created-{id_}",
        "fields",
        ("create_project", "--name", "Travel"),
        target,
        (body,),
        shows,
        reason,
        status=201,
    )


def _poll(id_: str, body: str, state: str) -> Shape:
    line = f"cluster {CLUSTER}: {state}"
    return Shape(
        f"poll-{id_}",
        "fields",
        ("poll_cluster_status", "--timeout", "0", "--interval", "1", CLUSTER),
        f"/v2/clusters/{CLUSTER}/status",
        (body,),
        reason=f"cluster {CLUSTER}: still {state} after 0 s: increase --timeout to wait longer",
        progress=f"{line}\n",
        whole_line=True,
    )


def _refused(id_: str, body: str, message: str) -> Shape:
    """Return an error of the API whose body has an unusual shape."""
    target = f"/v2/clusters/{CLUSTER}"
    return Shape(
        f"error-{id_}", "errors", ("get_cluster", CLUSTER), target, (body,), reason=message, status=422
    )


OBJECTS = (
    *(
        _one(name, body, body)
        for name, body in (
            ("empty", "{}"),
            ("unknown-state", '{"id":"a","status":"frobnicating"}'),
            ("unknown-field", '{"zone":{"é":[{}]},"id":"a"}'),
            ("field-of-another-kind", '{"name":7,"status":null,"version":"7.2","id":[1,null]}'),
            ("number-id", '{"id":12345678901234567890.0}'),
            ("times", '{"createdAt":"2023-11-14T22:13:20.123456789012Z","at":1700000000.5,"on":"yesterday"}'),
        )
    ),
    *(
        _one(name, body, reason="the response has no object")
        for name, body in (
            ("null", "null"),
            ("nothing", ""),
            ("array", '[{"id":"a"}]'),
            ("text", '"a"'),
            ("number", "1"),
        )
    ),
    *(
        _status(name, body, body)
        for name, body in (
            ("unknown", '{"status":"frobnicating"}'),
            ("number", '{"status":7}'),
            ("fraction", '{"status":1.50}'),
            ("unknown-field", '{"id":"a","status":"ready","since":null}'),
        )
    ),
    *(
        _status(name, body, reason="the response has no status")
        for name, body in (
            ("missing", "{}"),
            ("null", '{"status":null}'),
            ("empty", '{"status":""}'),
            ("true", '{"status":true}'),
            ("object", '{"status":{"state":"ready"}}'),
            ("array", '{"status":["ready"]}'),
            ("in-capitals", '{"Status":"ready"}'),
            ("of-null", "null"),
            ("of-an-array", '[{"status":"ready"}]'),
            ("of-nothing", ""),
        )
    ),
    *(_created(name, body, body) for name, body in (("text", '{"id":"a"}'), ("number", '{"id":7}'))),
    *(
        _created(name, body, reason="the response has no id")
        for name, body in (
            ("missing", "{}"),
            ("null", '{"id":null}'),
            ("empty", '{"id":""}'),
            ("true", '{"id":true}'),
            ("object", '{"id":{}}'),
            ("nothing", ""),
        )
    ),
    _poll("unknown-state", '{"status":"frobnicating"}', "frobnicating"),
    _poll("number", '{"status":7}', "7"),
    _poll("number-as-sent", '{"status":1.50e1}', "1.50e1"),
    _refused("usual", '{"errorType":"E","message":"m"}', "422 E: m"),
    _refused("unknown-field", '{"errorType":"E","message":"m","hint":"h"}', "422 E: m"),
    _refused("message-null", '{"errorType":"E","message":null}', "422 E: Unprocessable Entity"),
    _refused("message-number", '{"errorType":"E","message":7}', "422 E: Unprocessable Entity"),
    _refused("message-object", '{"errorType":"E","message":{"a":1}}', "422 E: Unprocessable Entity"),
    _refused("type-number", '{"errorType":7,"message":"m"}', "422: m"),
    _refused("type-array", '{"errorType":["E"],"message":"m"}', "422: m"),
    _refused("in-capitals", '{"ErrorType":"E","MESSAGE":"m"}', "422: Unprocessable Entity"),
    _refused("null", "null", "422: Unprocessable Entity"),
    _refused("array", '[{"message":"m"}]', "422: Unprocessable Entity"),
    _refused("text", '"m"', "422: Unprocessable Entity"),
    _refused("nothing", "", "422: Unprocessable Entity"),
    _refused("white-space", "\n", "422: Unprocessable Entity"),
)
