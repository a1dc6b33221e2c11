"""Starts the selected examples, faults and shapes early, so that no processor is idle."""

from __future__ import annotations

import os
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Self, TypeVar

import pytest

from tests.conformance.examples.runs import ExampleReport, ExampleRunner
from tests.conformance.examples.sandbox import Sandboxes
from tests.conformance.faults.judge import run_case
from tests.conformance.shapes.judge import run_shapes
from tests.conformance.targets.wire import send_all

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from tests.conformance.examples.cases import Example
    from tests.conformance.faults.cases import FaultCase
    from tests.conformance.programs.examples import ExamplePrograms, Language
    from tests.conformance.report.results import Result
    from tests.conformance.shapes.shape import Shape
    from tests.conformance.targets.cases import TargetVector

T = TypeVar("T")

QUIET = 5.0  # seconds without output, after which a run on a terminal says what it is doing
WAITING_CASES = 32  # faults that mostly sleep, all at once
SHAPES_AT_ONCE = 16  # of one example, in one process


@dataclass
class Jobs:
    """The runs of examples, faults and shapes, by the name of the test. A context manager."""

    programs: ExamplePrograms
    _sandboxes: Sandboxes | None = None
    example_reports: dict[str, Future[ExampleReport]] = field(default_factory=dict)
    fault_results: dict[str, Future[Result]] = field(default_factory=dict)
    shape_results: dict[str, Future[dict[str, list[Result]]]] = field(default_factory=dict)
    wire_results: dict[str, Future[list[Result]]] = field(default_factory=dict)
    go_build: Future[None] | None = None
    _stack: ExitStack = field(default_factory=ExitStack)

    def __enter__(self) -> Self:
        """Return the jobs."""
        return self

    def __exit__(self, *_: object) -> None:
        """Drop the jobs that have not started, wait for the others, and stop the mocks."""
        self._stack.close()

    def start(self, items: Iterable[pytest.Item], targets: Mapping[Language, Sequence[TargetVector]]) -> None:
        """Start the jobs of the selected tests: first those that mostly wait, in a pool of their own.

        `targets` are the selected vectors of each language that are sent on the wire.
        """
        items = list(items)
        faults, examples = list(_parameters(items, "test_fault")), list(_parameters(items, "test_example"))
        shapes = list(_parameters(items, "test_shape"))
        on_the_wire: set[Language] = {
            each["language"] for _, each in _parameters(items, "test_targets_on_the_wire")
        }
        if shapes or "go" in {*on_the_wire, *(each["language"] for _, each in (*faults, *examples))}:
            self.go_build = self._pool(1).submit(self.programs.build)
        if not (faults or examples or shapes or on_the_wire):
            return
        if faults or examples:
            # Before any other thread needs them: the first response of a mock takes seconds of imports.
            self._sandboxes = Sandboxes()
            self._stack.callback(self._sandboxes.close)
        waiting, working = self._pool(WAITING_CASES), self._pool((os.cpu_count() or 1) + 1)
        for name, case in faults:
            pool = waiting if case["case"].waits else working
            self.fault_results[name] = pool.submit(self._run_fault, **case)
        for name, case in examples:
            self.example_reports[name] = working.submit(self._run_example, **case)
        for language in on_the_wire:
            self.wire_results[language] = working.submit(send_all, self.programs, language, targets[language])
        for batch in _batches(shapes):
            future = working.submit(run_shapes, self.programs, list(batch.values()))
            self.shape_results.update(dict.fromkeys(batch, future))

    def _pool(self, size: int) -> ThreadPoolExecutor:
        pool = ThreadPoolExecutor(size)
        self._stack.callback(partial(pool.shutdown, cancel_futures=True))
        return pool

    def _run_fault(self, language: Language, case: FaultCase) -> Result:
        assert self._sandboxes is not None
        return run_case(self.programs, self._sandboxes, language, case)

    def _run_example(self, language: Language, example: Example) -> ExampleReport:
        assert self._sandboxes is not None
        return ExampleRunner(self.programs, self._sandboxes, language, example).run_all()

    def activity(self, name: str) -> str:
        """Return the current activity of the run, as a short line."""
        if self.go_build and not self.go_build.done():
            return "building the Go examples ..."
        return f"waiting for {name} ..."


def _batches(shapes: Iterable[tuple[str, dict[str, Shape]]]) -> Iterator[dict[str, Shape]]:
    """Yield batches of shapes of one example, by the name of the test."""
    by_example: dict[str, list[tuple[str, Shape]]] = {}
    for name, case in shapes:
        by_example.setdefault(case["shape"].example[0], []).append((name, case["shape"]))
    for group in by_example.values():
        for start in range(0, len(group), SHAPES_AT_ONCE):
            yield dict(group[start : start + SHAPES_AT_ONCE])


def _parameters(items: Iterable[pytest.Item], test: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for item in items:
        if isinstance(item, pytest.Function) and item.originalname == test:
            yield item.name, item.callspec.params


def wait_for(future: Future[T], activity: Callable[[], str], announce: Callable[[str], None]) -> T:
    """Return the result of a future; every 5 s, announce what the run is doing."""
    while True:
        try:
            return future.result(QUIET)
        except TimeoutError:
            if future.done():  # the job itself raised it
                return future.result()
            announce(activity())
