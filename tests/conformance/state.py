"""The state of one run of the suite: the vectors, the programs at work, and all results so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

import pytest
from _pytest.outcomes import Failed

from .jobs import wait_for

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from .program_runs import ProgramRuns
    from .programs.implementations import Implementation
    from .report.results import Kind, Result
    from .selection import Selection
    from .vectors.suite import Suite

T = TypeVar("T")

EXCUSED = ("known", "contested", "not run", "cannot")


class CasesFailed(Failed):
    """A test whose failures are in the results: the summary at the end shows them by cause."""


@dataclass
class RunState:
    """The vectors, the programs, the selection, the results, and how to write a line on the terminal."""

    suite: Suite
    selection: Selection
    program_runs: ProgramRuns
    announce: Callable[[str], None]
    seed: int = 0
    results: list[Result] = field(default_factory=list)
    report_error: str = ""
    _protocols: set[tuple[str, str]] = field(default_factory=set)

    def record(self, *results: Result) -> None:
        """Keep results for the tables, and pass their outcome on to pytest.

        A failure fails the test. A skip never hides a failure: only a test without any case that passed is
        skipped, with the outcome and the first reason.
        """
        self.results += results
        failed = [result for result in results if result.outcome == "failed"]
        if failed:
            raise CasesFailed("\n\n".join(result.detail for result in failed), pytrace=False)
        outcomes = {result.outcome for result in results}
        for outcome in EXCUSED:
            if outcomes == {outcome}:
                detail = results[0].detail
                if outcome == "known":
                    pytest.xfail(detail)
                pytest.skip(f"{outcome}: {detail}")

    def record_program(self, program: Implementation, kind: Kind) -> None:
        """Keep the results of a program of one kind, and with the first kind that of the protocol."""
        results = self.wait_for(
            self.program_runs.results(program), lambda: self.program_runs.activity(program)
        )
        kinds = {kind}
        if (program.role, program.name) not in self._protocols:
            self._protocols.add((program.role, program.name))
            kinds.add("protocol")
        self.record(*(result for result in results if result.kind in kinds))

    def wait_for(self, future: Future[T], activity: Callable[[], str]) -> T:
        """Return the result of a future; on a terminal, a long wait says what the run is doing."""
        return wait_for(future, activity, self.announce)
