"""A plugin of pytest that runs the tests against each mutant.

mutmut generates the mutants, but it starts a pytest for each of them, which takes a second. Here one pytest
collects the tests once. Each mutant then runs in a fork of that process, against the tests that reach the
mutated function, and the tests that detected a mutant of the same function come first.
"""

from __future__ import annotations

import faulthandler
import gc
import importlib
import json
import os
from collections import Counter, defaultdict
from functools import partial
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pytest
from _pytest.runner import runtestprotocol

if TYPE_CHECKING:
    from collections.abc import Callable

MUTANTS: Final = "MUTATION_MUTANTS"
"""The variable with the path of a JSON file: the name of each mutant, and the name of its function."""
RESULTS: Final = "MUTATION_RESULTS"
"""The variable with the path of the file to write: a line of JSON for each mutant, with name and result."""
CHILDREN: Final = "MUTATION_CHILDREN"
"""The variable with the number of mutants that run at the same time."""
IMPORTED: Final = "imported"
"""The result of a mutant that no test detects, of a function that runs when its module is imported."""

_ACTIVE: Final = "MUTANT_UNDER_TEST"  # the variable in which mutmut's code looks for the active mutant
_SLACK: Final = 10  # a mutant may take this many times as long as its tests, and this many seconds more
_MEMORY: Final = 4 << 30  # bytes that a mutant may use
_FAILED: Final = 1  # exit code of a child in which a test failed

_reached: Final[set[str]] = set()
"""The functions that were called since it was cleared."""

if MUTANTS in os.environ:
    os.environ[_ACTIVE] = "stats"  # functions that run when their module is imported are noted too
    _trampoline: Any = importlib.import_module("mutmut.mutation.trampoline")
    _trampoline.record_trampoline_hit = lambda name, **_: _reached.add(name)


class _Child(NamedTuple):
    """A fork that runs a mutant, and the pipe by which it tells the test that failed."""

    mutant: str
    function: str
    pipe: int


class _Runner:
    """Runs mutants, and remembers which tests detect those of each function."""

    def __init__(self, items: list[pytest.Item], mutants: dict[str, str], children: int) -> None:
        self.items = items
        self.mutants = mutants
        self.children = children
        self.reaching: dict[str, list[int]] = defaultdict(list)
        self.seconds: list[float] = []
        self.detected: dict[str, Counter[int]] = defaultdict(Counter)
        self.running: dict[int, _Child] = {}
        self.imported: set[str] = set()

    def observe(self) -> None:
        """Run each test without a mutant, and note the functions that it reaches and its CPU time.

        Each test runs in a fork: a cache that an earlier test filled would hide functions.
        """
        self.imported |= _reached
        gc.collect()
        gc.freeze()  # so that forks share the memory of this process
        for number, item in enumerate(self.items):
            noted = _in_fork(partial(self._observed, number))
            if noted is None:
                pytest.exit(f"{item.nodeid} fails without a mutant", returncode=2)
            functions, seconds = noted
            self.seconds.append(seconds)
            for function in functions:
                self.reaching[function].append(number)

    def _observed(self, number: int) -> tuple[list[str], float] | None:
        _reached.clear()
        os.environ[_ACTIVE] = "stats"
        if not self._passes(number):
            return None
        os.environ[_ACTIVE] = ""
        start = process_time()
        return (sorted(_reached), process_time() - start) if self._passes(number) else None

    def run(self, results: Path) -> None:
        """Run every mutant, and write its result."""
        with results.open("w", encoding="utf-8") as file:
            for mutant, function in self.mutants.items():
                tests = self.reaching.get(function)
                if not tests:
                    file.write(json.dumps([mutant, self._survived(function)]) + "\n")
                    continue
                while len(self.running) >= self.children:
                    file.write(json.dumps(self._finish()) + "\n")
                self._start(mutant, function, tests)
            while self.running:
                file.write(json.dumps(self._finish()) + "\n")

    def _start(self, mutant: str, function: str, tests: list[int]) -> None:
        detected = self.detected[function]
        order = sorted(tests, key=lambda number: (-detected[number], self.seconds[number]))
        limit = _SLACK + int(_SLACK * sum(self.seconds[number] for number in tests))
        read, write = os.pipe()
        child = os.fork()
        if child:
            os.close(write)
            self.running[child] = _Child(mutant, function, read)
            return
        try:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, 1)
            os.dup2(nowhere, 2)
            gc.disable()
            resource: Any = importlib.import_module("resource")  # Unix has it
            resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 1))
            resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
            faulthandler.dump_traceback_later(_SLACK * limit, exit=True)  # if it waits and uses no CPU time
            os.environ[_ACTIVE] = mutant
            for number in order:
                if not self._passes(number):
                    os.write(write, str(number).encode())
                    os._exit(_FAILED)
        except BaseException:  # noqa: BLE001  # a mutant can raise anything anywhere
            os._exit(_FAILED)
        os._exit(0)

    def _finish(self) -> tuple[str, str]:
        """Wait for a child, and return its mutant and its result."""
        pid, status = os.wait()
        mutant, function, pipe = self.running.pop(pid)
        with os.fdopen(pipe) as file:
            number = file.read()
        if number:
            self.detected[function][int(number)] += 1
        code = os.waitstatus_to_exitcode(status)
        return mutant, "timed out" if code < 0 else "killed" if code else self._survived(function)

    def _survived(self, function: str) -> str:
        return IMPORTED if function in self.imported else "survived"

    def _passes(self, number: int) -> bool:
        """Run a test, and return whether it passes."""
        reports = runtestprotocol(self.items[number], nextitem=None, log=False)
        return not any(report.failed for report in reports)


def _in_fork(function: Callable[[], Any]) -> Any:  # noqa: ANN401  # what the function returns
    """Call a function in a fork, and return its result; None if the fork ends without one."""
    read, write = os.pipe()
    child = os.fork()
    if not child:
        try:
            with os.fdopen(write, "w") as file:
                json.dump(function(), file)
        finally:
            os._exit(0)
    os.close(write)
    with os.fdopen(read) as file:
        text = file.read()
    os.waitpid(child, 0)
    return json.loads(text) if text else None


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """Run the mutants instead of the tests, if there are mutants."""
    if MUTANTS not in os.environ:
        return None
    mutants = json.loads(Path(os.environ[MUTANTS]).read_text(encoding="utf-8"))
    runner = _Runner(session.items, mutants, int(os.environ[CHILDREN]))
    runner.observe()
    runner.run(Path(os.environ[RESULTS]))
    return True
