"""Lines on stderr, also if stderr is full or closed, or a text is not UTF-8."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import pytest

from tests.mock_server.commands.programs import MOCK
from tests.support.programs import environment, run

EXIT_7 = (sys.executable, "-c", "import sys; print('out'); sys.exit(7)")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no /dev/full")
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
