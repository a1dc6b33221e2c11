"""Runs one example in one language: successfully, and with each of its requests refused."""

from __future__ import annotations

import json
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.conformance.examples.judge import problems
from tests.conformance.examples.sandbox import Sandbox, Sandboxes, leaks, unaccepted
from tests.conformance.raw_http import RawRequest, send
from tests.conformance.report.rerun import RERUN
from tests.conformance.report.results import Result
from tests.conformance.report.text import cause_of, failure, labelled, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.conformance.examples.cases import Example
    from tests.conformance.programs.examples import CompletedProgram, ExamplePrograms, Language

STATUSES = (401, 404, 422, 429, 500)
AS_TEXT, AS_JSON = "against a fresh mock, as text", "against a fresh mock, as JSON"
REFUSED = "each request refused"
LINES = 12  # of stdout and stderr, shown with a failure

RequestLine = tuple[str, str]  # method and target


@dataclass
class ExampleReport:
    """The results of an example in one language, and the requests that it makes if nothing fails."""

    results: list[Result] = field(default_factory=list)
    requests: list[RequestLine] = field(default_factory=list)


@dataclass(frozen=True)
class ExampleRunner:
    """Runs one example in one language."""

    programs: ExamplePrograms
    sandboxes: Sandboxes
    language: Language
    example: Example

    def run_all(self) -> ExampleReport:
        """Run the example successfully, then with each of its requests refused; return the results.

        If the first part fails, the second is left out: it would only repeat the failure.
        """
        report = ExampleReport()
        modes: tuple[tuple[str, ...], ...] = ((),)
        if self.language == "python" and self.example.has_json:
            modes = ((), ("--json",))
        for options in modes:
            result, requests = self._successful(options)
            report.results.append(result)
            if report.requests not in ([], requests):
                raise AssertionError(f"{self.example.id}: with --json it makes other requests")
            report.requests = requests
        if all(result.outcome != "failed" for result in report.results):
            for request in dict.fromkeys(report.requests):
                report.results += self._refused(request)
        return report

    def _successful(self, options: Sequence[str]) -> tuple[Result, list[RequestLine]]:
        """Run the example without faults."""
        with self.sandboxes.sandbox() as sandbox:
            sandbox.prepare(self.example.before)
            # Python is really started once per example; with --json, and for refusals, it is forked.
            [completed] = self._run([sandbox], options, forked=bool(options))
            journal = sandbox.mock.journal.entries()
            wrong = [*leaks(completed), *unaccepted(journal)]
            if completed.code:
                wrong.append(f"ends with exit code {completed.code}")
            as_json = self.language == "go" or not self.example.has_json or bool(options)
            if not wrong:
                wrong = problems(self.example, completed, sandbox.client, sandbox.names, as_json=as_json)
        requests = [(entry["method"], entry["target"]) for entry in journal]
        name = " ".join((self.example.id, *options))
        return self._result(AS_JSON if as_json else AS_TEXT, name, completed, wrong), requests

    def _refused(self, request: RequestLine) -> list[Result]:
        """Run the example once for each status, with the status as the response to one of its requests."""
        with ExitStack() as stack:
            sandboxes = [stack.enter_context(self.sandboxes.sandbox()) for _ in STATUSES]
            for status, sandbox in zip(STATUSES, sandboxes, strict=True):
                sandbox.prepare(self.example.before)
                _inject(sandbox, request, status)
            completed = self._run(sandboxes, forked=True)
            return [
                self._refused_result(request, *each)
                for each in zip(STATUSES, sandboxes, completed, strict=True)
            ]

    def _refused_result(
        self, request: RequestLine, status: int, sandbox: Sandbox, completed: CompletedProgram
    ) -> Result:
        method, target = request
        journal = sandbox.mock.journal.entries()
        wrong = [*leaks(completed), *unaccepted(journal)]
        if not any(entry["fault"] for entry in journal):
            wrong.append("did not make the request with the fault")
        if completed.code != 1:
            wrong.append(f"ends with exit code {completed.code} instead of 1")
        if completed.out:
            wrong.append("prints something on stdout")
        message = f"The mock injected status {status}, because of this fault:"
        if sum(f"{status}" in line and message in line for line in completed.err.splitlines()) != 1:
            wrong.append(f"has no line on stderr with {status} and the API's message, {message!r}")
        return self._result(REFUSED, f"{self.example.id} {method} {target} {status}", completed, wrong)

    def _run(
        self, sandboxes: Sequence[Sandbox], options: Sequence[str] = (), *, forked: bool
    ) -> list[CompletedProgram]:
        arguments = [*options, *self.example.arguments]
        invocations = [sandbox.invocation(arguments) for sandbox in sandboxes]
        return self.programs.run(self.language, self.example.name, invocations, forked=forked)

    def _result(self, group: str, name: str, completed: CompletedProgram, wrong: Sequence[str]) -> Result:
        lines = (
            labelled("ran", completed.command),
            *(labelled("why", each) for each in wrong),
            *(labelled("stdout", plain(line)) for line in completed.out.splitlines()[:LINES]),
            *(labelled("stderr", plain(line)) for line in completed.err.splitlines()[:LINES]),
            labelled("again", RERUN.case(f"{self.language}/{self.example.id}")),
        )
        return Result(
            kind="example",
            implementation=self.language,
            id=name,
            groups=(group,),
            outcome="failed" if wrong else "passed",
            input=completed.command,
            output={"code": completed.code, "stdout": completed.out, "stderr": completed.err},
            detail=failure(f"{self.language}  {name}  {group}", lines) if wrong else "",
            seconds=completed.seconds,
            cause=cause_of(wrong),
        )


def _inject(sandbox: Sandbox, request: RequestLine, status: int) -> None:
    """Make the mock respond with a status, each time it receives this request."""
    method, target = request
    fault: dict[str, object] = {"method": method, "path": target, "status": status}
    if status == 429:
        fault["headers"] = {"Retry-After": "0"}
    headers = (("Content-Type", "application/json"),)
    put = RawRequest("PUT", "/_mock/faults", headers, json.dumps({"faults": [fault]}))
    response = send(sandbox.mock.port, put)
    if response.status != 200:
        raise AssertionError(f"PUT /_mock/faults: {response.status} {response.json}")
