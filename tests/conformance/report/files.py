"""Reports the results of a run: tables on the terminal, and report.json and report.md for `--report DIR`."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from tests.conformance.report.tables import tables
from tests.conformance.vectors.loader import load
from tests.support.paths import VECTORS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.conformance.report.results import Result

WIDTH = 130  # columns if stdout is not a terminal, so that no cell is cut in a log


def prepare(directory: Path) -> None:
    """Create the directory of the reports, and empty the reports of an earlier run.

    Raises:
        ValueError: it cannot be created or written to; the text is one line.
    """
    try:
        directory.mkdir(parents=True, exist_ok=True)
        for name in ("report.json", "report.md"):  # a run that is killed must not leave an earlier success
            (directory / name).write_bytes(b"")
    except OSError as error:
        raise ValueError(f"--report {directory}: cannot be written: {error.strerror}") from None


def render(results: Sequence[Result], *, colours: bool) -> str:
    """Return the tables for a terminal."""
    console = Console(force_terminal=colours, width=None if colours else WIDTH)
    with console.capture() as captured:
        for table in tables(results):
            console.print(table.title, style="bold", highlight=False)
            console.print(table.rich())
    return captured.get()


def write(results: Sequence[Result], status: str, directory: Path | None) -> None:
    """Write report.json and report.md, and append report.md to the summary of a GitHub job."""
    markdown = _markdown(results, status)
    if directory:
        report = {
            "suite": {"version": load(VECTORS / "signatures.yaml")["version"], "sha256": _hashes()},
            "verdict": status,
            "results": [asdict(result) for result in results],
        }
        text = json.dumps(report, indent=2) + "\n"
        (directory / "report.json").write_text(text, encoding="utf-8")
        (directory / "report.md").write_text(markdown, encoding="utf-8")
    if summary := os.environ.get("GITHUB_STEP_SUMMARY"):
        with Path(summary).open("a", encoding="utf-8") as file:
            file.write(markdown)


def _markdown(results: Sequence[Result], status: str) -> str:
    failed = [result for result in results if result.outcome == "failed"]
    sections = [f"## Conformance: {status}\n", *(table.markdown() for table in tables(results))]
    if failed:
        sections.append("### Failures\n\n```\n" + "\n\n".join(result.detail for result in failed) + "\n```\n")
    return "\n".join(sections)


def _hashes() -> dict[str, str]:
    files = sorted(VECTORS.glob("*.yaml"))
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
