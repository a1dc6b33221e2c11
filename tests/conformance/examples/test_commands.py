"""The commands of the README, exactly as a user types them, with the mock in a separate process.

They run in a copy of python/ and go/ with its own .env files. The .env files of the repository may contain
real keys, and an interrupted run would leave the mock's keys there.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import sys
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from tests.conformance.items import COMMAND_SOURCES
from tests.conformance.programs.environment import environment
from tests.conformance.programs.examples import LIMIT
from tests.conformance.report.results import Result
from tests.support.paths import ROOT
from tests.support.programs import run, started

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conformance.state import RunState

EXAMPLE_URL = "http://127.0.0.1:8091"  # in .env.example; the mock of these tests has another port


@dataclass(frozen=True)
class Checkout:
    """A copy of the examples, and the URL of the mock that they call."""

    root: Path
    url: str

    def write_settings(self, source: str) -> None:
        """Write the .env files: a copy of the mock's own file, or .env.example with the mock's port."""
        text = (self.root / "written.env").read_text(encoding="utf-8")
        if source == "env-example":
            text = (ROOT / ".env.example").read_text(encoding="utf-8")
            assert text.count(EXAMPLE_URL) == 1
            text = text.replace(EXAMPLE_URL, self.url)
        for folder in (self.root, self.root / "go" / "examples"):
            (folder / ".env").write_text(text, encoding="utf-8")

    def control(self, method: str, name: str) -> Any:  # noqa: ANN401  # JSON
        """Call one of the mock's /_mock/ endpoints, and return the decoded body."""
        request = urllib.request.Request(f"{self.url}/_mock/{name}", method=method)  # noqa: S310  # loopback
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=LIMIT) as response:
            return json.loads(response.read() or "null")


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checkout]:
    """The copy, with a running mock; at the end the mock stops with exit code 0 and a summary."""
    root = tmp_path_factory.mktemp("checkout")
    for wing in ("python", "go"):
        shutil.copytree(ROOT / wing, root / wing, ignore=shutil.ignore_patterns(".env", "__pycache__"))
    command = [sys.executable, "-m", "mock_server", "--port", "0", "--env-file", str(root / "written.env")]
    with started(*command, env=environment(), limit=LIMIT * 10) as mock:  # Go compiles
        banner = mock.stderr.readline()
        listening = re.search(r"http://127\.0\.0\.1:\d+", banner)
        assert listening, f"the first line of the mock is {banner!r}"
        yield Checkout(root, listening[0])
        mock.send_signal(signal.SIGTERM)
        ended = mock.end()
    assert ended.returncode == 0
    assert re.search(r"\d+ requests?: \d+ ok\n", ended.stderr), ended.stderr


class Command(NamedTuple):
    """A command, and the folder it runs in."""

    language: str
    folder: str
    words: tuple[str, ...]


COMMANDS = (
    Command("python", ".", ("python", "python/list_clouds.py")),
    Command("go", "go/examples", ("godotenv", "-f", ".env", "go", "run", "./get", "/v2/projects")),
)


@pytest.mark.parametrize("source", COMMAND_SOURCES)
@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.language)
def test_command(state: RunState, checkout: Checkout, command: Command, source: str) -> None:
    """The command reads its settings from the .env file, and the mock accepts every request."""
    path = os.pathsep.join(
        (str(Path(sys.executable).parent), os.environ["PATH"])
    )  # where `python` is this one
    program = shutil.which(command.words[0], path=path)
    assert program, f"{command.words[0]} is not on PATH; `nox -s conformance` installs it"
    checkout.write_settings(source)
    checkout.control("POST", "reset")
    start = time.perf_counter()
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(
            run,
            program,
            *command.words[1:],
            cwd=checkout.root / command.folder,
            env=environment(PATH=path),
            limit=LIMIT * 3,  # Go compiles
        )
        ran = state.wait_for(running, lambda: f"waiting for `{' '.join(command.words)}` ...")
    seconds = time.perf_counter() - start
    wrong = [] if ran.returncode == 0 else [f"ends with exit code {ran.returncode}"]
    wrong += _clouds(ran.stdout) if command.language == "python" else _projects(ran.stdout)
    journal = checkout.control("GET", "requests")["requests"]
    wrong += [f"the journal has {entry}" for entry in journal if entry["code"] != "ok"]
    if not journal:
        wrong.append("the journal is empty")
    typed = " ".join(command.words)
    lines = "\n      ".join((f"FAIL  {typed}  from {source}", *wrong, ran.stdout, ran.stderr))
    state.record(
        Result(
            kind="example",
            implementation=command.language,
            id=f"{typed} from {source}",
            groups=("as typed, from a .env file",),
            outcome="failed" if wrong else "passed",
            output={"code": ran.returncode, "stdout": ran.stdout, "stderr": ran.stderr},
            detail=lines if wrong else "",
            seconds=seconds,
        )
    )


def _clouds(out: str) -> list[str]:
    head, *rows = out.splitlines() or [""]
    wrong = [] if head.split() == ["Name", "Provider", "Region", "ID"] else [f"the table's head is {head!r}"]
    if len(rows) != 24 or not all(re.search(r" (aws|azure) +\S+ +[0-9a-f-]{36}$", row) for row in rows):
        wrong.append("the table does not have all 24 clouds of the seed")
    return wrong


def _projects(out: str) -> list[str]:
    try:
        shown = json.loads(out)
    except ValueError:
        return ["stdout is not JSON"]
    if shown.get("status") != 200 or len(shown["body"]["data"]) != 10:
        return ["stdout does not show the first page of projects"]
    return []
