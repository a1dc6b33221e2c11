"""Measure every documented speed and print one table. The exit code is 1 if a value exceeds its limit.

`python -m tests.bench [NAME ...]` measures only the named parts. `--help` lists the names.
"""

from __future__ import annotations

import argparse
import platform
import sys

from rich.console import Console
from rich.table import Table

from tests.bench import clients, mock, run, signing, start
from tests.support.programs import default_signals

PARTS = {
    "python-signing": signing.python,
    "go-signing": signing.go,
    "refusal": mock.refusal,
    "fairness": mock.fairness,
    "mock": mock.throughput,
    "memory": mock.memory,
    "python-client": clients.python,
    "go-client": clients.go,
    "start": start.examples,
    "conformance": run.conformance,
}


def main() -> int:
    """Run the parts that are named on the command line, or all, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="NAME", help=f"one of: {', '.join(PARTS)}")
    chosen = parser.parse_args().parts or list(PARTS)
    if unknown := set(chosen) - set(PARTS):
        parser.error(f"unknown part {', '.join(sorted(unknown))}: use {', '.join(PARTS)}")
    default_signals()
    # The table goes to stdout at the end, at its full width. Progress goes to stderr.
    table = Table("what", "value", "limit", "", title=f"Python {platform.python_version()}")
    progress = Console(stderr=True)
    held = True
    for name in chosen:
        with progress.status(name):
            for measure in PARTS[name]():
                outcome = "" if measure.limit == "reported" else "within" if measure.held else "EXCEEDED"
                table.add_row(measure.name, f"{measure.value:,.2f} {measure.unit}", measure.limit, outcome)
                progress.print(f"{measure.name}: {measure.value:,.2f} {measure.unit} ({measure.limit})")
                held &= measure.held
    Console(width=None if sys.stdout.isatty() else 120).print(table)
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
