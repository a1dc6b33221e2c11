"""Request targets in Python: every vector, and targets that a user types."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from capella.errors import (
    InputInvalidError,
)
from capella.target import wire_target
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
        if vector.refuse:
            with pytest.raises(InputInvalidError):
                client.request("GET", wire_target(vector.path, vector.query))
            assert not wire.seen
        else:
            client.request("GET", wire_target(vector.path, vector.query))
            (seen,) = wire.seen
            assert seen.target == vector.expected
            assert_signed(seen)


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
