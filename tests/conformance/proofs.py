"""Proves an example: what it shows and leaves behind, and how it fails when a request is refused."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from mock_server.server import DEFAULT_KEYS, MockServer
from tests.conformance.caller import Caller, items
from tests.conformance.evidence import fill, problems
from tests.conformance.raw import exchange
from tests.conformance.results import Result
from tests.conformance.vectors import Request
from tests.conformance.verdicts import labelled

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tests.conformance.examples import Example
    from tests.conformance.programs import Language, Programs, Ran

ACCESS_KEY, SECRET_KEY = next(iter(DEFAULT_KEYS.items()))
PASSWORD = "Canary-5-password!"
STATUSES = (401, 404, 422, 429, 500)
FRESH, REFUSED = "against a fresh mock", "each request refused"
TRACES = ("Traceback", "goroutine ", "panic:")  # what a program prints that nobody caught an error in
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
        for call in dict.fromkeys(proof.requests):
            proof.results += [self._refused(call, status) for status in STATUSES]
        return proof

    def _well(self, options: Sequence[str]) -> tuple[Result, list[Call]]:
        """Run it where nothing goes wrong."""
        with self._stage() as (server, caller, names):
            ran = self._run(server, options, names)
            journal = server.journal.entries()
            wrong = [*_leaks(ran), *_unaccepted(journal)]
            if ran.code:
                wrong.append(f"ends with exit code {ran.code}")
            as_json = self.language == "go" or not self.example.has_json or bool(options)
            if not wrong:
                wrong = problems(self.example, ran, caller, names, as_json=as_json)
        calls = [(entry["method"], entry["target"]) for entry in journal]
        return self._result(FRESH, " ".join((self.example.id, *options)), ran, wrong), calls

    def _refused(self, call: Call, status: int) -> Result:
        """Run it with one of its requests answered by an error, as often as it is made."""
        method, target = call
        with self._stage() as (server, _, names):
            fault = {"method": method, "path": target, "status": status}
            if status == 429:
                fault["headers"] = {"Retry-After": "0"}
            body = json.dumps({"faults": [fault]})
            armed = exchange(
                Request("PUT", "/_mock/faults", (("Content-Type", "application/json"),), body), server.port
            )
            ran = self._run(server, (), names)
            journal = server.journal.entries()
        wrong = [*_leaks(ran), *_unaccepted(journal)]
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

    @contextmanager
    def _stage(self) -> Iterator[tuple[MockServer, Caller, dict[str, str]]]:
        """Start a mock, bring about what the example needs, and name what there is."""
        with MockServer() as server:
            caller = Caller(server.port, ACCESS_KEY, SECRET_KEY)
            names = dict(_seed())
            for method, target, body in self.example.before:
                answer = caller.call(method, fill(target, names), body)
                if answer.status >= 400:
                    raise AssertionError(f"{method} {target}: {answer.status} {answer.json()}")
            server.journal.clear()
            yield server, caller, names
            server.check()

    def _run(self, server: MockServer, options: Sequence[str], names: Mapping[str, str]) -> Ran:
        settings = {
            "CBC_API_URL": server.url,
            "CBC_ACCESS_KEY": ACCESS_KEY,
            "CBC_SECRET_KEY": SECRET_KEY,
            "CBC_DATABASE_PASSWORD": PASSWORD,
        }
        arguments = [fill(argument, names) for argument in self.example.arguments]
        return self.programs.run(self.language, self.example.name, [*options, *arguments], settings)

    def _result(self, group: str, name: str, ran: Ran, wrong: Sequence[str]) -> Result:
        lines = [
            f"FAIL  {self.language}  {name}  {group}",
            labelled("ran", ran.command),
            *(labelled("why", each) for each in wrong),
            *(labelled("stdout", line) for line in ran.out.splitlines()[:LINES]),
            *(labelled("stderr", line) for line in ran.err.splitlines()[:LINES]),
            labelled("again", f"nox -s conformance -- -k '[{self.language}-{self.example.id}]'"),
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


@cache
def _seed() -> Mapping[str, str]:
    """Return the ids of what every mock begins with."""
    with MockServer() as server:
        caller = Caller(server.port, ACCESS_KEY, SECRET_KEY)
        cluster = items(caller.get("/v2/clusters"))[0]["id"]
        return {
            "cloud": items(caller.get("/v2/clouds"))[0]["id"],
            "project": items(caller.get("/v2/projects"))[0]["id"],
            "cluster": cluster,
            "cluster_project": caller.get(f"/v2/clusters/{cluster}")["projectId"],
            "cluster_v3": items(caller.get("/v3/clusters"))[0]["id"],
            "bucket": items(caller.get(f"/v2/clusters/{cluster}/buckets"))[0]["id"],
        }


def _leaks(ran: Ran) -> list[str]:
    wrong = []
    if SECRET_KEY in ran.out + ran.err or PASSWORD in ran.out + ran.err:
        wrong.append("prints a secret")
    if any(trace in ran.err for trace in TRACES):
        wrong.append("prints a traceback")
    return wrong


def _unaccepted(journal: Sequence[Mapping[str, Any]]) -> list[str]:
    """Every request was signed rightly, afresh when it was repeated; /v2/status alone, not at all."""
    if not journal:
        return ["makes no request"]
    return [
        f"{entry['method']} {entry['target']}: {entry['code']} {entry['mistake'] or ''}"
        for entry in journal
        if entry["code"] != ("unsigned" if entry["target"] == "/v2/status" else "ok")
    ]
