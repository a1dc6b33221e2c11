"""The whole suite, run with a user's own signers: outcomes, failure texts, options and reports."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from typing import TYPE_CHECKING

import pytest

from tests.suite.whole_suite import NO_PLUGINS, SUITE
from tests.support.paths import ROOT
from tests.support.programs import environment, run
from tests.support.terminal import run_on_a_terminal

if TYPE_CHECKING:
    from pathlib import Path

    from tests.suite.whole_suite import Run, Write


def test_a_right_signer_passes(suite: Run, signer: Write) -> None:
    """The table has its column, and nothing failed."""
    ended = suite(signer(), "-k", "mine/get-query")
    assert ended.code == 0, ended.text
    assert ended.outcomes() == {("mine", "get-query"): "passed", ("mine", "protocol"): "passed"}
    assert "1/1" in ended.text


def test_a_wrong_signer_fails_with_an_explanation(suite: Run, signer: Write) -> None:
    """It shows vector, signer, mistake, flags, both texts, stderr, and the command that runs it again."""
    option = signer("""
        def answer(ask):
            print("my own words", file=sys.stderr, flush=True)
            ask["endpoint"] = ask["endpoint"].partition("?")[0]
            return {"signature": signature(ask)}
    """)
    ended = suite(option, "-k", "mine/get-query")
    assert ended.code == 1
    assert "FAIL  mine  get-query  signature_mismatch / endpoint_without_query" in ended.text
    assert "about   Smoke, Query: a page of clusters" in ended.text
    assert "bug     Query: the query is dropped" in ended.text
    assert "stderr  my own words" in ended.text
    assert r'signed  "GET\n/v3/clusters\n1700000000123"' in ended.text
    assert r'expects "GET\n/v3/clusters?page=1&perPage=10\n1700000000123"' in ended.text
    again = next(
        line for line in ended.text.splitlines() if "again   nox -R -s conformance -- --signer" in line
    )
    assert again.endswith("-k mine/get-query")
    assert "0/1 (1 failed)" in ended.text
    assert ended.report["verdict"] == "failed"


@pytest.mark.parametrize(
    ("change", "outcomes", "said"),
    [
        # After its last answer: every vector passed, but the signer fails.
        ("def end(): sys.exit(3)", {"passed": 2, "failed": 1}, "FAIL  mine  crash"),
        ("def end(): print('done')", {"passed": 2, "failed": 1}, "FAIL  mine  chatter"),
        # Before its first answer: no vector passed.
        ("sys.exit('no such module')", {"failed": 3}, "no such module"),
        ("import os; os.kill(os.getpid(), 9)", {"failed": 3}, "killed by signal 9"),
        # A signer that can do nothing was not tested.
        ("def answer(ask): return {'cannot': 'yet'}", {"cannot": 2, "failed": 1}, "nothing was tested"),
    ],
)
def test_how_a_signer_behaves_as_a_whole(
    suite: Run,
    signer: Write,
    change: str,
    outcomes: dict[str, int],
    said: str,
) -> None:
    """A failure outside of an answer fails the signer, also if all answers are right and with -k."""
    ended = suite(signer(change), "-k", "mine/get-query mine/get-clouds")
    assert ended.code == 1
    seen = [each["outcome"] for each in ended.report["results"]]
    assert {outcome: seen.count(outcome) for outcome in seen} == outcomes
    assert said in ended.text


def test_cannot_is_counted_separately(suite: Run, signer: Write) -> None:
    """`cannot` does not fail the run, and is not counted as passed."""
    ended = suite(
        signer("""
            def answer(ask):
                return {"cannot": "NUL"} if "\\0" in ask["secret"] else {"signature": signature(ask)}
        """),
        "-k",
        "mine/secret-inner-nul mine/get-query",
    )
    assert ended.code == 0, ended.text
    assert "1/2 (1 cannot)" in ended.text
    assert ended.outcomes()["mine", "secret-inner-nul"] == "cannot"


def test_a_signer_that_only_refuses_fails(suite: Run, signer: Write) -> None:
    """A signer that answers every request it had to sign with `cannot` fails as a whole."""
    ended = suite(
        signer("""
            def answer(ask):
                return {"cannot": "sign"} if ask["secret"] else {"refused": "empty"}
        """),
        "-k",
        "mine/refuse-empty-secret mine/get-query",
    )
    assert ended.code == 1, ended.text
    assert ended.outcomes()["mine", "refuse-empty-secret"] == "passed"
    assert ended.outcomes()["mine", "protocol"] == "failed"


def test_known_failures_must_fail(suite: Run, signer: Write, tmp_path: Path) -> None:
    """A listed vector that fails is counted as known; one that passes fails until its line is removed."""
    known = tmp_path / "known"
    known.write_text("mine get-query the query is left out\nmine get-clouds no reason at all\n")
    option = signer("""
        def answer(ask):
            ask["endpoint"] = ask["endpoint"].partition("?")[0]
            return {"signature": signature(ask)}
    """)
    ended = suite(option, f"--known-failing={known}", "-k", "mine/get-query mine/get-clouds")
    assert ended.code == 1
    assert ended.outcomes()["mine", "get-query"] == "known"
    assert ended.outcomes()["mine", "get-clouds"] == "failed"
    assert (
        "mine get-clouds is listed as known to fail (no reason at all), but it passed: remove its line"
        in ended.text
    )

    known.write_text("mine get-query the query is left out\n")
    ended = suite(option, f"--known-failing={known}", "-k", "mine/get-query mine/get-clouds")
    assert ended.code == 0, ended.text


def test_a_missing_runtime_is_not_run_and_in_ci_fails(suite: Run, tmp_path: Path) -> None:
    """A signer without its runtime is shown in the table and not counted as passed. In CI the run fails."""
    (tmp_path / "openssl").symlink_to(shutil.which("openssl") or "/missing")
    ended = suite("-k", "shell/guide-example", PATH=str(tmp_path))
    assert "not run: no jq on PATH" in ended.text
    assert "0/1 (1 not run)" in ended.text
    assert set(ended.outcomes().values()) == {"not run"}
    ended = suite("-k", "shell/guide-example", PATH=str(tmp_path), CI="true")
    assert ended.code == 1
    assert set(ended.outcomes().values()) == {"failed"}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--signer=mine"], "--signer 'mine': write NAME=COMMAND"),
        (["--signer=go=java x"], "--signer 'go=java x': the name go belongs to a built-in signer"),
        (["--signer=mine=a", "--signer=mine=b"], "the name mine is given twice"),
        (["--known-failing=/nowhere/known"], "--known-failing /nowhere/known: cannot be read"),
        (["--flag=Qery"], "--flag 'Qery': no vector has it; try Query"),
        (["--code=nothing"], "--code 'nothing': no vector has it"),
        (["--report=/dev/null/report"], "--report /dev/null/report: cannot be written"),
        (["-k", "no-such-vector"], "-k 'no-such-vector': nothing has this id"),
        (["-k", "c"], "-k 'c': nothing has this id; --list prints all ids"),
        (["--seed=x"], "--seed 'x': write a whole number"),
        (["--silence=0"], "--silence '0': write seconds, a number above 0"),
        (["--silence=nan"], "--silence 'nan': write seconds"),
        (["--client=x"], "--client 'x': write NAME=COMMAND"),
        (["--flag=Query", "-k", "get-clouds"], "nothing is selected"),
    ],
)
def test_a_wrong_option_is_one_line_and_nothing_runs(suite: Run, options: list[str], said: str) -> None:
    """A selection without any vector is an error too."""
    ended = suite(*options)
    assert ended.code == 2
    errors = [line for line in ended.text.splitlines() if line.startswith("ERROR")]
    assert len(errors) == 1
    assert said in errors[0]
    assert "Traceback" not in ended.text


SLOW = """
import time
def answer(ask):
    time.sleep(0.3)
    return {"signature": signature(ask)}
"""
PLUGIN = """
import tests.conformance.jobs
tests.conformance.jobs.QUIET = 0.2
"""


def test_a_quiet_run_says_what_it_waits_for(signer: Write, tmp_path: Path) -> None:
    """Lines about waiting are printed on a terminal only, not in a file or a pipe."""
    (tmp_path / "impatient.py").write_text(PLUGIN)
    command = [*SUITE, "-p", "no:cacheprovider", "-p", "impatient", signer(SLOW)]
    command += ["-k", "mine/get-query mine/get-clouds"]
    path = os.pathsep.join((str(tmp_path), str(ROOT)))
    settings = environment(PYTHONPATH=path, TERM="xterm", **NO_PLUGINS)
    code, shown = run_on_a_terminal(*command, env=settings, limit=120)
    assert code == 0, shown
    assert "waiting for mine: 0 of 26 answers\r\n" in shown
    assert "waiting for mine: 1 of 26 answers\r\n" in shown
    piped = run(*command, env=settings, limit=120)
    assert piped.returncode == 0, piped.stdout
    assert "waiting for" not in piped.stdout


def test_a_read_only_checkout(tmp_path: Path) -> None:
    """The suite passes where pytest cannot write its cache, and the Go examples cannot be kept."""
    checkout = tmp_path / "checkout"
    unneeded = shutil.ignore_patterns(".git", ".nox", "__pycache__", ".pytest_cache", ".mypy_cache", "*.pyc")
    shutil.copytree(ROOT, checkout, ignore=unneeded)
    folders = [checkout, *(path for path in checkout.rglob("*") if path.is_dir())]
    if os.geteuid() == 0:  # root may write everywhere: the cache directory is a file, so nobody can
        (checkout / ".pytest_cache").write_text("")
    for folder in folders:
        folder.chmod(0o555)
    try:
        selected = ("-k", "python/get-query no-timestamp")
        done = run(*SUITE, *selected, cwd=checkout, env=environment(**NO_PLUGINS), limit=120)
    finally:
        for folder in folders:
            folder.chmod(0o755)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 of 2 passed" in done.stdout


def test_an_ignored_interrupt_is_not_inherited(signer: Write, tmp_path: Path) -> None:
    """A signer starts with the default action for SIGINT, even if a shell's `&` has started the suite."""
    option = signer(f"""
        import signal
        from pathlib import Path
        Path({str(tmp_path / "sigint")!r}).write_text(str(signal.getsignal(signal.SIGINT)))
    """)
    command = (*SUITE, "-p", "no:cacheprovider", option, "-k", "mine/get-query")
    ignoring = "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_IGN)"
    ignoring += "; os.execv(sys.argv[1], sys.argv[1:])"
    done = run(sys.executable, "-c", ignoring, *command, env=environment(**NO_PLUGINS), limit=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "sigint").read_text() == "<built-in function default_int_handler>"


def test_flags_and_codes_leave_the_rest_out(suite: Run) -> None:
    """Only vectors with the flag or the code run, and no examples."""
    ended = suite("--flag=SecretNul", "--code=timestamp_stale", "-k", "python mock")
    assert ended.code == 0, ended.text
    kinds = {(each["kind"], group) for each in ended.report["results"] for group in each["groups"]}
    assert {group for kind, group in kinds if kind == "refusal"} == {"timestamp_stale"}
    assert ("signature", "SecretNul") in kinds
    assert {kind for kind, _ in kinds} == {"signature", "protocol", "refusal"}


def test_the_reports_hold_everything(suite: Run, signer: Write, tmp_path: Path) -> None:
    """They have version, hashes and each vector with input, output, outcome and time; CI has a summary."""
    summary = tmp_path / "summary.md"
    summary.write_text("before\n")
    ended = suite(signer(), "-k", "mine/get-query no-timestamp", GITHUB_STEP_SUMMARY=str(summary))
    assert ended.code == 0, ended.text
    files = sorted((ROOT / "vectors").glob("*.yaml"))
    assert ended.report["suite"] == {
        "version": 1,
        "sha256": {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files},
    }
    assert ended.report["verdict"] == "passed"
    results = {each["id"]: each for each in ended.report["results"]}
    assert set(results) == {"get-query", "no-timestamp", "protocol"}
    signed = results["get-query"]
    assert signed["input"]["endpoint"] == "/v3/clusters?page=1&perPage=10"
    assert signed["output"] == {"id": "get-query", **signed["expected"]}
    assert (signed["outcome"], signed["groups"]) == ("passed", ["Smoke", "Query"])
    assert signed["seconds"] > 0
    refused = results["no-timestamp"]
    assert refused["output"]["code"] == refused["expected"]["code"] == "timestamp_missing"
    assert refused["output"]["status"] == 401
    markdown = (tmp_path / "report" / "report.md").read_text()
    assert "| Query | 1/1 |" in markdown
    assert summary.read_text() == "before\n" + markdown
