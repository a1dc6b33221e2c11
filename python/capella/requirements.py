"""The Python version and the packages that the examples need.

Python 3.6 must be able to run this module and `capella/__init__.py`, so they use no newer syntax.
"""

import sys
from pathlib import Path
from typing import NoReturn

OLDEST_PYTHON = (3, 11)
# Import name -> name in requirements.txt.
PACKAGES = {
    "dotenv": "python-dotenv",
    "requests": "requests",
    "rich": "rich",
    "tenacity": "tenacity",
    "typer": "typer",
    "urllib3": "urllib3",
}
EXIT_CODE = 2

_EXAMPLES = Path(__file__).resolve().parent.parent


def check_python(version: "tuple[int, int]" = sys.version_info[:2]) -> None:
    """Refuse a Python that is too old: an example ends with one line and exit code 2.

    Raises:
        ImportError: the Python is too old, and the program is not an example.
    """
    if version >= OLDEST_PYTHON:
        return
    oldest, this = ("{}.{}".format(*each) for each in (OLDEST_PYTHON, version))
    line = f"Python {oldest} or newer is needed, but this is {this}: run it with a newer Python"
    if not _is_example():
        raise ImportError(line)
    _end(line)


def explain_missing_packages() -> None:
    """Make an example without its packages end with one line and exit code 2 instead of a traceback.

    It changes nothing for programs outside the examples' folder.
    """
    if _is_example():
        sys.excepthook = _excepthook


def _excepthook(kind: "type[BaseException]", error: BaseException, traceback: object) -> None:
    """Explain the error of a missing package; show every other error as usual."""
    package = (getattr(error, "name", None) or "").partition(".")[0]
    if not issubclass(kind, ModuleNotFoundError) or package not in PACKAGES:
        sys.__excepthook__(kind, error, traceback)  # type: ignore[arg-type]  # a traceback, passed on
        return
    python, file = _quoted(sys.executable), _quoted(str(_EXAMPLES / "requirements.txt"))
    _end(f"the package {PACKAGES[package]} is not installed: run {python} -m pip install -r {file}")


def _is_example() -> bool:
    """Return whether the running program is a file beside this package."""
    program = getattr(sys.modules.get("__main__"), "__file__", None)
    return program is not None and Path(program).resolve().parent == _EXAMPLES


def _quoted(path: str) -> str:
    """Return a path as a shell takes it, in double quotes if it contains a space."""
    return f'"{path}"' if " " in path else path


def _end(line: str) -> NoReturn:
    sys.stderr.write(f"{Path(sys.argv[0]).name}: {line}\n")
    raise SystemExit(EXIT_CODE)
