"""The options of the suite, the selection of cases, and the tables and failures at the end.

pytest tests/conformance [--signer 'NAME=COMMAND'] [--client 'NAME=COMMAND'] [--known-failing FILE]
                         [--report DIR] [--flag FLAG] [--code CODE] [-k 'ID ...'] [--list] [--seed N]
                         [--silence SECONDS]
"""

from __future__ import annotations

import os
import sys
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.paths import ROOT

from .items import is_selected, names
from .jobs import Jobs
from .options import LIST_HELP, OPTIONS, Options, Plan, listing, plan
from .programs.environment import reset_interrupts
from .programs.examples import LANGUAGES, ExamplePrograms
from .report import causes
from .report import files as report
from .report.text import plain
from .selection import check_patterns
from .state import CasesFailed, RunState
from .vectors.suite import Suite, load_suite

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

PLAN = pytest.StashKey[tuple[Suite, Plan]]()
STATE = pytest.StashKey[RunState]()
USAGE_ERROR = 2
SUMMARISED = ("summarised", "by cause")  # a property of a report
OTHER_LINES = 30  # of a test that failed in another way
SHORT = "... and {} more lines"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of the suite."""
    group = parser.getgroup("conformance")
    for name, arguments in OPTIONS.items():
        group.addoption(name, **arguments)
    group.addoption("--list", action="store_true", dest="list_cases", help=LIST_HELP)


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> int | None:
    """Load the vectors and check the options: an error is one line, exit code 2, and nothing runs.

    `--list` prints the selected vectors, and nothing runs either.
    """
    option = config.option
    given = ("signer", "client", "known_failing", "flag", "code", "keyword", "seed", "silence")
    try:
        suite = load_suite()
        made = plan(suite, Options(ROOT, **{name: getattr(option, name) for name in given}))
        _check_selection(suite, made)
        if option.report and not option.list_cases:
            report.prepare(option.report)
    except ValueError as error:
        sys.stderr.write(f"ERROR: {error}\n")
        return USAGE_ERROR
    config.stash[PLAN] = suite, made
    if option.list_cases:
        sys.stdout.write(listing(suite, made))
        return 0
    return None


def _check_selection(suite: Suite, made: Plan) -> None:
    """Check that each pattern of `-k` selects something, and all options together too.

    Raises:
        ValueError: nothing is selected; the text is one line.
    """
    chosen = made.selection
    check_patterns(chosen, made.names(suite) | names())
    vectors = made.runs.runs or any(chosen.selects("mock", vector) for vector in suite.refusals.vectors)
    others = not (chosen.flags or chosen.codes) and any(chosen.matches(*name) for name in names())
    if not (vectors or others):
        raise ValueError("nothing is selected: no vector and no example matches the options")


def pytest_configure(config: pytest.Config) -> None:
    """Prepare the run."""
    option = config.option
    if PLAN not in config.stash:
        raise pytest.UsageError("the suite cannot run together with other tests: pytest tests/conformance")
    # In a read-only checkout, pytest cannot write its cache. The suite does not need it.
    config.addinivalue_line("filterwarnings", "ignore::pytest.PytestCacheWarning")
    reset_interrupts()
    suite, made = config.stash[PLAN]
    announce = partial(_announce, config)
    config.stash[STATE] = RunState(suite, made.selection, made.runs, announce, made.seed)
    option.keyword = ""  # `-k` selects here: by exact id or glob
    # The summary of this file replaces that of pytest, which prints each failure whole.
    if option.tbstyle == "auto":
        option.tbstyle = "no"
    option.reportchars = ""


def _announce(config: pytest.Config, line: str) -> None:
    """Write a line, but only if the output is a terminal."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    capture = config.pluginmanager.get_plugin("capturemanager")
    if reporter and reporter.isatty:
        with capture.global_and_fixture_disabled() if capture else nullcontext():
            reporter.ensure_newline()
            reporter.write_line(line)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make each program an item for each kind of vector: `test_signatures[python]`."""
    runs = metafunc.config.stash[STATE].program_runs.runs
    for role in ("signer", "client"):
        if role in metafunc.fixturenames:
            programs = [run.program for run in runs.values() if run.program.role == role]
            metafunc.parametrize(role, [pytest.param(each, id=each.name) for each in programs])


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Select the items: those of vectors by their vectors, the others by their names."""
    state = config.stash[STATE]
    selected = [item for item in items if is_selected(item, state.selection, state.suite)]
    config.hook.pytest_deselected(items=[item for item in items if item not in selected])
    items[:] = selected


@pytest.fixture(scope="session")
def state(request: pytest.FixtureRequest) -> RunState:
    """The state of this run."""
    return request.config.stash[STATE]


@pytest.fixture(scope="session", autouse=True)
def jobs(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, state: RunState
) -> Iterator[Jobs]:
    """All programs, examples and faults that are selected; they start before the first test."""
    built = _build_directory(request.config, tmp_path_factory)
    with ExamplePrograms(built, tmp_path_factory.mktemp("empty")) as programs, Jobs(programs) as started:
        state.program_runs.start()
        chosen, suite = state.selection, state.suite
        targets = {
            language: [vector for vector in suite.targets if chosen.selects(language, vector)]
            for language in LANGUAGES
        }
        started.start(request.session.items, targets)
        yield started


def _build_directory(config: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that is kept between runs: to link all Go examples takes 10 s on two processors."""
    cache = getattr(config, "cache", None)  # None with -p no:cacheprovider
    try:
        return Path(cache.mkdir("go-examples")) if cache else tmp_path_factory.mktemp("go-examples")
    except OSError:  # a read-only checkout
        return tmp_path_factory.mktemp("go-examples")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    call: pytest.CallInfo[None],
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Mark the reports whose failures are in the results."""
    made = yield
    if call.excinfo is not None and isinstance(call.excinfo.value, CasesFailed):
        made.user_properties.append(SUMMARISED)
    return made


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write the reports; if that fails, the run fails."""
    state = session.config.stash[STATE]
    if not state.results:
        return
    status = "passed" if session.exitstatus == pytest.ExitCode.OK else "failed"
    try:
        report.write(state.results, status, session.config.option.report, state.suite.flags, state.seed)
    except report.ReportError as error:
        state.report_error = str(error)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the failures by cause, and the tables."""
    state = config.stash[STATE]
    texts = causes.render(state.results, state.suite.flags)
    if config.option.tbstyle == "no":
        texts += _others(terminalreporter)
    if texts:
        terminalreporter.section("failures")
        terminalreporter.write("\n\n".join(texts) + "\n")
    if state.results:
        terminalreporter.section("conformance")
        terminalreporter.write(report.render(state.results, colours=terminalreporter.hasmarkup))
        for line in causes.notes(state.results):
            terminalreporter.write_line(line)
        terminalreporter.write_line(f"order of the questions: --seed {state.seed}")
    if state.report_error:
        terminalreporter.write_line(f"ERROR: {state.report_error}", red=True)


def _others(terminalreporter: pytest.TerminalReporter) -> list[str]:
    """Return the texts of the tests that failed without a result; equal ones once."""
    names: dict[str, list[str]] = {}
    for made in _other_reports(terminalreporter):
        names.setdefault(made.longreprtext, []).append(made.nodeid)
    texts = []
    for text, nodes in names.items():
        lines = [plain(line) for line in text.splitlines()]
        more = [SHORT.format(len(lines) - OTHER_LINES)] if lines[OTHER_LINES:] else []
        others = f" and {len(nodes) - 1} other tests" if nodes[1:] else ""
        texts.append("\n".join((f"FAIL  {nodes[0]}{others}", *lines[:OTHER_LINES], *more)))
    return texts


def _other_reports(terminalreporter: pytest.TerminalReporter) -> list[pytest.TestReport]:
    """Return the reports of the tests that failed without a result."""
    failed = (*terminalreporter.getreports("failed"), *terminalreporter.getreports("error"))
    return [made for made in failed if SUMMARISED not in made.user_properties]


def pytest_unconfigure(config: pytest.Config) -> None:
    """Print the last line: what passed and what did not."""
    state = config.stash.get(STATE, None)
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if state is not None and state.results and reporter is not None:
        status = "failed" if reporter.stats.get("failed") or state.report_error else "passed"
        line = report.last_line(state.results, status, others=len(_other_reports(reporter)))
        reporter.write_line(line)
        if path := os.environ.get(
            "CONFORMANCE_LAST_LINE"
        ):  # for nox, which prints a line of its own after this one
            Path(path).write_text(f"{line}\n", encoding="utf-8")
