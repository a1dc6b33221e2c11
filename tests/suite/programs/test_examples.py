"""How the suite runs the examples: started or forked, a program behaves the same."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.conformance.programs import examples as programs
from tests.conformance.programs.examples import CompletedProgram, ExamplePrograms, Invocation

if TYPE_CHECKING:
    from pathlib import Path

Run = Callable[..., CompletedProgram]


@pytest.fixture
def example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a script as if it were a Python example."""
    (tmp_path / "python").mkdir()
    (tmp_path / "empty").mkdir()
    (tmp_path / "python" / "beside.py").write_text("word = 'beside'")

    def run(script: str, *arguments: str, forked: bool, limit: int = programs.LIMIT) -> CompletedProgram:
        (tmp_path / "python" / "some_example.py").write_text(script)
        with ExamplePrograms(tmp_path, tmp_path / "empty") as examples:
            if forked:  # the fork server must start in the real repository
                [started] = examples.run("python", "get_status", [Invocation(["--help"], {})], forked=True)
                assert started.code == 0
            examples.limit = limit
            with monkeypatch.context() as elsewhere:
                elsewhere.setattr(programs, "ROOT", tmp_path)
                invocation = Invocation(arguments, {"CBC_ACCESS_KEY": "k"})
                [completed] = examples.run("python", "some_example", [invocation], forked=forked)
                return completed

    return run


ALIKE = """
import os, sys
import beside
print([sys.argv, os.getcwd(), __name__, beside.word])
print(os.environ.get("CBC_ACCESS_KEY"), os.environ.get("SECRET_KEY"))
print(sys.stdin.read() == "", os.isatty(1), file=sys.stderr)
"""


def test_a_forked_program_behaves_like_a_started_one(example: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Arguments, folder, imports, settings and streams are the same."""
    monkeypatch.setenv("SECRET_KEY", "a real key")
    started, forked = (example(ALIKE, "--name", "é", forked=way) for way in (False, True))
    assert started.code == 0, started.err
    assert (forked.out, forked.err, forked.code) == (started.out, started.err, started.code)
    assert "a real key" not in started.out
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
def test_the_exit_code_of_a_program(
    example: Run,
    script: str,
    code: int,
    err: str,
    *,
    forked: bool,
) -> None:
    """Exit code, signal and traceback are reported, started or forked."""
    ended = example(script, forked=forked)
    assert ended.code == code
    assert ended.err.endswith(err)
    assert ("Traceback" in ended.err) == (err.startswith("ValueError"))


@pytest.mark.parametrize("forked", [False, True])
def test_a_program_that_does_not_end_is_killed(example: Run, *, forked: bool) -> None:
    """A program is killed after its time limit. Its exit code is that of SIGALRM."""
    assert example("import time; time.sleep(60)", forked=forked, limit=1).code == -14


BATCH = """
import os, signal, sys
print(sys.argv[1], os.environ["CBC_ACCESS_KEY"], flush=True)
print(sys.argv[1], file=sys.stderr)
{"exit": lambda: sys.exit(3), "text": lambda: sys.exit("why"), "error": lambda: 1 / 0, "end": lambda: None,
 "kill": lambda: os.kill(os.getpid(), signal.SIGTERM)}[sys.argv[1]]()
"""


def test_runs_in_one_process_are_separate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each run has its own arguments, settings, streams and exit code, also after a run that was killed."""
    (tmp_path / "python").mkdir()
    (tmp_path / "python" / "some_example.py").write_text(BATCH)
    ways = ["exit", "end", "kill", "text", "error", "kill", "end"]
    with ExamplePrograms(tmp_path, tmp_path) as examples:
        examples.run("python", "get_status", [Invocation(["--help"], {})], forked=True)
        monkeypatch.setattr(programs, "ROOT", tmp_path)
        invocations = [
            Invocation([way], {"CBC_ACCESS_KEY": f"key {number}"}) for number, way in enumerate(ways)
        ]
        completed = examples.run("python", "some_example", invocations, forked=True)
    assert [each.code for each in completed] == [3, 0, -15, 1, 1, -15, 0]
    assert [each.out for each in completed] == [f"{way} key {number}\n" for number, way in enumerate(ways)]
    assert [each.err.splitlines()[0] for each in completed] == ways
    assert completed[3].err == "text\nwhy\n"
    assert "ZeroDivisionError" in completed[4].err
    assert all(each.seconds > 0 for each in completed)


def test_go_examples_that_do_not_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error is the output of Go."""
    (tmp_path / "go" / "examples" / "get").mkdir(parents=True)
    (tmp_path / "go" / "go.mod").write_text("module broken\n\ngo 1.24.0\n")
    (tmp_path / "go" / "examples" / "get" / "main.go").write_text("package main\n\nfunc main() { no() }\n")
    monkeypatch.setattr(programs, "ROOT", tmp_path)
    with ExamplePrograms(tmp_path, tmp_path) as examples, pytest.raises(RuntimeError, match="undefined: no"):
        examples.run("go", "get", [Invocation([], {})])


def test_python_runs_as_the_interpreter_of_the_suite(example: Run) -> None:
    """Examples run with the interpreter of the suite, not with the `python` on PATH."""
    assert example("import sys; print(sys.executable)", forked=False).out == f"{sys.executable}\n"
