"""The mirrored examples, the tables in README.md, independent parts, reasons in comments, the package."""

from __future__ import annotations

import ast
import io
import re
import sys
import tokenize
import zipfile
from typing import TYPE_CHECKING

import pytest
import yaml

from mock_server.server import DEFAULT_KEYS
from tests.support.paths import ROOT
from tests.support.programs import run

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
    *("client", "command", "errors", "list", "options", "output", "password", "progress"),
    *("retry", "secret", "settings", "signing", "target", "transport", "wait", "workflow"),
)


def snake_case(operation_id: str) -> str:
    """Return `list_clusters_v3` for `listClustersV3`."""
    return re.sub(r"(?<!^)([A-Z])", r"_\1", operation_id).lower()


def test_every_operation_has_an_example_in_both_languages() -> None:
    """No other example exists, except the workflows and the signer."""
    expected = {snake_case(name) for name in OPERATIONS} | WORKFLOWS | {"signer"}
    assert expected == PYTHON
    assert {name.replace("_", "") for name in expected} == GO


@pytest.mark.parametrize("module", MODULES)
def test_clients_have_the_same_modules(module: str) -> None:
    """`python/capella/client.py` has its counterpart `go/capella/client.go`."""
    assert (ROOT / "python" / "capella" / f"{module}.py").is_file()
    assert (ROOT / "go" / "capella" / f"{module}.go").is_file()


PAGE = ROOT / "mock_server" / "api" / "OPERATIONS.md"
ROW = re.compile(r"^\| `(\w+)` \| `([A-Z]+ \S+)` \| (.+?) \| (.+?) \| (.+?) \| (.+?) \|$", re.MULTILINE)
V4 = re.compile(
    r"`(GET|POST|PUT|DELETE) /v4/organizations/\{organizationId\}"
    r"/(users|projects(/\{projectId\}(/clusters(/\{clusterId\}[\w/{}]*)?)?)?)`"
)


def test_table_of_operations_is_the_description() -> None:
    """Each operation has one row, with method, path, both examples, its successor in v4 and what changes."""
    rows = ROW.findall(PAGE.read_text(encoding="utf-8"))
    assert {name: call for name, call, *_ in rows} == OPERATIONS
    assert len(rows) == len(OPERATIONS)
    for name, call, python, go, successor, change in rows:
        stem = snake_case(name)
        folder = stem.replace("_", "")
        assert python == f"[`{stem}.py`](../../python/{stem}.py)"
        assert go == f"[`{folder}`](../../go/examples/{folder}/main.go)"
        assert successor == "none" or V4.fullmatch(successor), successor
        assert successor == "none" or successor[1:].split()[0] == call.split()[0], successor
        assert change.endswith("."), change


def test_other_operations_are_not_in_the_description() -> None:
    """The page says how many operations there are, and names the two later ones that have a path."""
    page = PAGE.read_text(encoding="utf-8")
    assert f"All {len(OPERATIONS)} operations" in page
    assert "`GET /v3/clusters/{id}/auditlogs`" in page
    assert not any("auditlogs" in call for call in OPERATIONS.values())


def test_readme_names_every_session() -> None:
    """The table of sessions has the sessions of noxfile.py, and each has a docstring for `nox --list`."""
    tree = ast.parse((ROOT / "noxfile.py").read_text(encoding="utf-8"))
    sessions = {
        node.name: ast.get_docstring(node)
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.decorator_list
    }
    assert all(sessions.values())
    assert set(re.findall(r"^\| `(\w+)` \| [^|]+ \|$", README, re.MULTILINE)) == set(sessions)


def test_fuzz_session_runs_every_target() -> None:
    """noxfile.py lists every fuzz target, because Go runs only one at a time."""
    listed = set(re.findall(r'"\./([\w/]+):(Fuzz\w+)"', (ROOT / "noxfile.py").read_text(encoding="utf-8")))
    found = {
        (str(path.parent.relative_to(ROOT / "go")), name)
        for path in (ROOT / "go").rglob("*_test.go")
        for name in re.findall(r"^func (Fuzz\w+)\(", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert listed == found


def imports(path: Path) -> set[str]:
    """Return the top-level names that a Python file imports anywhere."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found


def test_parts_are_independent() -> None:
    """mock_server/, python/ and go/ do not import each other or tests, and do not read the vectors."""
    for part, others in (("mock_server", {"capella"}), ("python", {"mock_server"})):
        for path in (ROOT / part).rglob("*.py"):
            assert not imports(path) & (others | {"tests", "noxfile"}), path
            text = path.read_text(encoding="utf-8")
            assert not re.search(r"vectors[/\\]\w+\.yaml['\"]", text), path
    for path in (ROOT / "go").rglob("*.go"):
        reads_vectors = "vectors" in re.sub(r"//.*", "", path.read_text(encoding="utf-8"))
        assert path.name.endswith("_test.go") or not reads_vectors, path


def code_lines_of_go(path: Path) -> int:
    """Return the number of lines that are neither blank nor a comment."""
    text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    return sum(bool(line.strip()) and not line.strip().startswith("//") for line in text.splitlines())


@pytest.mark.parametrize("name", sorted(GO - {"signer"}))
def test_go_example_is_short(name: str) -> None:
    """At most 60 lines for an operation, 120 for a cluster or a workflow, 170 for a deployment."""
    long = name in {"createcluster", "createclusterv3"} | {each.replace("_", "") for each in WORKFLOWS}
    limit = 170 if name == "deploycluster" else 120 if long else 60
    assert code_lines_of_go(ROOT / "go" / "examples" / name / "main.go") <= limit


def test_settings_example_fits_the_mock() -> None:
    """`.env.example` has the mock's default keys and port, each value in single quotes."""
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    settings = dict(re.findall(r"^(\w+)='([^'\\]*)'$", text, re.MULTILINE))
    assert len(settings) == len([line for line in text.splitlines() if line and not line.startswith("#")])
    assert settings["CBC_API_URL"] == "http://127.0.0.1:8091"
    assert {settings["CBC_ACCESS_KEY"]: settings["CBC_SECRET_KEY"]} == dict(DEFAULT_KEYS)


def test_settings_with_real_keys_are_ignored_by_git() -> None:
    """`.env` cannot be committed by accident, in any folder."""
    ignored = run("git", "check-ignore", ".env", "go/examples/.env", "python/.env")
    assert ignored.stdout.split() == [".env", "go/examples/.env", "python/.env"]


def test_every_rule_switched_off_has_its_reason() -> None:
    """`# noqa: X` and `# type: ignore[X]` name the rule and give a reason."""
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
    """The wheel has mock_server with openapi.yaml, py.typed and the licence, and nothing else."""
    built = run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path)
    assert built.returncode == 0, built.stderr
    (wheel,) = tmp_path.glob("*.whl")
    names = [name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name]
    assert all(name.startswith("mock_server/") for name in names)
    assert {
        f"mock_server/{name}"
        for name in (
            "api/openapi.yaml",
            "api/state.yaml",
            "fixes/digest.md",
            "page/index.html",
            "collection/scripts/sign.js",
            "__main__.py",
            "py.typed",
        )
    } <= set(names)
    (licence,) = (name for name in zipfile.ZipFile(wheel).namelist() if name.endswith("/licenses/LICENSE"))
    assert zipfile.ZipFile(wheel).read(licence) == (ROOT / "LICENSE").read_bytes()
