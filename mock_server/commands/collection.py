"""``collection``: writes the Postman Collection of all operations.

Exit codes: 0 if the collection is written, 1 if it cannot be written, 2 for wrong usage.
"""

from __future__ import annotations

import argparse
import os
import stat
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

from mock_server.collection import as_text, collection
from mock_server.commands.console import UsageError, say, write_stdout
from mock_server.server import DEFAULT_KEYS

if TYPE_CHECKING:
    from collections.abc import Sequence

_WRITTEN, _NOT_WRITTEN = 0, 1
_BASE_URL: Final = "http://127.0.0.1:8091"  # of the mock, with its default host and port
_HELP: Final = """\
Writes a Postman Collection (v2.1) of all operations. A script in it signs each request. Import the file
into Postman, or into a program that reads the format, such as Insomnia or Bruno. Newman runs it on the
command line.

The collection has no real key. Its variables are the settings of the mock with its default keys. For the
service, set the variables baseUrl, accessKey and secretKey in the program that imports the file.

A running mock serves the same file, with its own address, at /_mock/collection.json.
"""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(message)


def main(arguments: Sequence[str], command: Sequence[str] | None) -> int:
    """Write the collection, and return the exit code.

    Args:
        arguments: the arguments before ``--``.
        command: the arguments after ``--``; it must be None.

    Raises:
        UsageError: the arguments are invalid.
    """
    if command is not None:
        raise UsageError("collection runs no command: remove --")
    file: Path | None = _parser().parse_args(arguments).output
    ((access_key, secret_key),) = DEFAULT_KEYS.items()
    content = as_text(collection(_BASE_URL, access_key, secret_key)).encode()
    try:
        if file is None:
            write_stdout(content)
        else:
            _write(file, content)
    except OSError as error:
        say(f"cannot write {'stdout' if file is None else file}: {error.strerror}")
        return _NOT_WRITTEN
    return _WRITTEN


def _parser() -> _Parser:
    parser = _Parser(
        prog="python -m mock_server collection",
        usage="python -m mock_server collection [-o FILE]",
        description=_HELP,
        epilog="Exit code: 0 if the collection is written, 1 if it cannot be written, 2 for wrong usage.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument(
        *("-o", "--output"),
        type=_path,
        metavar="FILE",
        help="write to this file, which is replaced as a whole; - or nothing is stdout",
    )
    return parser


def _path(text: str) -> Path | None:
    if not text:
        raise argparse.ArgumentTypeError("it is empty: name a file")
    return None if text == "-" else Path(text)


def _write(path: Path, content: bytes) -> None:
    """Replace a file as a whole: after an error it has its old content. It keeps its mode and its links.

    What is not a regular file, such as a pipe or a device, is written to.
    """
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        mode = stat.S_IFREG | (0o666 & ~_umask())
    if not stat.S_ISREG(mode):
        with path.open("wb") as file:
            file.write(content)
        return
    path = path.resolve()
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".tmp")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        Path(temporary).chmod(stat.S_IMODE(mode))
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
