"""Waits for a signal, or runs COMMAND and passes signals on to it.

It works where a system lacks SIGHUP, SIGKILL, process groups or /dev/tty, as Windows does.
"""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mock_server.commands.console import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_SIGNALS: Final = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)
_SIGHUP: Final[int | None] = getattr(signal, "SIGHUP", None)
_GRACE: Final = 0.5  # seconds in which COMMAND can end by a Ctrl-C that the terminal sent to it
_WAKE_UP: Final = 1.0  # seconds: Windows runs signal handlers only between two waits
_NOT_FOUND, _NOT_EXECUTABLE, _KILLED = 127, 126, 128  # the exit codes of a shell


class Signals:
    """Handles SIGINT, SIGTERM and SIGHUP from its creation on. An ignored SIGHUP stays ignored (nohup)."""

    def __init__(self) -> None:
        """Install the signal handlers."""
        self._received = threading.Event()
        self._child: subprocess.Popen[bytes] | None = None
        self._pending: int | None = None  # a signal received before COMMAND was started
        self._terminated = False
        for number in _SIGNALS:
            if number != _SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._on_signal)

    def wait(self) -> None:
        """Wait for a signal."""
        while not self._received.wait(_WAKE_UP):
            pass

    def run(self, command: Sequence[str], environment: Mapping[str, str]) -> int:
        """Run COMMAND to its end, and return its exit code.

        The code is 127 if COMMAND is not found, 126 if it cannot be executed, 128+N if signal N killed it.
        """
        try:
            self._child = subprocess.Popen(command, env=environment)  # noqa: S603  # the user's own command
        except FileNotFoundError:
            say(f"{command[0]}: not found")
            return _NOT_FOUND
        except (OSError, ValueError) as error:
            say(f"{command[0]}: {getattr(error, 'strerror', None) or error}")
            return _NOT_EXECUTABLE
        if self._pending is not None:
            self._child.send_signal(self._pending)
        code = self._child.wait()
        return code if code >= 0 else _KILLED - code

    def _on_signal(self, number: int, _frame: object) -> None:
        self._received.set()
        if self._child is None:
            self._pending = number
        elif number == signal.SIGTERM and self._terminated:
            # COMMAND ignored the first SIGTERM, or was not ready for it.
            self._child.kill()
        elif number == signal.SIGTERM:
            self._child.send_signal(number)
            self._terminated = True
        elif number == _SIGHUP:
            self._child.send_signal(number)
        elif not _terminal_interrupts_command():
            # The sender may have signalled the whole process group. So COMMAND gets the signal only if it
            # is still running after the grace time.
            timer = threading.Timer(_GRACE, self._child.send_signal, [number])
            timer.daemon = True
            timer.start()


def _terminal_interrupts_command() -> bool:
    """Return whether a Ctrl-C at the terminal reaches COMMAND directly.

    A terminal sends it to the whole foreground process group; a Windows console, to all its processes.
    """
    if not hasattr(os, "tcgetpgrp"):
        return True
    try:
        with Path("/dev/tty").open("rb") as terminal:
            return os.tcgetpgrp(terminal.fileno()) == os.getpgrp()
    except OSError:
        return False
