"""Programs written as functions, instead of the examples."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.conformance.examples.independent_client import IndependentClient
from tests.conformance.programs.examples import CompletedProgram

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.conformance.programs.examples import Invocation


def completed(out: str = "", *, code: int = 0, err: str = "") -> CompletedProgram:
    """Return a program that has ended."""
    return CompletedProgram("python python/x.py", code, out, err, 0.0)


@dataclass
class FakePrograms:
    """Runs a function that calls the mock, instead of each program."""

    program: Callable[[IndependentClient], CompletedProgram]

    def run(
        self, _language: str, _name: str, invocations: Sequence[Invocation], *, forked: bool
    ) -> list[CompletedProgram]:
        """Call the function once for each invocation."""
        del forked
        return [self.program(_client(each)) for each in invocations]


def _client(invocation: Invocation) -> IndependentClient:
    settings = invocation.settings
    port = int(settings["CBC_API_URL"].rpartition(":")[2])
    return IndependentClient(port, settings["CBC_ACCESS_KEY"], settings["CBC_SECRET_KEY"])
