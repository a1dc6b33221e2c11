"""The mutation session: the mutants that it accepts, and its list in survivors.yaml."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.mutation import __main__ as mutation
from tests.mutation import plugin
from tests.support import programs
from tests.support.paths import ROOT

KEY = mutation.Key("python/capella/wait.py", "x", "a == b", "a != b")


def mutant(before: str, after: str, result: str = "survived") -> mutation.Mutant:
    """Return a mutant with these lines."""
    return mutation.Mutant("python/capella/wait.py", "x", before, after, result)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('raise ValueError("no such name")', 'raise ValueError("XXno such nameXX")'),
        ('raise ValueError("no such name")', 'raise ValueError("NO SUCH NAME")'),
        ('" redirect."', '"XX redirect.XX"'),
        ('headers.get("Retry-After")', 'headers.get("retry-after")'),
        ('request.header("Host")', 'request.header("HOST")'),
        ('text.encode("latin-1")', 'text.encode("LATIN-1")'),
        ('hashlib.new("sha256")', 'hashlib.new("SHA256")'),
        (r're.sub(r"[^\x00-\x7f]")', r're.sub(r"[^\x00-\x7F]")'),
    ],
)
def test_wording_and_the_case_of_some_names_are_equivalent(before: str, after: str) -> None:
    """Such a mutant needs no line in survivors.yaml."""
    assert mutation.is_equivalent(mutant(before, after))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a == b", "a != b"),
        ('raise ValueError("no such name")', "raise ValueError(None)"),
        ('method = "POST"', 'method = "post"'),
        ('method = "POST"', 'method = "XXPOSTXX"'),
        ('headers.get("Retry-After")', 'headers.get("XXRetry-AfterXX")'),
        ('f("no such name", 1)', 'f("no such name", 2)'),
        ('joint = " "', 'joint = "XX XX"'),
        ('start = "Bearer "', 'start = "bearer "'),
        ('text.encode("latin-1")', 'text.encode("XXlatin-1XX")'),
        ('if name == "hex"', 'if name == "HEX"'),
        ('if name == "undefined"', 'if name == "UNDEFINED"'),
        (r're.sub(r"[^\x00-a]")', r're.sub(r"[^\x00-A]")'),
    ],
)
def test_every_other_change_is_not_equivalent(before: str, after: str) -> None:
    """A test must detect it, or survivors.yaml must list it."""
    assert not mutation.is_equivalent(mutant(before, after))


def run(monkeypatch: pytest.MonkeyPatch, file: Path, listed: dict[mutation.Key, str], *arguments: str) -> int:
    """Run the session on one surviving and one killed mutant, with this list of survivors."""
    monkeypatch.setattr(mutation, "SURVIVORS", file)
    mutation.write(listed)
    mutants = [mutation.Mutant(*KEY, "survived"), mutant("1", "2", "killed")]
    monkeypatch.setattr(mutation, "mutate", lambda *_: iter(mutants))
    monkeypatch.setattr("sys.argv", ["mutation", *arguments, "client"])
    return mutation.main()


def test_a_new_survivor_fails(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A survivor that is not listed is printed with its change, and the exit code is 1."""
    assert run(monkeypatch, tmp_path / "survivors.yaml", {}) == 1
    assert "new survivor: python/capella/wait.py x\n  - a == b\n  + a != b\n" in capsys.readouterr().out


def test_a_listed_survivor_passes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The exit code is 0 if survivors.yaml lists exactly the survivors."""
    assert run(monkeypatch, tmp_path / "survivors.yaml", {KEY: "no test can detect it"}) == 0


def test_a_killed_mutant_in_the_list_fails(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A line that no longer survives must be removed."""
    listed = {KEY: "open", mutation.Key("python/capella/wait.py", "x", "1", "2"): "open"}
    assert run(monkeypatch, tmp_path / "survivors.yaml", listed) == 1


def test_update_corrects_the_list(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """New survivors are listed as open, others are removed, and mutants of other modules stay."""
    other = mutation.Key("mock_server/http.py", "x", "1", "2")
    listed = {mutation.Key("python/capella/wait.py", "x", "1", "2"): "open", other: "a reason"}
    assert run(monkeypatch, tmp_path / "survivors.yaml", listed, "--update") == 0
    assert mutation.listed() == {KEY: "open", other: "a reason"}


@pytest.mark.parametrize(
    ("kind", "code", "changed"),
    [
        ("CONDITIONALS_BOUNDARY", "<= b {\n", "< b {\n"),
        ("CONDITIONALS_BOUNDARY", "< b {\n", "<= b {\n"),
        ("CONDITIONALS_NEGATION", "!= b {\n", "== b {\n"),
        ("ARITHMETIC_BASE", "* time.Second\n", "/ time.Second\n"),
        ("INVERT_LOGICAL", "&& b || c\n", "|| b || c\n"),
    ],
)
def test_go_operators(kind: str, code: str, changed: str) -> None:
    """The operator at the start is changed, and nothing else."""
    assert mutation.changed_operator(kind, code) == changed


@pytest.mark.parametrize(
    ("output", "code", "result"),
    [
        ("ok", 0, "survived"),
        ("FAIL", 1, "killed"),
        ("panic: test timed out after 2m0s", 1, "timed out"),
        ("FAIL capella [build failed]", 1, ""),
    ],
)
def test_results_of_go_test(output: str, code: int, result: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mutant that does not compile has no result."""
    ended = subprocess.CompletedProcess[str]((), code, output, "")
    monkeypatch.setattr(mutation, "run", lambda *_, **__: ended)
    assert mutation.go_result(Path(), {}) == result


@pytest.mark.parametrize(
    ("original", "changed", "expected"),
    [
        (
            "def {}(a):\n    return a + 1\n",
            "def {}(a):\n    return a - 1\n",
            ("return a + 1", "return a - 1"),
        ),
        ("def {}(a=1):\n    return a\n", "def {}(a=2):\n    return a\n", ("def (a=1):", "def (a=2):")),
        ("def {}(a):\n    f(\n        a,\n        1,\n    )\n", "def {}(a):\n    f(a, )\n", None),
    ],
)
def test_the_change_of_a_mutant(
    original: str, changed: str, expected: tuple[str, str] | None, tmp_path: Path
) -> None:
    """The lines that differ are returned, without their indentation and without the generated names."""
    file = tmp_path / "code.py"
    code = original.format("x_f__mutmut_orig") + changed.format("x_f__mutmut_1") + "def other(): ...\n"
    file.write_text(code, encoding="utf-8")
    found = mutation.change(file, "code.x_f__mutmut_1")
    assert found == (expected or ("f(\na,\n1,\n)", "f(a, )"))


PROGRAM = """
import os, signal
from mutmut.mutation import trampoline

def value(name):
    active = os.environ["MUTANT_UNDER_TEST"]
    if active == "stats":
        trampoline.record_trampoline_hit(name, caller=None)
    if active == "ends":
        os.kill(os.getpid(), signal.SIGKILL)
    if active == "raises":
        raise KeyboardInterrupt
    return 2 if active == "changed" else 1

AT_IMPORT = value("code.at_import")
"""
TEST = """
import code_under_test as code

def test_value():
    assert code.value("code.value") == 1

def test_nothing():
    pass
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="mutants run in forks")
def test_mutants_run_in_forks(tmp_path: Path) -> None:
    """Each mutant has a result, from the tests that reach its function."""
    package = tmp_path / "mutmut" / "mutation"
    package.mkdir(parents=True)
    (package / "trampoline.py").write_text("record_trampoline_hit = None\n", encoding="utf-8")
    (tmp_path / "code_under_test.py").write_text(PROGRAM, encoding="utf-8")
    (tmp_path / "test_code.py").write_text(TEST, encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    mutants = dict.fromkeys(("same", "changed", "ends", "raises"), "code.value")
    mutants |= {"not reached": "code.other", "at import": "code.at_import"}
    (tmp_path / "mutants.json").write_text(json.dumps(mutants), encoding="utf-8")
    results = tmp_path / "results.jsonl"
    variables = {plugin.MUTANTS: "mutants.json", plugin.RESULTS: str(results), plugin.CHILDREN: "2"}
    pytest_ = (sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", plugin.__name__)
    path = os.pathsep.join((str(tmp_path), str(ROOT)))
    told = programs.run(*pytest_, cwd=tmp_path, env=programs.environment(PYTHONPATH=path, **variables))
    assert told.returncode == 0, told.stdout
    lines = results.read_text(encoding="utf-8").splitlines()
    assert dict(json.loads(line) for line in lines) == {
        "same": "survived",
        "changed": "killed",
        "ends": "timed out",
        "raises": "killed",
        "not reached": "survived",
        "at import": plugin.IMPORTED,
    }
