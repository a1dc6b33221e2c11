"""Change the code of the verifier, the faults and both clients in small ways, and run its tests.

    python -m tests.mutation [AREA ...]

mutmut (Python) and gremlins (Go) make each change, a mutant, in a copy of the code, and run the tests of that
code. A mutant that no test detects survives. This program prints a table of the mutants of each module. The
exit code is 1 if a mutant survives that accepted.yaml does not list, or if accepted.yaml lists a mutant that
is killed or does not exist.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import yaml
from rich.console import Console
from rich.table import Table

from tests.support.paths import ROOT
from tests.support.programs import default_signals, environment, run

if TYPE_CHECKING:
    from collections.abc import Iterator

ACCEPTED = Path(__file__).with_name("accepted.yaml")
LIMIT = 45 * 60.0  # seconds for each area
COPIED = ("mock_server", "python", "tests", "vectors", "noxfile.py", "README.md", ".env.example")

# Tests that fail in mutmut's copy without a mutant.
NOT_RUN = (
    "tests/python/capella/test_errors.py::test_no_secret_leaves",  # sees the frames that mutmut adds
)


class Area(NamedTuple):
    """Code that is mutated, with the tests that must detect it.

    Attributes:
        files: Patterns of the files to mutate.
        tests: What pytest runs.
        source: The folder that the tests import from, or "" for the root.
    """

    files: tuple[str, ...]
    tests: tuple[str, ...]
    source: str = ""


GO = "client-go"
AREAS = {
    "verifier": Area(
        ("mock_server/verifier/*.py", "mock_server/verifier/*/*.py"), ("tests/mock_server/verifier",)
    ),
    "faults": Area(
        ("mock_server/faults/*.py",), ("tests/mock_server/faults", "tests/mock_server/test_control.py")
    ),
    "client": Area(("src/capella/*.py",), ("tests/python/capella",), "python"),
}


class Mutant(NamedTuple):
    """A change of one place.

    Attributes:
        module: The file, from the root of the repository.
        function: The function, with its class. In Go, the kind of mutation.
        before: The changed lines as they are.
        after: The changed lines in the mutant. Empty in Go.
        survives: Whether no test detected the mutant. A mutant that no test runs survives as well.
    """

    module: str
    function: str
    before: str
    after: str
    survives: bool

    @property
    def key(self) -> tuple[str, str, str, str]:
        """The fields that name the mutant in accepted.yaml. They stay the same when lines move."""
        return self.module, self.function, self.before, self.after


# Runs in the copy, where mutmut left its results.
READ_RESULTS = """
import json, pathlib, re, sys
from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.models.results import status_by_exit_code

for meta in sorted(pathlib.Path("mutants").rglob("*.py.meta")):
    for name, code in json.loads(meta.read_text())["exit_code_by_key"].items():
        status = status_by_exit_code[code]
        diff = get_diff_for_mutant(name).splitlines()[2:] if status not in ("killed", "timeout") else []
        print(json.dumps({
            "module": str(meta.relative_to("mutants"))[: -len(".meta")],
            "function": re.sub(r"^x_", "", name.rpartition("__mutmut_")[0].rpartition(".")[2]),
            "before": "\\n".join(line[1:].strip() for line in diff if line.startswith("-")),
            "after": "\\n".join(line[1:].strip() for line in diff if line.startswith("+")),
            "survives": status not in ("killed", "timeout"),
        }))
"""


def mutate(area: Area, folder: Path, children: int) -> Iterator[Mutant]:
    """Run mutmut in a copy of the repository in `folder`, and yield every mutant with its result."""
    for name in COPIED:
        if (ROOT / name).is_dir():
            ignored = shutil.ignore_patterns("__pycache__", ".env")
            shutil.copytree(ROOT / name, folder / name, ignore=ignored)
        else:
            shutil.copy(ROOT / name, folder / name)
    options = [
        "-p",
        "no:randomly",
        "-p",
        "no:cacheprovider",
        "-q",
        *(f"--deselect={test}" for test in NOT_RUN),
    ]
    source = "mock_server"
    if area.source:
        # mutmut names modules by their path, but leaves out a folder `src`.
        shutil.copytree(
            ROOT / area.source, folder / "src", ignore=shutil.ignore_patterns("__pycache__", ".env")
        )
        options += ["-o", "pythonpath=. src"]
        source = "src"
    settings = {
        "source_paths": [source],
        "only_mutate": list(area.files),
        "also_copy": list(COPIED),
        "pytest_add_cli_args": options,
        "pytest_add_cli_args_test_selection": list(area.tests),
    }
    lines = [f"{name} = {json.dumps(value)}" for name, value in settings.items()]
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (folder / "pyproject.toml").write_text(
        f"{project}\n[tool.mutmut]\n" + "\n".join(lines) + "\n", encoding="utf-8"
    )
    mutmut = (sys.executable, "-m", "mutmut", "run", "--max-children", str(children))
    told = run(*mutmut, cwd=folder, env=environment(PYTHONPATH=""), limit=LIMIT)
    if told.returncode != 0:
        raise SystemExit(
            f"mutmut ended with exit code {told.returncode}:\n{told.stdout[-3000:]}{told.stderr}"
        )
    read = run(sys.executable, "-c", READ_RESULTS, cwd=folder, limit=LIMIT)
    if read.returncode != 0:
        raise SystemExit(f"the results of mutmut cannot be read:\n{read.stderr}")
    for line in read.stdout.splitlines():
        fields = json.loads(line)
        if area.source:
            fields["module"] = fields["module"].replace("src/", f"{area.source}/", 1)
        yield Mutant(**fields)


def mutate_go(folder: Path, workers: int) -> Iterator[Mutant]:
    """Run gremlins on go/capella, and yield every mutant."""
    results = folder / "results.json"
    gremlins = ("gremlins", "unleash", "--workers", str(workers), "--output", results, "./capella")
    told = run(*gremlins, cwd=ROOT / "go", limit=LIMIT)
    if told.returncode != 0 or not results.exists():
        raise SystemExit(
            f"gremlins ended with exit code {told.returncode}:\n{told.stdout[-3000:]}{told.stderr}"
        )
    for file in json.loads(results.read_text(encoding="utf-8"))["files"]:
        name = f"go/{file['file_name']}" if "/" in file["file_name"] else f"go/capella/{file['file_name']}"
        lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
        for found in file["mutations"]:
            if found["status"] not in {"NOT VIABLE", "SKIPPED"}:  # does not compile; is switched off
                survives = found["status"] in {"LIVED", "NOT COVERED"}
                yield Mutant(name, found["type"], lines[found["line"] - 1].strip(), "", survives)


def accepted() -> dict[tuple[str, str, str, str], str]:
    """Return the reason for each mutant in accepted.yaml."""
    groups = yaml.safe_load(ACCEPTED.read_text(encoding="utf-8")) or []
    return {
        (mutant["module"], mutant["function"], mutant["before"], mutant["after"]): group["reason"]
        for group in groups
        for mutant in group["mutants"]
    }


def table(mutants: list[Mutant], excused: set[tuple[str, str, str, str]]) -> Table:
    """Return the numbers of mutants of each module."""
    shown = Table(title="Mutants of our own code")
    for column in ("module", "mutants", "killed", "survived", "of these accepted"):
        shown.add_column(column, justify="left" if column == "module" else "right")
    for module in sorted({mutant.module for mutant in mutants}):
        of_module = [mutant for mutant in mutants if mutant.module == module]
        surviving = [mutant for mutant in of_module if mutant.survives]
        known = sum(mutant.key in excused for mutant in surviving)
        figures = (len(of_module), len(of_module) - len(surviving), len(surviving), known)
        shown.add_row(module, *map(str, figures))
    return shown


def main() -> int:
    """Run the areas that are named, or all, and return the exit code."""
    names = [*AREAS, GO]
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("areas", nargs="*", metavar="AREA", help=f"{', '.join(names)}; all if not given")
    chosen = parser.parse_args().areas or names
    if unknown := set(chosen) - set(names):
        parser.error(f"{', '.join(sorted(unknown))}: not an area; the areas are {', '.join(names)}")
    default_signals()
    processors = os.cpu_count() or 1
    console = Console(width=120)
    mutants: list[Mutant] = []
    for name in chosen:
        console.print(f"mutating {name}")
        with tempfile.TemporaryDirectory() as folder:
            if name == GO:
                mutants += mutate_go(Path(folder), processors)
            else:
                mutants += mutate(AREAS[name], Path(folder), processors)
    excused = accepted()
    modules = {mutant.module for mutant in mutants}
    surviving = {mutant.key for mutant in mutants if mutant.survives}
    new = sorted(surviving - excused.keys())
    stale = sorted(key for key in excused.keys() - surviving if key[0] in modules)
    for heading, keys in (("survives", new), ("is in accepted.yaml, but is killed or gone", stale)):
        for module, function, before, after in keys:
            console.out(f"{heading}: {module} {function}\n  - {before}\n  + {after}", highlight=False)
    console.print(table(mutants, set(excused)))
    return 1 if new or stale else 0


if __name__ == "__main__":
    sys.exit(main())
