"""Signals end the mock or reach COMMAND, also on a system without the names that only Unix has."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from types import SimpleNamespace

import pytest

from mock_server.commands import signals
from mock_server.commands.signals import Signals
from tests.conformance.raw_http import send_bytes
from tests.mock_server.commands.programs import LIKE_WINDOWS, MOCK, call, run_mock, running_mock
from tests.support.paths import ROOT
from tests.support.programs import run, started
from tests.support.raw_http import SECRET_KEY, request, signed

CATCH = """
import os, signal, sys
def caught(number, frame):
    os.write(1, f"caught {number}\\n".encode())  # print may be interrupted, and is not re-entrant
    if number == signal.SIGTERM or "once" in sys.argv:
        sys.exit(5)
signal.signal(signal.SIGINT, caught)
signal.signal(signal.SIGTERM, signal.SIG_IGN if "stubborn" in sys.argv else caught)
os.write(1, b"ready\\n")
while True:
    signal.pause()
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_mock_with_a_summary(number: signal.Signals) -> None:
    """The exit code is 0, the last line counts the requests, and the port is free again."""
    with running_mock("--port", "0", "--clock", "1700000000000") as (mock, port, banner):
        assert SECRET_KEY not in banner
        assert call(port, signed("GET", "/v2/projects", 1_700_000_000_000)).status == 200
        assert call(port, signed("GET", "/v2/projects", 1_700_000_300_001)).status == 401
        assert call(port, request("GET", "/v2/status", [])).headers["date"] == "Tue, 14 Nov 2023 22:13:20 GMT"
        mock.send_signal(number)
        done = mock.end()
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.splitlines()[-1] == "mock_server: 3 requests: 1 ok, 1 timestamp_future, 1 unsigned"
    assert done.stderr.splitlines()[0].startswith("mock_server: 401 GET /v2/projects timestamp_future: ")
    with pytest.raises(ConnectionRefusedError):
        send_bytes(port, b"")


def test_an_ignored_sighup_stays_ignored() -> None:
    """Under nohup the mock survives the end of its terminal."""
    ignoring = (
        "import os, signal, sys;"
        "signal.signal(signal.SIGHUP, signal.SIG_IGN);"
        "os.execv(sys.argv[1], sys.argv[1:])"
    )
    with running_mock("--port", "0", program=(sys.executable, "-c", ignoring, *MOCK)) as (mock, port, _):
        mock.send_signal(signal.SIGHUP)
        assert call(port, request("GET", "/v2/status", [])).status == 200
        mock.send_signal(signal.SIGTERM)
        assert mock.wait() == 0


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ([sys.executable, "-c", "raise SystemExit(7)"], 7),
        ([sys.executable, "-c", "import os; os.kill(os.getpid(), 9)"], 137),
        (["no-such-command-anywhere"], 127),
        ([str(ROOT)], 126),
        (["a\0b"], 126),
    ],
    ids=["its own", "killed", "not found", "not executable", "not a file name"],
)
def test_the_exit_code_is_that_of_command(
    command: list[str], code: int, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The code is COMMAND's own, or 128 plus a signal. 127 and 126 (not started) have a line on stderr."""
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    assert Signals().run(command, dict(os.environ)) == code
    stderr = capfd.readouterr().err
    assert stderr.startswith(f"mock_server: {command[0]}: ") == (code in (126, 127))


@pytest.mark.parametrize("to_group", [False, True], ids=["to the mock", "to the whole group"])
def test_sigint_reaches_command_once(*, to_group: bool) -> None:
    """SIGINT may be sent to the mock alone or, as a terminal does, to the whole process group."""
    with running_mock("--", sys.executable, "-c", CATCH, "once") as (mock, _, _):
        assert mock.stdout.readline() == "ready\n"
        (os.killpg if to_group else os.kill)(mock.pid, signal.SIGINT)
        assert mock.wait() == 5
        assert mock.stdout.read() == f"caught {signal.SIGINT:d}\n"


SPAWN = "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))"


def test_ctrl_c_at_a_terminal_reaches_command_once() -> None:
    """The terminal sends it to COMMAND, and the mock waits for the end of COMMAND."""
    mock = (*MOCK, "--", sys.executable, "-c", CATCH, "once")
    with started(sys.executable, "-c", SPAWN, *mock) as terminal:
        while "ready" not in (line := terminal.stdout.readline()):
            assert line
        terminal.stdin.write("\x03")
        terminal.stdin.flush()
        output = terminal.stdout.read()
        assert terminal.wait() == 5
    assert output.count("caught") == 1
    assert "Traceback" not in output


def test_which_signals_the_mock_passes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """SIGINT only if the terminal does not send it to COMMAND; SIGTERM and SIGHUP always; then it kills."""
    sent: list[str] = []
    child = SimpleNamespace(
        send_signal=lambda number: sent.append(number.name), kill=lambda: sent.append("kill")
    )
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    monkeypatch.setattr(threading.Timer, "start", lambda timer: timer.function(*timer.args))
    handler = Signals()
    monkeypatch.setattr(handler, "_child", child)
    for terminal, expected in ((True, []), (False, ["SIGINT"])):
        monkeypatch.setattr(signals, "_terminal_interrupts_command", lambda interrupts=terminal: interrupts)
        handler._on_signal(signal.SIGINT, None)  # noqa: SLF001  # a real terminal cannot be in this state
        assert sent == expected
    for number in (signal.SIGHUP, signal.SIGTERM, signal.SIGHUP, signal.SIGTERM):
        handler._on_signal(number, None)  # noqa: SLF001  # the same
    assert sent == ["SIGINT", "SIGHUP", "SIGTERM", "SIGHUP", "kill"]


def test_a_signal_before_command_starts_is_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """COMMAND gets it as soon as it runs."""
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    handler = Signals()
    handler._on_signal(signal.SIGTERM, None)  # noqa: SLF001  # a test cannot send a signal at this moment
    pause = [sys.executable, "-c", "import signal; signal.pause()"]
    assert handler.run(pause, {}) == 128 + signal.SIGTERM


def test_sigterm_reaches_command() -> None:
    """The exit code is that of COMMAND, and the port is free again."""
    with running_mock("--", sys.executable, "-c", CATCH) as (mock, port, _):
        assert mock.stdout.readline() == "ready\n"
        mock.send_signal(signal.SIGTERM)
        assert mock.wait() == 5
        assert mock.stdout.read() == f"caught {signal.SIGTERM:d}\n"
    with pytest.raises(ConnectionRefusedError):
        send_bytes(port, b"")


def test_sighup_reaches_command() -> None:
    """COMMAND does not outlive the mock."""
    with running_mock("--", sys.executable, "-c", CATCH) as (mock, _, _):
        assert mock.stdout.readline() == "ready\n"
        mock.send_signal(signal.SIGHUP)
        assert mock.wait() == 128 + signal.SIGHUP


def test_a_second_sigterm_kills_command() -> None:
    """A COMMAND that ignores SIGTERM is killed by the second."""
    with running_mock("--", sys.executable, "-c", CATCH, "stubborn") as (mock, port, _):
        assert mock.stdout.readline() == "ready\n"
        # Two signals at the same time arrive as one, so a pause separates them. Later signals are for the
        # case that they did. They come late: a signal would kill a mock that is about to exit.
        for pause in (0.2, *[10] * 5):
            mock.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                mock.process.wait(timeout=pause)
                break
        assert mock.process.returncode == 128 + signal.SIGKILL
    with pytest.raises(ConnectionRefusedError):
        send_bytes(port, b"")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_where_names_of_unix_are_missing(number: signal.Signals) -> None:
    """Without SIGHUP, SIGKILL and process groups, the mock starts, serves, and ends by a signal."""
    with running_mock("--port", "0", program=LIKE_WINDOWS) as (mock, port, _):
        assert call(port, request("GET", "/v2/status", [])).status == 200
        mock.send_signal(number)
        done = mock.end()
    assert done.returncode == 0
    assert done.stderr == "mock_server: 1 request: 1 unsigned\n"


def test_it_runs_a_command_where_names_of_unix_are_missing() -> None:
    """COMMAND's output and exit code arrive; SIGTERM and a Ctrl-C for the whole group reach it once."""
    done = run(*LIKE_WINDOWS, "--", sys.executable, "-c", "import sys; print('ran'); sys.exit(7)")
    assert (done.returncode, done.stdout) == (7, "ran\n")
    with running_mock("--", sys.executable, "-c", CATCH, program=LIKE_WINDOWS) as (mock, _, _):
        assert mock.stdout.readline() == "ready\n"
        mock.send_signal(signal.SIGTERM)
        assert mock.wait() == 5
    with running_mock("--", sys.executable, "-c", CATCH, "once", program=LIKE_WINDOWS) as (mock, _, _):
        assert mock.stdout.readline() == "ready\n"
        os.killpg(mock.pid, signal.SIGINT)
        assert mock.wait() == 5
        assert mock.stdout.read() == f"caught {signal.SIGINT:d}\n"


def test_a_console_without_process_groups_interrupts_command_itself() -> None:
    """There, the mock does not pass SIGINT on: a Windows console sends Ctrl-C to COMMAND too."""
    done = run(*LIKE_WINDOWS, "--help")
    assert done.returncode == 0
    names = "import os, signal; del os.tcgetpgrp; from mock_server.commands import signals; "
    done = run(sys.executable, "-c", names + "print(signals._terminal_interrupts_command())")
    assert done.stdout == "True\n"


def test_without_a_terminal_nothing_interrupts_command_itself() -> None:
    """A process in a new session has no /dev/tty, so a terminal sends it no Ctrl-C."""
    program = "from mock_server.commands import signals; print(signals._terminal_interrupts_command())"
    assert run(sys.executable, "-c", program).stdout == "False\n"


def test_settings_of_the_caller_reach_command() -> None:
    """COMMAND inherits the environment of the mock."""
    printing = "import os; print(os.environ['X_CANARY'])"
    assert run_mock("--", sys.executable, "-c", printing, X_CANARY="moon").stdout == "moon\n"
