"""Programs that the tests of the runner start: a few lines of Python, with a prelude."""

from __future__ import annotations

import sys
import textwrap
from typing import TYPE_CHECKING

from tests.conformance.programs.conversation import Limits
from tests.conformance.programs.runner import Transcript, run
from tests.support.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping

QUESTION = {"method": "GET", "endpoint": "/", "timestamp": "0", "access_key": "A", "secret": "s"}
QUESTIONS: Mapping[str, Mapping[str, str]] = {"one": QUESTION, "two": QUESTION, "three": QUESTION}
SHORT = 0.3  # seconds, for tests that wait until a program was silent too long

PRELUDE = """
import json, os, signal, sys, time
def say(text, end="\\n"):
    sys.stdout.write(text + end)
    sys.stdout.flush()
def answer(name, **fields):
    say(json.dumps({"id": name, **(fields or {"signature": name})}))
"""
ANSWER_ALL = """
for line in sys.stdin:
    answer(json.loads(line)["id"])
"""


def command(script: str) -> list[str]:
    """Return the command of a program written in a few lines of Python."""
    return [sys.executable, "-S", "-E", "-c", PRELUDE + textwrap.dedent(script)]


def talk(
    script: str,
    *,
    questions: Mapping[str, Mapping[str, str]] = QUESTIONS,
    limits: Limits | None = None,
) -> Transcript:
    """Run a program written in a few lines of Python."""
    return run(command(script), questions, folder=ROOT, limits=limits or Limits())


def kind(result: Transcript) -> str | None:
    """Return the kind of the failure of a program, or of its first lost question."""
    failure = result.failure or next(iter(result.lost.values()), None)
    return failure.kind if failure else None


def said(result: Transcript) -> str:
    """Return the texts of all failures."""
    return " | ".join(map(str, filter(None, [result.failure, *result.lost.values()])))
