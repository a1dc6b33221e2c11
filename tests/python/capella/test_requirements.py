"""Examples on a Python that is too old, or without the packages of requirements.txt."""

from __future__ import annotations

import ast
import re
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from capella import requirements
from tests.support import programs
from tests.support.python_programs import KEYS, PYTHON, refused

if TYPE_CHECKING:
    import subprocess

PROGRAMS = sorted(PYTHON.glob("*.py"))
INSTALL = f"{sys.executable} -m pip install -r {PYTHON / 'requirements.txt'}"


def environment_with(more: dict[str, str]) -> dict[str, str]:
    """Return the environment of a program: keys, and `more`."""
    return programs.minimal_environment(**{**KEYS, **more})


def bare(program: Path, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a program with these options of Python."""
    return programs.run(sys.executable, *options, program, env=environment_with(environment), cwd="/")


def test_without_any_package() -> None:
    """Each example and the signer name a missing package and the command that installs it, in one line."""
    with ThreadPoolExecutor(2) as pool:
        for program, done in zip(PROGRAMS, pool.map(lambda each: bare(each, "-S"), PROGRAMS), strict=True):
            line = refused(done, 2)
            missing = re.fullmatch(
                rf"{program.name}: the package ([\w-]+) is not installed: run {re.escape(INSTALL)}", line
            )
            assert missing
            assert missing[1] in requirements.PACKAGES.values()


def hide(package: str, folder: Path, error: str | None = None) -> str:
    """Return a PYTHONPATH that hides a package as if it were not installed, or raises another error."""
    error = error or f"ModuleNotFoundError('No module named {package}', name={package!r})"
    (folder / f"{package}.py").write_text(f"raise {error}\n", "utf-8")
    return str(folder)


@pytest.mark.parametrize("package", sorted(requirements.PACKAGES))
def test_one_package_is_missing(package: str, tmp_path: Path) -> None:
    """Each package of requirements.txt is named as pip knows it, also one that is imported late."""
    done = bare(PYTHON / "get_cloud.py", PYTHONPATH=hide(package, tmp_path), CBC_API_URL="http://127.0.0.1:1")
    if package == "rich":  # is imported to print a table, and typer works without it
        assert refused(done, 2).startswith("get_cloud.py: Missing argument")
        return
    if package in {"dotenv", "tenacity"}:
        settings = {"PYTHONPATH": str(tmp_path), "CBC_API_URL": "http://127.0.0.1:1"}
        command = (sys.executable, PYTHON / "get_cloud.py", "7f3a")
        done = programs.run(*command, env=environment_with(settings), cwd="/")
    name = requirements.PACKAGES[package]
    assert refused(done, 2) == f"get_cloud.py: the package {name} is not installed: run {INSTALL}"


def test_packages_are_those_of_the_file() -> None:
    """The packages are those of requirements.txt."""
    lines = (PYTHON / "requirements.txt").read_text("utf-8").splitlines()
    names = {re.split("[>=]", line)[0] for line in lines}
    assert names == set(requirements.PACKAGES.values())


@pytest.mark.parametrize(
    "error", ["ModuleNotFoundError('No module named pygments', name='pygments')", "ImportError(name='rich')"]
)
def test_other_import_errors_are_shown(error: str, tmp_path: Path) -> None:
    """Any other error is a traceback as usual, because pip cannot repair it."""
    done = bare(PYTHON / "get_cloud.py", PYTHONPATH=hide("typer", tmp_path, error))
    assert done.returncode == 1
    assert done.stderr.startswith("Traceback")
    assert "pip install" not in done.stderr


def test_a_library_user_gets_the_traceback(tmp_path: Path) -> None:
    """A program outside the examples' folder keeps Python's own error."""
    program = tmp_path / "application.py"
    program.write_text("import capella.client\n", "utf-8")
    done = bare(program, "-S", PYTHONPATH=str(PYTHON))
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == "ModuleNotFoundError: No module named 'requests'"


def test_paths_with_spaces(tmp_path: Path) -> None:
    """A path with a space is quoted, so that the command can be copied."""
    folder = tmp_path / "my examples"
    (folder / "capella").mkdir(parents=True)
    for file in (PYTHON / "list_clouds.py", *(PYTHON / "capella").glob("*.py")):
        (folder / file.relative_to(PYTHON)).write_bytes(file.read_bytes())
    line = refused(bare(folder / "list_clouds.py", "-S"), 2)
    assert line.endswith(f' -m pip install -r "{folder}/requirements.txt"')


# Old Python versions


def pretend(version: str, folder: Path) -> str:
    """Return a PYTHONPATH with which Python says that it is this version."""
    numbers = (*map(int, version.split(".")), 0, "final", 0)
    text = f"import sys\nsys.version_info = {numbers!r}\n"
    (folder / "sitecustomize.py").write_text(text, "utf-8")
    return str(folder)


@pytest.mark.parametrize(
    ("version", "examples"),
    [
        ("3.6", ["get_cloud"]),
        ("3.9", ["deploy_cluster", "signer"]),
        ("3.10", [each.stem for each in PROGRAMS]),
    ],
)
def test_python_that_is_too_old(version: str, examples: list[str], tmp_path: Path) -> None:
    """Each example and the signer say which Python is needed, in one line."""
    path = pretend(version, tmp_path)
    with ThreadPoolExecutor(2) as pool:
        done = pool.map(lambda name: bare(PYTHON / f"{name}.py", PYTHONPATH=path), examples)
        for name, each in zip(examples, done, strict=True):
            assert refused(each, 2) == (
                f"{name}.py: Python 3.11 or newer is needed, but this is {version}:"
                " run it with a newer Python"
            )


def test_old_python_reads_the_check() -> None:
    """The modules that run before the check use no syntax that is newer than Python 3.6."""
    package = PYTHON / "capella"
    for file in (package / "__init__.py", package / "requirements.py"):
        ast.parse(file.read_text("utf-8"), feature_version=(3, 6))


def test_every_program_is_read_by_python_3_9() -> None:
    """Python 3.9 parses each example, and its first import of this package is before every other code."""
    for program in PROGRAMS:
        tree = ast.parse(program.read_text("utf-8"), feature_version=(3, 9))
        imports = [node.module or "" for node in tree.body if isinstance(node, ast.ImportFrom)]
        others = [name for name in imports if not name.startswith("capella.")]
        assert set(others) <= {"typing", "dataclasses", "ipaddress"}
        assert any(name.startswith("capella.") for name in imports)


@pytest.mark.parametrize("version", [(3, 11), (3, 12), (4, 0)])
def test_new_enough(version: tuple[int, int]) -> None:
    """Python 3.11 itself is new enough."""
    requirements.check_python(version)


@pytest.mark.parametrize("version", [(3, 10), (2, 12)])
def test_old_python_for_a_library_user(version: tuple[int, int]) -> None:
    """A program outside the examples' folder gets an ImportError."""
    with pytest.raises(ImportError, match=rf"^Python 3\.11 or newer is needed, but this is {version[0]}\."):
        requirements.check_python(version)


# The same inside the process of the tests

# The folder above the imported package: python/, or its copy in the session `mutation`.
EXAMPLES = Path(requirements.__file__).resolve().parent.parent


@pytest.fixture
def example(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make this process look like the example `list_clouds.py`."""
    monkeypatch.setattr(sys.modules["__main__"], "__file__", str(EXAMPLES / "list_clouds.py"), raising=False)
    monkeypatch.setattr(sys, "argv", ["python/list_clouds.py"])
    monkeypatch.setattr(sys, "excepthook", sys.__excepthook__)


@pytest.mark.usefixtures("example")
def test_hook(capsys: pytest.CaptureFixture[str]) -> None:
    """An example gets a hook that explains the error of a missing package, also of one of its modules."""
    requirements.explain_missing_packages()
    for name in ("dotenv", "dotenv.main"):
        error = ModuleNotFoundError("why", name=name)
        with pytest.raises(SystemExit) as ended:
            sys.excepthook(ModuleNotFoundError, error, None)
        assert ended.value.code == 2
        assert capsys.readouterr().err == (
            "list_clouds.py: the package python-dotenv is not installed:"
            f" run {sys.executable} -m pip install -r {EXAMPLES / 'requirements.txt'}\n"
        )


@pytest.mark.usefixtures("example")
@pytest.mark.parametrize(
    "error",
    [
        ImportError("why", name="rich"),
        ModuleNotFoundError("why", name="other"),
        ModuleNotFoundError("why"),
        ValueError("why"),
    ],
)
def test_hook_and_other_errors(error: Exception, capsys: pytest.CaptureFixture[str]) -> None:
    """Every other error is shown as usual."""
    requirements.explain_missing_packages()
    sys.excepthook(type(error), error, None)
    assert capsys.readouterr().err == f"{type(error).__name__}: why\n"


@pytest.mark.usefixtures("example")
def test_hook_passes_other_errors_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """Python's own hook gets the error with its kind and its traceback."""
    passed: list[tuple[object, ...]] = []
    requirements.explain_missing_packages()
    monkeypatch.setattr(sys, "__excepthook__", lambda *arguments: passed.append(arguments))
    with pytest.raises(ZeroDivisionError) as raised:
        raise ZeroDivisionError
    sys.excepthook(raised.type, raised.value, raised.tb)
    assert passed == [(ZeroDivisionError, raised.value, raised.tb)]


@pytest.mark.usefixtures("example")
def test_python_in_a_folder_with_a_space(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command quotes the paths that contain a space, and no others."""
    requirements.explain_missing_packages()
    for python, written in (("/my programs/python", '"/my programs/python"'), ("/bin/python", "/bin/python")):
        monkeypatch.setattr(sys, "executable", python)
        with pytest.raises(SystemExit):
            sys.excepthook(ModuleNotFoundError, ModuleNotFoundError(name="rich"), None)
        assert f": run {written} -m pip install -r " in capsys.readouterr().err


@pytest.mark.usefixtures("example")
def test_old_python(capsys: pytest.CaptureFixture[str]) -> None:
    """An example on an old Python ends with exit code 2."""
    with pytest.raises(SystemExit) as ended:
        requirements.check_python((3, 10))
    assert ended.value.code == 2
    assert capsys.readouterr().err.startswith("list_clouds.py: Python 3.11 or newer is needed")


@pytest.mark.parametrize("file", [None, "/elsewhere/list_clouds.py", str(EXAMPLES / "capella" / "wait.py")])
def test_no_hook_for_other_programs(file: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program outside the folder of the examples, and an interactive Python, keep their own hook."""
    monkeypatch.setattr(sys.modules["__main__"], "__file__", file, raising=False)
    if file is None:
        monkeypatch.delattr(sys.modules["__main__"], "__file__")
    monkeypatch.setattr(sys, "excepthook", sys.__excepthook__)
    requirements.explain_missing_packages()
    assert sys.excepthook is sys.__excepthook__
