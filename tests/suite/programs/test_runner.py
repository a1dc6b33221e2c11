"""The runner of signers: it always ends, and each kind of failure has its own name."""

from __future__ import annotations

import json
import socket
import sys
import textwrap
from typing import TYPE_CHECKING

import pytest

from tests.conformance.programs.runner import Answer, Limits, Transcript, run
from tests.support.paths import ROOT

if TYPE_CHECKING:
    from pathlib import Path

QUESTION = {"method": "GET", "endpoint": "/", "timestamp": "0", "access_key": "A", "secret": "s"}
QUESTIONS = {"one": QUESTION, "two": QUESTION, "three": QUESTION}
SHORT = 0.3  # seconds, for tests that wait until a signer was silent too long

PRELUDE = """
import json, os, signal, sys, time
def say(text, end="\\n"):
    sys.stdout.write(text + end)
    sys.stdout.flush()
def answer(name, **fields):
    say(json.dumps({"id": name, **(fields or {"signature": name})}))
"""


def talk(
    script: str, *, questions: dict[str, dict[str, str]] = QUESTIONS, limits: Limits | None = None
) -> Transcript:
    """Run a signer written in a few lines of Python."""
    command = [sys.executable, "-S", "-E", "-c", PRELUDE + textwrap.dedent(script)]
    return run(command, questions, limits=limits or Limits())


def kind(result: Transcript) -> str | None:
    """Return the kind of the failure that stopped the signer."""
    return result.failure.kind if result.failure else None


ANSWER_ALL = """
for line in sys.stdin:
    answer(json.loads(line)["id"])
"""


def test_every_answer_is_collected() -> None:
    """A signer that answers every question has no failure, and each answer is kept as received."""
    result = talk(ANSWER_ALL)
    assert result.failure is None
    assert {name: answer.signature for name, answer in result.answers.items()} == {
        "one": "one",
        "two": "two",
        "three": "three",
    }
    assert result.answers["two"].raw == {"id": "two", "signature": "two"}


def test_answers_may_come_in_any_order_and_after_the_last_question() -> None:
    """A signer may answer in any order, and may read all questions before it answers."""
    result = talk("""
        names = [json.loads(line)["id"] for line in sys.stdin]
        for name in reversed(names):
            answer(name)
    """)
    assert result.failure is None
    assert list(result.answers) == ["three", "two", "one"]


def test_questions_travel_as_json_lines() -> None:
    """Each question is one line of ASCII with the id and every field, for all characters."""
    odd = {**QUESTION, "secret": "\0\n\u2028\U0001f511é"}
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


def test_a_signer_runs_from_the_root_in_the_environment_given() -> None:
    """The working directory is the root of the repository, and the environment is the given one."""
    script = """if True:
        import json, os
        print(json.dumps({"id": "one", "signature": os.getcwd(), "authorization": os.environ["X"]}))
    """
    result = run([sys.executable, "-c", script], {"one": QUESTION}, environment={"X": "y"})
    assert result.answers["one"] == Answer(
        {"id": "one", "signature": str(ROOT), "authorization": "y"},
        result.answers["one"].seconds,
        signature=str(ROOT),
        authorization="y",
    )


def test_messages_larger_than_the_pipes() -> None:
    """The signer can write megabytes while it receives megabytes: neither process blocks the other."""
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
    ("expected", "script", "said"),
    [
        ("crash", "answer('one'); sys.exit(3)", "exit code 3 after 1 of 3 answers"),
        ("crash", ANSWER_ALL + "sys.exit(3)", "exit code 3 after 3 of 3 answers"),
        ("signal", "answer('one'); os.kill(os.getpid(), signal.SIGTERM)", "signal 15 (Terminated)"),
        ("missing-answer", "answer('one'); answer('three')", "the first missing answer is two"),
        ("missing-answer", "sys.stdin.close(); os.close(1)", "after 0 of 3 answers"),
        ("chatter", "say('Hello')" + ANSWER_ALL, '"Hello" on stdout'),
        ("chatter", ANSWER_ALL + "say('Done')", '"Done" on stdout'),
        ("chatter", ANSWER_ALL + "say('Done', end='')", '"Done" on stdout'),
        ("chatter", "answer('one'); say('')", '"" on stdout'),
        ("chatter", "say('[1, 2]')", '"[1, 2]" on stdout'),
        ("chatter", "say('[' * 100_000)", '"[[[['),
        ("chatter", "sys.stdout.buffer.write(b'\\xff\\x1b[2J\\n')", r'"\\xff\u001b[2J" on stdout'),
        ("not-json", "answer('one'); say('{\"id\": \"two\", ')", r'"{\"id\": \"two\", " after 1 of 3'),
        ("not-json", "answer('one'); say('{\"id\"', end='')", r'"{\"id\"" after 1 of 3'),
        ("endless-line", "while True: say('{' * 4096, end='')", "bytes without an end of line"),
        ("unknown-id", "answer('four')", "'four', which was not asked"),
        ("unknown-id", "say('{}')", "None, which was not asked"),
        ("unknown-id", "answer(['one'])", "['one'], which was not asked"),
        ("repeated-id", "answer('one'); answer('two'); answer('one')", "a second answer to one"),
    ],
)
def test_each_failure_has_its_name(expected: str, script: str, said: str) -> None:
    """The first violation of the protocol stops the signer, and has the name of its kind."""
    result = talk(script)
    assert kind(result) == expected, str(result.failure)
    assert said in str(result.failure)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "needs exactly one of signature, refused, cannot; has none"),
        ({"signature": "s", "refused": "r"}, "has signature and refused"),
        ({"cannot": "c", "refused": "r"}, "has refused and cannot"),
        ({"signature": 5}, "signature is not a string"),
        ({"refused": True}, "refused is not a string"),
        ({"signature": "s", "authorization": None}, "authorization is not a string"),
        (
            {"signature": "s", "authorisation": "a"},
            "authorisation is not allowed in an answer with signature",
        ),
        ({"refused": "r", "authorization": "a"}, "authorization is not allowed in an answer with refused"),
    ],
)
def test_an_answer_of_the_wrong_shape(fields: dict[str, object], said: str) -> None:
    """Only this answer has a failure; the other answers stay valid."""
    result = talk(f"say(json.dumps({{'id': 'one', **{fields!r}}})); answer('two'); answer('three')")
    assert result.failure is None
    failure = result.answers["one"].failure
    assert failure is not None
    assert failure.kind == "wrong-shape"
    assert said in failure.detail
    assert (
        result.answers["one"].signature
        is result.answers["one"].refused
        is result.answers["one"].cannot
        is None
    )
    assert result.answers["three"].signature == "three"


@pytest.mark.parametrize(
    ("limits", "script", "said"),
    [
        (Limits(first=SHORT), "time.sleep(60)", "silent for 0.3 s after 0 of 3 answers, waiting for one"),
        (Limits(between=SHORT), "answer('one'); time.sleep(60)", "after 1 of 3 answers, waiting for two"),
        (
            Limits(between=SHORT),
            ANSWER_ALL + "time.sleep(60)",
            "after 3 of 3 answers, and it must end when stdin ends",
        ),
        (Limits(between=SHORT), ANSWER_ALL + "os.close(1); time.sleep(60)", "it must end when stdin ends"),
        # Output on stderr and an incomplete line are not answers.
        (Limits(first=SHORT), "while True: sys.stderr.write('x' * 9999)", "waiting for one"),
        (Limits(first=SHORT), "while True: say(' ', end=''); time.sleep(0.01)", "waiting for one"),
    ],
)
def test_silence_has_a_limit(limits: Limits, script: str, said: str) -> None:
    """A silent signer is stopped: before the first answer, between two, and after the last."""
    result = talk(script, limits=limits)
    assert kind(result) == "hang"
    assert said in str(result.failure)


def test_descendants_of_a_signer_are_killed(tmp_path: Path) -> None:
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


def test_the_end_of_stderr_is_kept() -> None:
    """The last bytes of stderr are kept, as many as the limit says."""
    script = "sys.stderr.buffer.write(b'a' * 100_000 + b'why\\xff'); sys.exit(1)"
    assert talk(script, limits=Limits(stderr=10)).stderr == "aaaaaawhy\\xff"


def test_a_program_that_does_not_exist() -> None:
    """The failure names the program."""
    result = run(["no-such-signer-anywhere", "x"], QUESTIONS)
    assert kind(result) == "not-found"
    assert "'no-such-signer-anywhere'" in str(result.failure)


def test_a_file_that_is_not_executable(tmp_path: Path) -> None:
    """A file without execute permission cannot be started."""
    script = tmp_path / "signer"
    script.write_text("")
    assert kind(run([str(script)], QUESTIONS)) == "not-startable"
