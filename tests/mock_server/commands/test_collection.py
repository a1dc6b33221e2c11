"""`collection`: what it writes, how it replaces a file, and its exit codes."""

from __future__ import annotations

import json
import os
import stat
import sys
from typing import TYPE_CHECKING

import pytest

from mock_server.server import DEFAULT_KEYS
from tests.mock_server.commands.programs import MOCK, run_mock
from tests.support.programs import run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def variables(text: str) -> dict[str, str]:
    """Return the variables of a collection."""
    return {each["key"]: each["value"] for each in json.loads(text)["variable"]}


def test_stdout_has_the_settings_of_the_default_mock() -> None:
    """The collection works with the mock as it starts, and has the keys of .env.example."""
    done = run_mock("collection")
    assert (done.returncode, done.stderr) == (0, "")
    found = variables(done.stdout)
    assert found["baseUrl"] == "http://127.0.0.1:8091"
    assert {found["accessKey"]: found["secretKey"]} == dict(DEFAULT_KEYS)
    assert run_mock("collection", "-o", "-").stdout == done.stdout


@pytest.mark.parametrize("option", ["-o", "--output"])
def test_file_has_the_same_bytes(tmp_path: Path, option: str) -> None:
    """A new file gets the mode that the umask leaves, and stdout is empty."""
    file = tmp_path / "a b.json"
    done = run("sh", "-c", 'umask 027; exec "$@"', "sh", *MOCK, "collection", option, file)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert file.read_text(encoding="utf-8") == run_mock("collection").stdout
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert os.listdir(tmp_path) == ["a b.json"]  # noqa: PTH208  # the names alone


def test_file_is_replaced_and_keeps_its_mode_and_its_link(tmp_path: Path) -> None:
    """A link stays a link to the file, which has the new content and the old mode."""
    file, link = tmp_path / "file", tmp_path / "link"
    file.write_text("old", encoding="utf-8")
    file.chmod(0o604)
    link.symlink_to(file)
    assert run_mock("collection", "-o", link).returncode == 0
    assert link.is_symlink()
    assert stat.S_IMODE(file.stat().st_mode) == 0o604
    assert variables(file.read_text(encoding="utf-8"))


def test_link_to_a_file_that_does_not_exist_makes_it(tmp_path: Path) -> None:
    """The new file is where the link points to. A link to itself is exit 1."""
    link, circle = tmp_path / "link", tmp_path / "circle"
    link.symlink_to(tmp_path / "new")
    circle.symlink_to(circle)
    assert run_mock("collection", "-o", link).returncode == 0
    assert link.is_symlink()
    assert variables((tmp_path / "new").read_text(encoding="utf-8"))
    done = run_mock("collection", "-o", circle)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)


def test_pipe_is_written_to() -> None:
    """What is not a regular file stays what it is."""
    done = run("sh", "-c", '"$@" -o /dev/stdout | cat', "sh", *MOCK, "collection")
    assert (done.returncode, done.stderr) == (0, "")
    assert variables(done.stdout)


@pytest.fixture
def full(tmp_path: Path) -> Iterator[Path]:
    """A folder in which a file can have 8 KiB: the limit of `ulimit -f 8`."""
    file = tmp_path / "c.json"
    file.write_text("old", encoding="utf-8")
    yield tmp_path
    assert file.read_text(encoding="utf-8") == "old"
    assert os.listdir(tmp_path) == ["c.json"]  # noqa: PTH208  # the names alone


def test_full_disk_leaves_the_old_file(full: Path) -> None:
    """A write that fails half-way is exit 1 with one line, and the old file stays."""
    script = 'ulimit -f 8; trap "" XFSZ; exec "$@"'
    done = run("bash", "-c", script, "bash", *MOCK, "collection", "-o", full / "c.json")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"mock_server: cannot write {full / 'c.json'}: File too large\n"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has /dev/full")
@pytest.mark.parametrize("arguments", ["> /dev/full", "-o /dev/full", ">&-"])
def test_output_that_cannot_be_written_is_one_line(arguments: str) -> None:
    """Exit 1 and one line, for stdout and for a device."""
    done = run("sh", "-c", f'"$@" {arguments}', "sh", *MOCK, "collection")
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith("mock_server: cannot write ")


def test_reader_that_has_gone_is_no_error() -> None:
    """`| head` ends quietly."""
    done = run("bash", "-c", 'set -o pipefail; "$@" | head -c 1', "bash", *MOCK, "collection")
    assert (done.returncode, done.stdout, done.stderr) == (0, "{", "")


@pytest.mark.parametrize(
    ("path", "reason"),
    [("/", "Is a directory"), ("none/c.json", "No such file or directory")],
)
def test_path_that_cannot_be_written(tmp_path: Path, path: str, reason: str) -> None:
    """Exit 1 and one line."""
    done = run_mock("collection", "-o", tmp_path / path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"mock_server: cannot write {tmp_path / path}: {reason}\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["x"], "unrecognized arguments: x"),
        (["-o"], "argument -o/--output: expected one argument"),
        (["-o", ""], "argument -o/--output: it is empty: name a file"),
        (["--out", "x"], "unrecognized arguments: --out x"),
        (["--", "true"], "collection runs no command: remove --"),
    ],
)
def test_wrong_usage(arguments: list[str], message: str) -> None:
    """Exit 2 and one line."""
    done = run_mock("collection", *arguments)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"mock_server: {message}\n")


def test_help() -> None:
    """`--help` says what the command writes and how the exit codes are to be read."""
    done = run_mock("collection", "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("usage: python -m mock_server collection [-o FILE]\n")
    assert "Exit code: 0 if the collection is written" in done.stdout
