"""Proves an example: what it shows and leaves behind, and how it fails when a request is refused."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.conformance.examples.judge import problems
from tests.conformance.examples.sandbox import Stage, leaks, stage, unaccepted
from tests.conformance.raw_http import exchange
from tests.conformance.report.results import Result
from tests.conformance.signatures.judge import labelled
from tests.conformance.vectors.suite import Request

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.conformance.examples.cases import Example
    from tests.conformance.programs.examples import Language, Programs, Ran

STATUSES = (401, 404, 422, 429, 500)
AS_TEXT, AS_JSON = "against a fresh mock, as text", "against a fresh mock, as JSON"
REFUSED = "each request refused"
LINES = 12  # of stdout and stderr, shown with a failure

Call = tuple[str, str]


@dataclass
class Proof:
    """The results of an example in one language, and the requests it makes where nothing goes wrong."""

    results: list[Result] = field(default_factory=list)
    requests: list[Call] = field(default_factory=list)


@dataclass(frozen=True)
class Prover:
    """One example in one language."""

    programs: Programs
    language: Language
    example: Example

    def prove(self) -> Proof:
        """Run the example against fresh mocks until there is nothing left to prove."""
        proof = Proof()
        modes: tuple[tuple[str, ...], ...] = ((),)
        if self.language == "python" and self.example.has_json:
            modes = ((), ("--json",))
        for options in modes:
            result, requests = self._well(options)
            proof.results.append(result)
            if proof.requests not in ([], requests):
                raise AssertionError(f"{self.example.id}: with --json it makes other requests")
            proof.requests = requests
        if any(result.outcome == "failed" for result in proof.results):
            return proof  # what goes wrong where all is well says nothing new where all is not
        for call in dict.fromkeys(proof.requests):
            proof.results += [self._refused(call, status) for status in STATUSES]
        return proof

    def _well(self, options: Sequence[str]) -> tuple[Result, list[Call]]:
        """Run it where nothing goes wrong."""
        with stage(self.example.before) as on:
            ran = self._run(
                on, options, forked=bool(options)
            )  # once without --json, Python is started itself
            journal = on.mock.journal.entries()
            wrong = [*leaks(ran), *unaccepted(journal)]
            if ran.code:
                wrong.append(f"ends with exit code {ran.code}")
            as_json = self.language == "go" or not self.example.has_json or bool(options)
            if not wrong:
                wrong = problems(self.example, ran, on.caller, on.names, as_json=as_json)
        calls = [(entry["method"], entry["target"]) for entry in journal]
        return self._result(
            AS_JSON if as_json else AS_TEXT, " ".join((self.example.id, *options)), ran, wrong
        ), calls

    def _refused(self, call: Call, status: int) -> Result:
        """Run it with one of its requests answered by an error, as often as it is made."""
        method, target = call
        with stage(self.example.before) as on:
            fault = {"method": method, "path": target, "status": status}
            if status == 429:
                fault["headers"] = {"Retry-After": "0"}
            body = json.dumps({"faults": [fault]})
            armed = exchange(
                Request("PUT", "/_mock/faults", (("Content-Type", "application/json"),), body), on.mock.port
            )
            ran = self._run(on, forked=True)
            journal = on.mock.journal.entries()
        wrong = [*leaks(ran), *unaccepted(journal)]
        if armed.status != 200 or not any(entry["fault"] for entry in journal):
            wrong.append("the fault was not met")
        if ran.code != 1:
            wrong.append(f"ends with exit code {ran.code} in place of 1")
        if ran.out:
            wrong.append("prints something on stdout")
        message = f"The mock answers {status} because a fault asks for it"
        if sum(f"{status}" in line and message in line for line in ran.err.splitlines()) != 1:
            wrong.append(f"has no line on stderr with {status} and the API's message, {message!r}")
        return self._result(REFUSED, f"{self.example.id} {method} {target} {status}", ran, wrong)

    def _run(self, on: Stage, options: Sequence[str] = (), *, forked: bool = False) -> Ran:
        arguments = [*options, *self.example.arguments]
        return on.run(self.programs, self.language, self.example.name, arguments, forked=forked)

    def _result(self, group: str, name: str, ran: Ran, wrong: Sequence[str]) -> Result:
        lines = [
            f"FAIL  {self.language}  {name}  {group}",
            labelled("ran", ran.command),
            *(labelled("why", each) for each in wrong),
            *(labelled("stdout", line) for line in ran.out.splitlines()[:LINES]),
            *(labelled("stderr", line) for line in ran.err.splitlines()[:LINES]),
            labelled("again", f"nox -R -s conformance -- -k '[{self.language}-{self.example.id}]'"),
        ]
        return Result(
            kind="example",
            implementation=self.language,
            id=name,
            groups=(group,),
            outcome="failed" if wrong else "passed",
            input=ran.command,
            output={"code": ran.code, "stdout": ran.out, "stderr": ran.err},
            detail="\n      ".join(lines) if wrong else "",
            seconds=ran.seconds,
        )
