"""What the suite sends byte for byte, how it judges a server's refusal, and how it runs programs."""

from __future__ import annotations

import json
import socket
import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from tests.conformance.programs import examples as programs
from tests.conformance.programs.examples import Programs
from tests.conformance.raw_http import RawAnswer, exchange, serialize
from tests.conformance.refusals.judge import judge
from tests.conformance.vectors.suite import RefusalVector, Request, Verdict

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conformance.report.results import Result

Run = Callable[..., programs.Ran]


def test_a_request_is_sent_as_it_is() -> None:
    """Method, target and headers byte for byte and in order; what is absent is added behind them."""
    request = Request("get", "//a?%2f\xe9", (("X", "1"), ("x", " 2\t"), ("Authorization", "")), "é")
    assert serialize(request, 80) == (
        b"get //a?%2f\xe9 HTTP/1.1\r\nX: 1\r\nx:  2\t\r\nAuthorization: \r\n"
        b"Host: 127.0.0.1:80\r\nContent-Length: 2\r\nConnection: close\r\n\r\n\xc3\xa9"
    )


def test_what_is_there_is_not_added() -> None:
    """In any case of letters."""
    headers = (("host", "h"), ("CONTENT-LENGTH", "9"), ("connection", "keep-alive"))
    assert serialize(Request("GET", "/", headers), 80) == (
        b"GET / HTTP/1.1\r\nhost: h\r\nCONTENT-LENGTH: 9\r\nconnection: keep-alive\r\n\r\n"
    )


def answered(answer: bytes, method: str = "GET") -> RawAnswer:
    """Exchange a request with a server that says this and leaves the connection open."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(65_536)
                connection.sendall(answer)
                if answer:
                    connection.recv(1)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            return exchange(Request(method, "/", ()), server.getsockname()[1])
        finally:
            thread.join()


def test_an_answer_is_read_by_its_length() -> None:
    """The end of the connection is not waited for."""
    answer = answered(b'HTTP/1.1 401 No\r\nX-Mock-Mistake:  a\r\nContent-Length: 7\r\n\r\n{"a":1}')
    assert answer == RawAnswer(401, {"x-mock-mistake": "a", "content-length": "7"}, b'{"a":1}')
    assert answer.json() == {"a": 1}
    assert answered(b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n", "HEAD").body == b""
    assert answered(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n<a>").json() is None


def test_no_answer_is_an_error() -> None:
    """A connection that is closed without a word."""
    with pytest.raises(ConnectionError, match="without an answer"):
        answered(b"")


ADVICE = {"errorType": "Unauthorized", "message": "Put it right."}


def verdict(  # noqa: PLR0913  # one argument for each thing that is judged
    *,
    expected: Verdict = Verdict("signature_mismatch", "field_order"),  # noqa: B008  # frozen
    status: int = 401,
    headers: dict[str, str] | None = None,
    body: object = ADVICE,
    journaled: tuple[str, str | None] = ("signature_mismatch", "field_order"),
    authority: str = "arithmetic",
) -> Result:
    """Judge an answer that is right but for what is given."""
    names = {"x-mock-refusal": "signature_mismatch", "x-mock-mistake": "field_order"}
    answer = RawAnswer(status, names if headers is None else headers, json.dumps(body).encode())
    vector = RefusalVector("v", "about it", "p", authority, Request("GET", "/", (("Host", "h"),)), expected)
    return judge(vector, answer, {"code": journaled[0], "mistake": journaled[1]}, {"the secret"}, 0.1)


def test_a_right_refusal_and_a_right_acceptance_pass() -> None:
    """Code, mistake, status, journal and envelope are as the vector says."""
    assert verdict().outcome == "passed"
    assert verdict(expected=Verdict("ok"), status=404, headers={}, journaled=("ok", None)).outcome == "passed"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"headers": {}}, "expected signature_mismatch / field_order"),
        ({"headers": {"x-mock-refusal": "signature_mismatch"}}, "expected signature_mismatch / field_order"),
        ({"status": 403}, "the status 403 does not fit"),
        ({"journaled": ("ok", None)}, "the journal has ok"),
        ({"journaled": ("signature_mismatch", "signature_mismatch")}, "the journal has signature_mismatch"),
        ({"body": {}}, "not the API's error envelope"),
        ({"body": {**ADVICE, "errorType": "Other"}}, "not the API's error envelope"),
        ({"body": {**ADVICE, "message": "No"}}, "not the API's error envelope"),
        ({"body": {**ADVICE, "message": "Put\nit right."}}, "not the API's error envelope"),
        ({"body": {**ADVICE, "message": "It is the secret."}}, "the answer holds a secret key"),
        ({"expected": Verdict("ok")}, "does not fit the code ok"),
    ],
)
def test_a_wrong_refusal_fails(answer: dict[str, Any], said: str) -> None:
    """Each part of an answer that is wrong is named, with the vector and how to see it again."""
    result = verdict(**answer)
    assert result.outcome == "failed"
    assert said in result.detail
    assert "FAIL  mock  v" in result.detail
    assert "-k '[v]'" in result.detail


def test_a_contested_vector_never_counts() -> None:
    """It is shown, whatever the code; a leak, or a failure of the server, counts all the same."""
    for harm in ({"body": {**ADVICE, "message": "It is the secret."}}, {"status": 500}, {"status": 400}):
        assert verdict(authority="contested", **harm).outcome == "failed"
    agrees, differs = verdict(authority="contested"), verdict(authority="contested", headers={})
    assert agrees.outcome == differs.outcome == "contested"
    assert differs.detail == "the mock says ok, the vector signature_mismatch / field_order"
    with pytest.raises(pytest.skip.Exception) as skipped:
        agrees.settle()
    assert skipped.value.msg == "contested, not counted: the mock agrees (signature_mismatch / field_order)"


@pytest.fixture
def example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a script in the place of a Python example."""
    (tmp_path / "python").mkdir()
    (tmp_path / "nowhere").mkdir()
    (tmp_path / "python" / "beside.py").write_text("word = 'beside'")

    def run(script: str, *arguments: str, forked: bool, limit: int = programs.LIMIT) -> programs.Ran:
        (tmp_path / "python" / "some_example.py").write_text(script)
        with Programs(tmp_path, tmp_path / "nowhere") as house:
            if forked:  # the forking process is of the real repository
                assert house.run("python", "get_status", ["--help"], {}, forked=True).code == 0
            house.limit = limit
            with monkeypatch.context() as elsewhere:
                elsewhere.setattr(programs, "ROOT", tmp_path)
                return house.run("python", "some_example", arguments, {"CBC_ACCESS_KEY": "k"}, forked=forked)

    return run


ALIKE = """
import os, sys
import beside
print([sys.argv, os.getcwd(), __name__, beside.word])
print(os.environ.get("CBC_ACCESS_KEY"), os.environ.get("SECRET_KEY"))
print(sys.stdin.read() == "", os.isatty(1), file=sys.stderr)
"""


def test_a_forked_program_cannot_tell(example: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Arguments, folder, imports, settings and streams are those of a program that was started."""
    monkeypatch.setenv("SECRET_KEY", "somebody's real one")
    started, forked = (example(ALIKE, "--name", "é", forked=way) for way in (False, True))
    assert started.code == 0, started.err
    assert (forked.out, forked.err, forked.code) == (started.out, started.err, started.code)
    assert "somebody's" not in started.out
    assert forked.command == "python python/some_example.py '--name' 'é'"


@pytest.mark.parametrize("forked", [False, True])
@pytest.mark.parametrize(
    ("script", "code", "err"),
    [
        ("import sys; sys.exit(3)", 3, ""),
        ("import sys; sys.exit('why')", 1, "why\n"),
        ("import os; os.kill(os.getpid(), 15)", -15, ""),
        ("raise ValueError('what')", 1, "ValueError: what\n"),
    ],
)
def test_the_end_of_a_program_is_its_own(
    example: Run,
    script: str,
    code: int,
    err: str,
    *,
    forked: bool,
) -> None:
    """Exit code, signal and traceback come through, started or forked."""
    ended = example(script, forked=forked)
    assert ended.code == code
    assert ended.err.endswith(err)
    assert ("Traceback" in ended.err) == (err.startswith("ValueError"))


@pytest.mark.parametrize("forked", [False, True])
def test_a_program_that_does_not_end_is_killed(example: Run, *, forked: bool) -> None:
    """After its limit, as by an alarm."""
    assert example("import time; time.sleep(60)", forked=forked, limit=1).code == -14


def test_go_examples_that_do_not_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What Go says of them is what is told."""
    (tmp_path / "go" / "examples" / "get").mkdir(parents=True)
    (tmp_path / "go" / "go.mod").write_text("module broken\n\ngo 1.24.0\n")
    (tmp_path / "go" / "examples" / "get" / "main.go").write_text("package main\n\nfunc main() { no() }\n")
    monkeypatch.setattr(programs, "ROOT", tmp_path)
    with Programs(tmp_path, tmp_path) as house, pytest.raises(RuntimeError, match="undefined: no"):
        house.run("go", "get", [], {})


def test_python_runs_as_the_interpreter_of_the_suite(example: Run) -> None:
    """Not whatever `python` is on PATH."""
    assert example("import sys; print(sys.executable)", forked=False).out == f"{sys.executable}\n"
