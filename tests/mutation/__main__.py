"""Change the code of the verifier, the faults and both clients in small ways, and run its tests.

    python -m tests.mutation [--update] [AREA ...]

mutmut (Python) and gremlins (Go) make each change, a mutant, in a copy of the code, and run the tests of that
code. A mutant that no test detects survives. survivors.yaml lists survivors with a reason each: an equivalent
mutant, or "open" if a test is still to be written. This program prints a table of the mutants of each module.
The exit code is 1 if a mutant survives that survivors.yaml does not list, or if survivors.yaml lists a mutant
that is killed or does not exist. `--update` corrects survivors.yaml, and lists new survivors as open.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import hashlib
import json
import os
import re
import shutil
import sys
import tempfile
from collections import Counter
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import yaml
from rich.console import Console
from rich.table import Table

from tests.mutation import plugin
from tests.support.paths import ROOT
from tests.support.programs import default_signals, environment, run

if TYPE_CHECKING:
    from collections.abc import Iterator

SURVIVORS = Path(__file__).with_name("survivors.yaml")
OPEN = "open"
HEADER = """\
# Mutants that survive, by the reason: module, function, the changed lines, and the lines in the mutant.
# "open" means that a test is still to be written. Any other reason says why no test can detect the mutant.
"""
LIMIT = 45 * 60.0  # seconds for each area
NO_TESTS_RUN = 5  # the exit code of pytest
COPIED = ("mock_server", "python", "tests", "vectors", "noxfile.py", "README.md", ".env.example")

# Tests that fail in mutmut's copy without a mutant.
NOT_RUN = (
    "tests/python/capella/test_errors.py::test_no_secret_leaves",  # sees the frames that mutmut adds
    "tests/mock_server/verifier/test_mistakes.py::test_no_request_takes_long",  # measures CPU time
)


class Area(NamedTuple):
    """Code that is mutated, with the tests that must detect it.

    Attributes:
        files: Patterns of the files to mutate.
        tests: The tests that pytest runs.
        source: The folder that the tests import the files from.
    """

    files: tuple[str, ...]
    tests: tuple[str, ...]
    source: str = "."


GO = "client-go"
GO_RESULTS = {"KILLED": "killed", "TIMED OUT": "timed out", "LIVED": "survived"}
GO_OPERATORS = {
    "ARITHMETIC_BASE": {"+": "-", "-": "+", "*": "/", "/": "*", "%": "*"},
    "CONDITIONALS_BOUNDARY": {"<": "<=", "<=": "<", ">": ">=", ">=": ">"},
    "CONDITIONALS_NEGATION": {"==": "!=", "!=": "==", "<": ">=", "<=": ">", ">": "<=", ">=": "<"},
    "INVERT_LOGICAL": {"&&": "||", "||": "&&"},
}
GO_LIMIT = 120  # seconds for the tests of a mutant that gremlins does not run
AREAS = {
    "verifier": Area(("mock_server/verifier/*.py",), ("tests/mock_server/verifier",)),
    # With these tests alone, because a mutant that survives runs against every test that searches.
    "mistakes": Area(
        ("mock_server/verifier/mistakes/*.py",),
        (
            "tests/mock_server/verifier/test_mistakes.py",
            "tests/mock_server/verifier/test_variants.py",
        ),
    ),
    "faults": Area(
        ("mock_server/faults/*.py",), ("tests/mock_server/faults", "tests/mock_server/test_control.py")
    ),
    "client": Area(("python/capella/*.py",), ("tests/python/capella",), "python"),
}


class Key(NamedTuple):
    """The fields that identify a mutant in survivors.yaml."""

    module: str
    function: str
    before: str
    after: str


class Mutant(NamedTuple):
    """A change of one place.

    Attributes:
        module: The file, from the root of the repository.
        function: The function, with its class. In Go, the kind of mutation.
        before: The changed lines as they are.
        after: The changed lines in the mutant. In Go, the rest of the line from the changed operator.
        result: "killed", "timed out" (the tests take far longer, so they detect it), or "survived". Programs
            that a test runs do not contain the mutant. So a test in the process of pytest must detect it.
    """

    module: str
    function: str
    before: str
    after: str
    result: str

    @property
    def key(self) -> Key:
        """The fields that name the mutant in survivors.yaml. They stay the same when lines move."""
        return Key(self.module, self.function, self.before, self.after)


# Runs in the copy, because mutmut reads its settings from the current folder.
GENERATE = """
import json, pathlib, sys
from mutmut.mutation.file_mutation import mutate_file_contents
from mutmut.utils.format_utils import mangled_name_from_mutant_name

names = {}
for file in sys.argv[2:]:
    path = pathlib.Path(file)
    mutated = mutate_file_contents(file, path.read_text("utf-8"))
    path.write_text(mutated.code, "utf-8")
    module = ".".join(path.relative_to(sys.argv[1]).with_suffix("").parts)
    for name in mutated.mutant_names:
        mutant = f"{module}.{name}"
        names[mutant] = mangled_name_from_mutant_name(mutant), file
print(json.dumps(names))
"""


def mutate(area: Area, folder: Path, children: int) -> Iterator[Mutant]:
    """Run the tests against mutmut's mutants in a copy of the repository, and yield every mutant."""
    for name in COPIED:
        if (ROOT / name).is_dir():
            ignored = shutil.ignore_patterns("__pycache__", ".env")
            shutil.copytree(ROOT / name, folder / name, ignore=ignored)
        else:
            shutil.copy(ROOT / name, folder / name)
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (folder / "pyproject.toml").write_text(
        f'{project}\n[tool.mutmut]\nsource_paths = ["{area.source}"]\n', encoding="utf-8"
    )
    files = sorted(str(path.relative_to(folder)) for pattern in area.files for path in folder.glob(pattern))
    generated = run(sys.executable, "-c", GENERATE, area.source, *files, cwd=folder, limit=LIMIT)
    if generated.returncode != 0:
        raise SystemExit(f"mutmut generates no mutants:\n{generated.stderr}")
    names: dict[str, tuple[str, str]] = json.loads(generated.stdout)
    (folder / "mutants.json").write_text(
        json.dumps({mutant: function for mutant, (function, _) in names.items()}), encoding="utf-8"
    )
    pytest = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-p", "no:randomly"]
    pytest += ["--assert=plain", "--tb=native", *(f"--deselect={test}" for test in NOT_RUN), *area.tests]
    results = folder / "results.jsonl"
    settings = {plugin.MUTANTS: "mutants.json", plugin.RESULTS: str(results), plugin.CHILDREN: str(children)}
    told = run(
        *pytest, "-p", plugin.__name__, cwd=folder, env=environment(PYTHONPATH=".", **settings), limit=LIMIT
    )
    if told.returncode not in (0, NO_TESTS_RUN) or not results.exists():
        raise SystemExit(
            f"pytest ended with exit code {told.returncode}:\n{told.stdout[-3000:]}{told.stderr}"
        )
    for line in results.read_text(encoding="utf-8").splitlines():
        name, result = json.loads(line)
        if result == plugin.IMPORTED:
            active = environment(PYTHONPATH=".", MUTANT_UNDER_TEST=name)
            result = "killed" if run(*pytest, cwd=folder, env=active, limit=LIMIT).returncode else "survived"
        module = names[name][1]
        function = re.sub(r"^x_", "", name.rpartition("__mutmut_")[0].rpartition(".")[2])
        before, after = change(folder / module, name) if result == "survived" else ("", "")
        yield Mutant(module, function, before, after, result)


def change(file: Path, mutant: str) -> tuple[str, str]:
    """Return the lines that a mutant changes, as they are and as they are in the mutant."""
    wanted = mutant.rpartition(".")[2]
    bodies = _functions(file)
    original = bodies[f"{wanted.rpartition('__mutmut_')[0]}__mutmut_orig"]
    changed = list(difflib.unified_diff(original, bodies[wanted], lineterm=""))[2:]
    before, after = (
        "\n".join(line[1:].strip() for line in changed if line.startswith(sign)) for sign in "-+"
    )
    return before, after


@cache
def _functions(file: Path) -> dict[str, list[str]]:
    """Return the lines of each function in a file, without the function's name."""
    code = file.read_text(encoding="utf-8")
    lines = code.splitlines()
    return {
        node.name: [lines[node.lineno - 1].replace(node.name, ""), *lines[node.lineno : node.end_lineno]]
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.FunctionDef)
    }


def mutate_go(folder: Path, workers: int) -> Iterator[Mutant]:
    """Run gremlins on go/capella, and yield every mutant. `folder` receives copies of the module."""
    shutil.copytree(ROOT / "vectors", folder / "vectors")  # the tests look for it in the folders above them
    results = folder / "results.json"
    gremlins = ("gremlins", "unleash", "--workers", str(workers), "--output", results, "./capella")
    # A cached run of the tests takes no time, and would make gremlins stop each mutant too early.
    env = environment(TMPDIR=str(folder), GOFLAGS="-count=1 -vet=off")
    told = run(*gremlins, cwd=ROOT / "go", env=env, limit=LIMIT)
    if told.returncode != 0 or not results.exists():
        raise SystemExit(
            f"gremlins ended with exit code {told.returncode}:\n{told.stdout[-3000:]}{told.stderr}"
        )
    copy = folder / "module"
    shutil.copytree(ROOT / "go", copy)
    for file in json.loads(results.read_text(encoding="utf-8"))["files"]:
        source = copy / "capella" / Path(file["file_name"]).name
        name = f"go/capella/{source.name}"
        lines = source.read_text(encoding="utf-8").splitlines(keepends=True)
        for found in file["mutations"]:
            kind, status = found["type"], found["status"]
            if status in {"NOT VIABLE", "SKIPPED"}:  # does not compile; is switched off
                continue
            line, column = found["line"] - 1, found["column"] - 1
            before, here = lines[line].strip(), lines[line][column:]
            if status == "NOT COVERED":
                # Go's coverage has no `case` condition and no package variable. So gremlins runs no test.
                changed = lines[line][:column] + changed_operator(kind, here)
                source.write_text("".join([*lines[:line], changed, *lines[line + 1 :]]), encoding="utf-8")
                result = go_result(copy, env)
                source.write_text("".join(lines), encoding="utf-8")
            else:
                result = GO_RESULTS[status]
            if result:
                yield Mutant(name, kind, before, f"changed: {here.strip()}", result)


def changed_operator(kind: str, code: str) -> str:
    """Return Go code with its first operator changed, as gremlins changes it for this kind of mutation."""
    operator = code[:2] if code[:2] in GO_OPERATORS[kind] else code[:1]
    return GO_OPERATORS[kind][operator] + code[len(operator) :]


def go_result(module: Path, env: dict[str, str]) -> str:
    """Run the tests of a Go module with a mutant, and return its result, empty if it does not compile."""
    command = ("go", "test", "-failfast", f"-timeout={GO_LIMIT}s", "./capella")
    told = run(*command, cwd=module, env=env, limit=2 * GO_LIMIT)
    if "[build failed]" in told.stdout:
        return ""
    if "panic: test timed out" in told.stdout:
        return "timed out"
    return "killed" if told.returncode else "survived"


def is_equivalent(mutant: Mutant) -> bool:
    r"""Return whether a mutant is equivalent by a general rule, so that survivors.yaml need not list it.

    * It changes only the case of a header's name, or of the name of a character encoding or a hash function.
      These names are case-insensitive.
    * It changes only the case of the digits in an escape of a pattern, such as ``\x7f``.
    * It changes only the wording of a message, by capitals or by XX around it: a text with a space between
      words, or the end of a sentence. No contract has the wording of a message, only its values.
    """
    plain = mutant.after.replace("XX", "")
    if plain.casefold() != mutant.before.casefold():
        return False
    if _with_small_digits(mutant.after) == _with_small_digits(mutant.before):
        return True
    changed = [
        old for old, new in zip(_texts(mutant.before), _texts(mutant.after), strict=False) if old != new
    ]
    same_name = "XX" not in mutant.after
    is_header = "header" in mutant.before and same_name
    return bool(changed) and all(
        re.search(r"\S \S|^ .*\.$", text) or is_header or (same_name and _is_name(text)) for text in changed
    )


def _texts(code: str) -> list[str]:
    return re.findall(r"\"([^\"]*)\"", code)


def _with_small_digits(code: str) -> str:
    return re.sub(r"\\x[0-9A-Fa-f]{2}", lambda escape: escape[0].lower(), code)


def _is_name(text: str) -> bool:
    """Return whether a text names a character encoding or a hash function."""
    if text in hashlib.algorithms_available:
        return True
    try:
        return bool("a".encode(text))
    except (LookupError, UnicodeError):
        return False


def listed() -> dict[Key, str]:
    """Return the reason for each mutant in survivors.yaml."""
    groups = yaml.safe_load(SURVIVORS.read_text(encoding="utf-8")) or {}
    return {Key(*mutant): reason for reason, mutants in groups.items() for mutant in mutants}


def write(reasons: dict[Key, str]) -> None:
    """Write survivors.yaml: for each reason the mutants, as module, function, before and after."""
    groups: dict[str, list[list[str]]] = {}
    for key, reason in sorted(reasons.items(), key=lambda item: (item[1] == OPEN, item[1], item[0])):
        groups.setdefault(reason, []).append(list(key))
    text = yaml.safe_dump(groups, sort_keys=False, allow_unicode=True, width=10_000)
    SURVIVORS.write_text(HEADER + text, encoding="utf-8")


def table(mutants: list[Mutant], reasons: dict[Key, str]) -> Table:
    """Return the numbers of mutants of each module."""
    shown = Table(title="Mutants of our own code")
    for column in ("module", "mutants", "killed", "timed out", "survived", "with reason", "open"):
        shown.add_column(column, justify="left" if column == "module" else "right")
    for module in [*sorted({mutant.module for mutant in mutants}), ""]:
        chosen = [mutant for mutant in mutants if module in ("", mutant.module)]
        results = Counter(mutant.result for mutant in chosen)
        open_ones = sum(reasons.get(mutant.key) == OPEN for mutant in chosen if mutant.result == "survived")
        with_reason = results["survived"] - open_ones
        figures = (
            len(chosen),
            results["killed"],
            results["timed out"],
            results["survived"],
            with_reason,
            open_ones,
        )
        shown.add_row(module or "all", *map(str, figures))
    return shown


def main() -> int:
    """Run the areas that are named, or all, and return the exit code."""
    names = [*AREAS, GO]
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("--update", action="store_true", help="correct survivors.yaml")
    parser.add_argument("areas", nargs="*", metavar="AREA", help=f"{', '.join(names)}; all if not given")
    options = parser.parse_args()
    chosen = options.areas or names
    if unknown := set(chosen) - set(names):
        parser.error(f"unknown area {', '.join(sorted(unknown))}: use {', '.join(names)}")
    default_signals()
    processors = os.cpu_count() or 1
    console = Console(width=120)
    mutants: list[Mutant] = []
    for name in chosen:
        console.print(f"mutating {name}")
        with tempfile.TemporaryDirectory() as folder:
            if name == GO:
                mutants += mutate_go(Path(folder), max(1, processors // 2))  # `go test` uses several
            else:
                mutants += mutate(AREAS[name], Path(folder), processors)
    reasons = listed()
    modules = {mutant.module for mutant in mutants}
    surviving = {
        mutant.key for mutant in mutants if mutant.result == "survived" and not is_equivalent(mutant)
    }
    new = surviving - reasons.keys()
    stale = {key for key in reasons.keys() - surviving if key.module in modules}
    for heading, keys in (("new survivor", new), ("killed or gone, but in survivors.yaml", stale)):
        for key in sorted(keys):
            console.out(
                f"{heading}: {key.module} {key.function}\n  - {key.before}\n  + {key.after}", highlight=False
            )
    if options.update:
        reasons = {key: reason for key, reason in reasons.items() if key not in stale} | dict.fromkeys(
            new, OPEN
        )
        write(reasons)
    console.print(table(mutants, reasons))
    return 1 if (new or stale) and not options.update else 0


if __name__ == "__main__":
    sys.exit(main())
