"""The lines about requests on the mock's terminal."""

from __future__ import annotations

import logging

import pytest

from mock_server.journal import Entry
from mock_server.terminal import Terminal, one_line


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """Return the log from level INFO on."""
    caplog.set_level(logging.INFO)
    return caplog


def refused(target: str, mistake: str, message: str, method: str = "GET") -> Entry:
    """Return the entry of a refused request."""
    return Entry(0, method, target, status=401, mistake=mistake, message=message)


def test_every_refusal_is_a_line(lines: pytest.LogCaptureFixture) -> None:
    """The explanation is there unless it is the same as in the line before."""
    terminal = Terminal(logging.getLogger())
    for number, name in enumerate("aabaa"):
        terminal.refusal(refused(f"/{number}", name, f"why {name}"))
    assert lines.messages == [
        "401 GET /0 a: why a",
        "401 GET /1 a",
        "401 GET /2 b: why b",
        "401 GET /3 a: why a",
        "401 GET /4 a",
    ]


def test_the_same_mistake_with_another_explanation_is_explained(lines: pytest.LogCaptureFixture) -> None:
    """A mistake can have several causes."""
    terminal = Terminal(logging.getLogger())
    for message in ("one", "two"):
        terminal.refusal(refused("/", "a", message))
    assert lines.messages == ["401 GET / a: one", "401 GET / a: two"]


def test_a_request_that_cannot_be_read_is_a_line(lines: pytest.LogCaptureFixture) -> None:
    """It has its status, and its code where it has no mistake."""
    terminal = Terminal(logging.getLogger())
    terminal.refusal(Entry(0, "GET", "/a", status=431, code="malformed", message="why"))
    terminal.refusal(Entry(0, "GET", "/b", status=400, code="malformed", mistake="m", message="how"))
    assert lines.messages == ["431 GET /a malformed: why", "400 GET /b m: how"]


def test_a_replay_is_a_line(lines: pytest.LogCaptureFixture) -> None:
    """It says how long ago the signature was accepted, and what to do."""
    Terminal(logging.getLogger()).replay(Entry(0, "GET", "/x"), 1234)
    (line,) = lines.messages
    assert line.startswith("replay GET /x repeats a signature that was accepted 1234 ms before: sign each")


def test_text_of_a_request_cannot_control_the_terminal(lines: pytest.LogCaptureFixture) -> None:
    """Control characters, bidi characters and line breaks are escaped in it."""
    hostile = "/\x1b[2J\n\u202e".encode().decode("latin-1")
    Terminal(logging.getLogger()).refusal(refused(hostile, "m", "why\u202e\x1b\n", "G\x07T"))
    assert lines.messages == [r"401 G\x07T /\x1B[2J\n\xE2\x80\xAE m: why   "]


def test_long_text_is_cut(lines: pytest.LogCaptureFixture) -> None:
    """A target at 400 characters, a method at 40."""
    Terminal(logging.getLogger()).refusal(refused("/" * 401, "m", "why", "X" * 41))
    assert lines.messages == [f"401 {'X' * 40}... {'/' * 400}... m: why"]


def test_one_line_keeps_letters_of_any_language() -> None:
    """Only characters that are not printable become spaces."""
    assert one_line("\u00e9\u4e2d\u2066\r\x9b") == "\u00e9\u4e2d   "
