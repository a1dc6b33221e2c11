"""The judge of the examples: right output passes, and every wrong output and change is found."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import pytest

from tests.conformance.examples.cases import Example
from tests.conformance.examples.independent_client import IndependentClient, contains, items
from tests.conformance.examples.judge import fill, problems
from tests.suite.examples.fake_programs import completed

if TYPE_CHECKING:
    from collections.abc import Mapping

CLOUDS = {"cursor": {}, "data": [{"id": "1", "name": "Oslo"}, {"id": "2", "name": "Lima"}]}
LIST = Example("list_clouds", reads="/v2/clouds", columns={"Name": "name", "ID": "id"})
CREATE = Example("create_x", status=201, line="{new}", there=(("/x/{new}", {"name": "é/"}),))
DELETE = Example("delete_x", status=204, line="deleted {x}", gone=(("/x/{x}", {}), ("/xs", {"id": "{x}"})))
FIND = Example(
    "deploy_x", finds={"made": ("/xs", {"name": "a"})}, shows={"id": "{made}"}, columns={"X": "id"}
)
FIELD = Example("get_x", reads="/x/7", prints="a.b")


@dataclass
class FixedApi:
    """An API with fixed responses."""

    bodies: Mapping[str, Any]

    def get(self, target: str) -> Any:  # noqa: ANN401  # JSON
        """Return the body of a target, or None."""
        return self.bodies.get(target)


def found(example: Example, out: str | Mapping[str, Any], bodies: Mapping[str, Any]) -> list[str]:
    """Return the problems of an output: JSON if it is an object, else text."""
    as_json = not isinstance(out, str)
    end = completed(json.dumps(out) if as_json else cast("str", out))
    return problems(example, end, cast("IndependentClient", FixedApi(bodies)), {"x": "7"}, as_json=as_json)


@pytest.mark.parametrize(
    ("example", "out", "bodies"),
    [
        (LIST, "Name  ID\nOslo  1\nLima  2\n", {"/v2/clouds": CLOUDS}),
        (LIST, {"status": 200, "body": CLOUDS}, {"/v2/clouds": CLOUDS}),
        (LIST, {"status": 200, "body": {**CLOUDS, "cursor": {"page": 3}}}, {"/v2/clouds": CLOUDS}),
        (CREATE, "9\n", {"/x/9": {"name": "é/"}}),
        (
            CREATE,
            {"status": 201, "location": "/x/a%2Fb", "body": None},
            {"/x/a%2Fb": {"name": "é/", "more": 1}},
        ),
        (CREATE, {"status": 201, "body": {"id": "9"}}, {"/x/9": {"name": "é/"}}),
        (DELETE, "deleted 7\n", {"/xs": [{"id": "8"}]}),
        (FIND, "X\n3\n", {"/xs": [{"name": "a", "id": "3"}, {"name": "b", "id": "4"}]}),
        (FIND, {"status": 200, "body": {"id": "3", "more": 1}}, {"/xs": [{"name": "a", "id": "3"}]}),
        (FIELD, "c\n", {"/x/7": {"a": {"b": "c"}}}),
    ],
)
def test_right_output(example: Example, out: str | Mapping[str, Any], bodies: Mapping[str, Any]) -> None:
    """No problem is found if output and changes are right."""
    assert found(example, out, bodies) == []


@pytest.mark.parametrize(
    ("example", "out", "bodies", "said"),
    [
        (LIST, "Name  ID\nOslo  1\n", {"/v2/clouds": CLOUDS}, "1 rows for 2 items"),
        (LIST, "Name  ID\nLima  2\nOslo  1\n", {"/v2/clouds": CLOUDS}, "does not contain ['Oslo', '1']"),
        (LIST, "Name\nOslo  1\nLima  2\n", {"/v2/clouds": CLOUDS}, "no column ID"),
        (LIST, "", {"/v2/clouds": CLOUDS}, "no column Name, ID"),
        (LIST, {"status": 201, "body": CLOUDS}, {"/v2/clouds": CLOUDS}, "the status 201 instead of 200"),
        (LIST, {"status": 200, "body": {**CLOUDS, "data": []}}, {"/v2/clouds": CLOUDS}, "the items differ"),
        (LIST, {"status": 200}, {"/v2/clouds": CLOUDS}, "is not {status, location, body}"),
        (
            LIST,
            {"status": 200, "body": CLOUDS, "x": 1},
            {"/v2/clouds": CLOUDS},
            "is not {status, location, body}",
        ),
        (CREATE, "9\n", {}, "nothing in /x/9 has {'name': 'é/'}"),
        (CREATE, "9\n", {"/x/9": {"name": "other"}}, "nothing in /x/9 has"),
        (
            CREATE,
            {"status": 201, "location": "/x/8", "body": None},
            {"/x/9": {"name": "é/"}},
            "nothing in /x/8 has",
        ),
        (DELETE, "deleted 7\n", {"/x/7": {"id": "7"}}, "/x/7 still exists with {}"),
        (DELETE, "deleted 7\n", {"/xs": [{"id": "7"}]}, "/xs still exists with {'id': '7'}"),
        (DELETE, "deleted it\n", {}, 'prints "deleted it\\n" instead of "deleted 7"'),
        (FIND, "X\n3\n", {"/xs": []}, "0 items of /xs have"),
        (FIND, "X\n3\n", {"/xs": [{"name": "a", "id": "3"}] * 2}, "2 items of /xs have"),
        (FIND, "X\n4\n", {"/xs": [{"name": "a", "id": "3"}]}, "does not contain ['3']"),
        (FIELD, "d\n", {"/x/7": {"a": {"b": "c"}}}, 'prints "d\\n" instead of "c"'),
        (FIELD, {"status": 200, "body": {"a": {}}}, {"/x/7": {"a": {"b": "c"}}}, "the body differs"),
    ],
)
def test_wrong_output(
    example: Example, out: str | Mapping[str, Any], bodies: Mapping[str, Any], said: str
) -> None:
    """Each wrong output has its problem text."""
    assert any(said in problem for problem in found(example, out, bodies)), found(example, out, bodies)


def test_a_table_instead_of_json() -> None:
    """The problem says that stdout is not JSON."""
    assert problems(LIST, completed("Name"), cast("IndependentClient", FixedApi({})), {}, as_json=True) == [
        "stdout is not JSON"
    ]


def test_expected_content_is_found() -> None:
    """An object may have further keys; a list must be equal."""
    assert contains({"a": {"b": 1, "c": 2}, "d": [1]}, {"a": {"b": 1}, "d": [1]})
    assert not contains({"a": {"c": 2}}, {"a": {"b": 1}})
    assert not contains({"d": [1, 2]}, {"d": [1]})
    assert not contains(None, {"d": None})
    assert fill({"a": ["{x}", 1]}, {"x": "y"}) == {"a": ["y", 1]}
    assert items({"data": {"items": [1]}}) == items({"data": [1]}) == items([1]) == [1]
