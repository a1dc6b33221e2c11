"""The progress of a wait: a line per change, or one changing line on a terminal."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

from capella.output import log_line
from capella.progress import progress

if TYPE_CHECKING:
    import pytest


def test_without_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """Each change is a line on stderr, without control characters."""
    with progress("cluster a") as show:
        for state in ("draft", "draft", "ready\x1b[2J", "draft"):
            show(state)
    assert capsys.readouterr() == ("", "cluster a: draft\ncluster a: ready [2J\ncluster a: draft\n")


def test_on_a_terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """One line on stderr changes with the state and is erased at the end; markup in a state is text."""

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "80")
    for name in ("NO_COLOR", "TTY_INTERACTIVE", "TTY_COMPATIBLE", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    with progress("cluster a") as show:
        show("[red]draft\nb")
    shown = terminal.getvalue()
    assert "cluster a: [red]draft b" in shown
    assert "\x1b[2K" in shown
    assert capsys.readouterr().out == ""


def test_on_a_terminal_that_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A wait goes on without its progress, and later lines on stderr are dropped."""

    class Gone(io.StringIO):
        def isatty(self) -> bool:
            return True

        def write(self, _text: str) -> int:
            raise OSError(5, "Input/output error")

    monkeypatch.setattr(sys, "stderr", Gone())
    monkeypatch.setenv("TERM", "xterm")
    with progress("cluster a") as show:
        show("draft")
    assert not log_line("lost")
