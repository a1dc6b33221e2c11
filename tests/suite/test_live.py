"""The tests of `nox -s live`, run against the mock instead of the service."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

from tests.support.paths import ROOT

if TYPE_CHECKING:
    from pathlib import Path

LIVE = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(ROOT / "tests" / "live")]
NAMES = re.compile(r"(?i)cbc_.*|BASE_URL|ACCESS_KEY|SECRET_KEY")
ENVIRONMENT = {name: value for name, value in os.environ.items() if not NAMES.fullmatch(name)}


def test_each_probe_is_printed_with_its_response() -> None:
    """Each probe is one line with the status and the message of the response. No line contains a key."""
    mock = [sys.executable, "-m", "mock_server", "--access-key", "A", "--secret-key", "canary", "--"]
    ran = subprocess.run(
        [*mock, *LIVE, "-k", "probe"],
        cwd=ROOT,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout
    found = dict(re.findall(r"^(\w[\w ]+?)  +(\d{3})", ran.stdout, re.MULTILINE))
    accepted = {probe for probe, status in found.items() if status == "200"}
    assert accepted == {"signed by the rule", "4 minutes old", "4 minutes in the future"}
    assert len(found) == 8
    assert "canary" not in ran.stdout + ran.stderr


def test_no_request_is_sent_without_settings(tmp_path: Path) -> None:
    """The session ends at once and names every missing setting."""
    ran = subprocess.run(
        [*LIVE, "-c", str(ROOT / "pyproject.toml")],
        cwd=tmp_path,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 2
    assert "CBC_ACCESS_KEY and CBC_SECRET_KEY not set" in ran.stdout + ran.stderr
