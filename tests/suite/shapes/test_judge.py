"""The judge of shapes: it accepts the expected outcome, and reports everything that differs from it."""

from __future__ import annotations

import pytest

from tests.conformance.programs.examples import CompletedProgram
from tests.conformance.shapes.judge import expected, problems, result_of, table_problems
from tests.conformance.shapes.shape import Shape
from tests.support.hostile_servers import RecordedRequest

TARGET = "/v2/clusters/c"
GET = ("get_cluster", "c")
SHOWN = Shape("a", "g", GET, TARGET, ('{"a":"\u202e"}',), '{"a":"\\u202e"}', unchanged=True)
REFUSED = Shape("c", "g", GET, TARGET, ("{}",), reason="422 E: m", status=422)
LOCATED = Shape(
    "b", "g", ("create_project",), "/v2/projects", ("",), "null", status=202, location='"/a/b"', line="b"
)
SEEN = [RecordedRequest("GET", "/", (), b"")]


def ended(code: int = 0, out: str = "", err: str = "") -> CompletedProgram:
    """Return the end of an example."""
    return CompletedProgram("command", code, out, err, 0.1)


def json_of(shape: Shape) -> str:
    """Return the expected output of a shape with line breaks, as the examples print it."""
    return expected(shape, "go")[1].replace(", ", ",\n  ") + "\n"


@pytest.mark.parametrize("shape", [SHOWN, LOCATED, REFUSED])
def test_expected_outcome(shape: Shape) -> None:
    """The layout of JSON does not matter; the exit code, the values and stderr do."""
    code, out, err = expected(shape, "go")
    assert problems(shape, "go", ended(code, json_of(shape) if out else "", err), SEEN) == []


@pytest.mark.parametrize(
    ("shape", "completed", "said"),
    [
        (SHOWN, ended(1, json_of(SHOWN)), "exit code 1 instead of 0"),
        (SHOWN, ended(0, json_of(SHOWN), "warning\n"), "writes 'warning"),
        (SHOWN, ended(0, ""), "another value than it received"),
        (SHOWN, ended(0, json_of(SHOWN).replace("\\u202e", "\u202e")), "which no terminal may receive"),
        (SHOWN, ended(0, json_of(SHOWN).replace("\\u202e", " ")), "another value than it received"),
        (SHOWN, ended(0, json_of(SHOWN).replace("\\u202e", "\\u202E")), "instead of"),
        (LOCATED, ended(0, json_of(LOCATED).replace("/a/b", "/a")), "instead of"),
        (REFUSED, ended(1, "", "getcluster: GET /v2/clusters/c: 422 E: m\x9b\n"), "no terminal may receive"),
        (REFUSED, ended(0, "{}", "getcluster: GET /v2/clusters/c: 422 E: m\n"), "exit code 0 instead of 1"),
    ],
)
def test_other_outcomes(shape: Shape, completed: CompletedProgram, said: str) -> None:
    """Each difference is a problem of its own."""
    assert said in "; ".join(problems(shape, "go", completed, SEEN))


@pytest.mark.parametrize("seen", [[], SEEN * 2])
def test_number_of_requests(seen: list[RecordedRequest]) -> None:
    """The example makes one request for each body."""
    found = problems(SHOWN, "go", ended(0, json_of(SHOWN)), seen)
    assert found == [f"makes {len(seen)} requests instead of 1"]


@pytest.mark.parametrize(
    ("shape", "completed", "right"),
    [
        (LOCATED, ended(0, "b\n"), True),
        (LOCATED, ended(0, "c\n"), False),
        (LOCATED, ended(0, "b\n", "warning\n"), False),
        (SHOWN, ended(0, "Name\na\n"), True),
        (SHOWN, ended(0, ""), False),
        (SHOWN, ended(0, "Name\n\u202e\n"), False),
        (REFUSED, ended(1, "", "get_cluster.py: GET /v2/clusters/c: 422 E: m\n"), True),
        (REFUSED, ended(1, "Name\n", "get_cluster.py: GET /v2/clusters/c: 422 E: m\n"), False),
    ],
)
def test_without_json(shape: Shape, completed: CompletedProgram, *, right: bool) -> None:
    """A table is printed if the JSON is, a line is compared, and neither has an unprintable character."""
    assert (table_problems(shape, completed) == []) is right


def test_result() -> None:
    """A result with problems failed, and its text has the command and each problem."""
    assert result_of(SHOWN, "go", ended(), []).outcome == "passed"
    failed = result_of(SHOWN, "go", ended(), ["one thing", "another"])
    assert failed.outcome == "failed"
    for text in ("command", "one thing", "another"):
        assert text in failed.detail
