"""Waiting for results: a long wait prints the current activity, and returns the result of the job."""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from tests.conformance import jobs


def test_a_long_wait_is_announced(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each time the run was quiet for too long, the current activity is announced."""
    monkeypatch.setattr(jobs, "QUIET", 0.02)
    future: Future[str] = Future()
    lines: list[str] = []

    def announce(line: str) -> None:
        lines.append(line)
        if len(lines) == 3:
            future.set_result("done")

    activities = iter(["waiting for go: 0 of 3 answers", "waiting for go: 2 of 3 answers", "almost"])
    assert jobs.wait_for(future, lambda: next(activities), announce) == "done"
    assert lines == ["waiting for go: 0 of 3 answers", "waiting for go: 2 of 3 answers", "almost"]


def test_a_short_wait_is_silent() -> None:
    """A finished result is returned at once."""
    future: Future[int] = Future()
    future.set_result(7)
    assert jobs.wait_for(future, lambda: "never", pytest.fail) == 7


def test_a_timeout_inside_the_job_is_not_a_long_wait() -> None:
    """The job's own TimeoutError is raised."""
    released = threading.Event()

    def job() -> None:
        released.wait(10)
        raise TimeoutError("the mock did not respond")

    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(job)
        released.set()
        with pytest.raises(TimeoutError, match="the mock did not respond"):
            jobs.wait_for(future, lambda: "never", pytest.fail)
