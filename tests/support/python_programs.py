"""Runs the Python examples as what they are, programs: with pipes or on a terminal."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from contextlib import suppress

from tests.support.paths import ROOT

PYTHON = ROOT / "python"
KEYS = {"CBC_ACCESS_KEY": "mock-access-key", "CBC_SECRET_KEY": "mock-secret-key, not#a%real$one"}


def run(name: str, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run an example where there is no `.env`, with these settings and nothing on stdin."""
    return subprocess.run(
        [sys.executable, str(PYTHON / f"{name}.py"), *arguments],
        env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", **settings},
        cwd="/",
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=60,
        text=True,
    )


def refused(done: subprocess.CompletedProcess[str], code: int) -> str:
    """The one line of a program that failed with this code."""
    assert (done.returncode, done.stdout) == (code, ""), done.stderr
    (line,) = done.stderr.splitlines()
    assert line.isprintable()
    return line


def on_a_terminal(name: str, *arguments: str, typed: str = "", **settings: str) -> tuple[int, str]:
    """Run an example on a terminal of 40 columns, and return its exit code and all that is shown.

    What is to be typed is typed at the first prompt.
    """
    ours, theirs = pty.openpty()
    environment = {
        "PATH": os.environ["PATH"],
        "LC_ALL": "C.UTF-8",
        "TERM": "xterm",
        "COLUMNS": "40",
        **settings,
    }
    command = [sys.executable, str(PYTHON / f"{name}.py"), *arguments]
    with subprocess.Popen(
        command,
        env=environment | settings,
        cwd="/",
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    ) as process:
        os.close(theirs)
        shown = b""
        with suppress(OSError):  # Linux's way to say that the other side is closed
            while data := os.read(ours, 65536):
                shown += data
                if typed and shown.endswith(b": "):  # what is typed before the prompt is thrown away
                    os.write(ours, typed.encode())
                    typed = ""
        code = process.wait(30)
    os.close(ours)
    return code, shown.decode()
