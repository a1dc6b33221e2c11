"""Reports the results of a run: tables on the terminal, and report.json and report.md for `--report DIR`."""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
from collections import Counter
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from tests.support.paths import VECTORS

from ..vectors.loader import load
from . import causes
from .tables import tables

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..signatures.cases import Flag
    from .results import Result

WIDTH = 160  # columns if stdout is not a terminal, so that no cell is cut in a log
MARKDOWN_BYTES = 90_000  # GitHub cuts a summary at 1 MiB, and nobody reads so much


class ReportError(ValueError):
    """A report cannot be written; one line."""


def prepare(directory: Path) -> None:
    """Create the directory of the reports.

    Raises:
        ReportError: it cannot be created or written to; the text is one line.
    """
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=directory):
            pass
    except OSError as error:
        raise ReportError(f"--report {directory}: cannot be written: {error.strerror}") from None


def render(results: Sequence[Result], *, colours: bool) -> str:
    """Return the tables for a terminal."""
    console = Console(force_terminal=colours, width=None if colours else WIDTH)
    with console.capture() as captured:
        for table in tables(results):
            console.print(table.title, style="bold", highlight=False)
            console.print(table.rich())
    return captured.get()


def last_line(results: Sequence[Result], status: str, *, others: int = 0) -> str:
    """Return the outcome of the run in one line, with the numbers of each program that did not pass all.

    `others` is the number of tests that failed without a result.
    """
    of: dict[str, Counter[str]] = {}
    for result in results:
        if result.kind != "protocol":
            of.setdefault(result.implementation, Counter())[result.outcome] += 1
    imperfect = {
        name: count for name, count in of.items() if count["passed"] + count["contested"] != count.total()
    }
    total = sum(of.values(), Counter[str]())
    line = f"conformance {status}: {_counts(total)}"
    line += f"; {others} other test{'s' if others > 1 else ''} failed" if others else ""
    told = "; ".join(f"{name}: {_counts(count)}" for name, count in imperfect.items())
    return f"{line} ({told})" if told and len(of) > 1 else line


def _counts(count: Counter[str]) -> str:
    others = [f", {count[outcome]} {outcome}" for outcome in count if outcome not in {"passed", "contested"}]
    others += [f", {count['contested']} contested and not counted"] if count["contested"] else []
    return f"{count['passed']} of {count.total() - count['contested']} passed{''.join(others)}"


def write(
    results: Sequence[Result],
    status: str,
    directory: Path | None,
    flags: Mapping[str, Flag],
    seed: int | None = None,
) -> None:
    """Write report.json and report.md, and append report.md to the summary of a GitHub job.

    Each file is replaced as a whole, so that a failure leaves the report of an earlier run.

    Raises:
        ReportError: a file cannot be written; the text is one line.
    """
    markdown = _markdown(results, status, flags, seed)
    if directory:
        report = {
            "suite": {"version": load(VECTORS / "signatures.yaml")["version"], "sha256": _hashes()},
            "verdict": status,
            "seed": seed,
            "results": [asdict(result) for result in results],
        }
        text = json.dumps(report, indent=2) + "\n"
        _replace(directory, {"report.json": text, "report.md": markdown})
    if summary := os.environ.get("GITHUB_STEP_SUMMARY"):
        try:
            with Path(summary).open("a", encoding="utf-8") as file:
                file.write(markdown)
        except OSError as error:
            raise ReportError(f"GITHUB_STEP_SUMMARY {summary}: cannot be written: {error.strerror}") from None


def _replace(directory: Path, texts: Mapping[str, str]) -> None:
    """Write all files beside the old ones, then replace them."""
    written: dict[str, Path] = {}
    try:
        for name, text in texts.items():
            written[name] = directory / f".{name}.{os.getpid()}"
            with written[name].open("w", encoding="utf-8", errors="backslashreplace") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
        for name, path in written.items():
            path.replace(directory / name)
    except OSError as error:
        for path in written.values():
            with suppress(OSError):
                path.unlink(missing_ok=True)
        reason = f"cannot be written: {error.strerror}"
        raise ReportError(f"--report {directory}: {reason}; an earlier report was kept") from None


def _markdown(results: Sequence[Result], status: str, flags: Mapping[str, Flag], seed: int | None) -> str:
    """Return the tables and the failures, cut to a length that a page can show."""
    head = [f"## Conformance: {status}\n", f"{last_line(results, status)}\n"]
    if seed is not None:
        head.append(f"The order of the questions: `--seed {seed}`\n")
    sections = "\n".join((*head, *(table.markdown() for table in tables(results))))
    texts = causes.render(results, flags)
    if not texts:
        return sections
    left = MARKDOWN_BYTES - len(sections.encode(errors="backslashreplace"))
    kept: list[str] = []
    for text in texts:
        left -= len(text.encode(errors="backslashreplace")) + 2
        if left < 0:
            kept.append(f"... and {len(texts) - len(kept)} more causes: report.json has all of them")
            break
        kept.append(text)
    body = "\n\n".join(kept)
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", body)), default=0))
    return f"{sections}\n### Failures\n\n{fence}\n{body}\n{fence}\n"


def _hashes() -> dict[str, str]:
    files = sorted(VECTORS.glob("*.yaml"))
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
