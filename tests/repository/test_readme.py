"""Run every command in README.md, in a copy of the repository, and compare its output with the output shown.

Each section of README.md is a separate test, with its own copy of the repository and its own port.
Four things differ from the commands of a reader:

* The two set-up lines would run this test again. `.ci/run` reads and runs them.
* `nox -s conformance -- ARGUMENTS` runs `pytest tests/conformance ARGUMENTS`, as the session does.
* Port 8091 becomes a free port. A developer may run a mock on 8091 during the tests.
* There is no network. pip and Go take what the test session has installed, at the session's versions.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.support.paths import ROOT
from tests.support.programs import Running, environment, run, started

if TYPE_CHECKING:
    from collections.abc import Iterator

README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = (
    "README.md",
    "CHANGELOG.md",
    "mock_server/api/OPERATIONS.md",
    "vectors/README.md",
    *(f".github/{name}.md" for name in ("CONTRIBUTING", "SECURITY")),
)
SET_UP = re.compile(r"python3 -m venv \.venv && .* && \.venv/bin/nox -s (conformance|tests)\n")
NOX = "nox -s conformance --"
PYTEST = f"{sys.executable} -m pytest -q -p no:cacheprovider tests/conformance"
SERVER = "python -m mock_server\n"  # the one command that does not end by itself
LIMIT = 300  # seconds; only a command that hangs takes so long
OFFLINE = {
    "PIP_NO_INDEX": "1",
    "PIP_NO_BUILD_ISOLATION": "0",  # pip reads this as the value of --build-isolation
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    "GONOSUMDB": "*",
}


class Block(NamedTuple):
    """A fenced block of README.md."""

    language: str
    text: str


def sections() -> dict[str, list[Block]]:
    """Return the blocks of each section of README.md. The text before the first heading is "Start"."""
    found = {}
    for section in re.split(r"^## ", f"Start\n{README}", flags=re.MULTILINE):
        blocks = re.findall(r"^```(\w+)\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
        found[section.partition("\n")[0]] = [Block(*block) for block in blocks]
    return found


def is_run(block: Block) -> bool:
    """Return whether this test runs a block."""
    return block.language != "text" and not SET_UP.fullmatch(block.text)


SECTIONS = sections()
BLOCKS = [block for blocks in SECTIONS.values() for block in blocks]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The repository as a clone contains it, without the .env files and caches of this checkout."""
    listed = run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    assert listed.returncode == 0, listed.stderr
    target = tmp_path / "clone"
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, target / name)
    return target


@pytest.fixture
def reader(copy: Path) -> Iterator[Reader]:
    """A reader in that copy. The mock that the reader starts ends with the test, by Ctrl-C."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    settings = copy / ".env.example"
    settings.write_text(settings.read_text(encoding="utf-8").replace("8091", str(port)), encoding="utf-8")
    with ExitStack() as terminals:
        reader = Reader(copy, port, terminals)
        yield reader
        reader.leave()


class Reader:
    """Runs the commands of README.md, in order."""

    def __init__(self, folder: Path, port: int, terminals: ExitStack) -> None:
        """Work in `folder`, with the tools of the test session on PATH."""
        self.folder = folder
        self.port = port
        self.terminals = terminals
        tools = (folder / ".venv" / "bin", Path(sys.executable).parent, folder / "bin", os.environ["PATH"])
        modules = run("go", "env", "GOMODCACHE", cwd=ROOT / "go").stdout.strip()
        self.environment = environment(
            PATH=os.pathsep.join(map(str, tools)),
            GOBIN=str(folder / "bin"),
            COLUMNS="120",
            GOPROXY=f"file://{modules}/cache/download",
            **OFFLINE,
        )
        # In the reader's .venv pip finds the packages of the session, and has nothing to download.
        self.environment["PYTHONPATH"] += os.pathsep + sysconfig.get_path("purelib")
        # The bytecode of the copy is deleted with the copy.
        self.environment.pop("PYTHONPYCACHEPREFIX", None)
        self.server: Running | None = None

    def run(self, script: str, *, fails: bool = False) -> str:
        """Run a script in a new shell and return its output. The script must succeed, unless `fails`."""
        ran = run(
            *("bash", "-uo" if fails else "-euo", "pipefail", "-c"),
            script.replace(NOX, PYTEST).replace("8091", str(self.port)),
            cwd=self.folder,
            env=self.environment,
            stderr=subprocess.STDOUT,
            limit=LIMIT,
        )
        assert fails or ran.returncode == 0, f"{script}\n{ran.stdout}"
        return ran.stdout

    def compare(self, transcript: str) -> None:
        """Run the commands of a transcript and compare their output. `...` stands for any text."""
        commands = "\n".join(re.findall(r"^\$ (.*)$", transcript, re.MULTILINE))
        shown = re.sub(r"^\$ .*\n", "", transcript, flags=re.MULTILINE)
        pattern = ".*".join(map(re.escape, shown.strip().split("...")))
        output = self.run(commands, fails=True).replace("\r", "").strip()
        assert re.fullmatch(pattern, output, re.DOTALL), f"README.md shows\n{shown}\nthe output is\n{output}"

    def serve(self) -> None:
        """Start the mock in "another terminal", and wait until it listens."""
        command = (*SERVER.split(), "--port", str(self.port))
        self.server = self.terminals.enter_context(
            started(*command, cwd=self.folder, env=self.environment, limit=LIMIT)
        )
        banner = self.server.stderr.readline()
        assert "listening on" in banner, banner

    def leave(self) -> None:
        """Press Ctrl-C in that terminal."""
        if self.server is not None:
            self.server.send_signal(signal.SIGINT)
            ended = self.server.end()
            assert ended.returncode == 0, ended.stderr


@pytest.mark.long
@pytest.mark.parametrize("title", [title for title, blocks in SECTIONS.items() if any(map(is_run, blocks))])
def test_section(reader: Reader, title: str) -> None:
    """Every command of the section works, and every transcript shows what the commands print."""
    for language, text in filter(is_run, SECTIONS[title]):
        if text == SERVER:
            reader.serve()
        elif language == "sh":
            reader.run(text)
        elif language == "python":
            reader.run(f"{sys.executable} - <<'END'\n{text}END")
        elif language == "console":
            reader.compare(text)


def test_go_block_keeps_a_file_with_a_byte_order_mark_from_godotenv(reader: Reader) -> None:
    """Without the check, godotenv 1.5.1 prints the rest of such a file, secrets included."""
    (block,) = (text for _, text in BLOCKS if "godotenv -f .env" in text)
    settings = reader.folder / "go" / "examples" / ".env"
    settings.write_bytes(b"\xef\xbb\xbf" + (ROOT / ".env.example").read_bytes())
    output = reader.run(block[block.index("cd go/examples") :])
    assert output == "go/examples/.env starts with a byte order mark. Save it as UTF-8 without one.\n"


def test_every_block_is_of_a_kind_that_is_run() -> None:
    """A block in another language would never run."""
    assert {language for language, _ in BLOCKS} == {"text", "sh", "console", "python"}
    assert [kind for _, text in BLOCKS for kind in SET_UP.findall(text)] == ["conformance", "tests"]
    assert Block("sh", SERVER) in BLOCKS


def test_first_screen_has_a_result_for_each_reader() -> None:
    """The first 40 lines have a command for each of the four readers, and a link to the section of each."""
    screen = "\n".join(README.splitlines()[:40])
    assert [language for language, _ in SECTIONS["Start"]] == ["sh", "console", "sh", "sh", "sh"]
    assert screen.count("```") == 2 * len(SECTIONS["Start"])
    for anchor in ("copy-an-example", "i-have-a-401", "another-language", "in-a-ci-pipeline"):
        assert f"(#{anchor})" in screen


def test_set_up_lines_are_what_ci_runs() -> None:
    """`.ci/run` finds the two lines with its own pattern."""
    pattern = re.search(r"grep -E '(.*)' README\.md", (ROOT / ".ci" / "run").read_text(encoding="utf-8"))
    assert pattern is not None
    found = [line for line in README.splitlines() if re.search(pattern[1], line)]
    assert found == [text.strip() for language, text in BLOCKS if language == "sh" and SET_UP.fullmatch(text)]
    assert found[0] in (ROOT / ".github" / "CONTRIBUTING.md").read_text(encoding="utf-8").splitlines()


def headings(page: Path) -> set[str]:
    """Return the anchors of the headings of a Markdown page, as GitHub makes them."""
    return {
        re.sub(r"[^\w -]", "", line).strip().lower().replace(" ", "-")
        for line in re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    }


@pytest.mark.parametrize("name", PAGES)
def test_links_lead_somewhere(name: str) -> None:
    """Every relative link leads to a file, and every anchor to a heading of that file."""
    page = ROOT / name
    for target in re.findall(r"\]\(([^)]+)\)", page.read_text(encoding="utf-8")):
        if not target.startswith("https://"):
            path, _, anchor = target.partition("#")
            file = page.parent / path if path else page
            assert file.exists(), target
            assert not anchor or anchor in headings(file), target
