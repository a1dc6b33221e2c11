"""`python -m mock_server`: its options, its COMMAND, its signals, and how it says no."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import threading
from contextlib import contextmanager
from types import SimpleNamespace
from typing import IO, TYPE_CHECKING

import pytest
from dotenv import dotenv_values

from mock_server.commands import serve as __main__
from tests.support.paths import ROOT
from tests.support.raw_http import ACCESS_KEY, SECRET_KEY, Reply, parse, request, send, signed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CANARY = "canary,#%$ moonshine"
NAMES = {
    "url": ("CBC_API_URL", "cbc_api_url", "CBC_BASE_URL", "BASE_URL"),
    "access": ("CBC_ACCESS_KEY", "cbc_access_key", "ACCESS_KEY"),
    "secret": ("CBC_SECRET_KEY", "cbc_secret_key", "SECRET_KEY"),
}


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the mock to its end."""
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "mock_server", *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


@contextmanager
def running(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], int, str]]:
    """A mock that listens, its port, and its banner; killed at the end if it still runs."""
    with subprocess.Popen(
        [sys.executable, "-W", "error", "-m", "mock_server", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            banner = next(line for line in _stream(process.stderr) if "listening" in line)
            found = re.search(r"http://\S+:(\d+)", banner)
            assert found
            yield process, int(found[1]), banner
        finally:
            process.kill()


def _stream(stream: IO[str] | None) -> IO[str]:
    assert stream
    return stream


def call(port: int, raw: bytes) -> Reply:
    """Send a request and read its answer."""
    return parse(send(port, raw))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signals_end_it_with_a_summary(number: signal.Signals) -> None:
    """Each ends it with 0, one line that counts the requests, and nothing left listening."""
    with running("--port", "0", "--clock", "1700000000000") as (process, port, banner):
        assert SECRET_KEY not in banner
        assert call(port, signed("GET", "/v2/projects", 1_700_000_000_000)).status == 200
        assert call(port, signed("GET", "/v2/projects", 1_700_000_300_001)).status == 401
        assert call(port, request("GET", "/v2/status", [])).headers["date"] == "Tue, 14 Nov 2023 22:13:20 GMT"
        process.send_signal(number)
        stdout, stderr = process.communicate(timeout=30)
    assert process.returncode == 0
    assert stdout == ""
    assert stderr.splitlines()[-1] == "mock_server: 3 requests: 1 ok, 1 timestamp_future, 1 unsigned"
    assert stderr.splitlines()[0].startswith("mock_server: 401 timestamp_future / timestamp_future: ")
    with pytest.raises(ConnectionRefusedError):
        send(port, b"")


def test_options_reach_the_server() -> None:
    """Window, unit, keys, transition and faults are what the command line says."""
    options = ["--port", "0", "--clock", "5000", "--window", "10", "--timestamp-unit", "either"]
    options += ["--access-key", "A", "--secret-key", CANARY, "--transition", "0"]
    options += ["--fault", "GET /v2/status status=503 first=1", "--fault", "GET /v2/status status=429 nth=2"]
    with running(*options) as (_, port, banner):
        assert CANARY not in banner
        statuses = [call(port, request("GET", "/v2/status", [])).status for _ in range(3)]
        assert statuses == [503, 429, 200]
        assert call(port, signed("GET", "/", 5000)).headers["x-mock-refusal"] == "access_key_unknown"
        assert call(port, signed("GET", "/", 5011)).headers["x-mock-refusal"] == "timestamp_future"
        assert call(port, request("GET", "/_mock/health", [])).json["time"] == 5000


PRINT_SETTINGS = "import json, os; print(json.dumps(dict(os.environ)))"


@pytest.mark.parametrize(
    "keys", [(), ("--access-key", "A", "--secret-key", CANARY)], ids=["defaults", "given"]
)
def test_command_has_the_settings(keys: tuple[str, ...]) -> None:
    """COMMAND gets every name of every setting, the true port, and loopback beside the proxies there were."""
    done = run(*keys, "--", sys.executable, "-c", PRINT_SETTINGS, NO_PROXY="corp.example", no_proxy="")
    environment = json.loads(done.stdout)
    assert {environment[name] for name in NAMES["access"]} == {keys[1] if keys else ACCESS_KEY}
    assert {environment[name] for name in NAMES["secret"]} == {keys[3] if keys else SECRET_KEY}
    (url,) = {environment[name] for name in NAMES["url"]}
    assert re.fullmatch(r"http://127\.0\.0\.1:[1-9]\d+", url)
    for name in ("NO_PROXY", "no_proxy"):
        assert environment[name] == "corp.example,127.0.0.1,localhost,::1"
    assert done.returncode == 0
    assert CANARY not in done.stderr
    assert SECRET_KEY not in done.stderr


CHECK_ARGUMENTS = "import sys; sys.exit(sys.argv[1:] != ['--port', 'x', '--', '--'])"
ASK = "import sys, urllib.request as u, os; print(u.urlopen(os.environ['BASE_URL'] + '/v2/status').status)"


def test_command_can_ask_the_mock() -> None:
    """While COMMAND runs the mock answers; stdout is COMMAND's alone."""
    done = run("--", sys.executable, "-c", ASK)
    assert done.stdout == "200\n"
    assert done.stderr.splitlines()[-1] == "mock_server: 1 request: 1 unsigned"


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ([sys.executable, "-c", "raise SystemExit(7)"], 7),
        ([sys.executable, "-c", "import os; os.kill(os.getpid(), 9)"], 137),
        (["no-such-command-anywhere"], 127),
        ([str(ROOT)], 126),
        ([sys.executable, "-c", CHECK_ARGUMENTS, "--port", "x", "--", "--"], 0),
    ],
    ids=["own code", "killed", "not found", "not executable", "its own options"],
)
def test_exit_code_is_that_of_command(command: list[str], code: int) -> None:
    """COMMAND's exit code, 128 and the signal, 127 or 126; only the first `--` is ours."""
    assert run("--", *command).returncode == code


CATCH = """
import os, signal, sys
def caught(number, frame):
    os.write(1, f"caught {number}\\n".encode())  # print may be interrupted, and must not be entered twice
    if number == signal.SIGTERM or "once" in sys.argv:
        sys.exit(5)
signal.signal(signal.SIGINT, caught)
signal.signal(signal.SIGTERM, signal.SIG_IGN if "stubborn" in sys.argv else caught)
os.write(1, b"ready\\n")
while True:
    signal.pause()
"""


@pytest.mark.parametrize("to_group", [False, True], ids=["to the mock", "to the whole group"])
def test_ctrl_c_goes_to_command(*, to_group: bool) -> None:
    """SIGINT reaches COMMAND once, whether the mock alone or, as a terminal does, the whole group gets it."""
    with running("--", sys.executable, "-c", CATCH, "once") as (process, _, _):
        output = _stream(process.stdout)
        assert output.readline() == "ready\n"
        (os.killpg if to_group else os.kill)(process.pid, signal.SIGINT)
        assert process.wait(timeout=30) == 5
        assert output.read() == f"caught {signal.SIGINT:d}\n"


SPAWN = "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))"


def test_ctrl_c_at_a_terminal_goes_to_command() -> None:
    """At a terminal Ctrl-C reaches COMMAND by the terminal itself, and the mock waits for it to end."""
    mock = [sys.executable, "-m", "mock_server", "--", sys.executable, "-c", CATCH, "once"]
    with subprocess.Popen(
        [sys.executable, "-c", SPAWN, *mock], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin
        assert process.stdout
        while b"ready" not in process.stdout.readline():
            assert process.poll() is None
        process.stdin.write(b"\x03")
        process.stdin.flush()
        output = process.stdout.read()
    assert process.returncode == 5
    assert output.count(b"caught") == 1
    assert b"Traceback" not in output


def test_ctrl_c_at_a_terminal_is_not_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the terminal has sent to COMMAND already, the mock does not send once more; SIGTERM it does."""
    sent: list[int] = []
    child = SimpleNamespace(send_signal=sent.append)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    monkeypatch.setattr(threading.Timer, "start", lambda timer: timer.function(*timer.args))
    waiting = __main__._Waiting()  # noqa: SLF001  # the decision is visible nowhere else
    monkeypatch.setattr(waiting, "_child", child)
    for terminal, expected in ((True, []), (False, [signal.SIGINT])):
        monkeypatch.setattr(__main__, "_terminal_is_ours", lambda answer=terminal: answer)
        waiting._on_signal(signal.SIGINT, None)  # noqa: SLF001  # the same
        assert sent == expected
    waiting._on_signal(signal.SIGTERM, None)  # noqa: SLF001  # the same
    waiting._on_signal(signal.SIGTERM, None)  # noqa: SLF001  # the same
    assert sent == [signal.SIGINT, signal.SIGTERM, signal.SIGKILL]


def test_signal_before_command_is_handed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """A signal that comes while COMMAND is being started reaches it as soon as it runs."""
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    waiting = __main__._Waiting()  # noqa: SLF001  # the moment cannot be met from outside
    waiting._on_signal(signal.SIGTERM, None)  # noqa: SLF001  # the same
    assert (
        waiting.for_command([sys.executable, "-c", "import signal; signal.pause()"], {})
        == 128 + signal.SIGTERM
    )


def test_sigterm_goes_to_command() -> None:
    """SIGTERM reaches COMMAND at once; its exit code is ours, and nothing is left listening."""
    with running("--", sys.executable, "-c", CATCH) as (process, port, _):
        assert _stream(process.stdout).readline() == "ready\n"
        process.terminate()
        assert process.wait(timeout=30) == 5
    with pytest.raises(ConnectionRefusedError):
        send(port, b"")


def test_sighup_goes_to_command() -> None:
    """SIGHUP reaches COMMAND, which does not outlive the mock."""
    with running("--", sys.executable, "-c", CATCH) as (process, _, _):
        assert _stream(process.stdout).readline() == "ready\n"
        process.send_signal(signal.SIGHUP)
        assert process.wait(timeout=30) == 128 + signal.SIGHUP


def test_second_sigterm_kills_command() -> None:
    """A COMMAND that ignores the first SIGTERM is killed by the second."""
    with running("--", sys.executable, "-c", CATCH, "stubborn") as (process, port, _):
        assert _stream(process.stdout).readline() == "ready\n"
        # As many as it takes: signals that come together are one.
        while process.poll() is None:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=0.2)
        assert process.returncode == 128 + signal.SIGKILL
    with pytest.raises(ConnectionRefusedError):
        send(port, b"")


def test_summary_tells_what_faults_did() -> None:
    """The summary counts the requests that faults hit, and a fault that hit none is named before it."""
    faults = ["GET /v2/status status=503 first=1", "GET /v2/statsu status=429"]
    done = run("--fault", faults[1], "--fault", faults[0], "--", sys.executable, "-c", ASK)
    assert done.stderr.splitlines()[-2:] == [
        f"mock_server: fault '{faults[1]}' hit no request",
        "mock_server: 1 request: 1 unsigned, 1 by fault",
    ]


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--port", "x"], "--port: 'x'"),
        (["--port", "65536"], "--port: '65536'"),
        (["--port=-1"], "--port: '-1'"),
        (["--clock", "1.5"], "--clock: '1.5'"),
        (["--clock", "999999999999999"], "--clock: "),
        (["--window", "five"], "--window: 'five'"),
        (["--transition", ""], "--transition: ''"),
        (["--timestamp-unit", "s"], "--timestamp-unit"),
        (["--fault", "GET /x status=abc"], "status: 'abc'"),
        (["--frobnicate"], "--frobnicate"),
        (["--por", "0"], "--por"),
        (["sh", "-c", "true"], "not understood: 'sh' (quote a value with spaces; put -- before the command)"),
        (["-k" + CANARY], "not understood: -k ("),
        ([CANARY, "--secret", "x"], "not understood: some ("),
        (["--"], "no command"),
        (["--host", ""], "--host is empty"),
        (["--host", "no-such-host.invalid"], "cannot listen on no-such-host.invalid"),
        (["--host", "x" * 300], "cannot listen"),
        (["--access-key", "A"], "come together"),
        (["--secret-key", CANARY], "come together"),
        (["--access-key", "", "--secret-key", CANARY], "--access-key is empty"),
        (["--access-key", "a b", "--secret-key", CANARY], "--access-key"),
        (["--access-key", "a:b", "--secret-key", CANARY], "--access-key"),
        (["--access-key", "<a>", "--secret-key", CANARY], "--access-key"),
        (["--access-key", "A", "--secret-key", ""], "--secret-key is empty"),
        (["--access-key", "A", "--secret-key"], "--secret-key: expected one argument"),
        (["--access-key", "A", "--secret-key", *CANARY.split()], "not understood"),
        (["--access-key", "A", "--secret", CANARY], "not understood: --secret"),
        (["--access-key", "A", "--secret-keys=" + CANARY], "not understood"),
        (["--env-file", str(ROOT)], "not a regular file"),
        (["--env-file", "/no-such-directory/.env"], "no directory"),
    ],
)
def test_wrong_usage_is_one_line(arguments: list[str], named: str) -> None:
    """Wrong usage is exit 2 and one line on stderr that names what is wrong and never shows a secret."""
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert re.fullmatch(r"mock_server: [^\n]+\n", done.stderr)
    assert named in done.stderr
    for piece in CANARY.split():
        assert piece not in done.stderr


def test_taken_port() -> None:
    """A taken port is exit 2 and one line that says what to do."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run("--port", str(port), "--", "true")
    assert done.returncode == 2
    assert done.stderr == (
        f"mock_server: port {port} of 127.0.0.1 is taken: name another with --port, or 0 for a free one\n"
    )


def test_defaults_are_those_of_the_example_file() -> None:
    """Without options it listens where .env.example points, with the keys that stand there."""
    values = dotenv_values(ROOT / ".env.example", interpolate=False)
    assert values == dict(zip(values, ("http://127.0.0.1:8091", ACCESS_KEY, SECRET_KEY), strict=True))
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError):  # then somebody else has it, which does as well
            stack.enter_context(socket.create_server(("127.0.0.1", 8091)))
        assert "port 8091 of 127.0.0.1 is taken" in run().stderr


def test_other_hosts_come_with_a_warning() -> None:
    """An address that others can reach is said to be one; loopback is not."""
    assert "warning: 0.0.0.0 is not loopback" in run("--host", "0.0.0.0", "--", "true").stderr  # noqa: S104  # that it warns is the test
    assert "warning" not in run("--host", "localhost", "--", "true").stderr


def test_help_is_about_everything() -> None:
    """--help is exit 0, and explains the options and the grammar of faults."""
    done = run("--help")
    assert done.returncode == 0
    options = (
        "--host --port --env-file --clock --window --timestamp-unit --access-key --secret-key --transition"
    )
    for name in [*options.split(), "--fault", "-- COMMAND", "first=N", "connection=reset"]:
        assert name in done.stdout


def test_env_file(tmp_path: Path) -> None:
    """The env file has every name, the true port, mode 0600, and reads back; a second run replaces it."""
    path = tmp_path / "mock.env"
    for _ in range(2):
        done = run("--env-file", str(path), "--access-key", "A", "--secret-key", CANARY, "--", "true")
        assert done.returncode == 0
        values = dotenv_values(path, interpolate=False)
        assert {name for names in NAMES.values() for name in names} == set(values)
        assert {values[name] for name in NAMES["secret"]} == {CANARY}
        assert {values[name] for name in NAMES["access"]} == {"A"}
        assert (values["BASE_URL"] or "") in done.stderr
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert [each.name for each in tmp_path.iterdir()] == ["mock.env"]


def test_env_file_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    """A file without the marker, a link and a directory are refused before anything starts."""
    theirs, link = tmp_path / ".env", tmp_path / "link"
    theirs.write_text("CBC_SECRET_KEY=real\n")
    link.symlink_to(tmp_path / "nowhere")
    for path in (theirs, link, tmp_path):
        done = run("--env-file", str(path), "--", sys.executable, "-c", "print('ran')")
        assert (done.returncode, done.stdout) == (2, "")
        assert str(path) in done.stderr
    assert theirs.read_text() == "CBC_SECRET_KEY=real\n"
    assert link.is_symlink()


@pytest.mark.parametrize("secret", ["it's", r"a\\b", "a\\", "a\nb", "a\rb"])
def test_env_file_refuses_what_no_reader_agrees_on(tmp_path: Path, secret: str) -> None:
    """A secret that a .env file cannot hold is refused before anything starts; COMMAND could have it."""
    done = run("--env-file", str(tmp_path / "x"), "--access-key", "A", "--secret-key", secret, "--", "true")
    assert done.returncode == 2
    assert re.fullmatch(r"mock_server: the secret key [^\n]+\n", done.stderr)
    assert secret not in done.stderr
    assert list(tmp_path.iterdir()) == []
    assert run("--access-key", "A", "--secret-key", secret, "--", "true").returncode == 0
