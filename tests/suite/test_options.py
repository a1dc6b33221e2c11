"""The options of the suite, from the command line to its output."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

from tests.conformance.options import limits, seed_of
from tests.conformance.programs.conversation import LIMITS, Limits

if TYPE_CHECKING:
    from pathlib import Path

    from tests.suite.whole_suite import Run, Write


def test_limits() -> None:
    """Without the option, a program may compile; with it, both limits are the same."""
    assert limits(None) == LIMITS
    assert limits("2.5") == Limits(first=2.5, between=2.5)


@pytest.mark.parametrize("text", ["0", "-1", "nan", "inf", "1e9", "", "soon"])
def test_invalid_limits(text: str) -> None:
    """The error is one line."""
    with pytest.raises(ValueError, match=r"^--silence .*: write seconds, a number above 0"):
        limits(text)


def test_seeds() -> None:
    """A seed is a whole number; without one it is random."""
    assert seed_of("0012") == 12
    assert len({seed_of(None) for _ in range(50)}) > 1
    for text in ("-1", "1.5", "x", "", "\u0661", "9" * 19):
        with pytest.raises(ValueError, match=r"^--seed .*: write a whole number, as a run prints it$"):
            seed_of(text)


def test_the_list_has_ids_and_what_they_are_about(suite: Run) -> None:
    """`--list` prints one line for each selected vector of all files, and runs nothing."""
    ended = suite("--list", "-k", "get-query target-plain settings-first-names no-timestamp")
    assert ended.code == 0, ended.text
    assert ended.report is None
    assert [line.split(maxsplit=2) for line in ended.text.splitlines()] == [
        ["signatures", "get-query", "a page of clusters; the query is signed in the order it is sent"],
        ["refusals", "no-timestamp", "no Couchbase-Timestamp header"],
        ["targets", "target-plain", "nothing to encode; no query, so no question mark"],
        ["settings", "settings-first-names", "the recommended names"],
    ]


def test_a_client_runs_on_targets_and_settings(suite: Run) -> None:
    """`--client` adds a program, whose cases are those of both files."""
    option = f"--client=mine={sys.executable} python/signer.py"
    ended = suite(option, "-k", "mine/target-plain mine/settings-first-names")
    assert ended.code == 0, ended.text
    assert {(each["kind"], each["id"]) for each in ended.report["results"]} == {
        ("target", "target-plain"),
        ("settings", "settings-first-names"),
        ("protocol", "protocol"),
    }
    assert ended.text.splitlines()[-1] == "conformance passed: 2 of 2 passed"


def test_one_cause_is_one_short_message(suite: Run, signer: Write, tmp_path: Path) -> None:
    """Hundreds of failures with one cause print fewer than 60 lines, and a short page."""
    option = signer("""
        def answer(ask):
            return {"signature": signature({**ask, "timestamp": ask["timestamp"] + "\\n"})}
    """)
    summary = tmp_path / "summary.md"
    ended = suite(option, "--flag=Query", "--seed=5", "-k", "mine", GITHUB_STEP_SUMMARY=str(summary))
    assert ended.code == 1
    failed = list(ended.outcomes().values()).count("failed")
    assert f"FAIL  mine  {failed} vectors: message_trailing_newline" in ended.text
    assert len(ended.text.splitlines()) < 60
    assert "order of the questions: --seed 5" in ended.text
    assert ended.report["seed"] == 5
    assert f"conformance failed: 0 of {failed} passed, {failed} failed" in ended.text
    assert summary.stat().st_size < 100_000
    assert "message_trailing_newline" in summary.read_text()


def test_silence_has_an_option(suite: Run, signer: Write) -> None:
    """`--silence` limits the time before the first answer, too."""
    ended = suite(signer("import time; time.sleep(60)"), "--silence=0.5", "-k", "mine/get-query")
    assert ended.code == 1
    assert "silent for 0.5 s before its first answer" in ended.text
    assert "--silence=0.5 -k mine" in ended.text


def test_a_report_that_cannot_be_written_fails_the_run(suite: Run, signer: Write, tmp_path: Path) -> None:
    """The exit code is 1, one line says why, and the old report stays."""
    summary = tmp_path / "nowhere" / "summary.md"
    ended = suite(signer(), "-k", "mine/get-query", GITHUB_STEP_SUMMARY=str(summary))
    assert ended.code == 1
    errors = [line for line in ended.text.splitlines() if line.startswith("ERROR")]
    assert errors == [f"ERROR: GITHUB_STEP_SUMMARY {summary}: cannot be written: No such file or directory"]
    assert ended.text.splitlines()[-1] == "conformance failed: 1 of 1 passed"


def test_cannot_is_in_the_last_line(suite: Run, signer: Write, tmp_path: Path) -> None:
    """The number is there although the run is successful, also in the file for nox."""
    told = tmp_path / "last-line"
    option = signer("""
        def answer(ask):
            return {"cannot": "a query"} if "?" in ask["endpoint"] else {"signature": signature(ask)}
    """)
    ended = suite(option, "-k", "mine/get-query mine/get-clouds", CONFORMANCE_LAST_LINE=str(told))
    assert ended.code == 0, ended.text
    line = "conformance passed: 1 of 2 passed, 1 cannot"
    assert ended.text.splitlines()[-1] == line
    assert told.read_text() == f"{line}\n"
    assert 'cannot: "a query" (mine: 1 vector, get-query)' in ended.text


def test_a_broken_go_build_is_one_message(suite: Run, tmp_path: Path) -> None:
    """All tests that need the Go examples fail for one reason, which is shown once and cut."""
    go = tmp_path / "go"
    go.write_text(
        '#!/bin/sh\nfor n in $(seq 500); do printf "main.go:$n \\033[31merror\\n" >&2; done\nexit 1\n'
    )
    go.chmod(0o755)
    path = os.pathsep.join((str(tmp_path), os.environ["PATH"]))
    ended = suite("-k", "go/get_* go/target-plain", PATH=path)
    assert ended.code == 1
    assert ended.text.count("main.go:1 ") <= 2  # the examples, and the client that `go run` builds
    assert len(ended.text.splitlines()) < 90
    assert "\x1b" not in ended.text
    assert "other tests failed" in ended.text.splitlines()[-1]
