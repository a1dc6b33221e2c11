"""A workflow: what it repeats, and what it names if it fails."""

from __future__ import annotations

import io
import os
import signal
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from capella.errors import (
    CapellaError,
    InputInvalidError,
    InvalidError,
    NotReadyError,
    ResponseError,
    ServerError,
    TransportError,
    UnexpectedResponseError,
)
from capella.responses import Response
from capella.workflow import Workflow

if TYPE_CHECKING:
    from collections.abc import Callable

CLUSTER = Response(202, location="/v3/clusters/7f3a")


def refusal(kind: type[ResponseError], status: int, error_type: str = "E") -> ResponseError:
    """Return the error for a status."""
    return kind(status, error_type, "m", method="POST", endpoint="/v2")


NOT_NORMAL = refusal(InvalidError, 422, "ErrClusterStateNotNormal")


def raises(error: BaseException) -> Callable[[], Response]:
    """Return a request that raises this error."""

    def send() -> Response:
        raise error

    return send


def deploy(*actions: Callable[[], object]) -> None:
    """Create a cluster and a bucket in a workflow, then perform these actions."""
    with workflow() as running:
        running.create("cluster", "demo", lambda: CLUSTER)
        running.create("bucket", "ships", lambda: Response(201))
        for action in actions:
            action()


def workflow(timeout: float = 0, interval: float = 1) -> Workflow:
    """Return a workflow."""
    return Workflow(timeout=timeout, interval=interval)


@pytest.mark.parametrize(
    ("response", "text"),
    [
        (CLUSTER, "cluster demo\x1b[2J (id 7f3a)"),
        (Response(201, {"id": "p1"}), "cluster demo\x1b[2J (id p1)"),
        (Response(202), "cluster demo\x1b[2J"),
        (Response(201, location="/users/demo%1b%5B2J"), "cluster demo\x1b[2J"),
    ],
)
@pytest.mark.parametrize("error", [KeyboardInterrupt, NotReadyError, RuntimeError])
def test_what_was_created_is_named(
    error: type[BaseException], response: Response, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each resource is named when it exists, and all of them when the workflow ends early."""

    def deploy() -> None:
        with workflow() as running:
            assert running.create("cluster", "demo\x1b[2J", lambda: response) is response
            running.create("bucket", "ships", lambda: Response(201))
            raise error

    with pytest.raises(error):
        deploy()
    text = text.replace("\x1b", " ")
    lines = [
        "cluster demo [2J: creating",
        f"created {text}",
        "bucket ships: creating",
        "created bucket ships",
        f"left behind: {text}, bucket ships",
    ]
    shown = capsys.readouterr()
    assert (shown.out, shown.err.splitlines()) == ("", lines)


def test_a_success_leaves_nothing_behind(capsys: pytest.CaptureFixture[str]) -> None:
    """A workflow that succeeds names each resource once. One that fails at first names nothing."""
    with workflow() as running:
        running.create("cluster", "demo", lambda: CLUSTER)
    with pytest.raises(NotReadyError), workflow():
        raise NotReadyError
    assert capsys.readouterr() == ("", "cluster demo: creating\ncreated cluster demo (id 7f3a)\n")


@pytest.mark.parametrize(
    ("error", "perhaps"),
    [
        (TransportError("why", "POST", "/", connected=True), True),
        (TransportError("why", "POST", "/", connected=False), False),
        (refusal(UnexpectedResponseError, 202), True),
        (refusal(UnexpectedResponseError, 404), True),
        (refusal(ServerError, 500), True),
        (refusal(ServerError, 503), True),
        (refusal(InvalidError, 422), False),
        (refusal(ResponseError, 405), False),
        (InputInvalidError("why"), False),
        (CapellaError("why"), False),
        (KeyboardInterrupt(), True),
        (RuntimeError(), True),
    ],
)
def test_what_may_have_been_created_is_named(
    error: BaseException, *, perhaps: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    """A resource perhaps exists if the API got its request, and did not refuse it."""
    with pytest.raises(type(error)), workflow() as running:
        running.create("cluster", "demo", raises(error))
    left = "left behind: perhaps cluster demo\n" if perhaps else ""
    assert capsys.readouterr().err == f"cluster demo: creating\n{left}"


@pytest.mark.parametrize(
    ("refusals", "timeout", "requests", "lines"),
    [
        (0, 0, 1, ["created bucket b"]),
        (2, 100, 3, ["bucket b: ErrClusterStateNotNormal", "created bucket b"]),
        (99, 20, 3, ["bucket b: ErrClusterStateNotNormal"]),
        (99, 0, 1, []),
    ],
)
def test_a_refusal_while_the_cluster_changes_is_repeated(
    refusals: int, timeout: float, requests: int, lines: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """The request is sent at the interval until the timeout. Then its refusal is the error."""
    now = [100.0]
    sent: list[float] = []

    def send() -> Response:
        sent.append(now[0])
        if len(sent) <= refusals:
            raise NOT_NORMAL
        return Response(201)

    def sleep(seconds: float) -> None:
        now[0] += seconds

    running = Workflow(timeout=timeout, interval=10, monotonic=lambda: now[0], sleep=sleep)
    if refusals == 99:
        with pytest.raises(InvalidError), running:
            running.create("bucket", "b", send)
    else:
        with running:
            running.create("bucket", "b", send)
    assert sent == [100.0 + 10 * number for number in range(requests)]
    assert capsys.readouterr().err.splitlines() == ["bucket b: creating", *lines]


def test_success_that_cannot_be_read(capsys: pytest.CaptureFixture[str]) -> None:
    """Its Location says what was created."""
    error = CLUSTER.unexpected("HTML")
    with pytest.raises(UnexpectedResponseError), workflow() as running:
        running.create("cluster", "demo", raises(error))
    assert capsys.readouterr().err.splitlines()[-1] == "left behind: cluster demo (id 7f3a)"


def test_arguments_are_passed_on() -> None:
    """The request is described by the arguments of the function that sends it."""

    def post(path: str, *values: str, body: object) -> Response:
        return Response(201, [path, values, body])

    with workflow() as running:
        response = running.create("bucket", "b", post, "/v2/clusters/{id}/buckets", "7f3a", body={"a": 1})
    assert response.body == ["/v2/clusters/{id}/buckets", ("7f3a",), {"a": 1}]


class Broken(io.StringIO):
    """A stream on a full disk."""

    def write(self, _text: str) -> int:
        """Fail."""
        raise OSError(28, "No space left on device")


def test_stderr_that_cannot_be_written(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The workflow goes on, and names the resources on stdout."""
    monkeypatch.setattr(sys, "stderr", Broken())
    with pytest.raises(NotReadyError):
        deploy(raises(NotReadyError()))
    assert capsys.readouterr().out == "left behind: cluster demo (id 7f3a), bucket ships\n"


def test_no_stream_can_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error is still the workflow's, and no later flush fails."""
    monkeypatch.setattr(sys, "stderr", Broken())
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w", encoding="utf-8") as stdout:
        monkeypatch.setattr(sys, "stdout", stdout)
        with pytest.raises(NotReadyError):
            deploy(raises(NotReadyError()))


def interrupt() -> None:
    """Be the target of Ctrl-C, and of a second one while the first is handled."""
    try:
        signal.raise_signal(signal.SIGINT)
    finally:
        signal.raise_signal(signal.SIGINT)


def test_the_second_interrupt_is_ignored(capsys: pytest.CaptureFixture[str]) -> None:
    """It must not prevent the report. Afterwards Ctrl-C has its usual effect again."""
    before = signal.getsignal(signal.SIGINT)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            deploy(interrupt)
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGINT, before)
    assert capsys.readouterr().err.splitlines()[-1] == "left behind: cluster demo (id 7f3a), bucket ships"


def test_a_handler_of_the_program_stays() -> None:
    """A program that handles or ignores Ctrl-C keeps doing so. A thread that cannot change it works too."""
    before = signal.getsignal(signal.SIGINT)
    try:
        for handler in (signal.SIG_IGN, before):
            signal.signal(signal.SIGINT, handler)
            if handler is not signal.default_int_handler:
                with workflow():
                    assert signal.getsignal(signal.SIGINT) is handler
            assert signal.getsignal(signal.SIGINT) is handler
    finally:
        signal.signal(signal.SIGINT, before)
    seen: list[Response] = []

    def run() -> None:
        with workflow() as running:
            seen.append(running.create("cluster", "demo", lambda: CLUSTER))

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert seen == [CLUSTER]
