"""The import graph of the mock: no module imports itself through others, not even for types."""

from __future__ import annotations

import ast
import graphlib
from typing import TYPE_CHECKING

import pytest

from tests.support.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def modules(root: Path, package: str) -> dict[str, Path]:
    """Return the file of each module of a package by its dotted name."""
    found = {}
    for path in (root / package).rglob("*.py"):
        parts = path.relative_to(root).with_suffix("").parts
        found[".".join(parts).removesuffix(".__init__")] = path
    return found


def imports(path: Path, known: dict[str, Path]) -> Iterator[str]:
    """Yield the modules that a file imports, in any block and in any function."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import, which this test does not resolve"
            for alias in node.names:
                submodule = f"{node.module}.{alias.name}"
                if submodule in known:
                    yield submodule
                elif node.module in known:
                    yield node.module


def graph(root: Path, package: str) -> dict[str, set[str]]:
    """Return the modules that each module of a package imports."""
    known = modules(root, package)
    return {name: set(imports(path, known)) for name, path in known.items()}


def test_no_module_of_the_mock_imports_itself_through_others() -> None:
    """The imports below TYPE_CHECKING count too: they are dependencies like the others."""
    edges = graph(ROOT, "mock_server")
    assert "mock_server.http" in edges["mock_server.server"]
    assert "mock_server.journal" in edges["mock_server.control"]  # an import below TYPE_CHECKING
    graphlib.TopologicalSorter(edges).prepare()


@pytest.mark.parametrize(
    "imported",
    [
        "import package.a",
        "from package import a",
        "from package.a import x",
        "def f():\n    import package.a",
    ],
)
def test_a_cycle_is_found(tmp_path: Path, imported: str) -> None:
    """Two modules that import each other are found, however the import is written."""
    package = tmp_path / "package"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "a.py").write_text(
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import package.b\n"
    )
    (package / "b.py").write_text(imported + "\n")
    with pytest.raises(graphlib.CycleError, match=r"package\.a"):
        graphlib.TopologicalSorter(graph(tmp_path, "package")).prepare()
