"""The state of one run of the suite: the vectors, the signers at work, and all results so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from tests.conformance.jobs import wait_for

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from tests.conformance.report.results import Result
    from tests.conformance.signatures.signer_runs import SignerRuns
    from tests.conformance.vectors.suite import Suite

T = TypeVar("T")


@dataclass
class RunState:
    """The vectors, the signers' runs, the results, and how to write a line on the terminal."""

    suite: Suite
    signer_runs: SignerRuns
    announce: Callable[[str], None]
    results: list[Result] = field(default_factory=list)

    def record(self, result: Result) -> None:
        """Keep a result for the tables, and pass its outcome on to pytest."""
        self.results.append(result)
        result.raise_unless_passed()

    def wait_for(self, future: Future[T], activity: Callable[[], str]) -> T:
        """Return the result of a future; on a terminal, a long wait says what the run is doing."""
        return wait_for(future, activity, self.announce)
