"""Deployments that fail: both languages name the same resources, and end with the same exit code."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pytest

from mock_server.faults.grammar import Fault
from mock_server.server import DEFAULT_KEYS, MockServer
from tests.conformance.programs.environment import environment
from tests.conformance.programs.examples import BUILD_LIMIT, LIMIT
from tests.support.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

CLOUD: Final = "7651e79b-c1f2-57e6-ae14-38bd68859222"  # the first of the seed
HOSTED: Final = ("--name", "Fleet", "--interval", "0")
IN_CLOUD: Final = (*HOSTED, "--cloud-id", CLOUD, "--bucket", "ships", "--cidr-block", "198.51.100.0/24")
CTRL_C: Final = signal.SIGINT
ACCESS_KEY, SECRET_KEY = next(iter(DEFAULT_KEYS.items()))

# What a deployment creates: the path of the request, and the resource as a failure names it.
PROJECT: Final = ("/v2/projects", "project Fleet (id ID)")
STEPS: Final = {
    HOSTED: (
        PROJECT,
        ("/v3/clusters", "cluster Fleet (id ID)"),
        ("/v3/clusters/*/users", "database user app"),
    ),
    IN_CLOUD: (
        PROJECT,
        ("/v2/clusters", "cluster Fleet (id ID)"),
        ("/v2/clusters/*/buckets", "bucket ships (id c2hpcHM=)"),
        ("/v2/clusters/*/allowlist", "allow list entry 198.51.100.0/24"),
        ("/v2/clusters/*/users", "database user app"),
    ),
}
POINTS: Final = [  # the project is the same in both
    pytest.param(arguments, number, id=f"{'hosted' if arguments is HOSTED else 'in-cloud'}-{number}")
    for arguments, steps in STEPS.items()
    for number in range(1 if arguments is HOSTED else 0, len(steps))
]


@dataclass(frozen=True)
class Ended:
    """How a deployment ended, without what differs between two runs or two languages."""

    code: int
    out: str
    err: str

    @property
    def left(self) -> str | None:
        """The line about the resources on stderr, or None."""
        lines = [line for line in self.err.splitlines() if line.startswith("left behind: ")]
        assert len(lines) <= 1
        return lines[0] if lines else None


def left(arguments: Sequence[str], number: int, *, perhaps: bool) -> str | None:
    """Return the line about the resources that exist when a request fails, counted from 0."""
    steps = STEPS[tuple(arguments)]
    names = [name for _, name in steps[:number]]
    if perhaps:
        names.append("perhaps " + re.sub(r" \(id .*\)", "", steps[number][1]))
    return f"left behind: {', '.join(names)}" if names else None


@dataclass(frozen=True)
class Program:
    """The example in one language, its streams, and the signals that it gets.

    Each stream is a "pipe", "full" as a full disk is, or "closed" as a pipe whose reader has ended.
    """

    command: tuple[str, ...]
    stdout: str
    stderr: str
    signals: tuple[int, ...]

    def run(self, arguments: Sequence[str], faults: Sequence[str]) -> Ended:
        """Run the example against a new mock with these faults; send the signals when a latency begins."""
        reached, over = threading.Event(), threading.Event()

        def sleep(_seconds: float) -> None:
            reached.set()
            over.wait(LIMIT)

        with (
            MockServer(faults=[Fault.from_spec(each) for each in faults], sleep=sleep) as mock,
            _stream(self.stdout) as stdout,
            _stream(self.stderr) as stderr,
        ):
            settings = {
                "CBC_API_URL": mock.url,
                "CBC_ACCESS_KEY": ACCESS_KEY,
                "CBC_SECRET_KEY": SECRET_KEY,
                "CBC_DATABASE_PASSWORD": "Canary-5-password!",
            }
            with subprocess.Popen(
                [*self.command, *arguments],
                env=environment(**settings),
                stdin=subprocess.DEVNULL,
                stdout=stdout,
                stderr=stderr,
                encoding="utf-8",
            ) as process:
                try:
                    if self.signals:
                        assert reached.wait(LIMIT)
                    for number in self.signals:
                        process.send_signal(number)
                    out, err = process.communicate(timeout=LIMIT)
                finally:
                    process.kill()
                    over.set()
        return Ended(process.returncode, _without_differences(out or ""), _without_differences(err or ""))


@contextmanager
def _stream(kind: str) -> Iterator[int]:
    """Yield what a stream of a program is connected to."""
    if kind == "pipe":
        yield subprocess.PIPE
        return
    if kind == "full":
        descriptor = os.open("/dev/full", os.O_WRONLY)
    else:
        reader, descriptor = os.pipe()
        os.close(reader)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _without_differences(text: str) -> str:
    """Return text without ids and ports, with one name of the program and one reason for a lost response."""
    text = re.sub("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "ID", text)
    text = re.sub(r"127\.0\.0\.1:[0-9]+", "HOST", text)
    text = re.sub(r"^(deploy_cluster\.py|deploycluster):", "deploy_cluster:", text, flags=re.MULTILINE)
    return re.sub(r"(POST \S+): .*; the request may", r"\1: REASON; the request may", text)


@pytest.fixture(scope="module")
def go_program(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The example in Go, built."""
    program = tmp_path_factory.mktemp("go") / "deploycluster"
    command = ["go", "build", "-o", str(program), "./examples/deploycluster"]
    subprocess.run(command, cwd=ROOT / "go", env=environment(), check=True, timeout=BUILD_LIMIT)
    return str(program)


@pytest.fixture
def deploy(go_program: str) -> Callable[..., Ended]:
    """A function that runs the example in both languages, and returns how both ended: it must be the same."""

    def deploy(
        arguments: Sequence[str],
        *faults: str,
        stdout: str = "pipe",
        stderr: str = "pipe",
        signals: tuple[int, ...] = (),
    ) -> Ended:
        script = str(ROOT / "python" / "deploy_cluster.py")
        python = Program((sys.executable, script, "--json"), stdout, stderr, signals)
        go = Program((go_program,), stdout, stderr, signals)
        with ThreadPoolExecutor(2) as pool:
            runs = [pool.submit(program.run, arguments, faults) for program in (python, go)]
            first, second = (run.result() for run in runs)
        assert first == second
        return first

    return deploy


Deploy = Callable[..., Ended]


@pytest.mark.parametrize("arguments", [HOSTED, IN_CLOUD], ids=["hosted", "in-cloud"])
def test_success(deploy: Deploy, arguments: Sequence[str]) -> None:
    """Each resource is named when it exists; the result has all of them."""
    ended = deploy(arguments)
    assert (ended.code, ended.left) == (0, None)
    created = [line for line in ended.err.splitlines() if line.startswith("created ")]
    assert created == [f"created {name}" for _, name in STEPS[tuple(arguments)]]
    body = json.loads(ended.out)["body"]
    expected = {"projectId": "ID", "clusterId": "ID", "username": "app"}
    if arguments is IN_CLOUD:
        expected |= {"bucket": "ships", "cidrBlock": "198.51.100.0/24"}
    assert body == expected


@pytest.mark.parametrize(("arguments", "number"), POINTS)
def test_gateway_answers_with_html(deploy: Deploy, arguments: Sequence[str], number: int) -> None:
    """The API carried out the request, and the client cannot know: the resource perhaps exists."""
    ended = deploy(arguments, f"POST {STEPS[tuple(arguments)][number][0]} body=html header=Location:")
    assert (ended.code, ended.out) == (1, "")
    assert ended.left == left(arguments, number, perhaps=True)
    assert "text/html instead of the API's JSON" in ended.err.splitlines()[-1]


def test_gateway_keeps_the_location(deploy: Deploy) -> None:
    """It names the cluster."""
    ended = deploy(HOSTED, "POST /v3/clusters body=html")
    assert (ended.code, ended.out) == (1, "")
    assert ended.left == left(HOSTED, 2, perhaps=False)


@pytest.mark.parametrize(
    "fault",
    [
        "connection=drop when=after",
        "connection=reset when=after",
        "status=500 when=after",
        "status=503 when=after",
        "header=Location: header=Content-Type:text/plain body=malformed",
    ],
)
def test_response_is_lost(deploy: Deploy, fault: str) -> None:
    """The API carried out the request, and no response says so: the paid cluster perhaps exists."""
    ended = deploy(HOSTED, f"POST /v3/clusters {fault}")
    assert (ended.code, ended.out) == (1, "")
    assert ended.left == left(HOSTED, 1, perhaps=True)


@pytest.mark.parametrize(("arguments", "number"), POINTS)
def test_request_is_refused(deploy: Deploy, arguments: Sequence[str], number: int) -> None:
    """A resource that the API refused does not exist."""
    ended = deploy(
        arguments, f"POST {STEPS[tuple(arguments)][number][0]} status=422 errorType=EntityNotWritable"
    )
    assert (ended.code, ended.out) == (1, "")
    assert ended.left == left(arguments, number, perhaps=False)
    assert "422 EntityNotWritable" in ended.err.splitlines()[-1]


@pytest.mark.parametrize("number", range(len(STEPS[IN_CLOUD])))
def test_interrupt_in_a_request(deploy: Deploy, number: int) -> None:
    """The API may carry out the request. A second Ctrl-C does not prevent the report."""
    fault = f"POST {STEPS[IN_CLOUD][number][0]} latency=1"
    ended = deploy(IN_CLOUD, fault, signals=(CTRL_C, CTRL_C) if number == 1 else (CTRL_C,))
    assert (ended.code, ended.out) == (130, "")
    assert ended.left == left(IN_CLOUD, number, perhaps=True)
    assert ended.err.splitlines()[-1] == "deploy_cluster: interrupted"


def test_kill_in_a_request(deploy: Deploy) -> None:
    """A program that cannot report any more has named the resource before it sent the request."""
    ended = deploy(HOSTED, "POST /v3/clusters latency=1", signals=(signal.SIGKILL,))
    assert ended.code == -signal.SIGKILL
    assert ended.err.splitlines()[1:] == ["created project Fleet (id ID)", "cluster Fleet: creating"]


def test_interrupt_in_the_wait(deploy: Deploy) -> None:
    """The cluster exists already."""
    ended = deploy(HOSTED, "GET */status latency=1", signals=(CTRL_C,))
    assert (ended.code, ended.out) == (130, "")
    assert ended.left == left(HOSTED, 2, perhaps=False)


@pytest.mark.parametrize(
    "path", ["/v2/clusters/*/buckets", "/v2/clusters/*/allowlist", "/v2/clusters/*/users"]
)
def test_cluster_that_changes(deploy: Deploy, path: str) -> None:
    """The same request is sent again, and its reason is shown once."""
    ended = deploy(IN_CLOUD, f"POST {path} status=422 errorType=ErrClusterStateNotNormal first=3")
    assert (ended.code, ended.left) == (0, None)
    assert sum("ErrClusterStateNotNormal" in line for line in ended.err.splitlines()) == 1


def test_cluster_that_changes_for_ever(deploy: Deploy) -> None:
    """At the timeout the refusal is the error; what was refused last does not exist."""
    fault = "POST /v3/clusters/*/users status=422 errorType=ErrClusterStateNotNormal message=later"
    ended = deploy((*HOSTED, "--timeout", "0.5"), fault)
    assert ended.code == 1
    assert ended.left == left(HOSTED, 2, perhaps=False)
    assert ended.err.splitlines()[-1].endswith("/users: 422 ErrClusterStateNotNormal: later")


def test_cluster_that_is_never_ready(deploy: Deploy) -> None:
    """The cluster is named by its id."""
    ended = deploy((*HOSTED, "--timeout", "0"))
    assert ended.code == 1
    assert ended.left == left(HOSTED, 2, perhaps=False)
    assert ended.err.splitlines()[-1].startswith("deploy_cluster: cluster ID: still deploying after 0 s")


needs_full = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has /dev/full")
STREAMS = [pytest.param("full", marks=needs_full), "closed"]


@pytest.mark.parametrize("stream", STREAMS)
def test_stderr_cannot_be_written(deploy: Deploy, stream: str) -> None:
    """The outcome is the same; if there is no result, stdout names the resources."""
    assert deploy(IN_CLOUD, stderr=stream).code == 0
    ended = deploy(IN_CLOUD, "POST /v2/clusters/*/buckets body=html header=Location:", stderr=stream)
    assert (ended.code, ended.out) == (1, f"{left(IN_CLOUD, 2, perhaps=True)}\n")
    interrupted = deploy(HOSTED, "GET */status latency=1", stderr=stream, signals=(CTRL_C,))
    assert (interrupted.code, interrupted.out) == (130, f"{left(HOSTED, 2, perhaps=False)}\n")


@pytest.mark.parametrize("stream", STREAMS)
def test_result_cannot_be_written(deploy: Deploy, stream: str) -> None:
    """Stderr names the resources, all of them."""
    ended = deploy(HOSTED, stdout=stream)
    assert ended.code == 1
    assert ended.left == f"left behind: {', '.join(name for _, name in STEPS[HOSTED])}"
    last = ended.err.splitlines()[-1]
    if stream == "closed":  # the reader has ended, which is no error
        assert last == ended.left
    else:
        assert last == "deploy_cluster: the result cannot be written: no space left on device"


@pytest.mark.parametrize("stream", STREAMS)
def test_no_stream_can_be_written(deploy: Deploy, stream: str) -> None:
    """The exit code is still that of the outcome."""
    assert deploy(HOSTED, stdout=stream, stderr=stream).code == 1
    assert (
        deploy(HOSTED, "GET */status latency=1", stdout=stream, stderr=stream, signals=(CTRL_C,)).code == 130
    )
