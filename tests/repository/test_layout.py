"""The layout: the tests' tree repeats the code's tree, and no file is long."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.support.paths import ROOT
from tests.support.programs import run

# Each folder of tests, and the folder that it repeats.
TREES = {
    "tests/mock_server": "mock_server",
    "tests/python": "python",
    "tests/suite": "tests/conformance",
    "tests/suite/support": "tests/support",
}
# Tests of more than one module, or of a program that has no module of the same name, with the reason.
EXCEPTIONS = {
    "tests/mock_server/test_imports.py": "imports between the modules of the mock",
    "tests/mock_server/test_main.py": "mock_server/__main__.py",
    "tests/mock_server/verifier/test_search_long.py": "the part of search.py that bounds long requests",
    "tests/mock_server/verifier/test_refusals.py": "the part of signature.py that fills a refusal",
    "tests/python/test_examples.py": "every example",
    "tests/python/test_terminal.py": "examples on a terminal",
    "tests/python/capella/test_responses_json.py": "the part of responses.py that decodes JSON",
    "tests/python/capella/test_transport_headers.py": "the part of transport.py that reads headers",
    "tests/python/capella/test_transport_tls.py": "the part of transport.py that needs certificates",
    "tests/suite/test_deployments.py": "deploy_cluster in both languages",
    "tests/suite/test_live.py": "tests/live",
    "tests/suite/test_mutants.py": "tests/mutants",
    "tests/suite/test_mutation.py": "tests/mutation",
    "tests/suite/programs/test_portability.py": "every module that starts programs, on a system like Windows",
    "tests/suite/vectors/test_vectors.py": "vectors/",
    "tests/suite/support/test_loopback.py": "tests/support/loopback/, a folder",
}
PROGRAM_STARTERS = {
    "tests/support/programs.py": "starts the programs of every other test",
    "tests/support/terminal.py": "starts them on a terminal",
    "tests/conformance/programs/examples.py": "part of the suite that users run",
    "tests/conformance/programs/process.py": "the same",
    "tests/conformance/programs/builds.py": "the same",
    "tests/suite/test_deployments.py": "connects a program to full and closed files",
}
STARTS_A_PROGRAM = re.compile(
    r"\b(?:subprocess\.(?:run|Popen|call|check_call|check_output|getoutput|getstatusoutput)|pty\.spawn"
    r"|os\.(?:system|popen|spawn\w+|posix_spawnp?|exec[lv]\w*))\("
    r"|\bfrom (?:subprocess|pty) import|\bcreate_subprocess_(?:exec|shell)\b"
)
LONGEST = 400  # lines
LONG = {
    "tests/conformance/refusals/mutations/signed.py",
    "tests/mock_server/api/test_description.py",
    "tests/mock_server/faults/test_injection.py",
    "tests/python/capella/test_transport.py",
}
"""Files above the limit. No new file belongs here."""
CODE = {".py", ".go", ".mjs", ".pl", ".rb", ".php", ".java", ".rs", ".ts", ".sh"}


def tracked() -> list[str]:
    """Return the paths of the files in the repository."""
    listed = run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard").stdout.split("\0")
    return [name for name in listed if name and (ROOT / name).is_file()]


TESTS = [
    name
    for name in tracked()
    if re.fullmatch(r"tests/(mock_server|python|suite)/(.*/)?test_\w+\.py", name) and name not in EXCEPTIONS
]


def test_top_level() -> None:
    """The top level has these names, and nothing beside them."""
    folders = {"python", "go", "vectors", "mock_server", "tests", ".github", ".ci"}
    files = {"noxfile.py", "pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE", ".env.example"}
    assert {name.partition("/")[0] for name in tracked()} == folders | files | {
        ".editorconfig",
        ".gitattributes",
        ".gitignore",
    }


@pytest.mark.parametrize("name", TESTS)
def test_a_test_stands_where_its_module_stands(name: str) -> None:
    """`tests/mock_server/verifier/test_search.py` tests `mock_server/verifier/search.py`, or a folder."""
    tree = max((tree for tree in TREES if name.startswith(f"{tree}/")), key=len)
    inside = Path(name).relative_to(tree)
    tested = ROOT / TREES[tree] / inside.parent / inside.stem.removeprefix("test_")
    assert tested.with_suffix(".py").is_file() or tested.is_dir(), f"{tested} does not exist"


@pytest.mark.parametrize("name", EXCEPTIONS)
def test_an_exception_is_needed(name: str) -> None:
    """Each file in the list of exceptions exists."""
    assert (ROOT / name).is_file()


def test_tests_start_programs_in_one_way() -> None:
    """Only the modules in the list start programs: the others have no time limit and no reset signals."""
    starting = {
        name
        for name in tracked()
        if name.startswith("tests/") and name.endswith(".py") and _starts_a_program(name)
    }
    assert starting == set(PROGRAM_STARTERS)


def _starts_a_program(name: str) -> bool:
    """Return whether a call in a module starts a program. Programs in texts do not count."""
    text = (ROOT / name).read_text(encoding="utf-8")
    tree = ast.parse(text if STARTS_A_PROGRAM.search(text) else "")
    code = (node for node in ast.walk(tree) if isinstance(node, ast.Call | ast.ImportFrom))
    return any(STARTS_A_PROGRAM.match(ast.unparse(node)) for node in code)


@pytest.mark.parametrize(
    "code",
    [
        *("subprocess.run(['a'])", "subprocess.Popen(a)", "subprocess.check_output(a)", "os.system('a')"),
        *("os.execv(a, b)", "os.posix_spawn(a)", "pty.spawn(a)", "from subprocess import run"),
    ],
)
def test_every_way_to_start_a_program_is_known(code: str) -> None:
    """Each call and each import of one is found."""
    assert STARTS_A_PROGRAM.match(code)


def test_no_file_is_long() -> None:
    """A file of code has at most 400 lines, except those in the list."""
    lengths = {
        name: len((ROOT / name).read_text(encoding="utf-8").splitlines())
        for name in tracked()
        if Path(name).suffix in CODE and name not in LONG
    }
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}
