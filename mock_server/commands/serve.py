"""``serve``: runs the mock until a signal, or while COMMAND runs.

stdout belongs to COMMAND; the mock writes to stderr. Exit codes: that of COMMAND (127 if it is not found, 126
if it cannot be executed, 128+N if signal N killed it); without COMMAND, 0 after SIGINT, SIGTERM or SIGHUP;
2 for wrong usage, an invalid state, an address that is not available, or an env file that must not be
replaced. Signals are passed on to COMMAND; a second SIGTERM kills it.
"""

from __future__ import annotations

import errno
import ipaddress
import logging
import os
from typing import TYPE_CHECKING

from mock_server import env_file, redaction
from mock_server.commands import options as command_line
from mock_server.commands import state_file
from mock_server.commands.console import Reports, UsageError, say
from mock_server.commands.signals import Signals
from mock_server.server import FrozenClock, MockServer, StateError, system_clock
from mock_server.terminal import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mock_server.commands.options import Options
    from mock_server.faults.grammar import Fault


def main(arguments: Sequence[str], command: Sequence[str] | None) -> int:
    """Run the mock, and return the exit code.

    Args:
        arguments: the arguments before ``--``.
        command: COMMAND with its arguments, or None.

    Raises:
        UsageError: the arguments are invalid, or the mock cannot start with them.
    """
    options = command_line.parse(arguments, with_command=command is not None)
    if command is not None and not command:
        raise UsageError("no command follows --: add it, or remove --")
    try:
        return _run(options, command)
    except env_file.EnvFileError as error:
        raise UsageError(str(error)) from None


def _run(options: Options, command: Sequence[str] | None) -> int:
    if options.env_file is not None:  # checked before anything starts
        env_file.check_path(options.env_file)
        env_file.check_value("the access key", options.access_key)
        env_file.check_value("the secret key", options.secret_key)
    server = _server(options)
    _log_to_stderr()
    signals = Signals()
    _start(server)
    with server:
        settings = env_file.settings(server.url, options.access_key, options.secret_key)
        if options.env_file is not None:
            env_file.write(options.env_file, settings)
        if not _is_loopback(options.host):
            say(f"warning: {options.host} is not a loopback address: other machines can reach this mock")
        keys = "the keys given"
        if options.keys_from_env:
            keys = "the keys in the environment"
        elif options.default_keys:
            keys = "the keys of .env.example"
        say(f"listening on {server.url} with {keys}; watch the requests at {server.url}/_mock/")
        if command is None:
            signals.wait()
            code = 0
        else:
            code = signals.run(command, {**os.environ, **settings, **env_file.no_proxy(os.environ)})
    _summarize(server, options.fault)
    return code


def _server(options: Options) -> MockServer:
    """Return a server that is not started yet."""
    state: object = {} if options.empty else None
    if options.state is not None:
        state = state_file.read(options.state)
    try:
        return MockServer(
            options.host,
            options.port,
            keys={options.access_key: options.secret_key},
            clock=system_clock if options.clock is None else FrozenClock(options.clock),
            window=options.window,
            timestamp_unit=options.timestamp_unit,
            transition=options.transition,
            faults=options.fault,
            state=state,
        )
    except StateError as error:
        raise UsageError(f"--state: {one_line(str(options.state))}: {error}") from None


class _StderrHandler(logging.Handler):
    """Writes log messages to stderr as the command's own lines; ``logging`` calls it once at a time."""

    def __init__(self) -> None:
        super().__init__()
        self._reports = Reports()

    def emit(self, record: logging.LogRecord) -> None:
        self._reports.say(record.getMessage())


def _log_to_stderr() -> None:
    logger = logging.getLogger("mock_server")
    logger.addHandler(_StderrHandler())
    logger.setLevel(logging.INFO)


def _start(server: MockServer) -> None:
    try:
        server.start()
    except (OSError, UnicodeError) as error:
        if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
            raise UsageError(
                f"port {server.port} of {server.host} is in use:"
                " give another with --port, or 0 for a free one"
            ) from None
        reason = str(getattr(error, "strerror", None) or error).partition(" (while")[0]
        raise UsageError(f"cannot listen on {server.host} port {server.port}: {reason}") from None


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _summarize(server: MockServer, faults: Sequence[Fault]) -> None:
    counts, fault_counts = server.journal.counts(), server.journal.fault_counts()
    for fault in (redaction.unicode_text(str(each), server.keys.mask) for each in faults):
        if fault not in fault_counts:
            say(f"fault '{fault}' applied to no request")
    total = sum(counts.values())
    parts = [f"{count} {code}" for code, count in counts.items()]
    if fault_counts:
        parts.append(f"{sum(fault_counts.values())} by fault")
    say(f"{total} request{'s' * (total != 1)}{': ' * bool(parts)}{', '.join(parts)}")
