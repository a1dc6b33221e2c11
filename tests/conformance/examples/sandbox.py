"""A fresh mock for an example to run against, somebody who asks it, and the names of what it holds."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from mock_server.server import DEFAULT_KEYS, MockServer
from tests.conformance.examples.independent_client import Caller, items
from tests.conformance.examples.judge import fill

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tests.conformance.programs.examples import Language, Programs, Ran

ACCESS_KEY, SECRET_KEY = next(iter(DEFAULT_KEYS.items()))
PASSWORD = "Canary-5-password!"
TRACES = ("Traceback", "goroutine ", "panic:")  # what a program prints when nobody caught an error


@dataclass(frozen=True)
class Stage:
    """The mock, the caller, and names for `{cluster}` and the like."""

    mock: MockServer
    caller: Caller
    names: dict[str, str]

    def run(
        self,
        programs: Programs,
        language: Language,
        name: str,
        arguments: Sequence[str],
        *,
        forked: bool = False,
    ) -> Ran:
        """Run an example with the settings for this mock."""
        settings = {
            "CBC_API_URL": self.mock.url,
            "CBC_ACCESS_KEY": ACCESS_KEY,
            "CBC_SECRET_KEY": SECRET_KEY,
            "CBC_DATABASE_PASSWORD": PASSWORD,
        }
        filled = [fill(argument, self.names) for argument in arguments]
        return programs.run(language, name, filled, settings, forked=forked)


@contextmanager
def stage(before: Sequence[tuple[str, str, object]] = (), **options: Any) -> Iterator[Stage]:  # noqa: ANN401  # passed on
    """Start a mock, with options of MockServer's, and make the calls that bring about what is needed."""
    with MockServer(**options) as mock:
        on = Stage(mock, Caller(mock.port, ACCESS_KEY, SECRET_KEY), dict(_seed()))
        for method, target, body in before:
            answer = on.caller.call(method, fill(target, on.names), body)
            if answer.status >= 400:
                raise AssertionError(f"{method} {target}: {answer.status} {answer.json()}")
        mock.journal.clear()
        yield on
        mock.check()


@cache
def _seed() -> Mapping[str, str]:
    """Return the ids of what every mock begins with."""
    with MockServer() as mock:
        caller = Caller(mock.port, ACCESS_KEY, SECRET_KEY)
        cluster = items(caller.get("/v2/clusters"))[0]["id"]
        return {
            "cloud": items(caller.get("/v2/clouds"))[0]["id"],
            "project": items(caller.get("/v2/projects"))[0]["id"],
            "cluster": cluster,
            "cluster_project": caller.get(f"/v2/clusters/{cluster}")["projectId"],
            "cluster_v3": items(caller.get("/v3/clusters"))[0]["id"],
            "bucket": items(caller.get(f"/v2/clusters/{cluster}/buckets"))[0]["id"],
        }


def leaks(ran: Ran) -> list[str]:
    """Find secrets and tracebacks in what a program printed."""
    wrong = []
    if SECRET_KEY in ran.out + ran.err or PASSWORD in ran.out + ran.err:
        wrong.append("prints a secret")
    if any(trace in ran.err for trace in TRACES):
        wrong.append("prints a traceback")
    return wrong


def unaccepted(journal: Sequence[Mapping[str, Any]]) -> list[str]:
    """Find requests that were not signed rightly, repeated ones included; /v2/status alone need not be."""
    if not journal:
        return ["makes no request"]
    return [
        f"{entry['method']} {entry['target']}: {entry['code']} {entry['mistake'] or ''}"
        for entry in journal
        if entry["code"] != ("unsigned" if entry["target"] == "/v2/status" else "ok")
    ]
