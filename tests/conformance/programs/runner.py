"""Runs a signer, any program in any language: one JSON object a line in, one a line out.

The protocol is described in vectors/README.md. Everything is written without waiting while answers are
read, by one thread over one selector, so that neither side can block the other; then stdin is closed.
Whatever the signer does, `run` ends: the limit is the silence between two answers, the first fault ends the
conversation, and at the end the signer's whole process group is killed.
"""

from __future__ import annotations

import json
import os
import selectors
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Literal

from tests.support.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

CHUNK = 65_536
SHOWN = 120  # bytes of a line quoted in a message

Kind = Literal[
    "not-found",  # no such program
    "not-startable",  # a program the system refuses to start
    "crash",  # an exit code other than 0
    "signal",  # killed by a signal
    "hang",  # silent for longer than the limit
    "missing-answer",  # ended in peace, with questions left
    "chatter",  # a line on stdout that is no JSON object
    "not-json",  # a line that begins like a JSON object and is none
    "endless-line",  # a line longer than the limit
    "unknown-id",  # an answer to what was not asked
    "repeated-id",  # a second answer to one question
    "wrong-shape",  # an answer that lacks or adds a field, or has one of another type
]


@dataclass(frozen=True)
class Limits:
    """Seconds a signer may be silent, bytes a line may have, bytes of stderr that are kept."""

    first: float = 120.0  # before the first answer: it may have to compile
    between: float = 10.0
    line: int = 1 << 20
    stderr: int = 8_192


LIMITS = Limits()


@dataclass(frozen=True)
class Fault:
    """What a signer did that the protocol does not allow."""

    kind: Kind
    detail: str

    def __str__(self) -> str:
        """Show the kind and what happened, in one line."""
        return f"{self.kind}: {self.detail}"


@dataclass(frozen=True)
class Answer:
    """One answer, and the seconds of silence before it.

    Exactly one of `signature`, `refused`, `cannot` and `fault` is set; `raw` is the object as it came.
    """

    raw: Mapping[str, object]
    seconds: float
    signature: str | None = None
    authorization: str | None = None
    refused: str | None = None
    cannot: str | None = None
    fault: Fault | None = None


@dataclass(frozen=True)
class Run:
    """What a signer said: its answers by id, the fault that ended the conversation, the end of its stderr."""

    answers: Mapping[str, Answer]
    fault: Fault | None
    stderr: str


class _Broken(Exception):  # noqa: N818  # not an error of ours: carries a signer's fault out of the conversation
    def __init__(self, kind: Kind, detail: str) -> None:
        super().__init__(detail)
        self.fault = Fault(kind, detail)


def run(
    command: Sequence[str],
    questions: Mapping[str, Mapping[str, str]],
    *,
    limits: Limits = LIMITS,
    environment: Mapping[str, str] | None = None,
) -> Run:
    """Ask a signer every question, by id, and collect its answers.

    A signer's faults are returned, never raised. `command` runs from the repository's root, without a shell,
    with `environment` for the current one.
    """
    try:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            start_new_session=True,
        )
    except FileNotFoundError:
        return Run({}, Fault("not-found", f"there is no program {command[0]!r}"), "")
    except OSError as error:
        return Run({}, Fault("not-startable", f"{command[0]!r}: {error.strerror}"), "")
    with process:
        conversation = _Conversation(process, questions, limits)
        fault = None
        try:
            conversation.hold()
        except _Broken as broken:
            fault = broken.fault
        finally:
            with suppress(ProcessLookupError, PermissionError):  # nobody left; macOS says EPERM for the dead
                os.killpg(process.pid, signal.SIGKILL)
        stderr = conversation.last_words()
    return Run(conversation.answers, fault, stderr)


class _Conversation:
    def __init__(
        self, process: subprocess.Popen[bytes], questions: Mapping[str, Mapping[str, str]], limits: Limits
    ) -> None:
        self.process, self.questions, self.limits = process, questions, limits
        self.answers: dict[str, Answer] = {}
        # ASCII alone travels, so no locale of the signer's can change what it is asked.
        lines = (json.dumps({"id": name, **question}) + "\n" for name, question in questions.items())
        self.unsent = memoryview("".join(lines).encode())
        self.unread = bytearray()
        self.stderr = bytearray()
        self.heard = time.monotonic()

    def hold(self) -> None:
        """Write and read until the signer has ended; raises _Broken at its first fault."""
        stdin, stdout, stderr = self.process.stdin, self.process.stdout, self.process.stderr
        assert stdin is not None
        assert stdout is not None
        assert stderr is not None
        with selectors.DefaultSelector() as self.selector:
            self.watch(stdin, selectors.EVENT_WRITE, self.write)
            self.watch(stdout, selectors.EVENT_READ, self.read)
            self.watch(stderr, selectors.EVENT_READ, self.listen)
            while not stdout.closed:
                for key, _ in self.selector.select(self.patience()):
                    key.data(key.fileobj)
        self.farewell()

    def watch(self, pipe: IO[bytes], event: int, action: Callable[[IO[bytes]], None]) -> None:
        os.set_blocking(pipe.fileno(), False)
        self.selector.register(pipe, event, action)

    def close(self, pipe: IO[bytes]) -> None:
        self.selector.unregister(pipe)
        pipe.close()

    def patience(self) -> float:
        """Seconds left of the silence allowed."""
        left = self.heard + self.limit() - time.monotonic()
        if left <= 0:
            raise self.hang()
        return left

    def limit(self) -> float:
        return self.limits.between if self.answers else self.limits.first

    def hang(self) -> _Broken:
        waiting = next((f"waiting for {name}" for name in self.questions if name not in self.answers), None)
        waiting = waiting or "and it must end when stdin ends"
        return _Broken("hang", f"silent for {self.limit():g} s {self.progress()}, {waiting}")

    def progress(self) -> str:
        return f"after {len(self.answers)} of {len(self.questions)} answers"

    def write(self, stdin: IO[bytes]) -> None:
        try:
            self.unsent = self.unsent[os.write(stdin.fileno(), self.unsent[:CHUNK]) :]
        except BlockingIOError:
            return
        except BrokenPipeError:  # it stopped reading; what it leaves unanswered will tell
            self.unsent = self.unsent[:0]
        if not self.unsent:
            self.close(stdin)

    def read(self, stdout: IO[bytes]) -> None:
        chunk = os.read(stdout.fileno(), CHUNK)
        self.unread += chunk
        *lines, rest = self.unread.split(b"\n")
        if not chunk:
            self.close(stdout)
            lines, rest = ([rest] if rest else []), bytearray()
        for line in lines:
            self.take(line)
        self.unread = rest
        if len(rest) > self.limits.line:
            raise _Broken("endless-line", f"{len(rest)} bytes without an end of line: {_quoted(rest)}")

    def listen(self, stderr: IO[bytes]) -> None:
        chunk = os.read(stderr.fileno(), CHUNK)
        self.stderr += chunk
        del self.stderr[: -self.limits.stderr]
        if not chunk:
            self.close(stderr)

    def take(self, line: bytes | bytearray) -> None:
        try:
            said = json.loads(line)
        except (ValueError, RecursionError):
            if line.lstrip().startswith(b"{"):
                raise _Broken("not-json", f"{_quoted(line)} {self.progress()}") from None
            said = None
        if not isinstance(said, dict):
            raise _Broken("chatter", f"{_quoted(line)} on stdout, which is for answers and nothing else")
        name = said.get("id")
        if not isinstance(name, str) or name not in self.questions:
            raise _Broken("unknown-id", f"an answer to {name!r}, which was not asked: {_quoted(line)}")
        if name in self.answers:
            raise _Broken("repeated-id", f"a second answer to {name}: {_quoted(line)}")
        now = time.monotonic()
        self.answers[name] = read_answer(said, now - self.heard)
        self.heard = now

    def farewell(self) -> None:
        """Wait for the end of a signer that has closed its stdout, and judge how it ended."""
        try:
            code = self.process.wait(self.patience())
        except subprocess.TimeoutExpired:
            raise self.hang() from None
        if code < 0:
            name = signal.strsignal(-code) or "unknown"
            raise _Broken("signal", f"killed by signal {-code} ({name}) {self.progress()}")
        if code > 0:
            raise _Broken("crash", f"ended with exit code {code} {self.progress()}")
        if missing := [name for name in self.questions if name not in self.answers]:
            raise _Broken("missing-answer", f"ended {self.progress()}; the first left out is {missing[0]}")

    def last_words(self) -> str:
        """Return the end of stderr; what somebody else may still write to it is not waited for."""
        stderr = self.process.stderr
        if stderr is not None and not stderr.closed:
            with suppress(BlockingIOError):
                self.stderr += os.read(stderr.fileno(), CHUNK)
        return self.stderr[-self.limits.stderr :].decode(errors="backslashreplace")


def read_answer(said: Mapping[str, object], seconds: float) -> Answer:
    """Read an answer's fields; one that does not fit the protocol becomes an answer with a fault."""
    fields = {name: value for name, value in said.items() if name != "id"}
    kinds = [name for name in ("signature", "refused", "cannot") if name in fields]
    wrong = ""
    if len(kinds) != 1:
        wrong = f"needs exactly one of signature, refused, cannot; has {' and '.join(kinds) or 'none'}"
    elif extra := fields.keys() - ({"signature", "authorization"} if kinds == ["signature"] else set(kinds)):
        wrong = f"{', '.join(sorted(extra))} does not belong to an answer with {kinds[0]}"
    elif other := [name for name, value in fields.items() if not isinstance(value, str)]:
        wrong = f"{', '.join(other)} is not a string"
    if wrong:
        return Answer(
            said, seconds, fault=Fault("wrong-shape", f"{wrong}: {_quoted(json.dumps(said).encode())}")
        )
    return Answer(said, seconds, **fields)  # type: ignore[arg-type]  # every field was found to be a string


def _quoted(line: bytes | bytearray) -> str:
    """Quote the beginning of what a signer wrote, every character a printable one."""
    return json.dumps(line[:SHOWN].decode(errors="backslashreplace"))
