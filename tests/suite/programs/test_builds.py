"""Programs are compiled once, and again when a file of theirs changes; a failure is one line."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING

import pytest

from tests.conformance.program_runs import ProgramRun
from tests.conformance.programs import builds
from tests.conformance.programs.builds import Build, BuildError, built
from tests.conformance.programs.implementations import BUILT_IN, Implementation
from tests.conformance.vectors.suite import load_suite
from tests.support.paths import ROOT

if TYPE_CHECKING:
    from pathlib import Path

COPY = "import pathlib; pathlib.Path('made').write_text(pathlib.Path('in/source').read_text().upper())"
COMPILE = (sys.executable, "-c", COPY)


@pytest.fixture
def sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file to compile, in a repository of its own."""
    file = tmp_path / "signers" / "in" / "source"
    file.parent.mkdir(parents=True)
    file.write_text("one")
    monkeypatch.setattr(builds, "ROOT", tmp_path)
    return file


def build(*commands: tuple[str, ...]) -> Build:
    """Return a build of that file."""
    return Build("signers", ("in/source",), commands)


def test_a_build_is_made_once(sources: Path, tmp_path: Path) -> None:
    """The second call finds the first build; the folder with the sources stays clean."""
    made = built("mine", build(COMPILE), tmp_path / "kept")
    (made / "made").write_text("kept")
    assert built("mine", build(COMPILE), tmp_path / "kept") == made
    assert (made / "made").read_text() == "kept"
    assert list(sources.parent.parent.rglob("*")) == [sources.parent, sources]


@pytest.mark.parametrize("changed", ["file", "command"])
def test_a_change_makes_a_new_build(sources: Path, tmp_path: Path, changed: str) -> None:
    """The build of the old file or command is removed, and that of another program stays."""
    kept = tmp_path / "kept"
    other = built("other", build(COMPILE), kept)
    old = built("mine", build(COMPILE), kept)
    command = COMPILE
    if changed == "file":
        sources.write_text("two")
    else:
        command = (sys.executable, "-c", COPY.replace("upper", "title"))
    new = built("mine", build(command), kept)
    assert (new / "made").read_text() == {"file": "TWO", "command": "One"}[changed]
    assert set(kept.iterdir()) == {new, other}
    assert new != old


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ((sys.executable, "-c", "print('\\nfirst \\033[1m line\\nsecond'); raise SystemExit(3)"), "first "),
        ((sys.executable, "-c", "raise SystemExit(3)"), "it printed nothing"),
        (("no-such-compiler", "x"), "`no-such-compiler x`: No such file or directory"),
    ],
)
def test_a_build_that_fails(sources: Path, tmp_path: Path, command: tuple[str, ...], said: str) -> None:
    """The error is one line without control characters, and nothing is left behind."""
    assert sources.exists()
    with pytest.raises(BuildError) as caught:
        built("mine", build(COMPILE, command), tmp_path / "kept")
    assert said in str(caught.value)
    assert str(caught.value).isprintable()
    assert list((tmp_path / "kept").iterdir()) == []


def test_a_build_that_hangs(sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A compiler has a time limit."""
    assert sources.exists()
    monkeypatch.setattr(builds, "LIMIT", 0.2)
    with pytest.raises(BuildError, match=r"took more than 0\.2 s"):
        built("mine", build((sys.executable, "-c", "import time; time.sleep(60)")), tmp_path / "kept")


def test_a_folder_that_cannot_be_written(sources: Path, tmp_path: Path) -> None:
    """In a read-only checkout, the build is made in a temporary folder."""
    assert sources.exists()
    (tmp_path / "kept").write_text("a file")
    made = built("mine", build(COMPILE), tmp_path / "kept")
    assert (made / "made").read_text() == "ONE"
    shutil.rmtree(made)


@pytest.mark.parametrize(("ci", "outcome"), [("", "not run"), ("true", "failed")])
def test_a_signer_that_cannot_be_compiled(
    sources: Path, monkeypatch: pytest.MonkeyPatch, ci: str, outcome: str
) -> None:
    """It is not run, with the reason; in CI it fails."""
    assert sources.exists()
    monkeypatch.setenv("CI", ci)
    program = Implementation("ours", ("x",), build=build(("no-such-compiler",)))
    results = ProgramRun(program, load_suite().signatures[:2], ROOT, 1).results()
    assert {each.outcome for each in results} == {outcome}
    assert all("`no-such-compiler`: No such file or directory" in each.detail for each in results)


@pytest.mark.parametrize("program", [each for each in BUILT_IN if each.build], ids=lambda each: each.name)
def test_the_files_of_a_signer_are_there(program: Implementation) -> None:
    """Each build names files of the repository, and its program runs what is built."""
    assert program.build is not None
    assert all((ROOT / program.build.folder / file).is_file() for file in program.build.files)
    assert any(builds.BUILT in part for part in program.command)
