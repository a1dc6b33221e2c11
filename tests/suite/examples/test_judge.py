"""The judges of the examples, given examples that are wrong in every way they look for."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

import pytest

from tests.conformance.examples.cases import Example
from tests.conformance.examples.independent_client import Caller, holds, items
from tests.conformance.examples.judge import fill, problems
from tests.conformance.examples.runs import Prover
from tests.conformance.examples.sandbox import PASSWORD, SECRET_KEY, leaks, unaccepted
from tests.conformance.faults.cases import FaultCase
from tests.conformance.faults.test_faults import meet
from tests.conformance.programs.examples import Programs, Ran

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

CLOUDS = {"cursor": {}, "data": [{"id": "1", "name": "Oslo"}, {"id": "2", "name": "Lima"}]}
LIST = Example("list_clouds", reads="/v2/clouds", columns={"Name": "name", "ID": "id"})
CREATE = Example("create_x", status=201, line="{new}", there=(("/x/{new}", {"name": "é/"}),))
DELETE = Example("delete_x", status=204, line="deleted {x}", gone=(("/x/{x}", {}), ("/xs", {"id": "{x}"})))
FIND = Example(
    "deploy_x", finds={"made": ("/xs", {"name": "a"})}, shows={"id": "{made}"}, columns={"X": "id"}
)
FIELD = Example("get_x", reads="/x/7", prints="a.b")


@dataclass
class Api:
    """An API of fixed answers."""

    bodies: Mapping[str, Any]

    def get(self, target: str) -> Any:  # noqa: ANN401  # JSON
        """Return what stands there."""
        return self.bodies.get(target)


def ran(out: str = "", *, code: int = 0, err: str = "") -> Ran:
    """Make the end of a program."""
    return Ran("python python/x.py", code, out, err, 0.0)


def found(example: Example, out: str | Mapping[str, Any], bodies: Mapping[str, Any]) -> list[str]:
    """Return the problems with an output: JSON if it is an object, else text."""
    as_json = not isinstance(out, str)
    end = ran(json.dumps(out) if as_json else cast("str", out))
    return problems(example, end, cast("Caller", Api(bodies)), {"x": "7"}, as_json=as_json)


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
def test_what_is_right(example: Example, out: str | Mapping[str, Any], bodies: Mapping[str, Any]) -> None:
    """Shown and left behind as it must be: no problem is found."""
    assert found(example, out, bodies) == []


@pytest.mark.parametrize(
    ("example", "out", "bodies", "said"),
    [
        (LIST, "Name  ID\nOslo  1\n", {"/v2/clouds": CLOUDS}, "1 rows for 2 items"),
        (LIST, "Name  ID\nLima  2\nOslo  1\n", {"/v2/clouds": CLOUDS}, "lacks ['Oslo', '1']"),
        (LIST, "Name\nOslo  1\nLima  2\n", {"/v2/clouds": CLOUDS}, "head lacks ID"),
        (LIST, "", {"/v2/clouds": CLOUDS}, "head lacks Name, ID"),
        (LIST, {"status": 201, "body": CLOUDS}, {"/v2/clouds": CLOUDS}, "the status 201 in place of 200"),
        (LIST, {"status": 200, "body": {**CLOUDS, "data": []}}, {"/v2/clouds": CLOUDS}, "other items"),
        (LIST, {"status": 200}, {"/v2/clouds": CLOUDS}, "is not {status, location, body}"),
        (
            LIST,
            {"status": 200, "body": CLOUDS, "x": 1},
            {"/v2/clouds": CLOUDS},
            "is not {status, location, body}",
        ),
        (CREATE, "9\n", {}, "/x/9 has nothing with {'name': 'é/'}"),
        (CREATE, "9\n", {"/x/9": {"name": "other"}}, "has nothing with"),
        (
            CREATE,
            {"status": 201, "location": "/x/8", "body": None},
            {"/x/9": {"name": "é/"}},
            "/x/8 has nothing",
        ),
        (DELETE, "deleted 7\n", {"/x/7": {"id": "7"}}, "/x/7 still has something"),
        (DELETE, "deleted 7\n", {"/xs": [{"id": "7"}]}, "/xs still has {'id': '7'}"),
        (DELETE, "deleted it\n", {}, 'prints "deleted it\\n" in place of "deleted 7"'),
        (FIND, "X\n3\n", {"/xs": []}, "0 items of /xs have"),
        (FIND, "X\n3\n", {"/xs": [{"name": "a", "id": "3"}] * 2}, "2 items of /xs have"),
        (FIND, "X\n4\n", {"/xs": [{"name": "a", "id": "3"}]}, "lacks ['3']"),
        (FIELD, "d\n", {"/x/7": {"a": {"b": "c"}}}, 'prints "d\\n" in place of "c"'),
        (FIELD, {"status": 200, "body": {"a": {}}}, {"/x/7": {"a": {"b": "c"}}}, "another body"),
    ],
)
def test_what_is_wrong(
    example: Example, out: str | Mapping[str, Any], bodies: Mapping[str, Any], said: str
) -> None:
    """Each way to be wrong is found."""
    assert any(said in problem for problem in found(example, out, bodies)), found(example, out, bodies)


def test_json_that_is_none() -> None:
    """A table where JSON must be is said to be none."""
    assert problems(LIST, ran("Name"), cast("Caller", Api({})), {}, as_json=True) == ["stdout is not JSON"]


def test_facts_are_found_in_what_holds_more() -> None:
    """In an object more may stand beside what is wanted; a list is wanted as it is."""
    assert holds({"a": {"b": 1, "c": 2}, "d": [1]}, {"a": {"b": 1}, "d": [1]})
    assert not holds({"a": {"c": 2}}, {"a": {"b": 1}})
    assert not holds({"d": [1, 2]}, {"d": [1]})
    assert not holds(None, {"d": None})
    assert fill({"a": ["{x}", 1]}, {"x": "y"}) == {"a": ["y", 1]}
    assert items({"data": {"items": [1]}}) == items({"data": [1]}) == items([1]) == [1]


def test_leaks_and_tracebacks_are_found() -> None:
    """A secret in either stream, and what Python and Go print when nobody caught an error."""
    assert leaks(ran("fine", err="fine")) == []
    assert leaks(ran(f"key {SECRET_KEY}")) == leaks(ran(err=PASSWORD)) == ["prints a secret"]
    for text in ("Traceback (most recent call last):", "panic: no", "goroutine 1 [running]:"):
        assert leaks(ran(err=text)) == ["prints a traceback"]


def test_requests_that_were_not_accepted_are_found() -> None:
    """A wrong signature, one that is missing, and none where none is needed."""
    entry = {"method": "GET", "target": "/v2/clouds", "code": "ok", "mistake": None}
    status = {**entry, "target": "/v2/status"}
    assert unaccepted([entry, {**status, "code": "unsigned"}]) == []
    assert unaccepted([]) == ["makes no request"]
    assert unaccepted([{**entry, "code": "unsigned"}]) == ["GET /v2/clouds: unsigned "]
    assert unaccepted([status]) == ["GET /v2/status: ok "], "get_status sends no keys"
    wrong = {**entry, "code": "signature_mismatch", "mistake": "field_order"}
    assert unaccepted([wrong]) == ["GET /v2/clouds: signature_mismatch field_order"]


@dataclass
class Client:
    """Stands in for the programs: calls the mock rightly, and ends as it is told to."""

    end: Callable[[Caller], Ran]
    calls: list[Sequence[str]] = field(default_factory=list)

    def run(
        self, _: str, __: str, arguments: Sequence[str], settings: Mapping[str, str], *, forked: bool
    ) -> Ran:
        """Run the client as if it were a program."""
        del forked
        self.calls.append(arguments)
        port = int(settings["CBC_API_URL"].rpartition(":")[2])
        return self.end(Caller(port, settings["CBC_ACCESS_KEY"], settings["CBC_SECRET_KEY"]))


def get_status(caller: Caller) -> Ran:
    """Show a project as Go does, and fail as it must."""
    answer = caller.call("GET", "/v2/projects")
    if answer.status != 200:
        return ran(code=1, err=f"get: {answer.status} {answer.json()['message']}\n")
    return ran(json.dumps({"status": 200, "body": answer.json()}))


PROJECTS = Example("list_projects", reads="/v2/projects")


def outcomes(end: Callable[[Caller], Ran]) -> list[tuple[str, str, str]]:
    """Prove a client that ends so, and return group, outcome and detail of each run."""
    prover = Prover(cast("Programs", Client(end)), "go", PROJECTS)
    return [(result.groups[0], result.outcome, result.detail) for result in prover.prove().results]


def test_a_right_client_is_proved() -> None:
    """Once where all is well, and five times where its one request is refused."""
    assert [outcome for _, outcome, _ in outcomes(get_status)] == ["passed"] * 6


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda end: ran(end.out, code=0, err=end.err), "ends with exit code 0 in place of 1"),
        (lambda end: ran("something", code=1, err=end.err), "prints something on stdout"),
        (lambda _: ran(code=1, err="it did not work\n"), "has no line on stderr"),
        (lambda end: ran(code=1, err=end.err * 2), "has no line on stderr"),
        (lambda end: ran(code=1, err=f"{end.err}Traceback\n"), "prints a traceback"),
    ],
)
def test_a_client_that_fails_wrongly_is_found(spoil: Callable[[Ran], Ran], said: str) -> None:
    """Where its request is refused: exit code, stdout, message and traceback are looked at."""

    def end(caller: Caller) -> Ran:
        right = get_status(caller)
        return spoil(right) if right.code else right

    results = outcomes(end)
    assert [outcome for _, outcome, _ in results] == ["passed"] + ["failed"] * 5
    assert all(said in detail for _, _, detail in results[1:])


def test_a_client_that_shows_what_is_not_there_is_found() -> None:
    """The rest is not looked at: it would say the same again."""
    results = outcomes(lambda caller: ran(get_status(caller).out.replace("Lisbon", "Lissabon")))
    assert [outcome for _, outcome, _ in results] == ["failed"]
    assert "shows other items" in results[0][2]


CREATES = FaultCase(
    "post",
    ("create_project", ("--name", "Travel")),
    "POST * connection=reset when=after",
    "exit 1: transport",
    1,
    facts=(("name", "Travel"),),
    holds=1,
)


def create(caller: Caller, attempts: int) -> Ran:
    """Try to create a project so often, whatever the answer."""
    for _ in range(attempts):
        try:
            caller.call("POST", "/v2/projects", {"name": "Travel"})
        except OSError:
            continue
    return ran(code=1, err="the connection broke\n")


def test_a_change_is_made_once() -> None:
    """A client that sends a POST again, or never, is found."""
    one, two, none = (
        meet(cast("Programs", Client(lambda caller, n=n: create(caller, n))), "go", CREATES)  # type: ignore[misc]  # n is bound early
        for n in (1, 2, 0)
    )
    assert one.outcome == "passed"
    assert two.outcome == none.outcome == "failed"
    assert "2 requests arrived, where 1 must" in two.detail
    assert (
        "afterwards 0 things of /v2/projects?perPage=100 have {'name': 'Travel'}, where 1 must" in none.detail
    )
