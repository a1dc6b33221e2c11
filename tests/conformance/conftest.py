"""The options of the suite, what is selected by them, and what is told at the end.

pytest tests/conformance [--signer 'NAME=COMMAND'] [--known-failing FILE] [--report DIR]
                         [--flag FLAG] [--code CODE] [-k EXPRESSION]
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.conformance.programs.examples import Programs
from tests.conformance.programs.implementations import implementations
from tests.conformance.report import files as report
from tests.conformance.selection import Selection, selection
from tests.conformance.signatures.known_failures import known_failing
from tests.conformance.state import Conformance
from tests.conformance.vectors.loader import VectorError
from tests.conformance.vectors.suite import load_suite

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from concurrent.futures import Executor

SESSION = pytest.StashKey[Conformance]()
CHOSEN = pytest.StashKey[Selection]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of the suite."""
    group = parser.getgroup("conformance")
    group.addoption(
        "--signer",
        action="append",
        default=[],
        metavar="NAME=COMMAND",
        help="a signer to run beside ours (repeatable); COMMAND runs from the root, without a shell",
    )
    group.addoption(
        "--known-failing",
        type=Path,
        metavar="FILE",
        help="vectors that are known to fail, and must: a line each of signer's name, id and reason",
    )
    group.addoption("--flag", action="append", default=[], help="run the vectors with this flag (repeatable)")
    group.addoption(
        "--code", action="append", default=[], help="run the vectors with this code or mistake (repeatable)"
    )
    group.addoption("--report", type=Path, metavar="DIR", help="write report.json and report.md into DIR")


def pytest_configure(config: pytest.Config) -> None:
    """Read the vectors and the options: what is wrong with them is one line, and no run."""
    option = config.option
    if not hasattr(option, "known_failing"):
        raise pytest.UsageError("the suite runs by itself: pytest tests/conformance")
    try:
        suite = load_suite()
        signers = implementations(option.signer)
        known = {}
        if option.known_failing:
            known = known_failing(option.known_failing, signers, {vector.id for vector in suite.signatures})
        config.stash[CHOSEN] = selection(suite, option.flag, option.code)
        if option.report:
            report.prepare(option.report)
    except (VectorError, ValueError) as error:
        raise pytest.UsageError(str(error)) from None
    config.stash[SESSION] = Conformance(suite, signers, known)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make every vector an item, for -k and JUnit: `test_signature[python-get-query]`."""
    conformance = metafunc.config.stash[SESSION]
    signers, suite = conformance.signers.values(), conformance.suite
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
    """Select; whether a signer kept the protocol is judged with any vector of its, and never deselected."""
    conformance, chosen = config.stash[SESSION], config.stash[CHOSEN]
    protocols: list[pytest.Item] = []
    deselected: list[pytest.Item] = []
    selected: list[pytest.Item] = []
    for item in items:
        vector = _parameter(item, "vector") or _parameter(item, "refusal")
        if vector is None and _parameter(item, "signer"):
            protocols.append(item)
        elif not chosen or (vector and chosen.wants(vector)):
            selected.append(item)
        else:
            deselected.append(item)
    items[:] = selected
    config.hook.pytest_deselected(items=deselected)
    yield
    if not items:
        raise pytest.UsageError("nothing is selected: no vector and no example fits the options")
    for item in items:
        if vector := _parameter(item, "vector"):
            conformance.selected.setdefault(_parameter(item, "signer").name, []).append(vector)
    items += [item for item in protocols if _parameter(item, "signer").name in conformance.selected]


def _parameter(item: pytest.Item, name: str) -> Any:  # noqa: ANN401  # pytest knows no types of parameters
    return item.callspec.params.get(name) if hasattr(item, "callspec") else None


@pytest.fixture(scope="session")
def conformance(request: pytest.FixtureRequest) -> Conformance:
    """This run of the suite."""
    return request.config.stash[SESSION]


@pytest.fixture(scope="session")
def pool() -> Iterator[Executor]:
    """Threads that wait for the programs under test, as many as there are processors."""
    with ThreadPoolExecutor(os.cpu_count()) as executor:
        yield executor
        executor.shutdown(cancel_futures=True)


@pytest.fixture(scope="session")
def programs(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Programs]:
    """The examples of both languages."""
    # Linking all of them takes 10 s on two processors: what an earlier run linked is brought up to date.
    cache = getattr(request.config, "cache", None)  # pytest can be told to keep none
    built = Path(cache.mkdir("go-examples")) if cache else tmp_path_factory.mktemp("go-examples")
    with Programs(built, tmp_path_factory.mktemp("nowhere")) as examples:
        yield examples


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, exitstatus: int, config: pytest.Config
) -> None:
    """Close with the tables, and write the reports."""
    results = config.stash[SESSION].results
    if results:
        terminalreporter.section("conformance")
        terminalreporter.write(report.render(results, colours=terminalreporter.hasmarkup))
        verdict = "passed" if exitstatus == pytest.ExitCode.OK else "failed"
        report.write(results, verdict, config.option.report)
