"""The options of the suite, the selection of vectors, and the tables at the end.

pytest tests/conformance [--signer 'NAME=COMMAND'] [--known-failing FILE] [--report DIR]
                         [--flag FLAG] [--code CODE] [-k EXPRESSION]
"""

from __future__ import annotations

from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.conformance.jobs import Jobs
from tests.conformance.programs.environment import reset_interrupts
from tests.conformance.programs.examples import ExamplePrograms
from tests.conformance.programs.implementations import implementations
from tests.conformance.report import files as report
from tests.conformance.selection import Selection, selection
from tests.conformance.signatures.known_failures import known_failures
from tests.conformance.signatures.signer_runs import SignerRuns
from tests.conformance.state import RunState
from tests.conformance.vectors.loader import VectorError
from tests.conformance.vectors.suite import load_suite

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

STATE = pytest.StashKey[RunState]()
SELECTION = pytest.StashKey[Selection]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of the suite."""
    group = parser.getgroup("conformance")
    group.addoption(
        "--signer",
        action="append",
        default=[],
        metavar="NAME=COMMAND",
        help="also test this signer (repeatable); COMMAND runs in the root folder, without a shell",
    )
    group.addoption(
        "--known-failing",
        type=Path,
        metavar="FILE",
        help="vectors that must fail, because they are known to: each line has a signer, an id and a reason",
    )
    group.addoption(
        "--flag", action="append", default=[], help="only run the vectors with this flag (repeatable)"
    )
    group.addoption(
        "--code",
        action="append",
        default=[],
        help="only run the vectors with this code or mistake (repeatable)",
    )
    group.addoption("--report", type=Path, metavar="DIR", help="write report.json and report.md to DIR")


def pytest_configure(config: pytest.Config) -> None:
    """Load the vectors and check the options; an error is one line, and nothing runs."""
    option = config.option
    if not hasattr(option, "known_failing"):
        raise pytest.UsageError("the suite cannot run together with other tests: pytest tests/conformance")
    # In a read-only checkout, pytest cannot write its cache. The suite does not need it.
    config.addinivalue_line("filterwarnings", "ignore::pytest.PytestCacheWarning")
    reset_interrupts()
    try:
        suite = load_suite()
        signers = implementations(option.signer)
        known = {}
        if option.known_failing:
            known = known_failures(option.known_failing, signers, {vector.id for vector in suite.signatures})
        config.stash[SELECTION] = selection(suite, option.flag, option.code)
        if option.report:
            report.prepare(option.report)
    except (VectorError, ValueError) as error:
        raise pytest.UsageError(str(error)) from None
    config.stash[STATE] = RunState(suite, SignerRuns(signers, known), partial(_announce, config))


def _announce(config: pytest.Config, line: str) -> None:
    """Write a line, but only if the output is a terminal."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    capture = config.pluginmanager.get_plugin("capturemanager")
    if reporter and reporter.isatty:
        with capture.global_and_fixture_disabled() if capture else nullcontext():
            reporter.ensure_newline()
            reporter.write_line(line)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make each vector an item, for -k and JUnit: `test_signature[python-get-query]`."""
    state = metafunc.config.stash[STATE]
    signers, suite = state.signer_runs.signers.values(), state.suite
    if "refusal" in metafunc.fixturenames:
        metafunc.parametrize("refusal", [pytest.param(each, id=each.id) for each in suite.refusals.vectors])
    if "vector" in metafunc.fixturenames:
        cases = [
            pytest.param(signer, vector, id=f"{signer.name}-{vector.id}")
            for signer in signers
            for vector in suite.signatures
        ]
        metafunc.parametrize(("signer", "vector"), cases)
    elif "signer" in metafunc.fixturenames:
        metafunc.parametrize("signer", [pytest.param(signer, id=signer.name) for signer in signers])


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> Generator[None, None, None]:
    """Select the items; a signer's `test_protocol` runs whenever one of its vectors is selected."""
    state, chosen = config.stash[STATE], config.stash[SELECTION]
    protocols: list[pytest.Item] = []
    deselected: list[pytest.Item] = []
    selected: list[pytest.Item] = []
    for item in items:
        vector = _parameter(item, "vector") or _parameter(item, "refusal")
        if vector is None and _parameter(item, "signer"):
            protocols.append(item)
        elif not chosen or (vector and chosen.selects(vector)):
            selected.append(item)
        else:
            deselected.append(item)
    items[:] = selected
    config.hook.pytest_deselected(items=deselected)
    yield
    if not items:
        raise pytest.UsageError("nothing is selected: no vector and no example matches the options")
    for item in items:
        if vector := _parameter(item, "vector"):
            state.signer_runs.selected.setdefault(_parameter(item, "signer").name, []).append(vector)
    items += [item for item in protocols if _parameter(item, "signer").name in state.signer_runs.selected]


def _parameter(item: pytest.Item, name: str) -> Any:  # noqa: ANN401  # pytest does not type parameters
    return item.callspec.params.get(name) if hasattr(item, "callspec") else None


@pytest.fixture(scope="session")
def state(request: pytest.FixtureRequest) -> RunState:
    """The state of this run."""
    return request.config.stash[STATE]


@pytest.fixture(scope="session", autouse=True)
def jobs(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, state: RunState
) -> Iterator[Jobs]:
    """All signers, examples and faults that are selected; they start before the first test."""
    built = _build_directory(request.config, tmp_path_factory)
    with ExamplePrograms(built, tmp_path_factory.mktemp("empty")) as programs, Jobs(programs) as started:
        state.signer_runs.start()
        started.start(request.session.items)
        yield started


def _build_directory(config: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that is kept between runs: to link all Go examples takes 10 s on two processors."""
    cache = getattr(config, "cache", None)  # None with -p no:cacheprovider
    try:
        return Path(cache.mkdir("go-examples")) if cache else tmp_path_factory.mktemp("go-examples")
    except OSError:  # a read-only checkout
        return tmp_path_factory.mktemp("go-examples")


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, exitstatus: int, config: pytest.Config
) -> None:
    """Print the tables, and write the report files."""
    results = config.stash[STATE].results
    if results:
        terminalreporter.section("conformance")
        terminalreporter.write(report.render(results, colours=terminalreporter.hasmarkup))
        status = "passed" if exitstatus == pytest.ExitCode.OK else "failed"
        report.write(results, status, config.option.report)
