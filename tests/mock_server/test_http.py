"""The received request and the reply."""

from __future__ import annotations

import pytest

from mock_server.http import ReceivedRequest, Reply, json_reply, problem


@pytest.mark.parametrize(
    ("target", "path", "query"),
    [
        ("/a", "/a", ""),
        ("/a?", "/a", ""),
        ("/a?b", "/a", "b"),
        ("/a?b?c", "/a", "b?c"),
        ("?b", "", "b"),
        ("", "", ""),
        ("/a%3Fb#c?d", "/a%3Fb#c", "d"),
    ],
)
def test_a_target_is_split_at_its_first_question_mark(target: str, path: str, query: str) -> None:
    """The path ends at the first `?`. Path and query are not decoded."""
    request = ReceivedRequest("GET", target)
    assert (request.path, request.query) == (path, query)


def test_headers_are_found_by_name() -> None:
    """The case of names is ignored, values keep their order, and spaces and tabs around them are removed."""
    headers = [("Host", " \ta\t "), ("X", "1"), ("HOST", "b c"), ("hosts", "d"), ("x-y", "\xa0\x85\r")]
    request = ReceivedRequest("GET", "/", headers)
    assert request.header_values("host") == request.header_values("HoSt") == ["a", "b c"]
    assert (request.header("host"), request.header("x")) == ("a", "1")
    assert (request.header_values("y"), request.header("y")) == ([], None)
    assert request.header("x-y") == "\xa0\x85\r"


def test_the_body_of_a_request_is_not_in_its_repr() -> None:
    """The repr, which can be in logs and tracebacks, omits the body, which can contain a password."""
    assert "canary" not in repr(ReceivedRequest("GET", "/", (), b"canary"))


def test_a_json_reply_is_compact_ascii() -> None:
    """Half of a surrogate pair, which has no UTF-8, is escaped. The Content-Type is the first header."""
    reply = json_reply(201, {"a": ["\ud800", "é"]}, (("X-A", "1"),))
    headers = (("Content-Type", "application/json"), ("X-A", "1"))
    assert reply == Reply(201, rb'{"a":["\ud800","\u00e9"]}', headers)


def test_a_reply_is_sent_unchanged_by_default() -> None:
    """By default, a reply has the length of its body, the date of the clock, and a normal end."""
    reply = Reply(200)
    assert (reply.body, reply.headers) == (b"", ())
    assert (reply.length, reply.ending, reply.date_offset) == (None, None, 0)


def test_a_problem_is_the_error_envelope() -> None:
    """The JSON has the properties `errorType` and `message`, in this order."""
    reply = problem(403, "Forbidden", "why", (("X-A", "1"),))
    assert reply == json_reply(403, {"errorType": "Forbidden", "message": "why"}, (("X-A", "1"),))
    assert reply.body == b'{"errorType":"Forbidden","message":"why"}'
