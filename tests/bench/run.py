"""How long the main job takes from warm caches."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from tests.bench.measure import Measure, seconds
from tests.support.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator


def conformance() -> Iterator[Measure]:
    """`nox -R -s conformance`, after one run that fills the caches; where the time goes is on stderr."""
    command = [sys.executable, "-m", "nox", "-R", "-s", "conformance", "--", "--durations=15"]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    took = seconds(lambda: subprocess.run(command, cwd=ROOT, check=True, stdout=sys.stderr))
    yield Measure("nox -R -s conformance, warm caches", took, "s", at_most=90)
