"""The options of `serve`: their values, and the errors for wrong ones."""

from __future__ import annotations

import contextlib
import re
import socket
import sys

import pytest
from dotenv import dotenv_values

from mock_server.commands.console import UsageError
from mock_server.commands.options import parse
from tests.mock_server.commands.programs import call, run_mock, running_mock
from tests.support.paths import ROOT
from tests.support.raw_http import ACCESS_KEY, SECRET_KEY, request, signed

CANARY = "canary,#%$ moonshine"


def test_options_reach_the_server() -> None:
    """The server uses the window, the unit, the keys, the transition and the faults given."""
    options = ["--port", "0", "--clock", "5000", "--window", "10", "--timestamp-unit", "either"]
    options += ["--access-key", "A", "--secret-key", CANARY, "--transition", "0"]
    options += ["--fault", "GET /v2/status status=503 first=1", "--fault", "GET /v2/status status=429 nth=2"]
    with running_mock(*options) as (_, port, banner):
        assert "with the keys given; watch" in banner
        statuses = [call(port, request("GET", "/v2/status", [])).status for _ in range(3)]
        assert statuses == [503, 429, 200]
        assert call(port, signed("GET", "/", 5000)).headers["x-mock-refusal"] == "access_key_unknown"
        assert call(port, signed("GET", "/", 5010)).headers["x-mock-refusal"] == "access_key_unknown"
        assert call(port, signed("GET", "/", 5011)).headers["x-mock-refusal"] == "timestamp_future"
        assert call(port, request("GET", "/_mock/health", [])).json["time"] == 5000


def test_defaults() -> None:
    """Without options: loopback, port 8091, the keys of .env.example, 5 minutes, milliseconds, 3 polls."""
    options = parse([], with_command=False)
    assert (options.host, options.port, options.env_file, options.clock) == ("127.0.0.1", 8091, None, None)
    assert (options.window, options.timestamp_unit) == (300_000, "ms")
    assert (options.access_key, options.secret_key, options.default_keys) == (ACCESS_KEY, SECRET_KEY, True)
    assert (options.transition, options.fault) == (3, [])
    assert (options.keys_from_env, options.empty, options.state) == (False, False, None)


def test_the_default_port_with_a_command_is_a_free_one() -> None:
    """Several mocks with a COMMAND can run at once; a port given is used as given."""
    assert parse([], with_command=True).port == 0
    assert parse(["--port", "8092"], with_command=True).port == 8092
    assert parse(["--port", "0"], with_command=False).port == 0


@pytest.mark.parametrize(
    ("arguments", "name", "value"),
    [
        (["--port", "65535"], "port", 65_535),
        (["--clock", "0"], "clock", 0),
        (["--clock", "253402300799999"], "clock", 253_402_300_799_999),
        (["--window", "0"], "window", 0),
        (["--window", "253402300799999"], "window", 253_402_300_799_999),
        (["--transition", "0"], "transition", 0),
        (["--transition", "1000000"], "transition", 1_000_000),
    ],
)
def test_numbers_at_their_limits_are_accepted(arguments: list[str], name: str, value: int) -> None:
    """The smallest and the largest value of each option."""
    assert vars(parse(arguments, with_command=False))[name] == value


@pytest.mark.parametrize(
    ("environment", "keys"),
    [
        ({"CBC_ACCESS_KEY": "A", "CBC_SECRET_KEY": "s t"}, ("A", "s t")),
        ({"CBC_ACCESS_KEY": "", "cbc_access_key": "B", "ACCESS_KEY": "C", "SECRET_KEY": "u"}, ("B", "u")),
    ],
)
def test_keys_from_the_environment(environment: dict[str, str], keys: tuple[str, str]) -> None:
    """They have the names of the clients' settings; an empty variable counts as not set."""
    options = parse(["--keys-from-env"], with_command=False, environment=environment)
    assert (options.access_key, options.secret_key) == keys
    assert not options.default_keys


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({}, "--keys-from-env: the environment lacks CBC_ACCESS_KEY and CBC_SECRET_KEY"),
        ({"ACCESS_KEY": "A", "SECRET_KEY": ""}, "--keys-from-env: the environment lacks CBC_SECRET_KEY"),
        ({"cbc_access_key": "a:b", "SECRET_KEY": CANARY}, "cbc_access_key is empty, or contains a character"),
        ({"ACCESS_KEY": "A", "SECRET_KEY": f"{CANARY}\udcff"}, "SECRET_KEY is not valid UTF-8"),
    ],
)
def test_keys_that_the_environment_lacks(environment: dict[str, str], message: str) -> None:
    """All of them are named at once, and no secret key is shown."""
    with pytest.raises(UsageError) as caught:
        parse(["--keys-from-env"], with_command=False, environment=environment)
    assert message in str(caught.value)
    assert CANARY not in str(caught.value)


def test_a_mock_with_the_keys_in_the_environment() -> None:
    """COMMAND gets them under all names, and stderr never shows the secret."""
    code = "import os; print(os.environ['ACCESS_KEY'], os.environ['cbc_secret_key'])"
    command = ("--keys-from-env", "--", sys.executable, "-c", code)
    done = run_mock(*command, CBC_ACCESS_KEY="mine", CBC_SECRET_KEY=CANARY)
    assert (done.returncode, done.stdout) == (0, f"mine {CANARY}\n")
    assert "with the keys in the environment; watch" in done.stderr
    assert CANARY not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--empty", "--state", "x"], "--empty and --state exclude each other"),
        (
            ["--keys-from-env", "--access-key", "A", "--secret-key", CANARY],
            "--keys-from-env and --access-key",
        ),
        (["--state"], "--state: expected one argument"),
        (["--port", "x"], "--port: 'x' is not an integer from 0 to 65535"),
        (["--port", "65536"], "--port: '65536'"),
        (["--port=-1"], "--port: '-1'"),
        (["--port", "٣"], "--port: '٣'"),
        (["--port", "0" * 19], "--port: '0000"),
        (["--clock", "1.5"], "--clock: '1.5'"),
        (["--clock", "253402300800000"], "--clock: "),
        (["--window", "five"], "--window: 'five'"),
        (["--window", "253402300800000"], "--window: "),
        (["--transition", ""], "--transition: ''"),
        (["--transition", "1000001"], "--transition: "),
        (["--timestamp-unit", "s"], "--timestamp-unit"),
        (["--fault", "GET /x status=abc"], "'GET /x status=abc': status: 'abc'"),
        (["--frobnicate"], "unknown argument --frobnicate: "),
        (["--por", "0"], "unknown argument --por: "),
        (
            ["sh", "-c", "true"],
            "unknown argument 'sh': quote a value that contains a space, and put -- before a command",
        ),
        (["-k" + CANARY], "unknown argument -k: "),
        ([CANARY, "--secret", "x"], "unknown argument: "),
        ([CANARY, "--SECRET", "x"], "unknown argument: "),
        (["--host", ""], "--host is empty"),
        (["--access-key", "A"], "belong together"),
        (["--secret-key", CANARY], "belong together"),
        (["--access-key", "", "--secret-key", CANARY], "--access-key is empty"),
        (["--access-key", "a b", "--secret-key", CANARY], "--access-key is empty, or contains a character"),
        (["--access-key", "é", "--secret-key", CANARY], "--access-key is empty, or contains a character"),
        (["--access-key", "a\x7f", "--secret-key", CANARY], "--access-key is empty, or contains a character"),
        (["--access-key", "a:b", "--secret-key", CANARY], "--access-key"),
        (["--access-key", "<a", "--secret-key", CANARY], "--access-key"),
        (["--access-key", "a>", "--secret-key", CANARY], "--access-key"),
        (["--access-key", "A", "--secret-key", ""], "--secret-key is empty"),
        (["--access-key", "A", "--secret-key", f"{CANARY}\udcff"], "not valid UTF-8"),
        (["--access-key", "\udcff", "--secret-key", CANARY], "--access-key is empty, or contains"),
        (["--access-key", "A", "--secret-key"], "--secret-key: expected one argument"),
        (["--access-key", "A", "--secret-key", *CANARY.split()], "unknown argument: "),
        (["--access-key", "A", "--secret", CANARY], "unknown argument --secret: "),
        (["--access-key", "A", "--secret-keys=" + CANARY], "unknown argument: "),
    ],
)
def test_a_wrong_option_is_named_in_one_line(arguments: list[str], named: str) -> None:
    """The message names what is wrong, and never contains a secret key."""
    with pytest.raises(UsageError) as caught:
        parse(arguments, with_command=False)
    assert named in str(caught.value)
    assert "\n" not in str(caught.value)
    for piece in CANARY.split():
        assert piece not in str(caught.value)


def test_a_long_argument_is_shortened() -> None:
    """A message quotes at most 80 characters of an unknown argument, and 40 of a number."""
    with pytest.raises(UsageError) as caught:
        parse(["x" * 500], with_command=False)
    assert "x" * 79 in str(caught.value)
    assert "x" * 80 not in str(caught.value)
    with pytest.raises(UsageError) as caught:
        parse(["--port", "9" * 500], with_command=False)
    assert "9" * 39 in str(caught.value)
    assert "9" * 40 not in str(caught.value)


def test_wrong_usage_is_exit_2_and_one_line() -> None:
    """On the command line, the message is the only line on stderr, and stdout is empty."""
    done = run_mock("--port", "x")
    assert (done.returncode, done.stdout) == (2, "")
    assert re.fullmatch(r"mock_server: [^\n]+\n", done.stderr)


def test_the_default_settings_are_those_of_the_example_file() -> None:
    """Without options, the mock listens where .env.example points, and accepts the keys in it."""
    values = dotenv_values(ROOT / ".env.example", interpolate=False)
    assert values == dict(zip(values, ("http://127.0.0.1:8091", ACCESS_KEY, SECRET_KEY), strict=True))
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError):  # another program that uses the port does as well
            stack.enter_context(socket.create_server(("127.0.0.1", 8091)))
        assert "port 8091 of 127.0.0.1 is in use" in run_mock().stderr


def test_help_describes_every_option_and_every_fault() -> None:
    """--help exits with 0."""
    done = run_mock("--help")
    assert (done.returncode, done.stderr) == (0, "")
    options = (
        "--host --port --env-file --clock --window --timestamp-unit --access-key --secret-key --transition"
        " --keys-from-env --empty --state"
    )
    for name in [*options.split(), "--fault", "-- COMMAND", "first=N", "connection=reset"]:
        assert name in done.stdout


def test_a_secret_key_is_not_in_the_banner() -> None:
    """The banner contains no secret key, default or given."""
    done = run_mock("--", sys.executable, "-c", "")
    assert SECRET_KEY not in done.stderr
    assert "with the keys of .env.example" in done.stderr
    assert CANARY not in run_mock("--access-key", "A", "--secret-key", CANARY, "--", "true").stderr
