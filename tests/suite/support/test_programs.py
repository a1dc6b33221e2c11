"""Programs that tests run: their environment, their signals, and their end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from tests.support.paths import ROOT
from tests.support.programs import SETTINGS, environment, minimal_environment, run, started

SHOW_SIGINT = "import signal; print(signal.getsignal(signal.SIGINT) is signal.default_int_handler)"
SLEEPY_CHILD = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print(child.pid, flush=True)
child.wait()
"""


def alive(pid: int) -> bool:
    """Return whether a process runs. A zombie, which has ended but was not waited for, does not run."""
    state = run("ps", "-o", "stat=", "-p", str(pid))
    return bool(state.stdout.strip()) and not state.stdout.startswith("Z")


def assert_dead(pid: int) -> None:
    """Wait a little for the system to carry out SIGKILL."""
    deadline = time.monotonic() + 5
    while alive(pid):
        assert time.monotonic() < deadline, f"process {pid} is still alive"
        time.sleep(0.01)


def test_settings_of_the_caller_are_not_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both environments omit the caller's keys. The minimal environment also omits other variables."""
    for name in SETTINGS:
        monkeypatch.setenv(name, "canary")
    monkeypatch.setenv("LANG", "canary")
    assert not SETTINGS & environment().keys()
    assert "canary" not in minimal_environment().values()
    assert environment(BASE_URL="x")["BASE_URL"] == minimal_environment(BASE_URL="x")["BASE_URL"] == "x"


def test_run_returns_exit_code_and_both_outputs() -> None:
    """Input is written as bytes, and output that is not UTF-8 is shown with escapes."""
    program = (
        "import sys; d = sys.stdin.buffer.read(); sys.stdout.buffer.write(d); sys.exit('no ' + str(len(d)))"
    )
    done = run(sys.executable, "-c", program, stdin=b"a\xff")
    assert (done.returncode, done.stdout, done.stderr.strip()) == (1, r"a\xff", "no 2")


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="needs process groups")
def test_run_kills_the_whole_group_at_its_limit() -> None:
    """A child that holds the pipe open does not keep the test waiting."""
    begun = time.monotonic()
    with pytest.raises(subprocess.TimeoutExpired) as caught:
        run(sys.executable, "-c", SLEEPY_CHILD, limit=1)
    assert time.monotonic() - begun < 30
    assert caught.value.output is not None
    assert_dead(int(caught.value.output))


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="needs process groups")
def test_started_kills_the_whole_group_when_the_block_ends() -> None:
    """The program and its child are gone after the block."""
    with started(sys.executable, "-c", SLEEPY_CHILD) as program:
        child = int(program.stdout.readline())
        assert alive(child)
    assert_dead(child)
    assert program.process.returncode == -signal.SIGKILL


def test_started_ends_a_read_at_its_limit() -> None:
    """A test that reads from a silent program goes on when the limit has passed, and fails."""
    silent = (sys.executable, "-c", "import time; time.sleep(600)")
    with pytest.raises(subprocess.TimeoutExpired), started(*silent, limit=0.5) as program:
        assert program.stdout.readline() == ""


@pytest.mark.skipif(os.name == "nt", reason="Windows does not inherit ignored signals")
def test_programs_start_with_default_signals_when_this_process_ignores_sigint() -> None:
    """A shell's `&` ignores SIGINT for pytest, but not for a program that a test runs."""
    starts_one = f"""
from tests.support.programs import default_signals, run
import sys
default_signals()
print(run(sys.executable, "-c", {SHOW_SIGINT!r}).stdout, end="")
"""
    ignores_sigint = f"""
import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_IGN)
os.execv(sys.executable, [sys.executable, "-c", {starts_one!r}])
"""
    done = run(sys.executable, "-c", ignores_sigint, env=environment(PYTHONPATH=str(ROOT)))
    assert (done.stdout, done.stderr) == ("True\n", "")


def test_interrupt_reaches_a_program() -> None:
    """SIGINT raises KeyboardInterrupt in a Python program."""
    program = "print('ready', flush=True); import time; time.sleep(60)"
    with started(sys.executable, "-c", program) as running:
        assert running.stdout.readline() == "ready\n"
        running.send_signal(signal.SIGINT)
        assert "KeyboardInterrupt" in running.end().stderr
