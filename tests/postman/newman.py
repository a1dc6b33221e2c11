"""Runs Newman, and collections that are made for one test."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from mock_server.collection import collection
from mock_server.server import DEFAULT_KEYS
from tests.support.programs import environment, run

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from mock_server.server import MockServer

SUMMARY = "newman"
"""The property of a test with the summary that Newman printed. The session shows it at its end."""
LIMIT = 120  # seconds; a run of the whole collection takes three


@dataclass(frozen=True, slots=True)
class Run:
    """A run of Newman that has ended.

    Attributes:
        code: the exit code.
        output: what Newman printed.
        executions: the requests, as Newman's JSON reporter writes them.
        errors: the message of each failed assertion, script and request.
    """

    code: int
    output: str
    executions: list[dict[str, Any]]
    errors: list[str]

    def statuses(self) -> list[int | None]:
        """Return the status of each response; None where there was none."""
        return [each.get("response", {}).get("code") for each in self.executions]


class Newman:
    """Runs collections against a mock.

    Args:
        mock: the mock.
        folder: where files can be written.
    """

    def __init__(self, mock: MockServer, folder: Path) -> None:
        """Find Newman, and fail where it is missing."""
        found = shutil.which("newman")
        if found is None:
            pytest.fail("there is no Newman on PATH: start these tests by `nox -s postman`", pytrace=False)
        self.program = found
        self.mock = mock
        self.folder = folder

    def run(self, content: Mapping[str, Any], *arguments: str, **variables: str) -> Run:
        """Run a collection.

        Args:
            content: the collection.
            arguments: more options of Newman.
            variables: variables of an environment, which go before those of the collection.
        """
        file, report = self.folder / "collection.json", self.folder / "report.json"
        file.write_text(json.dumps(content), encoding="utf-8")
        report.unlink(missing_ok=True)
        options = [part for pair in variables.items() for part in ("--env-var", "=".join(pair))]
        reporters = ("--color", "off", "--reporters", "cli,json", "--reporter-json-export", str(report))
        done = run(
            *(self.program, "run", str(file), *options, *arguments, *reporters),
            env=environment(),
            limit=LIMIT,
        )
        assert report.is_file(), done.stdout + done.stderr
        told = json.loads(report.read_text(encoding="utf-8"))["run"]
        errors = [each["error"]["message"] for each in told["failures"]]
        return Run(done.returncode, done.stdout + done.stderr, told["executions"], errors)

    def iterate(self, content: Mapping[str, Any], iterations: Sequence[Mapping[str, str]]) -> Run:
        """Run a collection once for each set of variables."""
        data = self.folder / "data.json"
        data.write_text(json.dumps(iterations), encoding="utf-8")
        return self.run(content, "--iteration-data", str(data))

    def refusals(self, content: Mapping[str, Any], iterations: Sequence[Mapping[str, str]]) -> list[str]:
        """Run a collection once for each set of variables. Newman must send none of its requests.

        Returns:
            For each request of each run, the message of the script that refuses to sign.
        """
        self.mock.journal.clear()
        done = self.iterate(content, iterations)
        assert self.mock.journal.entries() == []
        assert done.statuses() == [None] * len(content["item"]) * len(iterations), done.output
        messages = [error for error in done.errors if not error.startswith("runtime:")]
        assert len(messages) == len(done.executions)
        assert all("\n" not in message for message in messages)
        return messages

    def whole(self, *folders: str, **variables: str) -> Run:
        """Run the collection of the mock, or these folders of it, and do not pause between polls."""
        chosen = [part for folder in folders for part in ("--folder", folder)]
        return self.run(self.collection(), *chosen, **{"pollSeconds": "0", **variables})

    def collection(self) -> dict[str, Any]:
        """Return the collection with the address and the keys of the mock."""
        ((access_key, secret_key),) = DEFAULT_KEYS.items()
        return collection(self.mock.url, access_key, secret_key)

    def with_requests(
        self, items: Iterable[Mapping[str, Any]], variables: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """Return the collection with other requests, and with more variables. Its scripts stay."""
        content = self.collection()
        more = [{"key": key, "value": value} for key, value in (variables or {}).items()]
        return {**content, "item": list(items), "variable": [*content["variable"], *more]}


def unsigned(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return a collection without its scripts."""
    return {**content, "event": []}


def item(
    url: Mapping[str, Any] | str, method: str = "GET", *, name: str = "a request", body: object = None
) -> dict[str, Any]:
    """Return a request for a collection. Its body is JSON, if it has one."""
    request: dict[str, Any] = {"method": method, "url": url, "header": []}
    if body is not None:
        request["header"] = [{"key": "Content-Type", "value": "application/json"}]
        request["body"] = {"mode": "raw", "raw": json.dumps(body)}
    return {"name": name, "request": request}
