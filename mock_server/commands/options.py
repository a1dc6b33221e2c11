"""Parses and validates the options of ``serve``."""

from __future__ import annotations

import argparse
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, NoReturn

from mock_server.commands.console import UsageError
from mock_server.connection import LATEST_TIME
from mock_server.env_file import NAMES, first_set
from mock_server.faults import grammar
from mock_server.keys import is_access_key
from mock_server.server import DEFAULT_KEYS
from mock_server.verifier import WINDOW

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_DEFAULT_PORT: Final = 8091
_MAX_PORT: Final = 65535
_MAX_POLLS: Final = 1_000_000


class Options(argparse.Namespace):
    """The options of ``serve``, with their defaults.

    Attributes:
        host: the address to listen on.
        port: the TCP port; 0 for a free port.
        env_file: the dotenv file to write, or None.
        clock: the time of the frozen clock, in milliseconds since 1970-01-01 UTC, or None.
        window: the largest accepted difference between a timestamp and the clock, in milliseconds.
        timestamp_unit: "either" also accepts seconds.
        keys_from_env: whether the keys are those in the environment.
        access_key: the access key.
        secret_key: the secret key.
        default_keys: whether the two keys are those of .env.example.
        transition: the number of polls until a cluster or bucket is ready.
        fault: the faults to inject.
        empty: whether the state at start is empty.
        state: the file with the state at start, or None.
    """

    host: str
    port: int
    env_file: Path | None
    clock: int | None
    window: int
    timestamp_unit: Literal["ms", "either"]
    keys_from_env: bool
    access_key: str
    secret_key: str
    default_keys: bool
    transition: int
    fault: list[grammar.Fault]
    empty: bool
    state: Path | None


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(message)


def parse(
    arguments: Sequence[str], *, with_command: bool, environment: Mapping[str, str] | None = None
) -> Options:
    """Return the options in the arguments.

    Args:
        arguments: the arguments before ``--``.
        with_command: whether a COMMAND follows; then the default port is a free one.
        environment: where ``--keys-from-env`` finds the keys; by default the environment of this process.

    Raises:
        UsageError: an argument is unknown or invalid.
        SystemExit: after ``--help``, with code 0.
    """
    options, rest = _parser().parse_known_args(arguments, Options())
    if rest:
        raise UsageError(
            f"unknown argument{_shown(rest[0], arguments)}:"
            " quote a value that contains a space, and put -- before a command"
        )
    if not options.host:
        raise UsageError("--host is empty: give an address, or leave it out")
    keys_given = [vars(options)[name] is not None for name in ("access_key", "secret_key")]
    if any(keys_given) != all(keys_given):
        raise UsageError("--access-key and --secret-key belong together: give both, or neither")
    if options.keys_from_env and any(keys_given):
        raise UsageError("--keys-from-env and --access-key exclude each other: use one of them")
    if options.empty and options.state is not None:
        raise UsageError("--empty and --state exclude each other: use one of them")
    options.default_keys = not any(keys_given) and not options.keys_from_env
    if options.keys_from_env:
        _take_keys(options, os.environ if environment is None else environment)
    elif options.default_keys:
        ((options.access_key, options.secret_key),) = DEFAULT_KEYS.items()
    else:
        _check_keys(options.access_key, options.secret_key, ("--access-key", "--secret-key"))
    if vars(options)["port"] is None:
        options.port = 0 if with_command else _DEFAULT_PORT
    return options


def _parser() -> _Parser:
    parser = _Parser(
        prog="python -m mock_server",
        usage="python -m mock_server [serve] [OPTIONS] [-- COMMAND ...]",
        description=(
            "A mock of the Couchbase Capella API (v2/v3). It verifies every signature, and names the\n"
            "mistake in a wrong one. With COMMAND, it serves on a free port while COMMAND runs, and\n"
            "COMMAND has the mock's settings in its environment.\n\n"
            "Other commands: explain (why a request is refused), collection (for Postman), --version."
        ),
        epilog=f"FAULTS\n\n{grammar.__doc__}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)")
    add(
        "--port",
        type=_integer(_MAX_PORT),
        metavar="N",
        help="TCP port; 0 is a free port (default: 8091; with COMMAND: 0)",
    )
    add("--env-file", type=Path, metavar="FILE", help="write the settings to a dotenv file")
    add(
        "--clock",
        type=_integer(LATEST_TIME),
        metavar="MS",
        help="freeze the clock at this time, in milliseconds since 1970-01-01 UTC",
    )
    add(
        "--window",
        type=_integer(LATEST_TIME),
        default=WINDOW,
        metavar="MS",
        help=f"accepted difference between a timestamp and the clock, in milliseconds (default: {WINDOW})",
    )
    add(
        "--timestamp-unit",
        choices=("ms", "either"),
        default="ms",
        help="either: accept timestamps in seconds too (default: ms)",
    )
    add("--access-key", metavar="KEY", help="use this access key (default: that of .env.example)")
    add("--secret-key", metavar="KEY", help="use this secret key; requires --access-key")
    add(
        "--keys-from-env",
        action="store_true",
        help="use the keys in CBC_ACCESS_KEY and CBC_SECRET_KEY, or in the other names of these settings",
    )
    add(
        "--transition",
        type=_integer(_MAX_POLLS),
        default=3,
        metavar="POLLS",
        help="number of polls until a new cluster or bucket is ready (default: 3)",
    )
    add(
        "--fault",
        type=_fault,
        action="append",
        default=[],
        metavar="SPEC",
        help="inject a fault; repeatable; SPEC is described below",
    )
    add("--empty", action="store_true", help="start without any resource")
    add(
        "--state",
        type=Path,
        metavar="FILE",
        help="start with the state in a YAML or JSON file, in the form of GET /_mock/state",
    )
    return parser


def _shown(rest: str, arguments: Sequence[str]) -> str:
    """Return an unknown argument as the message shows it: nothing if it can be part of a secret key.

    Of an option, only the name is shown.
    """
    if any("--secret-key" in argument for argument in arguments):
        return ""
    if rest.startswith("--"):
        return " " + rest.partition("=")[0]
    if rest.startswith("-"):
        return " " + rest[:2]
    if any("secret" in argument.lower() for argument in arguments):
        return ""
    return f" {rest!r:.80}"


def _integer(most: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,18}", text) or int(text) > most:
            raise argparse.ArgumentTypeError(f"{text!r:.40} is not an integer from 0 to {most}")
        return int(text)

    return parse


def _fault(spec: str) -> grammar.Fault:
    try:
        return grammar.Fault.from_spec(spec)
    except grammar.FaultError as error:
        raise argparse.ArgumentTypeError(f"{spec!r}: {error}") from None


def _take_keys(options: Options, environment: Mapping[str, str]) -> None:
    """Take the keys from the environment."""
    names = {setting: first_set(setting, environment) for setting in ("access_key", "secret_key")}
    missing = [NAMES[setting][0] for setting, name in names.items() if not name]
    if missing:
        raise UsageError(f"--keys-from-env: the environment lacks {' and '.join(missing)}")
    options.access_key, options.secret_key = (environment[name] for name in names.values())
    _check_keys(options.access_key, options.secret_key, tuple(names.values()))


def _check_keys(access_key: str, secret_key: str, names: Sequence[str]) -> None:
    """Check a pair of keys, which come from the options or variables with these names."""
    access_name, secret_name = names
    if not is_access_key(access_key):
        raise UsageError(
            f"{access_name} is empty, or contains a character other than visible ASCII, or `:`, `<` or `>`"
        )
    if not secret_key:
        raise UsageError(f"{secret_name} is empty")
    try:
        secret_key.encode()
    except UnicodeEncodeError:
        raise UsageError(f"{secret_name} is not valid UTF-8") from None
