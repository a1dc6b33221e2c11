"""Runs a signer, a program in any language: one JSON object per line in, one per line out.

vectors/README.md describes the protocol. One thread writes all questions and then closes stdin, while others
read stdout and stderr: so neither process can block the other. `run` always returns: it limits the silence
between two answers, stops at the first failure, and finally kills the signer's process group where the system
has them. Threads and pipes work on every system; selectors do not watch pipes on Windows.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Literal

from tests.support.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

CHUNK = 65_536  # bytes
CHUNKS_WAITING = 16  # chunks of stdout that are read before they are processed
SHOWN = 120  # bytes of a line quoted in a message
LAST_STDERR = 1.0  # seconds to wait for the end of stderr after the signer was killed

Kind = Literal[
    "not-found",  # the program does not exist
    "not-startable",  # the system refuses to start the program
    "crash",  # an exit code other than 0
    "signal",  # killed by a signal
    "hang",  # silent for longer than the limit
    "missing-answer",  # exit code 0, but a question has no answer
    "chatter",  # a line on stdout that is not a JSON object
    "not-json",  # a line that begins like a JSON object, but is not valid JSON
    "endless-line",  # a line longer than the limit
    "unknown-id",  # an answer to a question that was not asked
    "repeated-id",  # a second answer to one question
    "wrong-shape",  # an answer with a missing or unknown field, or a field of the wrong type
]


@dataclass(frozen=True)
class Limits:
    """How many seconds a signer may be silent, and how many bytes of a line and of stderr are kept."""

    first: float = 120.0  # before the first answer: the signer may have to compile
    between: float = 10.0
    line: int = 1 << 20
    stderr: int = 8_192


LIMITS = Limits()


@dataclass(frozen=True)
class ProgramFailure:
    """How a program violated the protocol."""

    kind: Kind
    detail: str

    def __str__(self) -> str:
        """Return the kind and the detail in one line."""
        return f"{self.kind}: {self.detail}"


@dataclass(frozen=True)
class Answer:
    """One answer, and the seconds of silence before it.

    Exactly one of `signature`, `refused`, `cannot` and `failure` is set. `raw` is the object as received.
    """

    raw: Mapping[str, object]
    seconds: float
    signature: str | None = None
    authorization: str | None = None
    refused: str | None = None
    cannot: str | None = None
    failure: ProgramFailure | None = None


@dataclass(frozen=True)
class Transcript:
    """The answers of a signer by id, the failure that stopped it if any, and the end of its stderr."""

    answers: Mapping[str, Answer]
    failure: ProgramFailure | None
    stderr: str


@dataclass
class Progress:
    """How many of the questions have an answer so far; another thread may read it."""

    questions: int
    answers: int = 0
    ended: bool = False


class _Failed(Exception):  # noqa: N818  # not our own error: it carries the signer's failure to `run`
    def __init__(self, kind: Kind, detail: str) -> None:
        super().__init__(detail)
        self.failure = ProgramFailure(kind, detail)


def run(
    command: Sequence[str],
    questions: Mapping[str, Mapping[str, str]],
    *,
    limits: Limits = LIMITS,
    environment: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> Transcript:
    """Send a signer all questions, given by id, and return its answers.

    `command` runs from the repository's root, without a shell. `environment` replaces the current one. A
    failure of the signer is returned, never raised.
    """
    progress = progress or Progress(len(questions))
    try:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            start_new_session=True,  # a process group of its own; Windows ignores it
        )
    except FileNotFoundError:
        progress.ended = True
        return Transcript({}, ProgramFailure("not-found", f"there is no program {command[0]!r}"), "")
    except OSError as error:
        progress.ended = True
        return Transcript({}, ProgramFailure("not-startable", f"{command[0]!r}: {error.strerror}"), "")
    conversation = _Conversation(process, questions, limits, progress)
    failure = None
    try:
        conversation.hold()
    except _Failed as failed:
        failure = failed.failure
    finally:
        _kill(process)
        conversation.stop()
        process.wait()
        progress.ended = True
    return Transcript(conversation.answers, failure, conversation.stderr.text())


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Kill the process and its group; without process groups, the process and on Windows its descendants."""
    if hasattr(os, "killpg"):
        with suppress(ProcessLookupError, PermissionError):  # the group has ended; macOS reports EPERM then
            os.killpg(process.pid, signal.SIGKILL)
        return
    if sys.platform == "win32":
        command = ["taskkill", "/F", "/T", "/PID", str(process.pid)]
        with suppress(OSError, subprocess.TimeoutExpired):
            subprocess.run(command, capture_output=True, check=False, timeout=10)
    process.terminate()  # on Windows this kills; it does nothing if the process has ended


class _Tail:
    """Reads a pipe in a thread, and keeps the end."""

    def __init__(self, pipe: IO[bytes], kept: int) -> None:
        self.kept = kept
        self.data = b""
        self.thread = _start(self._read, pipe)

    def _read(self, pipe: IO[bytes]) -> None:
        with pipe:
            while chunk := pipe.read(CHUNK):
                self.data = (self.data + chunk)[-self.kept :]

    def text(self) -> str:
        """Return the end; a process that survived and still has the pipe open is not waited for."""
        self.thread.join(LAST_STDERR)
        return self.data.decode(errors="backslashreplace")


class _Conversation:
    """The questions and answers of one run."""

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        questions: Mapping[str, Mapping[str, str]],
        limits: Limits,
        progress: Progress,
    ) -> None:
        self.process, self.questions, self.limits, self.progress = process, questions, limits, progress
        self.answers: dict[str, Answer] = {}
        self.chunks: queue.Queue[bytes] = queue.Queue(CHUNKS_WAITING)
        self.stopped = threading.Event()
        self.last_answer = time.monotonic()
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        # ASCII only: so the signer's locale cannot change the questions.
        lines = (json.dumps({"id": name, **question}) + "\n" for name, question in questions.items())
        self.stderr = _Tail(process.stderr, limits.stderr)
        self.threads = [
            _start(_write, process.stdin, "".join(lines).encode()),
            _start(self.read, process.stdout),
        ]

    def hold(self) -> None:
        """Process the answers until the signer has ended; raise _Failed at its first failure."""
        unread = b""
        while chunk := self.next_chunk():
            *lines, unread = (unread + chunk).split(b"\n")
            for line in lines:
                self.take(line)
            if len(unread) > self.limits.line:
                detail = f"{len(unread)} bytes without an end of line: {_quoted(unread)}"
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
        """Return the seconds that the signer may still be silent."""
        left = self.last_answer + self.limit() - time.monotonic()
        if left <= 0:
            raise self.hang()
        return left

    def limit(self) -> float:
        return self.limits.between if self.answers else self.limits.first

    def hang(self) -> _Failed:
        waiting = next((f"waiting for {name}" for name in self.questions if name not in self.answers), None)
        waiting = waiting or "and it must end when stdin ends"
        return _Failed("hang", f"silent for {self.limit():g} s {self.so_far()}, {waiting}")

    def so_far(self) -> str:
        return f"after {len(self.answers)} of {len(self.questions)} answers"

    def take(self, line: bytes) -> None:
        """Process one line of stdout."""
        try:
            message = json.loads(line)
        except (ValueError, RecursionError):
            if line.lstrip().startswith(b"{"):
                raise _Failed("not-json", f"{_quoted(line)} {self.so_far()}") from None
            message = None
        if not isinstance(message, dict):
            raise _Failed("chatter", f"{_quoted(line)} on stdout, where only answers are allowed")
        name = message.get("id")
        if not isinstance(name, str) or name not in self.questions:
            raise _Failed("unknown-id", f"an answer to {name!r}, which was not asked: {_quoted(line)}")
        if name in self.answers:
            raise _Failed("repeated-id", f"a second answer to {name}: {_quoted(line)}")
        now = time.monotonic()
        self.answers[name] = read_answer(message, now - self.last_answer)
        self.progress.answers = len(self.answers)
        self.last_answer = now

    def check_end(self) -> None:
        """Wait for the end of a signer that has closed its stdout, and check how it ended."""
        try:
            code = self.process.wait(self.remaining())
        except subprocess.TimeoutExpired:
            raise self.hang() from None
        if code < 0:
            name = signal.strsignal(-code) or "unknown"
            raise _Failed("signal", f"killed by signal {-code} ({name}) {self.so_far()}")
        if code > 0:
            raise _Failed("crash", f"ended with exit code {code} {self.so_far()}")
        if missing := [name for name in self.questions if name not in self.answers]:
            raise _Failed(
                "missing-answer", f"ended {self.so_far()}; the first missing answer is {missing[0]}"
            )


def read_answer(message: Mapping[str, object], seconds: float) -> Answer:
    """Return the answer of a message; one that violates the protocol becomes an answer with a failure."""
    fields = {name: value for name, value in message.items() if name != "id"}
    kinds = [name for name in ("signature", "refused", "cannot") if name in fields]
    wrong = ""
    if len(kinds) != 1:
        wrong = f"needs exactly one of signature, refused, cannot; has {' and '.join(kinds) or 'none'}"
    elif extra := fields.keys() - ({"signature", "authorization"} if kinds == ["signature"] else set(kinds)):
        wrong = f"{', '.join(sorted(extra))} is not allowed in an answer with {kinds[0]}"
    elif other := [name for name, value in fields.items() if not isinstance(value, str)]:
        wrong = f"{', '.join(other)} is not a string"
    if wrong:
        detail = f"{wrong}: {_quoted(json.dumps(message).encode())}"
        return Answer(message, seconds, failure=ProgramFailure("wrong-shape", detail))
    return Answer(message, seconds, **fields)  # type: ignore[arg-type]  # every field is a string, see above


def _write(stdin: IO[bytes], data: bytes) -> None:
    """Write everything, then close; a signer that stops reading is reported by its missing answers."""
    unsent = memoryview(data)
    with suppress(OSError), stdin:
        while unsent:
            unsent = unsent[stdin.write(unsent[:CHUNK]) :]


def _start(target: Callable[..., None], *arguments: object) -> threading.Thread:
    thread = threading.Thread(target=target, args=arguments, daemon=True)
    thread.start()
    return thread


def _quoted(line: bytes) -> str:
    """Return the beginning of a signer's line in quotes, with every character printable."""
    return json.dumps(line[:SHOWN].decode(errors="backslashreplace"))
