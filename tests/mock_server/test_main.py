"""`python -m mock_server`: the choice of the command, and the arguments of COMMAND."""

from __future__ import annotations

import sys
import tomllib

import pytest

from tests.mock_server.commands.programs import MOCK, run_mock
from tests.support.paths import ROOT
from tests.support.programs import run

PRINT_ARGUMENTS = (sys.executable, "-c", "import sys; print(sys.argv[1:])")


@pytest.mark.parametrize("name", [(), ("serve",)], ids=["no name", "serve"])
def test_serve_is_the_default_command(name: tuple[str, ...]) -> None:
    """`serve` may be written or left out."""
    done = run_mock(*name, "--clock", "5", "--", *PRINT_ARGUMENTS)
    assert (done.returncode, done.stdout) == (0, "[]\n")
    assert "listening on" in done.stderr


def test_only_the_first_word_is_the_name_of_a_command() -> None:
    """A second `serve` is an unknown argument."""
    done = run_mock("serve", "serve")
    assert (done.returncode, done.stdout) == (2, "")
    assert "unknown argument 'serve'" in done.stderr


def test_arguments_are_split_at_the_first_double_dash() -> None:
    """Everything after it belongs to COMMAND: options, the names of commands, and further double dashes."""
    arguments = ["--port", "x", "--", "serve", "--help", "--"]
    done = run_mock("--", *PRINT_ARGUMENTS, *arguments)
    assert (done.returncode, done.stdout) == (0, f"{arguments}\n")


def test_a_value_cannot_be_a_double_dash() -> None:
    """The split comes before options are parsed: `--host --` has no value."""
    done = run_mock("--host", "--", "true")
    assert (done.returncode, done.stdout) == (2, "")
    assert "--host: expected one argument" in done.stderr


def test_a_command_name_after_the_double_dash_is_not_ours() -> None:
    """Directly after `--`, `serve` is a program to run."""
    done = run_mock("--", "serve-is-not-a-program")
    assert done.returncode == 127
    assert "serve-is-not-a-program: not found" in done.stderr


def test_version_is_that_of_the_package() -> None:
    """`--version` prints one line; the package says the same."""
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    done = run_mock("--version")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{declared['name']} {declared['version']}\n"
    assert run_mock("--version", "--port", "0").returncode == 2


def test_version_that_cannot_be_printed() -> None:
    """A reader that has gone changes nothing. A closed stdout is exit 1 with one line."""
    done = run("bash", "-c", '"$@" | true; echo "${PIPESTATUS[0]}"', "bash", *MOCK, "--version")
    assert (done.stdout, done.stderr) == ("0\n", "")
    done = run("sh", "-c", '"$@" >&-', "sh", *MOCK, "--version")
    assert (done.returncode, done.stderr) == (1, "mock_server: cannot write stdout: Bad file descriptor\n")
