"""Measure how long an example takes to start."""

from __future__ import annotations

import sys
import tempfile
from typing import TYPE_CHECKING

from tests.bench.measure import Measure, alternate, seconds
from tests.support.paths import ROOT
from tests.support.programs import run

if TYPE_CHECKING:
    from collections.abc import Iterator


def examples() -> Iterator[Measure]:
    """Measure `--help` of one example. Python is compared with importing requests."""
    ours, theirs = alternate(
        lambda: _start(sys.executable, "python/list_clouds.py", "--help"),
        lambda: _start(sys.executable, "-c", "import requests"),
        rounds=15,
    )
    yield Measure("Python: list_clouds.py --help / import requests", ours / theirs, at_most=2.2)
    yield Measure("Python: list_clouds.py --help", ours * 1e3, "ms")
    with tempfile.TemporaryDirectory() as folder:
        built = f"{folder}/listclouds"
        run(
            "go", "build", "-o", built, "./examples/listclouds", cwd=ROOT / "go", limit=600
        ).check_returncode()
        once, _ = alternate(lambda: _start(built, "--help"), lambda: 0.0, rounds=15)
    yield Measure("Go: listclouds --help", once * 1e3, "ms")


def _start(*command: str) -> float:
    return seconds(lambda: run(*command).check_returncode())
