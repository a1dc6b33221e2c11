"""The options of the suite, the selection of cases, and the tables and failures at the end.

pytest tests/conformance [--signer 'NAME=COMMAND'] [--client 'NAME=COMMAND'] [--known-failing FILE]
                         [--report DIR] [--flag FLAG] [--code CODE] [-k 'ID ...'] [--list] [--seed N]
                         [--silence SECONDS]
"""

from __future__ import annotations

import sys
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.paths import ROOT

from .jobs import Jobs
from .options import LIST_HELP, OPTIONS, Options, Plan, listing, plan
from .programs.environment import reset_interrupts
from .programs.examples import ExamplePrograms
from .programs.implementations import Implementation
from .report import causes
from .report import files as report
from .selection import check_patterns
from .state import CasesFailed, RunState
from .vectors.suite import Suite, load_suite

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

STATE = pytest.StashKey[RunState]()
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
    """Print the list of `--list`, and run nothing."""
    if not config.getoption("list_cases", default=False):
        return None
    suite, made = _load(config)
    sys.stdout.write(listing(suite, made))
    return 0


def pytest_configure(config: pytest.Config) -> None:
    """Load the vectors and check the options; an error is one line, and nothing runs."""
    option = config.option
    if not hasattr(option, "known_failing"):
        raise pytest.UsageError("the suite cannot run together with other tests: pytest tests/conformance")
    # In a read-only checkout, pytest cannot write its cache. The suite does not need it.
    config.addinivalue_line("filterwarnings", "ignore::pytest.PytestCacheWarning")
    reset_interrupts()
    suite, made = _load(config)
    announce = partial(_announce, config)
    config.stash[STATE] = RunState(suite, made.selection, made.runs, announce, made.names(suite), made.seed)
    option.keyword = ""  # `-k` selects here: by exact id or glob
    # The summary of this file replaces that of pytest, which prints each failure whole.
    if option.tbstyle == "auto":
        option.tbstyle = "no"
    option.reportchars = ""


def _load(config: pytest.Config) -> tuple[Suite, Plan]:
    option = config.option
    names = ("signer", "client", "known_failing", "flag", "code", "keyword", "seed", "silence")
    try:
        suite = load_suite()
        made = plan(suite, Options(ROOT, **{name: getattr(option, name) for name in names}))
        if option.report:
            report.prepare(option.report)
    except ValueError as error:
        raise pytest.UsageError(str(error)) from None
    return suite, made


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
    chosen = state.selection
    try:
        check_patterns(chosen, {*state.names, *map(_name, items)})
    except ValueError as error:
        raise pytest.UsageError(str(error)) from None
    selected = [item for item in items if _is_selected(state, item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in selected])
    items[:] = selected
    if not items:
        raise pytest.UsageError("nothing is selected: no vector and no example matches the options")


def _name(item: pytest.Item) -> tuple[str, str]:
    """Return the implementation and the id of an item, for `-k`."""
    parameters = item.callspec.params if hasattr(item, "callspec") else {}
    if "shape" in parameters:
        return "shape", parameters["shape"].id
    case = parameters.get("example") or parameters.get("case")
    if case:
        return parameters["language"], case.id
    return "", str(item.callspec.id) if hasattr(item, "callspec") else item.name


def _is_selected(state: RunState, item: pytest.Item) -> bool:
    parameters = item.callspec.params if hasattr(item, "callspec") else {}
    name = getattr(item, "originalname", "")
    if name == "test_refusals":
        return any(state.selection.selects("mock", vector) for vector in state.suite.refusals.vectors)
    for role, test, vectors in (
        ("signer", "test_signatures", state.suite.signatures),
        ("client", "test_targets", state.suite.targets),
        ("client", "test_settings", state.suite.settings),
    ):
        if name == test:
            program = parameters[role]
            return isinstance(program, Implementation) and any(
                state.selection.selects(program.name, vector) for vector in vectors
            )
    if state.selection.flags or state.selection.codes:
        return False
    return state.selection.matches(*_name(item))


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
        started.start(request.session.items)
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
    for made in (*terminalreporter.getreports("failed"), *terminalreporter.getreports("error")):
        if SUMMARISED not in made.user_properties:
            names.setdefault(made.longreprtext, []).append(made.nodeid)
    texts = []
    for text, nodes in names.items():
        lines = text.splitlines()
        more = [SHORT.format(len(lines) - OTHER_LINES)] if lines[OTHER_LINES:] else []
        others = f" and {len(nodes) - 1} other tests" if nodes[1:] else ""
        texts.append("\n".join((f"FAIL  {nodes[0]}{others}", *lines[:OTHER_LINES], *more)))
    return texts


def pytest_unconfigure(config: pytest.Config) -> None:
    """Print the last line: what passed and what did not."""
    state = config.stash.get(STATE, None)
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if state is not None and state.results and reporter is not None:
        status = "failed" if reporter.stats.get("failed") or state.report_error else "passed"
        reporter.write_line(report.last_line(state.results, status))
