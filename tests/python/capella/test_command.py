"""Running an example as a program: its usage, its messages and its exit codes."""

from __future__ import annotations

import io
import os
import sys
from typing import TYPE_CHECKING

import pytest

from capella.command import run
from capella.errors import CapellaError, InputInvalidError, NotReadyError, SettingsError, TransportError
from capella.options import BucketId, Buckets, Interval, Page, PerPage, Timeout, given

if TYPE_CHECKING:
    from collections.abc import Callable


def exit_code(command: Callable[..., None], monkeypatch: pytest.MonkeyPatch, *arguments: str) -> object:
    """Run a function as the program `/somewhere/example.py`, and return its exit code."""
    monkeypatch.setattr(sys, "argv", ["/somewhere/example.py", *arguments])
    with pytest.raises(SystemExit) as ended:
        run(command)
    return ended.value.code


def ends_with(error: BaseException) -> Callable[[], None]:
    """Return a command that raises this error."""

    def command() -> None:
        raise error

    return command


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (CapellaError("why"), 1),
        (NotReadyError("why"), 1),
        (TransportError("why", "GET", "/"), 1),
        (SettingsError("why"), 2),
        (InputInvalidError("why"), 2),
    ],
)
def test_errors(
    error: CapellaError, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An error of this package is one line and its exit code."""
    assert exit_code(ends_with(error), monkeypatch) == code
    assert capsys.readouterr() == ("", f"example.py: {error}\n")


def test_success(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A command that returns ends with exit code 0, and `run` adds no output."""
    assert exit_code(lambda: None, monkeypatch) == 0
    assert capsys.readouterr() == ("", "")


def test_interrupt(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Ctrl-C ends with exit code 130 and one line."""
    assert exit_code(ends_with(KeyboardInterrupt()), monkeypatch) == 130
    assert capsys.readouterr().err.splitlines()[-1] == "example.py: interrupted"


def test_unknown_error(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """An error of another kind is a mistake in the program. It is raised, and shown as Python shows it."""
    monkeypatch.setattr(sys, "argv", ["example.py"])
    monkeypatch.setattr(sys, "excepthook", sys.__excepthook__)
    with pytest.raises(ZeroDivisionError) as raised:
        run(ends_with(ZeroDivisionError()))
    sys.excepthook(raised.type, raised.value, raised.tb)  # as at the end of a program
    shown = capsys.readouterr().err.splitlines()
    assert (shown[0], shown[-1]) == ("Traceback (most recent call last):", "ZeroDivisionError")


def test_full_disk(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    """If stdout cannot be written, the exit code is 1, and the flush at the end does not fail again."""
    reader, writer = os.pipe()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.FileIO(writer, "w"), "utf-8"))
    assert exit_code(ends_with(OSError(28, "No space left on device")), monkeypatch) == 1
    sys.stdout.write("lost")
    sys.stdout.flush()
    sys.stdout.close()
    with os.fdopen(reader, "rb") as pipe:
        assert pipe.read() == b""
    assert capfd.readouterr().err == "example.py: the result cannot be written: no space left on device\n"


def test_closed_streams(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stream that the caller closed is like /dev/null."""

    def command() -> None:
        print("lost")  # noqa: T201  # the result
        raise NotReadyError

    for name in ("stdout", "stderr"):
        monkeypatch.setattr(sys, name, None)
    assert exit_code(command, monkeypatch) == 1
    for opened in (sys.stdout, sys.stderr):
        opened.close()


def options(  # noqa: PLR0913  # one argument an option
    bucket_id: BucketId,
    *,
    page: Page = None,
    per_page: PerPage = None,
    bucket: Buckets = None,
    timeout: Timeout = 1,
    interval: Interval = 1,
) -> None:
    """Do something."""
    print(bucket_id, page, per_page, bucket, timeout, interval)  # noqa: T201  # what was understood


@pytest.mark.parametrize(
    ("arguments", "understood"),
    [
        (["a"], "a None None None 1.0 1.0"),
        (["--page", "1", "--per-page", "1", "a"], "a 1 1 None 1.0 1.0"),
        (["--bucket", "x", "--bucket", "y", "a"], "a None None ['x', 'y'] 1.0 1.0"),
        (["--timeout", "0", "--interval", "0", "a"], "a None None None 0.0 0.0"),
        (["--timeout", "1000000000", "--interval", "1e9", "a"], "a None None None 1000000000.0 1000000000.0"),
    ],
)
def test_usage(
    arguments: list[str],
    understood: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Options are read up to their limits."""
    assert exit_code(options, monkeypatch, *arguments) == 0
    assert capsys.readouterr().out == f"{understood}\n"


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ([], "BUCKET_ID"),
        (["a", "b"], "b"),
        (["--page", "0", "a"], "'--page'"),
        (["--per-page", "0", "a"], "'--per-page'"),
        (["--timeout", "-0.1", "a"], "'--timeout'"),
        (["--timeout", "1000000001", "a"], "'--timeout'"),
        (["--interval", "-1", "a"], "'--interval'"),
        (["--interval", "1000000001", "a"], "'--interval'"),
        (["--colour\x1b", "a"], "--colour"),
    ],
)
def test_wrong_usage(
    arguments: list[str], named: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Wrong usage ends with exit code 2 and one printable line, which names --help."""
    assert exit_code(options, monkeypatch, *arguments) == 2
    out, err = capsys.readouterr()
    (line,) = err.splitlines()
    assert out == ""
    assert named in line
    assert line.isprintable()
    assert line.startswith("example.py: ")
    assert line.endswith(" (example.py --help shows the usage)")


@pytest.mark.parametrize("option", ["-h", "--help"])
def test_help(option: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The help is printed on stdout, with exit code 0."""
    assert exit_code(options, monkeypatch, option) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert out.startswith("Usage: example.py [OPTIONS] ")
    assert "BUCKET_ID" in out
    assert "Do something." in out
    assert "--install-completion" not in out


def test_text_that_stdout_cannot_encode(monkeypatch: pytest.MonkeyPatch) -> None:
    """Text that the encoding of stdout or stderr does not have is escaped, not an error."""
    buffers = {name: io.BytesIO() for name in ("stdout", "stderr")}
    streams = {name: io.TextIOWrapper(buffer, "ascii") for name, buffer in buffers.items()}
    for name, stream in streams.items():
        monkeypatch.setattr(sys, name, stream)

    def command() -> None:
        print("é")  # noqa: T201  # the text
        raise CapellaError("è\udcff")

    assert exit_code(command, monkeypatch) == 1
    for stream in streams.values():
        stream.flush()
    shown = [buffer.getvalue() for buffer in buffers.values()]
    assert shown == [b"\\xe9\n", b"example.py: \\xe8\\ufffd\n"]


def test_given() -> None:
    """Only None is left out of the fields."""
    assert given(a=None, b="", c=0, d=False, e=[]) == {"b": "", "c": 0, "d": False, "e": []}


def test_replaced_streams(monkeypatch: pytest.MonkeyPatch) -> None:
    """Streams that an application replaced are used unchanged."""
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stdout", stream)
    assert exit_code(lambda: print("shown"), monkeypatch) == 0  # noqa: T201  # the text
    assert stream.getvalue() == "shown\n"
