"""The mutation session: the mutants that it accepts, and its list in survivors.yaml."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.mutation import __main__ as mutation

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
