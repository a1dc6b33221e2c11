"""Holds one conversation: all questions to one process, and its answers until it ends or fails.

One thread writes all questions and then closes stdin, while others read stdout and stderr: so neither process
can block the other. A conversation always ends: the silence between two answers has a limit, and so has the
output that is no answer.
"""

from __future__ import annotations

import json
import queue
import signal
import subprocess
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import IO, TYPE_CHECKING

from .answers import Answer, Kind, ProgramFailure, quoted, read_answer
from .process import CHUNK, LAST_STDERR, Stderr, in_thread, is_stopped, kill, start, write

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

CHUNKS_WAITING = 16  # chunks of stdout that are read before they are processed
BEFORE_ANSWERS = "before its first answer"
MAX_VIOLATIONS = 1_000  # lines that are no answers, after which the program is stopped
FIRST_STDERR = 12  # lines of stderr shown of a program that answers nothing
LAST_LINES = 5  # lines of stderr shown of a program that fails later


@dataclass(frozen=True)
class Limits:
    """How many seconds a program may be silent, and how many bytes of a line and of stderr are kept."""

    first: float = 120.0  # before the first answer: the program may have to compile
    between: float = 10.0
    line: int = 1 << 20
    stderr: int = 8_192


LIMITS = Limits()


@dataclass
class Progress:
    """How many of the questions have an answer so far; another thread may read it."""

    questions: int
    answers: int = 0


@dataclass
class Conversation:
    """The answers of one process by id, and how it failed, if it did.

    Attributes:
        asked: the ids of the questions, in the order asked.
        ended: how the process ended too early, hung or flooded; None if it ended as it should.
        violation: the first line that was no answer, and how many there were.
        first_answer: seconds until the first answer.
        stderr: its last lines; `first_stderr` are its first ones.
    """

    asked: list[str]
    answers: dict[str, Answer] = field(default_factory=dict)
    ended: ProgramFailure | None = None
    violation: ProgramFailure | None = None
    violations: int = 0
    first_answer: float = 0.0
    stderr: tuple[str, ...] = ()
    first_stderr: tuple[str, ...] = ()

    def unanswered(self) -> list[str]:
        """Return the ids of the questions without an answer, in the order asked."""
        return [id_ for id_ in self.asked if id_ not in self.answers]


class _Failed(Exception):  # noqa: N818  # not our own error: it carries the program's failure
    def __init__(self, kind: Kind, detail: str, reason: str = "") -> None:
        super().__init__(detail)
        self.failure = ProgramFailure(kind, detail, reason)


def converse(  # noqa: PLR0913  # what a process needs
    command: Sequence[str],
    questions: Mapping[str, Mapping[str, object]],
    *,
    folder: Path,
    environment: Mapping[str, str] | None,
    limits: Limits = LIMITS,
    progress: Progress | None = None,
) -> Conversation:
    """Ask one process all questions, given by id; a failure of the program is returned, never raised."""
    talk = Conversation(list(questions))
    process = start(command, folder, environment)
    if isinstance(process, ProgramFailure):
        talk.ended = process
        return talk
    reader = _Reader(process, questions, limits, talk, progress or Progress(len(questions)))
    failed: _Failed | None = None
    try:
        reader.hold()
    except _Failed as failure:
        failed = failure
    finally:
        kill(process)
        reader.stop()
        process.wait()
    talk.stderr = reader.stderr.last(LAST_LINES)
    talk.first_stderr = reader.stderr.first(FIRST_STDERR)
    if failed:
        talk.ended = replace(failed.failure, stderr=talk.stderr)
    return talk


class _Reader:
    """Writes the questions to a process and reads its answers."""

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        questions: Mapping[str, Mapping[str, object]],
        limits: Limits,
        talk: Conversation,
        progress: Progress,
    ) -> None:
        self.process, self.questions, self.limits = process, questions, limits
        self.talk, self.progress = talk, progress
        self.answered_before = progress.answers
        self.chunks: queue.Queue[bytes] = queue.Queue(CHUNKS_WAITING)
        self.stopped = threading.Event()
        self.begun = self.last_answer = time.monotonic()
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        # ASCII only: so the program's locale cannot change the questions.
        lines = (json.dumps({"id": name, **question}) + "\n" for name, question in questions.items())
        self.stderr = Stderr(process.stderr, limits.stderr)
        self.threads = [
            in_thread(write, process.stdin, "".join(lines).encode()),
            in_thread(self.read, process.stdout),
        ]

    def hold(self) -> None:
        """Process the answers until the program has ended; raise _Failed if it fails before."""
        unread = b""
        while chunk := self.next_chunk():
            *lines, unread = (unread + chunk).split(b"\n") if b"\n" in chunk else (unread + chunk,)
            for line in lines:
                self.take(line)
            if len(unread) > self.limits.line:
                detail = f"a line of more than {self.limits.line} bytes on stdout: {quoted(unread[:CHUNK])}"
                raise _Failed("endless-line", detail)
        if unread:
            self.take(unread)
        self.check_end()

    def stop(self) -> None:
        """Let the threads end, after the process was killed."""
        self.stopped.set()
        with suppress(queue.Empty):
            while True:
                self.chunks.get_nowait()
        for thread in self.threads:
            thread.join(LAST_STDERR)

    def read(self, stdout: IO[bytes]) -> None:
        """Queue the chunks of stdout, and an empty one at its end."""
        with stdout:
            chunk = b"-"
            while chunk and not self.stopped.is_set():
                chunk = stdout.read(CHUNK) or b""
                self.chunks.put(chunk)

    def next_chunk(self) -> bytes:
        try:
            return self.chunks.get(timeout=self.remaining())
        except queue.Empty:
            raise self.hang() from None

    def remaining(self) -> float:
        """Return the seconds that the program may still be silent."""
        left = self.last_answer + self.limit() - time.monotonic()
        if left <= 0:
            raise self.hang()
        return left

    def limit(self) -> float:
        return self.limits.between if self.talk.answers else self.limits.first

    def hang(self) -> _Failed:
        waiting = next((f"waiting for {name}" for name in self.talk.unanswered()), None)
        if waiting is None and self.process.poll() is not None:
            waiting = "and a process that it started still has stdout open"
        waiting = waiting or "and it must end when stdin ends"
        stopped = "; a signal has stopped it (SIGSTOP)" if is_stopped(self.process) else ""
        detail = f"was silent for {self.limit():g} s {self.so_far()}, {waiting}{stopped}"
        return _Failed("hang", detail, "stopped by a signal" if stopped else "")

    def so_far(self) -> str:
        if not self.talk.answers:
            return BEFORE_ANSWERS
        return f"after {len(self.talk.answers)} of {len(self.questions)} answers"

    def take(self, line: bytes) -> None:
        """Process one line of stdout."""
        try:
            message = json.loads(line)
        except (ValueError, RecursionError):
            if line.lstrip().startswith(b"{"):
                self.violate("not-json", f"{quoted(line)} {self.so_far()}")
                return
            message = None
        if not isinstance(message, dict):
            self.violate("chatter", f"{quoted(line)} on stdout, where only answers are allowed")
            return
        name = message.get("id")
        if not isinstance(name, str) or name not in self.questions:
            shown = quoted(json.dumps(name).encode())
            self.violate("unknown-id", f"an answer to {shown}, which was not asked: {quoted(line)}")
            return
        if name in self.talk.answers:
            self.violate("repeated-id", f"a second answer to {name}: {quoted(line)}")
            return
        now = time.monotonic()
        ask = str(self.questions[name].get("ask", "sign"))
        self.talk.first_answer = self.talk.first_answer or now - self.begun
        self.talk.answers[name] = read_answer(message, now - self.last_answer, ask)
        self.progress.answers = self.answered_before + len(self.talk.answers)
        self.last_answer = now

    def violate(self, kind: Kind, detail: str) -> None:
        """Note a line that is no answer, and go on; stop the program if there are too many."""
        self.talk.violations += 1
        if self.talk.violation is None:
            self.talk.violation = ProgramFailure(kind, detail)
        if self.talk.violations > MAX_VIOLATIONS:
            raise _Failed(
                self.talk.violation.kind,
                f"{self.talk.violation.detail}, and {MAX_VIOLATIONS} more such lines",
            )

    def check_end(self) -> None:
        """Wait for the end of a program that has closed its stdout, and check how it ended."""
        try:
            code = self.process.wait(self.remaining())
        except subprocess.TimeoutExpired:
            raise self.hang() from None
        if code < 0:
            name = signal.strsignal(-code) or "unknown"
            detail = f"was killed by signal {-code} ({name}) {self.so_far()}"
            raise _Failed("signal", detail, f"signal {-code}")
        if code > 0:
            raise _Failed("crash", f"ended with exit code {code} {self.so_far()}", f"exit code {code}")
        if missing := self.talk.unanswered():
            detail = f"ended {self.so_far()}; the first missing answer is {missing[0]}"
            raise _Failed("missing-answer", detail)
