"""One conversation: it always ends, and each kind of failure has its own name."""

from __future__ import annotations

import json
import signal
import socket
import time
from pathlib import Path

import pytest

from tests.conformance.programs.conversation import MAX_VIOLATIONS, Limits
from tests.conformance.programs.runner import run
from tests.suite.programs.small_programs import (
    ANSWER_ALL,
    QUESTION,
    QUESTIONS,
    SHORT,
    command,
    kind,
    said,
    talk,
)
from tests.support.paths import ROOT

LINES = "json.dumps({'id': n, 'signature': 's'}) for n in ('one', 'two', 'three')"


def test_every_answer_is_collected() -> None:
    """A program that answers every question has no failure, and each answer is kept as received."""
    result = talk(ANSWER_ALL)
    assert (result.failure, result.lost) == (None, {})
    assert {name: answer.signature for name, answer in result.answers.items()} == {
        "one": "one",
        "two": "two",
        "three": "three",
    }
    assert result.answers["two"].raw == {"id": "two", "signature": "two"}


def test_answers_may_come_in_any_order_and_after_the_last_question() -> None:
    """A program may answer in any order, and may read all questions before it answers."""
    result = talk("""
        names = [json.loads(line)["id"] for line in sys.stdin]
        for name in reversed(names):
            answer(name)
    """)
    assert result.failure is None
    assert list(result.answers) == ["three", "two", "one"]


def test_questions_travel_as_json_lines() -> None:
    """Each question is one line of ASCII with the id and every field, for all characters."""
    odd = {**QUESTION, "secret": "\0\n\u2028\U0001f511é\ud800"}
    result = talk(
        """
        for line in sys.stdin.buffer:
            assert line.isascii()
            question = json.loads(line)
            answer(question.pop("id"), signature=json.dumps(question))
        """,
        questions={"odd": odd},
    )
    assert json.loads(result.answers["odd"].signature or "") == odd


def test_a_program_runs_in_the_folder_and_the_environment_given(tmp_path: Path) -> None:
    """The working directory and the environment are the given ones."""
    script = "answer('one', signature=os.getcwd(), authorization=os.environ['X'])"
    result = run(command(script), {"one": QUESTION}, folder=tmp_path, environment={"X": "y"})
    assert result.answers["one"].fields == {"signature": str(tmp_path), "authorization": "y"}


def test_messages_larger_than_the_pipes() -> None:
    """The program can write megabytes while it receives megabytes: neither process blocks the other."""
    questions = {str(number): {**QUESTION, "secret": "x" * 1_000} for number in range(4_000)}
    result = talk(
        """
        for line in sys.stdin:
            question = json.loads(line)
            sys.stderr.write(question["secret"])
            answer(question["id"], signature=question["secret"])
        """,
        questions=questions,
    )
    assert result.failure is None
    assert len(result.answers) == len(questions)


@pytest.mark.parametrize(
    "script",
    [
        # Pieces of a line, lines that arrive together, and a last line without an end.
        """
        for n in ("one", "two"):
            say('{"id": "', end="")
            time.sleep(0.05)
            say(n + '", "signature": "s"}')
        say('{"id": "three", "signature": "s"}', end="")
        """,
        f"say('\\n'.join({LINES}))",
        # Windows writes CR LF, and .NET a byte order mark.
        f"say('\\r\\n'.join({LINES}), end='\\r\\n')",
        "say('\\ufeff', end='')" + ANSWER_ALL,
        # Before the questions are read, and long after them.
        "for n in ('three', 'one', 'two'): answer(n)",
        "names = [json.loads(line)['id'] for line in sys.stdin]; time.sleep(0.5); [answer(n) for n in names]",
        # Other fields, and fields that are null.
        "for line in sys.stdin: answer(json.loads(line)['id'], signature='s', refused=None, time=1.5)",
        # A process that it started, which lets go of stdout.
        "if os.fork() == 0:\n    os.close(1); os.close(2); time.sleep(5); os._exit(0)\n" + ANSWER_ALL,
    ],
)
def test_unusual_programs_that_keep_the_protocol(script: str) -> None:
    """They have no failure, and all their answers count."""
    result = talk(script)
    assert said(result) == ""
    assert len(result.answers) == 3
    assert all(answer.signature for answer in result.answers.values())


@pytest.mark.parametrize(
    ("expected", "script", "text"),
    [
        ("crash", ANSWER_ALL + "sys.exit(3)", "exit code 3 after 3 of 3 answers"),
        ("signal", ANSWER_ALL + "os.kill(os.getpid(), signal.SIGTERM)", "signal 15 (Terminated)"),
        ("missing-answer", "answer('one'); answer('three')", "no answer, but answers to later questions"),
        ("missing-answer", "sys.stdin.close(); os.close(1)", "before its first answer"),
        ("chatter", "say('Hello')" + ANSWER_ALL, '"Hello" on stdout'),
        ("chatter", ANSWER_ALL + "say('Done')", '"Done" on stdout'),
        ("chatter", ANSWER_ALL + "say('Done', end='')", '"Done" on stdout'),
        ("chatter", "say('')" + ANSWER_ALL, '"" on stdout'),
        ("chatter", "say('[1, 2]')" + ANSWER_ALL, '"[1, 2]" on stdout'),
        ("chatter", "say('[' * 100_000)" + ANSWER_ALL, '"[[[['),
        (
            "chatter",
            "sys.stdout.buffer.write(b'\\xff\\x1b[2J\\x7f\\n')" + ANSWER_ALL,
            r'"\\xff\u001b[2J\u007f" on',
        ),
        ("not-json", 'say(\'{"id": "two", \')' + ANSWER_ALL, r'"{\"id\": \"two\", " before its first answer'),
        ("not-json", ANSWER_ALL + "say('{\"id\"', end='')", r'"{\"id\"" after 3 of 3'),
        ("not-json", 'sys.stdout.buffer.write(b\'{"id": "\\xff"}\\n\')' + ANSWER_ALL, r"\\xff"),
        (
            "unknown-id",
            "answer('four')" + ANSWER_ALL,
            '"four\\"", which was not asked'.replace("\\", "\\\\")[:0] + "four",
        ),
        ("unknown-id", "say('{}')" + ANSWER_ALL, "null"),
        ("unknown-id", "answer(['one'])" + ANSWER_ALL, "one"),
        (
            "repeated-id",
            ANSWER_ALL.replace("answer(", "answer(json.loads(line)['id']); answer("),
            "a second answer to one",
        ),
    ],
)
def test_each_failure_has_its_name(expected: str, script: str, text: str) -> None:
    """A violation of the protocol has the name of its kind, and the answers beside it still count."""
    result = talk(script)
    assert kind(result) == expected, said(result)
    assert text in said(result)
    assert said(result).isprintable()


def test_lines_that_are_no_answers_are_counted() -> None:
    """The first one is shown, with the number of the others; the answers count."""
    result = talk("for n in range(40): say('line')" + ANSWER_ALL)
    assert (
        said(result)
        == 'chatter: "line" on stdout, where only answers are allowed, and 39 more lines that are no answers'
    )
    assert len(result.answers) == 3


@pytest.mark.parametrize(
    ("expected", "script"),
    [
        ("endless-line", "while True: say('{' * 4096, end='')"),
        ("endless-line", 'say(\'{"id": "one", "signature": "\' + \'x\' * 10_000_000 + \'"}\')'),
        ("chatter", "while True: say('x')"),
        ("repeated-id", "while True: answer('one')"),
        ("unknown-id", "while True: say('{}' * 1); time.sleep(0)"),
    ],
)
def test_a_flood_is_stopped(expected: str, script: str) -> None:
    """A program that writes without end is stopped, long before the silence is too long."""
    begun = time.monotonic()
    result = talk(script)
    assert kind(result) == expected
    assert len(said(result)) < 2_000
    assert time.monotonic() - begun < 20
    assert str(MAX_VIOLATIONS) in said(result) or expected == "endless-line"


@pytest.mark.parametrize(
    ("limits", "script", "text"),
    [
        (Limits(first=SHORT), "time.sleep(60)", "silent for 0.3 s before its first answer, waiting for one"),
        (Limits(between=SHORT), "answer('one'); time.sleep(60)", "after 1 of 3 answers, waiting for two"),
        (
            Limits(between=SHORT),
            ANSWER_ALL + "time.sleep(60)",
            "after 3 of 3 answers, and it must end when stdin ends",
        ),
        (Limits(between=SHORT), ANSWER_ALL + "os.close(1); time.sleep(60)", "it must end when stdin ends"),
        (
            Limits(between=SHORT),
            ANSWER_ALL + "if os.fork(): os._exit(0)\ntime.sleep(60)",
            "and a process that it started still has stdout open",
        ),
        # Output on stderr, an incomplete line and a line that is no answer are not answers.
        (Limits(first=SHORT), "while True: sys.stderr.write('x' * 9999)", "waiting for one"),
        (Limits(first=SHORT), "while True: say(' ', end=''); time.sleep(0.01)", "waiting for one"),
        (Limits(first=SHORT), "while True: say('wait'); time.sleep(0.01)", "waiting for one"),
        (Limits(first=SHORT), "sys.stdin.close(); time.sleep(60)", "waiting for one"),
        (
            Limits(first=SHORT),
            "signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)",
            "waiting for one",
        ),
    ],
)
def test_silence_has_a_limit(limits: Limits, script: str, text: str) -> None:
    """A silent program is stopped: before the first answer, between two, and after the last."""
    begun = time.monotonic()
    result = talk(script, limits=limits)
    assert "hang" in said(result)
    assert text in said(result)
    assert time.monotonic() - begun < 10


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="only /proc says that a process is stopped")
def test_a_stopped_program_is_named() -> None:
    """A program that SIGSTOP has stopped is killed, and the failure says so."""
    stop = f"os.kill(os.getpid(), {int(signal.SIGSTOP)})"
    result = talk(f"answer('one'); {stop}", limits=Limits(between=SHORT))
    assert "a signal has stopped it (SIGSTOP)" in said(result)


def test_descendants_of_a_program_are_killed(tmp_path: Path) -> None:
    """A child process that keeps stdout open does not block the run, and is killed."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "alive"))
        listener.listen()
        result = talk(
            ANSWER_ALL
            + f"""
import socket
held = socket.socket(socket.AF_UNIX)
held.connect({str(tmp_path / "alive")!r})
if os.fork():
    os._exit(0)
time.sleep(60)
""",
            limits=Limits(between=SHORT),
        )
        assert kind(result) == "hang"
        listener.settimeout(10)
        connection, _ = listener.accept()
        with connection:
            connection.settimeout(10)
            assert connection.recv(1) == b"", "the connection closes when the last process that has it ends"


def test_both_ends_of_stderr_are_kept() -> None:
    """A program that answers nothing shows the first lines; one that fails later the last ones."""
    script = "for n in range(2000): print('line', n, '\\x1b[31m', file=sys.stderr)\n"
    whole = talk(script + "sys.exit(1)").failure
    assert whole is not None
    assert whole.stderr[0] == "line 0 \x1b[31m"
    assert whole.stderr[-1] == "... and more"
    assert len(whole.stderr) == 13
    later = talk(script + ANSWER_ALL + "sys.exit(1)").failure
    assert later is not None
    assert [line.split()[1] for line in later.stderr] == ["1995", "1996", "1997", "1998", "1999"]


def test_a_program_that_does_not_exist() -> None:
    """The failure names the program, and no question is asked again."""
    result = run(["no-such-signer-anywhere", "x"], QUESTIONS, folder=ROOT)
    assert kind(result) == "not-found"
    assert "'no-such-signer-anywhere'" in str(result.failure)
    assert len(result.processes) == 1


def test_a_file_that_is_not_executable(tmp_path: Path) -> None:
    """A file without execute permission cannot be started."""
    script = tmp_path / "signer"
    script.write_text("")
    assert kind(run([str(script)], QUESTIONS, folder=ROOT)) == "not-startable"
    assert kind(run(["a\0b"], QUESTIONS, folder=ROOT)) == "not-startable"
