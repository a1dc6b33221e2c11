"""Fixtures that run the whole suite."""

from __future__ import annotations

import json
import sys
import textwrap
from typing import TYPE_CHECKING

import pytest

from tests.suite.whole_suite import LOOP, NO_PLUGINS, SIGNER, SUITE, Ended, Run, Write
from tests.support.programs import environment, run

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def signer(tmp_path: Path) -> Write:
    """Return the option for a right signer, changed by a few lines of Python."""

    def write(change: str = "") -> str:
        file = tmp_path / "signer.py"
        file.write_text(SIGNER + textwrap.dedent(change) + LOOP)
        return f"--signer=mine={sys.executable} {file}"

    return write


@pytest.fixture
def suite(tmp_path: Path) -> Run:
    """Run the suite with options, in a separate process."""

    def run_suite(*options: str, **more: str) -> Ended:
        report = tmp_path / "report"
        kept = environment(**NO_PLUGINS)
        for name in ("CI", "GITHUB_STEP_SUMMARY"):
            kept.pop(name, None)
        ended = run(
            *SUITE, f"--report={report}", "-p", "no:cacheprovider", *options, env=kept | more, limit=300
        )
        file = report / "report.json"
        told = json.loads(file.read_text()) if file.exists() and file.stat().st_size else None
        return Ended(ended.returncode, ended.stdout + ended.stderr, told)

    return run_suite
