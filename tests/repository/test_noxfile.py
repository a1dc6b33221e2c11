"""noxfile.py on a Python that is too old, and its sessions in the README."""

from __future__ import annotations

import ast
import re
import sys

from tests.support.paths import ROOT
from tests.support.programs import run

NOXFILE = ROOT / "noxfile.py"
SOURCE = NOXFILE.read_text(encoding="utf-8")

OLD_PYTHON = f"""
import nox, runpy, sys  # everything that asks for the version at its import
sys.version_info = (3, 9, 18)
runpy.run_path({str(NOXFILE)!r})
"""


def test_old_python_gets_one_line() -> None:
    """Nox on Python 3.9 prints one line with the required version, and installs nothing."""
    done = run(sys.executable, "-c", OLD_PYTHON)
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert "nox runs on Python 3.9.18" in line
    assert "needs Python 3.11 or newer" in line
    assert "python3.11 -m venv" in line


def test_old_python_reads_the_file() -> None:
    """noxfile.py uses only the syntax of Python 3.9: newer syntax would be a SyntaxError there."""
    ast.parse(SOURCE, feature_version=(3, 9))


def test_oldest_python_is_that_of_the_package() -> None:
    """noxfile.py and pyproject.toml name the same Python."""
    oldest = re.search(
        r'^requires-python = ">=([\d.]+)"$', (ROOT / "pyproject.toml").read_text(), re.MULTILINE
    )
    assert oldest is not None
    assert f"OLDEST_PYTHON = ({oldest[1].replace('.', ', ')})" in SOURCE
    assert f"Python {oldest[1]} or newer" in SOURCE
