"""Measure how long the main session takes with warm caches."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from tests.bench.measure import Measure, seconds
from tests.support import programs

if TYPE_CHECKING:
    from collections.abc import Iterator

LIMIT = 900.0  # seconds


def conformance() -> Iterator[Measure]:
    """Run `nox -R -s conformance` twice and measure the second run. The slowest tests go to stderr."""
    command = (sys.executable, "-m", "nox", "-R", "-s", "conformance", "--", "--durations=15")

    def run() -> None:
        done = programs.run(*command, stderr=subprocess.STDOUT, limit=LIMIT)
        sys.stderr.write(done.stdout)
        done.check_returncode()

    run()
    yield Measure("nox -R -s conformance, warm caches", seconds(run), "s", at_most=90)
