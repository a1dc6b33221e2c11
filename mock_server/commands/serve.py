"""The command line: ``python -m mock_server [OPTIONS] [-- COMMAND ...]``.

stdout belongs to COMMAND; all that the mock itself has to say goes to stderr. Exit codes: COMMAND's own
(127 where it is not found, 126 where it cannot be run, 128+N where signal N killed it); without COMMAND, 0
after SIGINT, SIGTERM or SIGHUP; 2 for wrong usage, an address that cannot be had, or a refused env file.
Signals are handed on to COMMAND, and a second SIGTERM kills it.
"""

from __future__ import annotations

import argparse
import errno
import ipaddress
import logging
import os
import re
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

from mock_server import env_file
from mock_server.connection import LATEST_TIME
from mock_server.faults import grammar as faults
from mock_server.server import DEFAULT_KEYS, FrozenClock, MockServer, system_clock

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_USAGE: Final = 2
_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_GRACE: Final = 0.5  # seconds in which COMMAND shows that it had the Ctrl-C already


class _UsageError(Exception):
    """What is wrong with the command line, in one line. Never holds the value of --secret-key."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise _UsageError(message)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the mock, and return its exit code."""
    ours, command = _split(sys.argv[1:] if arguments is None else arguments)
    try:
        options = _parse(ours, command)
        return _run(options, command)
    except (_UsageError, env_file.EnvFileError) as error:
        _say(f"{error}")
        return _USAGE


def _split(arguments: Sequence[str]) -> tuple[Sequence[str], Sequence[str] | None]:
    """What is ours and what is COMMAND's; None where there is no ``--``."""
    if "--" not in arguments:
        return arguments, None
    at = list(arguments).index("--")
    return arguments[:at], arguments[at + 1 :]


def _say(line: str) -> None:
    print(f"mock_server: {line}", file=sys.stderr, flush=True)  # noqa: T201  # a command line speaks


def _parse(arguments: Sequence[str], command: Sequence[str] | None) -> argparse.Namespace:
    parser = _Parser(
        prog="python -m mock_server",
        usage="python -m mock_server [OPTIONS] [-- COMMAND ...]",
        description=(
            "A mock of the Couchbase Capella API (v2/v3) that verifies every signature and names\n"
            "the mistake in a wrong one. With COMMAND it serves on a free port, with its settings in the\n"
            "environment of COMMAND, for as long as that runs."
        ),
        epilog=f"FAULTS\n\n{faults.__doc__}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    add("--port", type=_whole(65535), metavar="N", help="8091, or a free one with COMMAND; 0 is a free one")
    add("--env-file", type=Path, metavar="FILE", help="write the settings there, for dotenv readers")
    add("--clock", type=_whole(LATEST_TIME), metavar="MS", help="freeze the time, in ms since 1970-01-01 UTC")
    add(
        "--window",
        type=_whole(LATEST_TIME),
        default=300_000,
        metavar="MS",
        help="how far off a timestamp may be",
    )
    add("--timestamp-unit", choices=("ms", "either"), default="ms", help="either: accept seconds as well")
    add("--access-key", metavar="KEY", help="with --secret-key, in place of those of .env.example")
    add("--secret-key", metavar="KEY", help="with --access-key")
    add(
        "--transition",
        type=_whole(10**6),
        default=3,
        metavar="POLLS",
        help="polls until a cluster is ready (3)",
    )
    add("--fault", type=_fault, action="append", default=[], metavar="SPEC", help="repeatable, see below")
    options, rest = parser.parse_known_args(arguments)
    if rest:
        raise _UsageError(
            f"arguments not understood: {_showable(rest[0], arguments)}"
            " (quote a value with spaces; put -- before the command)"
        )
    if command is not None and not command:
        raise _UsageError("no command follows --")
    if not options.host:
        raise _UsageError("--host is empty")
    if (options.access_key is None) != (options.secret_key is None):
        raise _UsageError("--access-key and --secret-key come together")
    if options.access_key is not None:
        _check_keys(options.access_key, options.secret_key)
    if options.port is None:
        options.port = 8091 if command is None else 0
    return options


def _showable(left_over: str, arguments: Sequence[str]) -> str:
    """The word, or of an option its name, unless it can be a secret that was misspelled or not quoted."""
    if any("--secret-key" in word for word in arguments):
        return "some"
    if left_over.startswith("--"):
        return left_over.partition("=")[0]
    if left_over.startswith("-"):
        return left_over[:2]
    if any("secret" in word.lower() for word in arguments):
        return "some"
    return f"{left_over!r:.80}"


def _whole(most: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,18}", text) or int(text) > most:
            raise argparse.ArgumentTypeError(f"{text!r:.40} is not a whole number from 0 to {most}")
        return int(text)

    return number


def _fault(spec: str) -> faults.Fault:
    try:
        return faults.Fault.from_spec(spec)
    except faults.FaultError as error:
        raise argparse.ArgumentTypeError(f"{spec!r}: {error}") from None


def _check_keys(access_key: str, secret_key: str) -> None:
    if not re.fullmatch(r"[^\s:<>]+", access_key):
        raise _UsageError("--access-key is empty, or holds white space, a colon or an angle bracket")
    if not secret_key:
        raise _UsageError("--secret-key is empty")
    try:
        (access_key + secret_key).encode()
    except UnicodeEncodeError:
        raise _UsageError("--access-key and --secret-key must be UTF-8 text") from None


def _run(options: argparse.Namespace, command: Sequence[str] | None) -> int:
    access_key, secret_key = next(iter(DEFAULT_KEYS.items()))
    given = options.access_key is not None
    if given:
        access_key, secret_key = options.access_key, options.secret_key
    if options.env_file is not None:  # before anything is started
        env_file.check_path(options.env_file)
        env_file.check_value("the access key", access_key)
        env_file.check_value("the secret key", secret_key)
    frozen: int | None = options.clock
    _log_to_stderr()
    server = MockServer(
        options.host,
        options.port,
        keys={access_key: secret_key},
        clock=system_clock if frozen is None else FrozenClock(frozen),
        window=options.window,
        timestamp_unit=options.timestamp_unit,
        transition=options.transition,
        faults=options.fault,
    )
    waiting = _Waiting()
    _start(server)
    with server:
        settings = env_file.settings(server.url, access_key, secret_key)
        if options.env_file is not None:
            env_file.write(options.env_file, settings)
        if not _is_loopback(options.host):
            _say(f"warning: {options.host} is not loopback: others on the network can reach this mock")
        _say(f"listening on {server.url} with the keys {'given' if given else 'of .env.example'}")
        code = waiting.for_signal() if command is None else waiting.for_command(command, settings)
    _summarize(server, options.fault)
    return code


def _summarize(server: MockServer, wanted: Sequence[faults.Fault]) -> None:
    counts, hits = server.journal.counts(), server.journal.fault_counts()
    for fault in wanted:
        if str(fault) not in hits:
            _say(f"fault '{fault}' hit no request")
    total = sum(counts.values())
    parts = [f"{count} {code}" for code, count in counts.items()]
    if hits:
        parts.append(f"{sum(hits.values())} by fault")
    _say(f"{total} request{'s' * (total != 1)}{': ' * bool(parts)}{', '.join(parts)}")


def _log_to_stderr() -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("mock_server: %(message)s"))
    logger = logging.getLogger("mock_server")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)


def _start(server: MockServer) -> None:
    try:
        server.start()
    except (OSError, UnicodeError) as error:
        if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
            raise _UsageError(
                f"port {server.port} of {server.host} is taken: name another with --port, or 0 for a free one"
            ) from None
        reason = str(getattr(error, "strerror", None) or error).partition(" (while")[0]
        raise _UsageError(f"cannot listen on {server.host} port {server.port}: {reason}") from None


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class _Waiting:
    """Waits for a signal, or for COMMAND, to which it hands the signals on."""

    def __init__(self) -> None:
        """Take the signals over."""
        self._signalled = threading.Event()
        self._child: subprocess.Popen[bytes] | None = None
        self._pending: int | None = None  # a signal that came before there was a COMMAND to hand it to
        self._terminated = False
        for number in _SIGNALS:
            if number != signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:  # as nohup has it
                signal.signal(number, self._on_signal)

    def for_signal(self) -> int:
        self._signalled.wait()
        return 0

    def for_command(self, command: Sequence[str], settings: Mapping[str, str]) -> int:
        environment = {**os.environ, **settings, **env_file.beside_proxies(os.environ)}
        try:
            self._child = subprocess.Popen(command, env=environment)  # noqa: S603  # the user's own command
        except FileNotFoundError:
            _say(f"{command[0]}: not found")
            return 127
        except (OSError, ValueError) as error:
            _say(f"{command[0]}: {getattr(error, 'strerror', None) or error}")
            return 126
        if self._pending is not None:
            self._child.send_signal(self._pending)
        code = self._child.wait()
        return code if code >= 0 else 128 - code

    def _on_signal(self, number: int, _frame: object) -> None:
        self._signalled.set()
        if self._child is None:
            self._pending = number
            return
        if number == signal.SIGTERM:
            # One that did not end COMMAND was ignored, or came too early: the second is meant.
            self._child.send_signal(signal.SIGKILL if self._terminated else number)
            self._terminated = True
        elif number == signal.SIGHUP:
            self._child.send_signal(number)
        elif not _terminal_is_ours():
            # Without a terminal nobody knows whether the signal went to the whole process group. One that
            # COMMAND has had already is not sent again if it ends by it.
            again = threading.Timer(_GRACE, self._child.send_signal, [number])
            again.daemon = True
            again.start()


def _terminal_is_ours() -> bool:
    """Whether a Ctrl-C at the terminal reaches COMMAND without us: it goes to the foreground group."""
    try:
        with Path("/dev/tty").open("rb") as terminal:
            return os.tcgetpgrp(terminal.fileno()) == os.getpgrp()
    except OSError:
        return False


if __name__ == "__main__":
    sys.exit(main())
