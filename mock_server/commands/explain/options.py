"""The command line of ``explain``."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

from mock_server.commands.console import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

_PARTS: Final = ("method", "target", "timestamp", "authorization")

_HELP: Final = """\
Says why a signed request is refused: which text was signed, which one is expected, and what to change.
It starts no server and sends nothing.

THE REQUEST comes from FILE or from stdin, in one of these forms:

  a curl command        echo "curl -H 'Authorization: Bearer ...' ... 'https://.../v2/clouds'" | \\
                            python -m mock_server explain
                        (files named by @file or -K are never read; variables must be replaced)
  output of curl -v     curl -v ... 2> log.txt
                        python -m mock_server explain log.txt
  a raw request         printf 'GET /v2/clouds HTTP/1.1\\nAuthorization: ...\\n...' | \\
                            python -m mock_server explain
  a HAR file            python -m mock_server explain session.har
                        (browsers leave out Authorization unless you export sensitive data)
  options               python -m mock_server explain --method GET --target '/v2/clouds?page=2' \\
                            --timestamp 1700000000123 --authorization 'Bearer ACCESS_KEY:SIGNATURE'

THE SECRET KEY comes from CBC_SECRET_KEY, cbc_secret_key or SECRET_KEY in the environment, else from a
prompt. With --secret-stdin it comes from stdin. It is never an argument, and never shown.
"""
_EPILOG: Final = (
    "Exit code: 0 if the signature is right, 1 if it is wrong, 2 if the input cannot be read or the"
    "\nsecret key is missing."
)


class Options(argparse.Namespace):
    """The options of ``explain``.

    Attributes:
        file: the file with the request; None for stdin or for the four options.
        parts: method, target, timestamp and authorization; None if the request is in a file or on stdin.
        secret_stdin: whether the secret key is on stdin.
    """

    file: Path | None
    parts: dict[str, str] | None
    secret_stdin: bool


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Raise the error without the value that argparse repeats: it can be the secret key."""
        before = message.partition("ignored explicit argument")[0]
        raise UsageError(before if before == message else f"{before}it takes no value")


def parse(arguments: Sequence[str]) -> Options:
    """Return the options in the arguments.

    Raises:
        UsageError: an argument is unknown, or options do not fit each other. No value is repeated in it.
        SystemExit: after ``--help``, with code 0.
    """
    options, rest = _parser().parse_known_args(arguments, Options())
    if rest:
        name = re.match(r"--[a-z]+(?:-[a-z]+)*(?![^=])", rest[0])  # any other text can be the secret key
        shown = f" {name[0][:40]}" if name else ""
        raise UsageError(f"unknown argument{shown}: give one FILE; --help lists the options")
    given = {name: getattr(options, name) for name in _PARTS if getattr(options, name) is not None}
    missing = [f"--{name}" for name in _PARTS if name not in given]
    if given and missing:
        raise UsageError(f"{' and '.join(missing)} missing: the four options belong together")
    if given and options.file is not None:
        raise UsageError("FILE and --method belong to different requests: give one of them")
    options.parts = given or None
    if options.secret_stdin and options.file is None and not given:
        raise UsageError("--secret-stdin needs the request in FILE: stdin cannot have both")
    return options


def _parser() -> _Parser:
    parser = _Parser(
        prog="python -m mock_server explain",
        usage="python -m mock_server explain [OPTIONS] [FILE]",
        description=_HELP,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("file", nargs="?", type=_path, metavar="FILE", help="the request; - or nothing is stdin")
    add("--secret-stdin", action="store_true", help="read the secret key from stdin")
    add("--method", metavar="GET", help="the method that was sent")
    add("--target", metavar="/PATH?QUERY", help="the path and query that were sent, or the whole URL")
    add("--timestamp", metavar="MS", help="the value of the header Couchbase-Timestamp")
    add("--authorization", metavar="VALUE", help="the value of the header Authorization")
    return parser


def _path(text: str) -> Path | None:
    return None if text == "-" else Path(text)
