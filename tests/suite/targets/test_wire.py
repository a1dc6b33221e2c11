"""Targets on the wire: what a program sent is read off a socket, and its signature is checked."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, cast

import pytest

from tests.conformance.programs.examples import CompletedProgram, ExamplePrograms
from tests.conformance.programs.order import signature
from tests.conformance.signatures.cases import SignatureVector
from tests.conformance.targets.cases import TargetVector
from tests.conformance.targets.wire import SECRET, judge, send_all

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.conformance.programs.examples import Invocation

SENT = TargetVector("sent", "a slash", "http://h", ("a/b",), (), expected="/a%2Fb")
REFUSED = TargetVector("refused", "dots", "http://h", ("..",), (), refuse="input_invalid")


def head(target: str, signed: str, access_key: str = "sent") -> bytes:
    """Return the head of a request for one target, with the signature of another."""
    vector = SignatureVector("x", "", (), "GET", signed, "1700000000000", SECRET, access_key)
    authorization = f"Authorization: Bearer {access_key}:{signature(vector)}"
    lines = (f"GET {target} HTTP/1.1", "Host: h", authorization, "couchbase-timestamp: 1700000000000")
    return "\r\n".join((*lines, "", "")).encode()


@pytest.mark.parametrize(
    ("received", "outcome", "name"),
    [
        (head("/a%2Fb", "/a%2Fb"), "passed", ""),
        (head("/a%2fb", "/a%2fb"), "failed", "target: hex digits in lower case"),
        (head("/a%2Fb", "/a/b"), "failed", "another target signed"),
        (None, "failed", "nothing sent"),
    ],
)
def test_requests_are_judged(received: bytes | None, outcome: str, name: str) -> None:
    """The target must be the expected one, byte for byte, and signed."""
    judgement = judge(SENT, received)
    assert (judgement.outcome, judgement.name) == (outcome, name)


class Sender:
    """Stands for the examples: sends what a function returns, and prints an escape sequence."""

    def run(
        self, _language: str, _name: str, invocations: Sequence[Invocation], *, forked: bool
    ) -> list[CompletedProgram]:
        """Send one request for each invocation."""
        del forked
        for each in invocations:
            port = int(each.settings["CBC_API_URL"].rpartition(":")[2])
            with socket.create_connection(("127.0.0.1", port), 10) as connection:
                connection.sendall(
                    head(each.arguments[0], each.arguments[0], each.settings["CBC_ACCESS_KEY"])
                )
                assert connection.recv(100).startswith(b"HTTP/1.1 200 ")
        return [CompletedProgram("get", 0, "", "\x1b[31m", 0.1) for _ in invocations]


def test_every_expected_target_is_sent() -> None:
    """Each target is sent once, and refused inputs are not sent."""
    other = TargetVector("other", "x", "http://h", ("x",), (), expected="/x y")
    programs = cast("ExamplePrograms", Sender())
    results = {each.id: each for each in send_all(programs, "go", [SENT, REFUSED, other])}
    assert set(results) == {"sent", "other"}
    assert (results["sent"].outcome, results["sent"].kind) == ("passed", "wire")
    assert results["other"].outcome == "failed"
    assert r"stderr  \x1b[31m" in results["other"].detail
    assert results["other"].again.endswith("-k go/other")
