"""The report files: replaced as a whole or not at all, and short enough for a page."""

from __future__ import annotations

import errno
import json
import os
from typing import TYPE_CHECKING

import pytest

from tests.conformance.report import files
from tests.suite.report.test_causes import FLAGS, passed, result

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conformance.report.results import Result

RESULTS = [passed("a", "Smoke"), result("b", "code / mistake", "Query")]


def test_both_files_are_written(tmp_path: Path) -> None:
    """The JSON has the seed and all results, the page the tables and the failures."""
    files.write(RESULTS, "failed", tmp_path, FLAGS, 7)
    report = json.loads((tmp_path / "report.json").read_text())
    assert (report["verdict"], report["seed"], len(report["results"])) == ("failed", 7, 2)
    page = (tmp_path / "report.md").read_text()
    assert "--seed 7" in page
    assert "FAIL  mine  b  code / mistake" in page
    assert sorted(path.name for path in tmp_path.iterdir()) == ["report.json", "report.md"]


@pytest.mark.parametrize("after", [0, 1])
def test_a_full_disk_keeps_the_old_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    """If a file cannot be written, both old files stay, and nothing else is left."""
    files.write(RESULTS, "passed", tmp_path, FLAGS, 7)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    written: list[int] = []

    def full(descriptor: int) -> None:
        written.append(descriptor)
        if len(written) > after:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(files.ReportError) as caught:
        files.write(RESULTS, "failed", tmp_path, FLAGS, 8)
    assert str(caught.value) == (
        f"--report {tmp_path}: cannot be written: No space left on device; an earlier report was kept"
    )
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_summary_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error is one line."""
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "nowhere" / "summary"))
    with pytest.raises(files.ReportError, match=r"^GITHUB_STEP_SUMMARY .*: No such file or directory$"):
        files.write(RESULTS, "failed", None, FLAGS)


def test_the_page_is_short_for_any_failures(tmp_path: Path) -> None:
    """Thousands of long failures of many programs stay below 100 KB."""
    noise = "\n      ".join(["x" * 400] * 30)
    results = [
        result(f"v{n}-{name}", f"cause-{n}", implementation=f"p{name}", detail=f"FAIL  {noise}")
        for n in range(300)
        for name in range(10)
    ]
    files.write(results, "failed", tmp_path, FLAGS)
    page = (tmp_path / "report.md").read_bytes()
    assert len(page) < 100_000
    assert b"more causes: report.json has all of them" in page


def test_foreign_text_cannot_leave_its_block(tmp_path: Path) -> None:
    """A failure that contains a Markdown fence is inside a longer fence."""
    files.write([result("b", "x", detail="FAIL  ````\n# title")], "failed", tmp_path, FLAGS)
    page = (tmp_path / "report.md").read_text()
    assert "\n`````\nFAIL  ````\n# title\n`````\n" in page


@pytest.mark.parametrize(
    ("results", "others", "line"),
    [
        ([passed("a")], 0, "conformance passed: 1 of 1 passed"),
        (RESULTS, 0, "conformance passed: 1 of 2 passed, 1 failed"),
        (
            [passed("a"), *(result(f"c{n}", "", outcome="cannot") for n in range(87))],
            0,
            "conformance passed: 1 of 88 passed, 87 cannot",
        ),
        (
            [passed("a"), result("b", "", outcome="cannot", implementation="other")],
            0,
            "conformance passed: 1 of 2 passed, 1 cannot (other: 0 of 1 passed, 1 cannot)",
        ),
        (
            [passed("a"), result("b", "", outcome="contested")],
            0,
            "conformance passed: 1 of 1 passed, 1 contested and not counted",
        ),
        ([passed("a")], 3, "conformance passed: 1 of 1 passed; 3 other tests failed"),
    ],
)
def test_the_last_line_has_the_numbers(results: list[Result], others: int, line: str) -> None:
    """What did not pass is counted, also if the run as a whole is successful."""
    assert files.last_line(results, "passed", others=others) == line
