"""Nothing stands in README.md that is not run here, in a copy of the repository, as it is written there.

Three things are not taken literally. The two set-up lines would run this very suite again: `.ci/run` reads
and runs them. `nox -s conformance -- ARGUMENTS` runs as what the session runs, `pytest tests/conformance`.
And port 8091 is a free one here: whoever follows the README may have a mock there while the tests run.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
SET_UP = re.compile(r"python3 -m venv \.venv && .* && \.venv/bin/nox -s (conformance|tests)\n")
NOX = "nox -s conformance --"
SERVER = "python -m mock_server\n"  # the one command that does not end by itself
LIMIT = 300  # seconds; only a command that hangs takes so long


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository as a clone would have it, with nothing of this working tree's .env or caches."""
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, check=True, capture_output=True).stdout.decode()
    target = tmp_path_factory.mktemp("readme")
    for name in filter(None, names.split("\0")):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, target / name)
    return target


@pytest.fixture(scope="module")
def port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        number: int = listener.getsockname()[1]
    return number


@pytest.fixture(scope="module")
def reader(copy: Path, port: int) -> Iterator[Reader]:
    """Somebody with a shell in that copy, whose servers end with the module."""
    settings = copy / ".env.example"
    settings.write_text(settings.read_text(encoding="utf-8").replace("8091", str(port)), encoding="utf-8")
    reader = Reader(copy, port)
    yield reader
    reader.leave()


class Reader:
    """Types what the README says, in order."""

    def __init__(self, folder: Path, port: int) -> None:
        """Stand in `folder`, with the tools of the session on PATH."""
        self.folder = folder
        self.port = port
        tools = f"{folder / '.venv' / 'bin'}:{Path(sys.executable).parent}:{folder / 'bin'}"
        unset = {
            name
            for name in os.environ
            if "CBC" in name.upper() or name in {"BASE_URL", "ACCESS_KEY", "SECRET_KEY"}
        }
        self.environment = {name: value for name, value in os.environ.items() if name not in unset} | {
            "PATH": f"{tools}:{os.environ['PATH']}",
            "GOBIN": str(folder / "bin"),
            "COLUMNS": "120",
        }
        self.server: subprocess.Popen[bytes] | None = None

    def run(self, script: str, *, fails: bool = False) -> str:
        """Run a script in a shell of its own and return all it said; it must succeed, unless it `fails`."""
        pytest_itself = f"{sys.executable} -m pytest -q -p no:cacheprovider tests/conformance"
        ran = subprocess.run(
            [
                "bash",
                "-uo" if fails else "-euo",
                "pipefail",
                "-c",
                script.replace(NOX, pytest_itself).replace("8091", str(self.port)),
            ],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=LIMIT,
            check=False,
        )
        assert fails or ran.returncode == 0, f"{script}\n{ran.stdout}"
        return ran.stdout

    def serve(self) -> None:
        """Start the mock in "a terminal of its own", and wait until it answers."""
        self.server = subprocess.Popen(
            [*SERVER.split(), "--port", str(self.port)],
            cwd=self.folder,
            env=self.environment,
            stderr=subprocess.PIPE,
        )
        assert self.server.stderr is not None
        banner = self.server.stderr.readline().decode()
        assert "listening on" in banner, banner

    def leave(self) -> None:
        """Press Ctrl-C in that terminal."""
        if self.server is not None:
            self.server.send_signal(signal.SIGINT)
            _, summary = self.server.communicate(timeout=LIMIT)
            assert self.server.returncode == 0, summary.decode()


def test_blocks_in_order(reader: Reader) -> None:
    """Every command works, and every transcript is what the commands print."""
    for language, text in BLOCKS:
        if language == "sh" and text == SERVER:
            reader.serve()
        elif language == "sh" and not SET_UP.fullmatch(text):
            reader.run(text)
        elif language == "python":
            reader.run(f"{sys.executable} - <<'END'\n{text}END")
        elif language == "console":
            commands = "\n".join(re.findall(r"^\$ (.*)$", text, re.MULTILINE))
            shown = re.sub(r"^\$ .*\n", "", text, flags=re.MULTILINE)
            pattern = ".*".join(map(re.escape, shown.strip().split("...")))
            said = reader.run(commands, fails=True).replace("\r", "").strip()
            assert re.fullmatch(pattern, said, re.DOTALL), f"README.md shows\n{shown}\nit is\n{said}"
    assert reader.server is not None


def test_every_block_is_of_a_kind_that_is_run() -> None:
    """A block of another language would be shown and never run."""
    assert {language for language, _ in BLOCKS} == {"text", "sh", "console", "python"}
    assert [kind for _, text in BLOCKS for kind in SET_UP.findall(text)] == ["conformance", "tests"]
    assert sum(text == SERVER for _, text in BLOCKS) == 1


def test_set_up_lines_are_what_ci_runs() -> None:
    """`.ci/run` finds the two lines by the pattern they are recognised by here."""
    pattern = re.search(r"grep -E '(.*)' README\.md", (ROOT / ".ci" / "run").read_text(encoding="utf-8"))
    assert pattern is not None
    found = [line for line in README.splitlines() if re.search(pattern[1], line)]
    assert found == [text.strip() for language, text in BLOCKS if language == "sh" and SET_UP.fullmatch(text)]


def test_links_lead_somewhere() -> None:
    """Every relative link is a file or a heading of this README."""
    headings = {
        re.sub(r"[^\w -]", "", line).strip().lower().replace(" ", "-")
        for line in re.findall(r"^#+ (.*)$", README, re.MULTILINE)
    }
    for target in re.findall(r"\]\(([^)]+)\)", README):
        if target.startswith("#"):
            assert target[1:] in headings, target
        elif not target.startswith("https://"):
            assert (ROOT / target).exists(), target
