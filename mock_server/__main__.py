"""``python -m mock_server [COMMAND-NAME] [OPTIONS] [-- COMMAND ...]``: picks the command and runs it.

The first word is the name of a command; without one, the command is ``serve``. ``--version`` alone prints the
version.
"""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING, Final

from mock_server import __version__
from mock_server.commands.console import UsageError, ensure_stderr, say, write_stdout

if TYPE_CHECKING:
    from collections.abc import Sequence

_USAGE: Final = 2
_COMMANDS: Final = ("collection", "explain", "serve")
"""Modules in ``commands/``. Only the one that runs is imported: each takes a tenth of a second."""


def main(arguments: Sequence[str]) -> int:
    """Run a command line, and return its exit code: 2 for wrong usage, otherwise the command's own."""
    ensure_stderr()
    if list(arguments) == ["--version"]:
        return _print_version()
    own, command = _split(arguments)
    name = "serve"
    if own and own[0] in _COMMANDS:
        name, *own = own
    try:
        code: int = importlib.import_module(f"mock_server.commands.{name}").main(own, command)
    except UsageError as error:
        say(str(error))
        return _USAGE
    return code


def _print_version() -> int:
    try:
        write_stdout(f"capella-mock-server {__version__}\n".encode())
    except OSError as error:
        say(f"cannot write stdout: {error.strerror}")
        return 1
    return 0


def _split(arguments: Sequence[str]) -> tuple[Sequence[str], Sequence[str] | None]:
    """Return the arguments before and after the first ``--``; None for the latter if there is no ``--``."""
    if "--" not in arguments:
        return arguments, None
    separator = list(arguments).index("--")
    return arguments[:separator], arguments[separator + 1 :]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
