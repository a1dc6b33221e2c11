"""Where the secret key comes from: stdin, the environment, or a prompt. Never from the command line."""

from __future__ import annotations

import getpass
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from mock_server.commands.console import UsageError
from mock_server.env_file import first_set

if TYPE_CHECKING:
    from collections.abc import Mapping

_LONGEST: Final = 1 << 20  # bytes


class Secret(NamedTuple):
    """A secret key, and where it comes from in words."""

    key: str
    origin: str

    def __repr__(self) -> str:
        """Return the origin alone."""
        return f"Secret(origin={self.origin!r})"


def find(*, from_stdin: bool, environment: Mapping[str, str]) -> Secret:
    """Return the secret key: from stdin if wanted, else from the environment, else from a prompt.

    Raises:
        UsageError: there is no secret key, or it is not valid UTF-8.
    """
    if from_stdin:
        return Secret(_checked(_from_stdin(), "the secret key on stdin"), "the secret key on stdin")
    name = first_set("secret_key", environment)
    if name:
        return Secret(_checked(environment[name], name), f"the secret key in {name}")
    if not _has_terminal():
        raise UsageError(
            "the secret key is missing: set CBC_SECRET_KEY, or put the request into a file and the secret key"
            " on stdin with --secret-stdin"
        )
    return Secret(_checked(_from_prompt(), "the secret key"), "the secret key typed")


def _from_stdin() -> str:
    """Return stdin without the newline that ``echo`` adds."""
    data = sys.stdin.buffer.read(_LONGEST + 1)
    if len(data) > _LONGEST:
        raise UsageError("the secret key on stdin is longer than 1 MiB")
    line = data.removesuffix(b"\n").removesuffix(b"\r") if data.endswith(b"\n") else data
    return line.decode("utf-8", "surrogateescape")


def _from_prompt() -> str:
    try:
        return getpass.getpass("Secret key: ")
    except (EOFError, KeyboardInterrupt, OSError):
        raise UsageError("the secret key is missing: type it at the prompt, or set CBC_SECRET_KEY") from None
    except UnicodeDecodeError:
        raise UsageError("the secret key typed is not valid UTF-8") from None


def _checked(key: str, where: str) -> str:
    if not key:
        raise UsageError(f"{where} is empty")
    try:
        key.encode()
    except UnicodeEncodeError:
        raise UsageError(f"{where} is not valid UTF-8") from None
    return key


def _has_terminal() -> bool:
    """Return whether a prompt reaches a person. The request may come through stdin at the same time."""
    try:
        with Path("/dev/tty").open("rb"):
            return True
    except OSError:
        return sys.stdin is not None and sys.stdin.isatty()
