"""Request targets in Python: every vector, and targets that a user types."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest

from capella.errors import (
    InputInvalidError,
)
from capella.target import check, expand, wire_target
from tests.conformance.targets.judge import judge_target
from tests.conformance.vectors.suite import load_suite
from tests.support.hostile_servers import (
    Rig,
    ScriptedServer,
    assert_signed,
    response_bytes,
)

if TYPE_CHECKING:
    from tests.conformance.targets.cases import TargetVector

TARGETS = load_suite().targets


def ids(vector: TargetVector) -> str:
    """Return the vector's id, as the name of its test."""
    return vector.id


@pytest.mark.parametrize("vector", TARGETS, ids=ids)
def test_target_vector_is_sent(vector: TargetVector) -> None:
    """Each vector's target is built, signed and sent byte for byte, or refused before a request is sent."""
    with ScriptedServer(response_bytes()) as wire, Rig(wire.url).client as client:
        sent = None
        try:
            client.request("GET", wire_target(vector.path, vector.query))
        except InputInvalidError:
            assert not wire.seen
        else:
            (seen,) = wire.seen
            sent = seen.target
            assert_signed(seen)
    judgement = judge_target(vector, sent)
    assert judgement.outcome == "passed", judgement.lines


@pytest.mark.parametrize(
    "target",
    [
        "/",
        "//v2/clouds",
        "/v2/clouds?",
        "/v2/clouds/?",
        "/a/../b/./c//d/",
        "/..",
        "/v2/%7E%2f%2F%c3%A9",
        "/v2/clouds?a=%2f&b=+&c=%20&&=&d",
        "/v2/clouds?url=http://example.com/?a=b",
        "/v2/a;b=c,d:e@f!$&'()*+",
        "/@example.com/v2",
        "/" + "x" * 8000,
    ],
)
def test_typed_target_is_sent_unchanged(target: str) -> None:
    """A typed target is sent and signed byte for byte."""
    with ScriptedServer(response_bytes()) as wire, Rig(wire.url).client as client:
        client.request("GET", target)
        (seen,) = wire.seen
        assert seen.target == target
        assert_signed(seen)


@pytest.mark.parametrize(
    "target",
    [
        *("", "v2/clouds", "http://127.0.0.1/v2", "*", "/a b", "/a#b", "/a\n", "/\x00", "/é", "/\ud800"),
        *("/a|b", "/[a]", "/a%zz", "/a%2", '/"', "/a\\b", "/a?b^c", "/a?{b}"),
    ],
)
def test_typed_target_is_refused(target: str) -> None:
    """A character that RFC 3986 does not allow is refused, and no request is sent."""
    with ScriptedServer(response_bytes()) as wire, Rig(wire.url).client as client:
        with pytest.raises(InputInvalidError, match="target"):
            client.request("GET", target)
        assert not wire.seen


@pytest.mark.parametrize(
    ("template", "values", "query", "target"),
    [
        ("/v2/status", [], None, "/v2/status"),
        ("/v2/projects/{id}", ["a/b c?"], {}, "/v2/projects/a%2Fb%20c%3F"),
        ("/v2/clusters/{id}/users/{username}", ["1", "2"], None, "/v2/clusters/1/users/2"),
        (
            "/v2/clouds",
            [],
            {"page": 1, "sortBy": None, "empty": "", "zero": 0},
            "/v2/clouds?page=1&empty=&zero=0",
        ),
        ("/v2/clouds", [], {"a b": "\u00e9~*"}, "/v2/clouds?a%20b=%C3%A9~%2A"),
        ("/v2/clouds", [], {"a/b": "c/d"}, "/v2/clouds?a%2Fb=c%2Fd"),
    ],
)
def test_expand(template: str, values: list[str], query: dict[str, object] | None, target: str) -> None:
    """Values replace the names in braces, in their order; a query value of None is left out."""
    assert expand(template, values, query) == target


@pytest.mark.parametrize("values", [[], ["a"], ["a", "b", "c"]])
def test_expand_with_a_wrong_number_of_values(values: list[str]) -> None:
    """A template needs as many values as it has names."""
    with pytest.raises(
        InputInvalidError, match=rf"has 2 names in braces, and {len(values)} values were given$"
    ):
        expand("/v2/clusters/{id}/users/{username}", values)


@pytest.mark.parametrize("segment", ["", ".", ".."])
def test_segment_that_would_change_the_path(segment: str) -> None:
    """The error shows the segment, and says what to give instead."""
    expected = f"^{re.escape(repr(segment))} cannot be a path segment: give an id or a name$"
    with pytest.raises(InputInvalidError, match=expected):
        wire_target(["v2", "projects", segment])


@pytest.mark.parametrize("segment", ["...", ".a", " ", "%2e"])
def test_segment_that_only_looks_like_it(segment: str) -> None:
    """A segment with dots that is not a dot segment is percent-encoded where needed and sent."""
    assert unquote(wire_target(["v2", segment])) == f"/v2/{segment}"


@pytest.mark.parametrize("half", ["\ud800", "a\udfff", "\udc80b"])
def test_half_a_surrogate_pair(half: str) -> None:
    """Half a surrogate pair is not valid UTF-8, and is refused in a segment, a query and a typed target."""
    for path, query in (
        (["v2", half], []),
        (["v2"], [(half, "a")]),
        (["v2"], [("a", half)]),
    ):
        with pytest.raises(
            InputInvalidError, match=r"or the query is not valid UTF-8: copy it again$"
        ) as refused:
            wire_target(path, query)
        assert refused.value.__suppress_context__
    with pytest.raises(InputInvalidError, match=r"target .*\\ud[cdf8]"):
        check(f"/v2/{half}")


def test_long_target_is_shortened() -> None:
    """The error for a typed target shows at most 200 characters of it."""
    with pytest.raises(InputInvalidError) as refused:
        check("x" * 10_000)
    assert "x" * 199 in str(refused.value)
    assert "x" * 200 not in str(refused.value)


def test_message_for_a_typed_target() -> None:
    """The error names the target and what to do."""
    with pytest.raises(InputInvalidError) as refused:
        check("/a b")
    assert str(refused.value) == (
        "the target '/a b' is not a path that begins with `/`, with or without a query:"
        " percent-encode the characters that RFC 3986 does not allow there"
    )
