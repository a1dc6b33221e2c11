"""``explain``: says why a signed request is refused, without a server.

Exit codes: 0 for a right signature, 1 for a wrong one, 2 for input that cannot be read, for a secret key that
is missing, and for wrong usage.
"""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING, Final

from mock_server.commands.console import UsageError, say
from mock_server.commands.explain import options as command_line
from mock_server.commands.explain import secret as secret_key
from mock_server.commands.explain.inputs import reading
from mock_server.commands.explain.inputs.found import (
    FoundRequest,
    Reading,
    UnreadableError,
    latin1,
    split_url,
)
from mock_server.commands.explain.judge import judge
from mock_server.commands.explain.report import Report, width
from mock_server.env_file import first_set
from mock_server.http import ReceivedRequest
from mock_server.visible import Mask

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from mock_server.commands.explain.judge import Finding

_RIGHT, _WRONG = 0, 1
_LONGEST_INPUT: Final = 256 << 20  # bytes


def main(arguments: Sequence[str], command: Sequence[str] | None) -> int:
    """Explain the requests in the input, and return the exit code.

    Args:
        arguments: the arguments before ``--``.
        command: the arguments after ``--``; it must be None.

    Raises:
        UsageError: the arguments are invalid, the input cannot be read, or the secret key is missing.
    """
    if command is not None:
        raise UsageError("explain runs no command: remove --")
    options = command_line.parse(arguments)
    found = _from_options(options.parts) if options.parts else reading.read(_input(options.file))
    secret = secret_key.find(from_stdin=options.secret_stdin, environment=os.environ)
    findings = [judge(each, secret.key) for each in found.requests]
    report = Report(Mask(secret.key), time.time_ns() // 1_000_000, width())
    _print(report.text(findings, found.unsigned, _notes(findings, secret)))
    return _WRONG if any(finding.refused for finding in findings) else _RIGHT


def _from_options(parts: dict[str, str]) -> Reading:
    """Return the request that the four options make."""
    values = {name: latin1(os.fsencode(value)) for name, value in parts.items()}
    host, target = split_url(values["target"].encode("latin-1"))
    headers = [("Authorization", values["authorization"]), ("Couchbase-Timestamp", values["timestamp"])]
    if host:
        headers.append(("Host", latin1(host)))
    return Reading(
        [FoundRequest(ReceivedRequest(values["method"], latin1(target), headers), body_known=False)]
    )


def _input(file: Path | None) -> bytes:
    """Return the bytes of a file or of stdin."""
    try:
        if file is not None:
            with file.open("rb") as stream:
                data = stream.read(_LONGEST_INPUT + 1)
        else:
            if sys.stdin.isatty():
                say("paste the request, then press Ctrl-D (on Windows: Ctrl-Z and Enter)")
            data = sys.stdin.buffer.read(_LONGEST_INPUT + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "its name is not valid"
        raise UnreadableError(f"cannot read {'stdin' if file is None else 'FILE'}: {reason}") from None
    except KeyboardInterrupt:
        raise UnreadableError("no request was given") from None
    if len(data) > _LONGEST_INPUT:
        raise UnreadableError("the input is longer than 256 MiB")
    return data


def _notes(findings: Sequence[Finding], secret: secret_key.Secret) -> Iterator[str]:
    """Yield notes about the keys."""
    if not any(finding.refused for finding in findings):
        return
    if any("secret" in finding.aspects or finding.unexplained for finding in findings):
        yield (
            f"The signature was compared with {secret.origin}. If that key has quotes or white space around"
            " it, or is cut short, correct it and try again."
        )
    name = first_set("access_key", os.environ)
    if name and any(_access_key(finding) not in ("", os.environ[name]) for finding in findings):
        yield (
            f"The access key of the request is not the one in {name}. Check that {secret.origin} belongs"
            " to the access key of the request."
        )


def _access_key(finding: Finding) -> str:
    credentials = (finding.found.request.header("Authorization") or "").partition(" ")[2]
    return credentials.partition(":")[0].encode("latin-1").decode("utf-8", "surrogateescape")


def _print(text: str) -> None:
    """Write to stdout. The exit code stays the same if the reader, such as ``head``, has gone."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
