"""`serve`: the settings of COMMAND, the env file, the address, and the summary."""

from __future__ import annotations

import json
import re
import socket
import stat
import sys
from typing import TYPE_CHECKING

import pytest
from dotenv import dotenv_values

from mock_server.commands import serve
from tests.mock_server.commands.programs import run_mock
from tests.support.paths import ROOT
from tests.support.raw_http import ACCESS_KEY, SECRET_KEY

if TYPE_CHECKING:
    from pathlib import Path

CANARY = "canary,#%$ moonshine"
NAMES = {
    "url": ("CBC_API_URL", "cbc_api_url", "CBC_BASE_URL", "BASE_URL"),
    "access": ("CBC_ACCESS_KEY", "cbc_access_key", "ACCESS_KEY"),
    "secret": ("CBC_SECRET_KEY", "cbc_secret_key", "SECRET_KEY"),
}
PRINT_ENVIRONMENT = "import json, os; print(json.dumps(dict(os.environ)))"
GET_STATUS = (
    "import sys, urllib.request as u, os; print(u.urlopen(os.environ['BASE_URL'] + '/v2/status').status)"
)


@pytest.mark.parametrize(
    "keys", [(), ("--access-key", "A", "--secret-key", CANARY)], ids=["defaults", "given"]
)
def test_command_has_the_settings(keys: tuple[str, ...]) -> None:
    """COMMAND has every setting under every name, the actual port, and loopback added to NO_PROXY."""
    done = run_mock(
        *keys, "--", sys.executable, "-c", PRINT_ENVIRONMENT, NO_PROXY="corp.example", no_proxy=""
    )
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


def test_command_can_send_requests_to_the_mock() -> None:
    """The mock serves while COMMAND runs; stdout has only COMMAND's output."""
    done = run_mock("--", sys.executable, "-c", GET_STATUS)
    assert done.stdout == "200\n"
    assert done.stderr.splitlines()[-1] == "mock_server: 1 request: 1 unsigned"


def test_the_summary_counts_faults() -> None:
    """It counts the requests with a fault, and names each fault that applied to no request."""
    faults = ["GET /v2/status status=503 first=1", "GET /v2/statsu status=429"]
    done = run_mock("--fault", faults[1], "--fault", faults[0], "--", sys.executable, "-c", GET_STATUS)
    assert done.stderr.splitlines()[-2:] == [
        f"mock_server: fault '{faults[1]}' applied to no request",
        "mock_server: 1 request: 1 unsigned, 1 by fault",
    ]


def test_the_summary_of_no_requests() -> None:
    """Zero requests are plural, without a list of codes."""
    done = run_mock("--", sys.executable, "-c", "")
    assert done.stderr.splitlines()[-1] == "mock_server: 0 requests"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--"], r"no command follows --: add it, or remove --"),
        (["--host", "no-such-host.invalid"], r"cannot listen on no-such-host\.invalid port 8091: .+"),
        (["--host", "x" * 300], r"cannot listen on x+ port 8091: .+"),
        (["--env-file", str(ROOT)], r".+ is not a regular file, and was not changed: .+"),
        (["--env-file", "/no-such-directory/.env"], r".+: there is no directory /no-such-directory"),
    ],
    ids=["no command", "unknown host", "long host", "directory", "no directory"],
)
def test_a_mock_that_cannot_start_is_exit_2_and_one_line(arguments: list[str], message: str) -> None:
    """Stderr has one line that names what is wrong."""
    done = run_mock(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert re.fullmatch(rf"mock_server: {message}\n", done.stderr)


def test_a_port_in_use() -> None:
    """The message says what to do."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run_mock("--port", str(port), "--", "true")
    assert done.returncode == 2
    assert done.stderr == (
        f"mock_server: port {port} of 127.0.0.1 is in use: give another with --port, or 0 for a free one\n"
    )


def test_an_address_that_is_not_loopback_has_a_warning() -> None:
    """A warning says that other machines can reach this address."""
    done = run_mock("--host", "0.0.0.0", "--", "true")  # noqa: S104  # the test is about this address
    assert "mock_server: warning: 0.0.0.0 is not a loopback address" in done.stderr


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("127.0.0.1", True),
        ("127.1.2.3", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),  # noqa: S104  # the test is about this address
        ("::", False),
        ("192.0.2.1", False),
        ("localhost.example", False),
    ],
)
def test_which_addresses_are_loopback(host: str, *, loopback: bool) -> None:
    """127.0.0.0/8, ::1 and localhost."""
    assert serve._is_loopback(host) is loopback  # noqa: SLF001  # a test cannot listen on all of them


def test_env_file(tmp_path: Path) -> None:
    """The env file has every setting and mode 0600, and dotenv reads it back; a second run replaces it."""
    path = tmp_path / "mock.env"
    for _ in range(2):
        done = run_mock("--env-file", path, "--access-key", "A", "--secret-key", CANARY, "--", "true")
        assert done.returncode == 0
        values = dotenv_values(path, interpolate=False)
        assert {name for names in NAMES.values() for name in names} == set(values)
        assert {values[name] for name in NAMES["secret"]} == {CANARY}
        assert {values[name] for name in NAMES["access"]} == {"A"}
        assert (values["BASE_URL"] or "") in done.stderr
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert [each.name for each in tmp_path.iterdir()] == ["mock.env"]


def test_another_file_is_not_replaced(tmp_path: Path) -> None:
    """A file without the marker, a link and a directory are refused before anything starts."""
    other, link = tmp_path / ".env", tmp_path / "link"
    other.write_text("CBC_SECRET_KEY=real\n")
    link.symlink_to(tmp_path / "nowhere")
    for path in (other, link, tmp_path):
        done = run_mock("--env-file", path, "--", sys.executable, "-c", "print('ran')")
        assert (done.returncode, done.stdout) == (2, "")
        assert str(path) in done.stderr
        assert "listening" not in done.stderr
    assert other.read_text() == "CBC_SECRET_KEY=real\n"
    assert link.is_symlink()


@pytest.mark.parametrize(("option", "name"), [("--access-key", "access"), ("--secret-key", "secret")])
def test_a_key_that_dotenv_readers_read_differently_is_refused(
    tmp_path: Path, option: str, name: str
) -> None:
    """It is refused before anything starts, and its value is not shown. Without --env-file it is accepted."""
    keys = {"--access-key": "A", "--secret-key": "S"} | {option: "canary's"}
    arguments = [word for pair in keys.items() for word in pair]
    done = run_mock("--env-file", tmp_path / "x", *arguments, "--", "true")
    assert done.returncode == 2
    assert re.fullmatch(rf"mock_server: the {name} key [^\n]+\n", done.stderr)
    assert "canary" not in done.stderr
    assert list(tmp_path.iterdir()) == []
    assert run_mock(*arguments, "--", "true").returncode == 0
