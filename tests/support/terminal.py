"""Run programs on a terminal. Only Unix has pseudo-terminals."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from tests.support.paths import ROOT
from tests.support.programs import LIMIT, kill_group, minimal_environment
from tests.support.python_programs import PYTHON

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def on_a_terminal(name: str, *arguments: str, typed: str = "", **settings: str) -> tuple[int, str]:
    """Run a Python example on a terminal of 40 columns, and return its exit code and everything it shows.

    `typed` is typed at the first prompt.
    """
    command = (sys.executable, str(PYTHON / f"{name}.py"), *arguments)
    environment = minimal_environment(TERM="xterm", COLUMNS="40", **settings)
    return run_on_a_terminal(*command, env=environment, cwd="/", typed=typed)


def run_on_a_terminal(
    *command: str, env: Mapping[str, str], cwd: Path | str = ROOT, typed: str = "", limit: float = LIMIT
) -> tuple[int, str]:
    """Run a program on a terminal, and return its exit code and everything it shows.

    Args:
        command: The program and its arguments.
        env: The whole environment.
        cwd: The working directory.
        typed: What is typed at the first prompt, which ends in a colon and a space.
        limit: Seconds until the program is killed.
    """
    controller, terminal = pty.openpty()
    with subprocess.Popen(
        command,
        env=env,
        cwd=cwd,
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        start_new_session=True,
    ) as process:
        os.close(terminal)
        timer = threading.Timer(limit, kill_group, [process.pid])  # ends the reads below
        timer.start()
        shown = b""
        with suppress(OSError):  # Linux reports the end of the program as an error of the terminal
            while data := os.read(controller, 65536):
                shown += data
                if typed and shown.endswith(b": "):  # a terminal drops what is typed before the prompt
                    os.write(controller, typed.encode())
                    typed = ""
        code = process.wait(limit)
        timer.cancel()
    os.close(controller)
    return code, shown.decode()
