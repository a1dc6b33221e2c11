"""Run the Python examples on a terminal. Only Unix has pseudo-terminals."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import threading
from contextlib import suppress

from tests.support.programs import LIMIT, kill_group, minimal_environment
from tests.support.python_programs import PYTHON


def on_a_terminal(name: str, *arguments: str, typed: str = "", **settings: str) -> tuple[int, str]:
    """Run an example on a terminal of 40 columns, and return its exit code and everything it shows.

    `typed` is typed at the first prompt.
    """
    controller, terminal = pty.openpty()
    with subprocess.Popen(
        [sys.executable, str(PYTHON / f"{name}.py"), *arguments],
        env=minimal_environment(TERM="xterm", COLUMNS="40", **settings),
        cwd="/",
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        start_new_session=True,
    ) as process:
        os.close(terminal)
        timer = threading.Timer(LIMIT, kill_group, [process.pid])  # ends the reads below
        timer.start()
        shown = b""
        with suppress(OSError):  # Linux reports the end of the program as an error of the terminal
            while data := os.read(controller, 65536):
                shown += data
                if typed and shown.endswith(b": "):  # a terminal drops what is typed before the prompt
                    os.write(controller, typed.encode())
                    typed = ""
        code = process.wait(LIMIT)
        timer.cancel()
    os.close(controller)
    return code, shown.decode()
