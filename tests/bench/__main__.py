"""Measure everything and print one table; exit 1 when a limit is not held.

`python -m tests.bench [NAME ...]`, where a NAME is one of those `--help` lists, measures a part.
"""

from __future__ import annotations

import argparse
import platform
import sys

from rich.console import Console
from rich.table import Table

from tests.bench import clients, mock, run, signing, start

PARTS = {
    "python-signing": signing.python,
    "go-signing": signing.go,
    "refusal": mock.refusal,
    "mock": mock.throughput,
    "memory": mock.memory,
    "python-client": clients.python,
    "go-client": clients.go,
    "start": start.examples,
    "conformance": run.conformance,
}


def main() -> int:
    """Run the parts named on the command line, all of them by default."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="NAME", help=f"one of: {', '.join(PARTS)}")
    chosen = parser.parse_args().parts or list(PARTS)
    if unknown := set(chosen) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    # Stdout gets the table whole, at the end, whatever its width; progress goes to stderr.
    table = Table("what", "figure", "limit", "", title=f"Python {platform.python_version()}")
    progress = Console(stderr=True)
    held = True
    for name in chosen:
        with progress.status(name):
            for measure in PARTS[name]():
                verdict = "" if measure.limit == "reported" else "held" if measure.held else "NOT HELD"
                table.add_row(measure.name, f"{measure.value:,.2f} {measure.unit}", measure.limit, verdict)
                progress.print(f"{measure.name}: {measure.value:,.2f} {measure.unit} ({measure.limit})")
                held &= measure.held
    Console(width=None if sys.stdout.isatty() else 120).print(table)
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
