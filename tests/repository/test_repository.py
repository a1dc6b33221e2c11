"""What keeps the house in order: mirrors, the table of operations, walls between the wings, reasons."""

from __future__ import annotations

import ast
import io
import re
import subprocess
import sys
import tokenize
import zipfile
from typing import TYPE_CHECKING

import pytest
import yaml

from mock_server.server import DEFAULT_KEYS
from tests.support.paths import ROOT

if TYPE_CHECKING:
    from pathlib import Path

README = (ROOT / "README.md").read_text(encoding="utf-8")
DESCRIPTION = yaml.safe_load((ROOT / "mock_server" / "api" / "openapi.yaml").read_text(encoding="utf-8"))
OPERATIONS = {
    operation["operationId"]: f"{method.upper()} {path}"
    for path, methods in DESCRIPTION["paths"].items()
    for method, operation in methods.items()
    if method != "parameters"
}
WORKFLOWS = {"get", "poll_cluster_status", "poll_bucket_health", "deploy_cluster"}
PYTHON = {path.stem for path in (ROOT / "python").glob("*.py")}
GO = {path.parent.name for path in (ROOT / "go" / "examples").glob("*/main.go")}
MODULES = (
    *("client", "command", "errors", "leftovers", "list", "options", "output", "password", "progress"),
    *("retry", "secret", "settings", "signing", "target", "wait"),
)


def snake_case(operation_id: str) -> str:
    """`listClustersV3` -> `list_clusters_v3`."""
    return re.sub(r"(?<!^)([A-Z])", r"_\1", operation_id).lower()


def test_every_operation_has_an_example_in_both_languages() -> None:
    """And nothing stands beside them but the workflows and the signer."""
    expected = {snake_case(name) for name in OPERATIONS} | WORKFLOWS | {"signer"}
    assert expected == PYTHON
    assert {name.replace("_", "") for name in expected} == GO


@pytest.mark.parametrize("module", MODULES)
def test_what_the_examples_share_has_the_same_rooms(module: str) -> None:
    """`python/capella/client.py` is `go/capella/client.go`."""
    assert (ROOT / "python" / "capella" / f"{module}.py").is_file()
    assert (ROOT / "go" / "capella" / f"{module}.go").is_file()


def test_readme_table_is_the_description() -> None:
    """Each operation once, with its method and path, both examples, and what succeeds it."""
    rows = re.findall(r"^\| `(\w+)` \| `([A-Z]+ \S+)` \| (.+?) \| (.+?) \| (.+?) \|$", README, re.MULTILINE)
    assert {name: call for name, call, *_ in rows} == OPERATIONS
    assert len(rows) == len(OPERATIONS)
    for name, _, python, go, successor in rows:
        stem = snake_case(name)
        folder = stem.replace("_", "")
        assert python == f"[`{stem}.py`](python/{stem}.py)"
        assert go == f"[`{folder}`](go/examples/{folder}/main.go)"
        assert re.match(r"none|(Get|List|Create|Update|Delete) [A-Z]", successor), successor


def test_readme_names_every_session() -> None:
    """The table of sessions is `nox --list`, and the help of each is in its docstring."""
    tree = ast.parse((ROOT / "noxfile.py").read_text(encoding="utf-8"))
    sessions = {
        node.name: ast.get_docstring(node)
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.decorator_list
    }
    assert all(sessions.values())
    assert set(re.findall(r"^\| `(\w+)` \| [^|]+ \|$", README, re.MULTILINE)) == set(sessions)


def test_fuzz_session_runs_every_target() -> None:
    """Go takes fuzz targets one by one; the list in noxfile.py has all there are."""
    listed = set(re.findall(r'"\./([\w/]+):(Fuzz\w+)"', (ROOT / "noxfile.py").read_text(encoding="utf-8")))
    found = {
        (str(path.parent.relative_to(ROOT / "go")), name)
        for path in (ROOT / "go").rglob("*_test.go")
        for name in re.findall(r"^func (Fuzz\w+)\(", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert listed == found


def imports(path: Path) -> set[str]:
    """The top-level names a Python file imports, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found


def test_wings_share_no_line() -> None:
    """Neither Python wing imports the other, tests, or reads the vectors when it runs."""
    for wing, others in (("mock_server", {"capella"}), ("python", {"mock_server"})):
        for path in (ROOT / wing).rglob("*.py"):
            assert not imports(path) & (others | {"tests", "noxfile"}), path
            text = path.read_text(encoding="utf-8")
            assert not re.search(r"vectors[/\\]\w+\.yaml['\"]", text), path
    for path in (ROOT / "go").rglob("*.go"):
        reads_vectors = "vectors" in re.sub(r"//.*", "", path.read_text(encoding="utf-8"))
        assert path.name.endswith("_test.go") or not reads_vectors, path


def code_lines_of_go(path: Path) -> int:
    """Lines that are neither blank nor a comment."""
    text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    return sum(bool(line.strip()) and not line.strip().startswith("//") for line in text.splitlines())


@pytest.mark.parametrize("name", sorted(GO - {"signer"}))
def test_go_example_is_short(name: str) -> None:
    """60 lines for an operation, 120 for creating a cluster and for the workflows."""
    long = name in {"createcluster", "createclusterv3"} | {each.replace("_", "") for each in WORKFLOWS}
    assert code_lines_of_go(ROOT / "go" / "examples" / name / "main.go") <= (120 if long else 60)


def test_settings_example_fits_the_mock() -> None:
    """`.env.example` holds the mock's own keys and port, every value between single quotes."""
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    settings = dict(re.findall(r"^(\w+)='([^'\\]*)'$", text, re.MULTILINE))
    assert len(settings) == len([line for line in text.splitlines() if line and not line.startswith("#")])
    assert settings["CBC_API_URL"] == "http://127.0.0.1:8091"
    assert {settings["CBC_ACCESS_KEY"]: settings["CBC_SECRET_KEY"]} == dict(DEFAULT_KEYS)


def test_settings_with_real_keys_are_ignored_by_git() -> None:
    """`.env` can never be committed by accident, wherever it is."""
    ignored = subprocess.run(
        ["git", "check-ignore", ".env", "go/examples/.env", "python/.env"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ignored.stdout.split() == [".env", "go/examples/.env", "python/.env"]


def test_every_rule_switched_off_has_its_reason() -> None:
    """`# noqa: X` and `# type: ignore[X]` name the rule, and say why behind it."""
    for path in [
        ROOT / "noxfile.py",
        *(p for wing in ("mock_server", "python", "tests") for p in (ROOT / wing).rglob("*.py")),
    ]:
        source = io.BytesIO(path.read_bytes()).readline
        for token in tokenize.tokenize(source):
            if token.type == tokenize.COMMENT and re.match(r"#\s*(noqa|type:\s*ignore)", token.string):
                reasoned = r"# (noqa: [A-Z]+[0-9]+(, ?[A-Z]+[0-9]+)*|type: ignore\[[\w, -]+\])  # \S.+"
                assert re.match(reasoned, token.string), f"{path}:{token.start[0]}: {token.string}"


def test_package_is_the_mock_with_its_data(tmp_path: Path) -> None:
    """The wheel holds mock_server, its description of the API included, and nothing else."""
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    names = [name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name]
    assert all(name.startswith("mock_server/") for name in names)
    assert {"mock_server/api/openapi.yaml", "mock_server/__main__.py"} <= set(names)
    (licence,) = (name for name in zipfile.ZipFile(wheel).namelist() if name.endswith("/licenses/LICENSE"))
    assert zipfile.ZipFile(wheel).read(licence) == (ROOT / "LICENSE").read_bytes()
