"""Lines on stderr, also if stderr is full or closed, or a text is not UTF-8."""

from __future__ import annotations

import os
import shlex
import sys

import pytest

from mock_server.commands import console
from tests.mock_server.commands.programs import MOCK
from tests.support.programs import environment, run

EXIT_7 = (sys.executable, "-c", "import sys; print('out'); sys.exit(7)")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has /dev/full")
@pytest.mark.parametrize("redirection", ["2>/dev/full", "2>&-"], ids=["full", "closed"])
def test_exit_code_does_not_depend_on_stderr(redirection: str) -> None:
    """COMMAND's exit code and stdout stay the same if stderr cannot be written."""
    done = run("sh", "-c", f"{shlex.join([*MOCK, '--', *EXIT_7])} {redirection}")
    assert (done.returncode, done.stdout) == (7, "out\n")


def test_text_that_is_not_utf8_is_escaped() -> None:
    """An argument with a byte that is not UTF-8 does not stop the message about it."""
    done = run(*MOCK, b"\xff".decode("utf-8", "surrogateescape"), env=environment(PYTHONUTF8="1"))
    assert done.returncode == 2
    assert r"unknown argument '\udcff'" in done.stderr


def test_a_pipe_that_nothing_reads_does_not_stop_the_mock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines that it has no room for are left out, and counted in the next line."""
    read, write = os.pipe()
    monkeypatch.setattr(console, "_STDERR", write)
    reports = console.Reports()
    for number in range(2000):
        reports.say(f"{number:04} {'x' * 95}")
    written = os.read(read, 1_000_000).decode().splitlines()
    assert 0 < len(written) < 2000
    assert written[-1] == f"mock_server: {len(written) - 1:04} {'x' * 95}"
    reports.say("y" * 5000)
    notice, last = os.read(read, 1_000_000).decode().splitlines()
    assert notice == f"mock_server: {2000 - len(written)} lines were left out here, because nothing read them"
    assert last == f"mock_server: {'y' * 4000}..."
    os.close(read)
    os.close(write)
    reports.say("stderr is closed: nothing happens")
