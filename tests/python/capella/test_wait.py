"""Waiting in Python: its end, its pauses and its messages."""

from __future__ import annotations

import pytest

from capella.errors import NotReadyError
from capella.responses import Response
from capella.wait import wait_for


class Cluster:
    """A cluster with a new state for each request; the last state stays. Its clock moves with each pause."""

    def __init__(self, *states: str) -> None:
        """Start the clock at 100 seconds."""
        self._states = list(states)
        self.now = 100.0
        self.asked: list[float] = []

    def ask(self) -> Response:
        """Return the next state."""
        self.asked.append(self.now)
        return Response(200, {"status": self._states.pop(0) if len(self._states) > 1 else self._states[0]})

    def sleep(self, seconds: float) -> None:
        """Move the clock."""
        self.now += seconds

    def wait(self, timeout: float, interval: float) -> Response:
        """Wait for the state `ready`."""
        return wait_for(
            "cluster 7f3a",
            self.ask,
            state=lambda response: response.field("status"),
            wanted="ready",
            timeout=timeout,
            interval=interval,
            monotonic=lambda: self.now,
            sleep=self.sleep,
        )


def test_the_last_response_is_returned(capsys: pytest.CaptureFixture[str]) -> None:
    """Requests are sent at the interval until the wanted state; each new state is a line on stderr."""
    cluster = Cluster("draft", "deploying", "deploying", "ready")
    assert cluster.wait(60, 10).body == {"status": "ready"}
    assert cluster.asked == [100, 110, 120, 130]
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.splitlines() == [f"cluster 7f3a: {state}" for state in ("draft", "deploying", "ready")]


@pytest.mark.parametrize(
    ("timeout", "interval", "looks"),
    [(0, 10, [100]), (25, 10, [100, 110, 120]), (20, 10, [100, 110, 120]), (1, 0.5, [100, 100.5, 101])],
)
def test_time_is_up(timeout: float, interval: float, looks: list[float]) -> None:
    """No request is sent after the timeout, and the wait ends without a last pause."""
    cluster = Cluster("deploying")
    with pytest.raises(
        NotReadyError, match=f"cluster 7f3a: still deploying after {timeout:g} s: increase --timeout to"
    ):
        cluster.wait(timeout, interval)
    assert cluster.asked == looks
    assert cluster.now == looks[-1]


@pytest.mark.parametrize("state", ["deploy_failed", "deploymentFailed", "preflight_failed"])
def test_failure_ends_the_waiting(state: str) -> None:
    """A failed state ends the wait at once."""
    cluster = Cluster("deploying", state)
    with pytest.raises(NotReadyError, match=f"cluster 7f3a: {state}"):
        cluster.wait(60, 10)
    assert cluster.asked == [100, 110]
