"""Bodies in Python: how the JSON of a response is decoded."""

from __future__ import annotations

from dataclasses import replace

import pytest

from capella import responses
from capella.errors import ResponseError, UnexpectedResponseError
from capella.responses import Response
from capella.transport import ReceivedResponse, Request


def decoded(body: bytes) -> Response | ResponseError:
    """Read a successful response with this body, and return the Response or the error."""
    received = ReceivedResponse(200, "OK", {"Content-Type": "application/json"}, body, cut=False)
    try:
        return responses.read(Request("GET", "/v2/x"), received, 0)
    except ResponseError as raised:
        return raised


def test_text_of_a_body() -> None:
    """The text of a body is the received one, and is made from a body that replaces it."""
    found = decoded(b'{ "a": 1.0 }')
    assert isinstance(found, Response)
    assert (found.text, replace(found, body=["é"]).text) == ('{ "a": 1.0 }', '["é"]')
    assert (Response(200).text, Response(200, received="null").text) == ("", "null")


def test_numbers() -> None:
    """Numbers of a body are decoded as JSON numbers."""
    found = decoded(b"[1.5, -2.5e-3, 1e3, 7, -0]")
    assert isinstance(found, Response)
    assert found.body == [1.5, -0.0025, 1000.0, 7, 0]


def test_depth_at_its_edge() -> None:
    """500 arrays or objects inside each other are decoded; one more is not JSON of the API."""
    for more, kind in ((0, Response), (1, UnexpectedResponseError)):
        depth = responses.MAX_DEPTH + more
        for body in (b"[" * depth + b"]" * depth, b'{"a":' * depth + b"1" + b"}" * depth):
            assert type(decoded(body)) is kind
    for beside in (
        b"[" + b"[],{}," * responses.MAX_DEPTH + b"[]]",
        b"[[]," + b"[" * (responses.MAX_DEPTH - 1) + b"]" * responses.MAX_DEPTH,
    ):
        assert isinstance(decoded(beside), Response)


@pytest.mark.parametrize(("digits", "kind"), [(1, int), (4000, int), (4001, responses.Number)])
def test_long_integer(digits: int, kind: type) -> None:
    """An integer of up to 4000 digits is an `int`."""
    found = decoded(b"9" * digits)
    assert isinstance(found, Response)
    assert type(found.body) is kind
