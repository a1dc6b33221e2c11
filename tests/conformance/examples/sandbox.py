"""Provides a mock in its initial state for each run of an example, and a client to inspect it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

from mock_server.server import DEFAULT_KEYS, MockServer
from tests.conformance.examples.independent_client import IndependentClient, items
from tests.conformance.examples.judge import fill
from tests.conformance.programs.examples import Invocation

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tests.conformance.programs.examples import CompletedProgram

ACCESS_KEY, SECRET_KEY = next(iter(DEFAULT_KEYS.items()))
PASSWORD = "Canary-5-password!"
TRACEBACKS = ("Traceback", "goroutine ", "panic:")  # printed after an uncaught error


@dataclass(frozen=True)
class Sandbox:
    """The mock, a client of it, and the values of `{cluster}` and the other names."""

    mock: MockServer
    client: IndependentClient
    names: dict[str, str]

    def invocation(self, arguments: Sequence[str]) -> Invocation:
        """Return how to run an example with this mock."""
        settings = {
            "CBC_API_URL": self.mock.url,
            "CBC_ACCESS_KEY": ACCESS_KEY,
            "CBC_SECRET_KEY": SECRET_KEY,
            "CBC_DATABASE_PASSWORD": PASSWORD,
        }
        return Invocation([fill(argument, self.names) for argument in arguments], settings)

    def prepare(self, calls: Sequence[tuple[str, str, object]]) -> None:
        """Create the resources that an example needs; these calls are not in the journal."""
        for method, target, body in calls:
            response = self.client.call(method, fill(target, self.names), body)
            if response.status >= 400:
                raise AssertionError(f"{method} {target}: {response.status} {response.json}")
        self.mock.journal.clear()


class _PooledMock(MockServer):
    """A mock that checks less often whether it must stop, because many of them are idle."""

    def thread_target(self) -> None:
        """Serve until stopped."""
        if self.server is not None:
            self.server.serve_forever(poll_interval=0.2)


class Sandboxes:
    """Running mocks that are reset and used again: to start one takes longer than many runs of an example."""

    def __init__(self) -> None:
        """Read the ids of the seed; the mocks start when they are needed."""
        self._names = _seed()
        self._free: SimpleQueue[MockServer] = SimpleQueue()

    def close(self) -> None:
        """Stop the mocks, all at once: each takes up to 0.2 s."""
        mocks = []
        with suppress(Empty):
            while True:
                mocks.append(self._free.get_nowait())
        with ThreadPoolExecutor(max(1, len(mocks))) as pool:
            list(pool.map(MockServer.stop, mocks))

    @contextmanager
    def sandbox(self, window: int | None = None) -> Iterator[Sandbox]:
        """Return a sandbox whose mock is in its initial state; `window` in ms needs a mock of its own.

        A mock is used again only if nothing failed inside it.
        """
        if window is not None:
            with MockServer(window=window) as mock:
                yield self._sandbox(mock)
                mock.check()
            return
        try:
            mock = self._free.get_nowait()
        except Empty:
            mock = _PooledMock()
            mock.start()
        try:
            mock.reset()
            yield self._sandbox(mock)
            mock.check()
        except BaseException:
            mock.stop()
            raise
        self._free.put(mock)

    def _sandbox(self, mock: MockServer) -> Sandbox:
        client = IndependentClient(mock.port, ACCESS_KEY, SECRET_KEY)
        return Sandbox(mock, client, dict(self._names))


@cache
def _seed() -> Mapping[str, str]:
    """Return ids of the objects that each mock has at its start."""
    with MockServer() as mock:
        client = IndependentClient(mock.port, ACCESS_KEY, SECRET_KEY)
        cluster = items(client.get("/v2/clusters"))[0]["id"]
        return {
            "cloud": items(client.get("/v2/clouds"))[0]["id"],
            "project": items(client.get("/v2/projects"))[0]["id"],
            "cluster": cluster,
            "cluster_project": client.get(f"/v2/clusters/{cluster}")["projectId"],
            "cluster_v3": items(client.get("/v3/clusters"))[0]["id"],
            "bucket": items(client.get(f"/v2/clusters/{cluster}/buckets"))[0]["id"],
        }


def leaks(completed: CompletedProgram) -> list[str]:
    """Return the problem texts for secrets and tracebacks in a program's output."""
    wrong = []
    output = completed.out + completed.err
    if SECRET_KEY in output or PASSWORD in output:
        wrong.append("prints a secret")
    if any(trace in completed.err for trace in TRACEBACKS):
        wrong.append("prints a traceback")
    return wrong


def unaccepted(journal: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the problem texts for requests without a right signature; only /v2/status may be unsigned."""
    if not journal:
        return ["makes no request"]
    return [
        f"{entry['method']} {entry['target']}: {entry['code']} {entry['mistake'] or ''}"
        for entry in journal
        if entry["code"] != ("unsigned" if entry["target"] == "/v2/status" else "ok")
    ]
