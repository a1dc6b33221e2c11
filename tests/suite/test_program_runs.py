"""A whole program and its results: causes, crashes, states, known failures, and the command to run again."""

from __future__ import annotations

import json
import shlex
import sys
import textwrap
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.conformance.options import Options, plan
from tests.conformance.program_runs import ProgramRun
from tests.conformance.programs.conversation import Limits
from tests.conformance.programs.implementations import BUILT_IN, Implementation
from tests.conformance.report.causes import render
from tests.conformance.vectors.suite import load_suite
from tests.support.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from tests.conformance.program_runs import Vector
    from tests.conformance.report.results import Result

SUITE = load_suite()
SOME: Sequence[Vector] = [
    vector
    for vector in SUITE.signatures
    if vector.id.startswith(("get-", "guide-", "query-", "refuse-fragment", "refuse-empty"))
][:40]
CLIENT: list[Vector] = [*SUITE.targets, *SUITE.settings]

PRELUDE = """
import base64, hmac, json, re, sys
def right(ask):
    wrong = not ask["secret"] or not re.fullmatch('/[!"$-~]*', ask["endpoint"])
    if wrong or not re.fullmatch("[A-Z]+", ask["method"]) or not re.fullmatch("[0-9]+", ask["timestamp"]):
        return {"refused": "invalid"}
    if not re.fullmatch("[!-9;=?-~]+", ask["access_key"]):
        return {"refused": "access key"}
    text = "\\n".join((ask["method"], ask["endpoint"], ask["timestamp"]))
    signature = base64.b64encode(hmac.digest(ask["secret"].encode(), text.encode(), "sha256")).decode()
    return {"signature": signature}
"""
LOOP = """
for line in sys.stdin:
    ask = json.loads(line)
    print(json.dumps({"id": ask["id"], **answer(ask)}), flush=True)
"""


def run(
    tmp_path: Path,
    script: str,
    *,
    seed: int = 1,
    vectors: Sequence[Vector] = SOME,
    known: Mapping[str, str] | None = None,
) -> list[Result]:
    """Return the results of a signer, a few lines of Python."""
    file = tmp_path / "signer.py"
    file.write_text(PRELUDE + textwrap.dedent(script) + LOOP)
    command = (sys.executable, "-S", str(file))
    program = Implementation("mine", command, option=f"mine={shlex.join(command)}")
    limits = Limits(first=10.0, between=2.0)
    return ProgramRun(program, vectors, ROOT, seed, limits=limits, known=known or {}).results()


def shown(results: list[Result]) -> str:
    """Return the failures as a run prints them."""
    return "\n\n".join(render(results, SUITE.flags))


def failed(results: list[Result]) -> set[str]:
    """Return the ids that failed, without the protocol."""
    return {each.id for each in results if each.outcome == "failed" and each.kind != "protocol"}


def test_a_right_signer_passes(tmp_path: Path) -> None:
    """Every case and the protocol pass, in any order."""
    results = run(tmp_path, "answer = right")
    counted = [each for each in results if each.outcome != "contested"]
    assert {each.outcome for each in counted} == {"passed"}, shown(results)
    assert len(counted) == len(SOME) + 1


@pytest.mark.parametrize(
    ("script", "title"),
    [
        ("def answer(ask): return right({**ask, 'secret': ask['access_key']})", "secret_is_access_key"),
        ("def answer(ask): return {'signature': right(ask).get('signature', '')[:-1]}", "signature_unpadded"),
        ("def answer(ask): return {'signature': 5}", "wrong-shape"),
        ("def answer(ask): return {'refused': 'no\\x1b[31m\\u202e'}", "refused"),
        ("def answer(ask): return {}", "wrong-shape"),
        ("print('x' * 2_000_000)\nanswer = right", "endless-line"),
        ("sys.stderr.write('\\x1b[31m\\n' * 100_000); sys.exit(3)", "crash (exit code 3)"),
        ("def answer(ask): sys.exit('\\x1b[31m')", "crash (exit code 1)"),
        ("answer = right\nprint('Hello \\x1b[31m')", "chatter"),
        ("import os; os.kill(os.getpid(), 9)", "signal (signal 9)"),
        ("import time; time.sleep(60)", "hang"),
    ],
)
def test_one_fault_is_one_message(tmp_path: Path, script: str, title: str) -> None:
    """Whatever is wrong, the first message names it, and all of it is short and printable."""
    results = run(tmp_path, script, vectors=[vector for vector in SOME if not vector.refuse])
    text = shown(results)
    assert title in text.splitlines()[0]
    assert len(text.splitlines()) < 60
    assert all(line.isprintable() for line in text.splitlines())
    assert text.count("again   nox -R -s conformance -- --signer 'mine=") == text.count("FAIL  ")


def test_a_crash_is_one_vector(tmp_path: Path) -> None:
    """The vector on which the signer crashes is named with its stderr, and no other fails."""
    script = """
        def answer(ask):
            assert "page" not in ask["endpoint"], "no page \\x1b"
            return right(ask)
    """
    results = run(tmp_path, script)
    expected = {vector.id for vector in SOME if "page" in str(vector.question()["endpoint"])}
    assert failed(results) == expected
    assert "AssertionError: no page \\x1b" in shown(results)
    assert [each.outcome for each in results if each.kind == "protocol"] == ["failed"]


def test_again_shows_the_failure_again(tmp_path: Path) -> None:
    """The options of the command select the vector, and it fails again."""
    script = """
        def answer(ask):
            return right({**ask, "endpoint": ask["endpoint"].partition("?")[0]})
    """
    first = next(each for each in run(tmp_path, script) if each.id == "get-query")
    words = shlex.split(first.again)
    assert words[:5] == ["nox", "-R", "-s", "conformance", "--"]
    options = dict(zip(words[5::2], words[6::2], strict=True))
    made = plan(SUITE, Options(ROOT, signer=[options["--signer"]], keyword=options["-k"]))
    [again] = made.runs.runs.values()
    assert [vector.id for vector in again.vectors] == ["get-query"]
    assert failed(again.results()) == {"get-query"}


def test_again_repeats_the_order_of_a_state(tmp_path: Path) -> None:
    """The command of a failure that depends on the order has the seed, and the same cases fail again."""
    script = """
        kept = {}
        def answer(ask):
            made = right(ask)
            return made if "refused" in made else kept.setdefault((ask["endpoint"], ask["secret"]), made)
    """
    results = run(tmp_path, script, seed=12, vectors=list(SUITE.signatures))
    first = next(each for each in results if each.needs_order)
    assert "asked before" in first.detail
    words = shlex.split(first.again)[5:]
    options = dict(zip(words[::2], words[1::2], strict=True))
    made = plan(SUITE, Options(ROOT, signer=[options["--signer"]], keyword=options["-k"], seed="12"))
    [again] = made.runs.runs.values()
    assert failed(again.results()) == failed(results)


def test_known_failures(tmp_path: Path) -> None:
    """A known failure that fails is `known`; one that passes fails."""
    script = """
        def answer(ask):
            return right({**ask, "endpoint": ask["endpoint"].partition("?")[0]})
    """
    known = {"get-query": "the query", "get-clouds": "why"}
    results = {each.id: each for each in run(tmp_path, script, known=known)}
    assert (results["get-query"].outcome, results["get-query"].detail) == ("known", "the query")
    assert results["get-clouds"].outcome == "failed"
    assert "mine get-clouds is listed as known to fail (why), but it passed" in results["get-clouds"].detail


def test_cannot_is_counted_apart(tmp_path: Path) -> None:
    """`cannot` is an outcome of its own; a program that can do nothing fails its protocol."""
    script = "def answer(ask): return {'cannot': 'NUL'} if '?' in ask['endpoint'] else right(ask)"
    results = run(tmp_path, script)
    assert "cannot" in {each.outcome for each in results}
    assert not failed(results)
    nothing = run(tmp_path, "def answer(ask): return {'cannot': 'yet'}")
    assert {each.outcome for each in nothing if each.kind != "protocol"} == {"cannot", "contested"}
    assert "it answered `cannot` to every vector that it had to sign: nothing was tested" in shown(nothing)
    both = run(tmp_path, "def answer(ask): return {'cannot': 'sign'} if ask['secret'] else {'refused': 'x'}")
    assert "nothing was tested" in shown(both)


def test_a_built_in_program_must_not_answer_cannot(tmp_path: Path) -> None:
    """For a program of the suite, `cannot` is a failure."""
    file = tmp_path / "signer.py"
    file.write_text(f"{PRELUDE}\nanswer = lambda ask: {{'cannot': 'x'}}\n{LOOP}")
    program = Implementation("ours", (sys.executable, str(file)))
    results = ProgramRun(program, SOME[:3], ROOT, 1).results()
    assert "a built-in signer must not answer `cannot`" in shown(results)


def test_a_missing_runtime(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without its runtime a program is not run, and in CI it fails."""
    program = Implementation("ours", ("x",), runtime=("no-such-runtime",))
    run_ = ProgramRun(program, SOME[:3], ROOT, 1)
    monkeypatch.delenv("CI", raising=False)
    assert {each.outcome for each in run_.results()} == {"not run"}
    monkeypatch.setenv("CI", "true")
    results = run_.results()
    assert {each.outcome for each in results} == {"failed"}
    assert shown(results).startswith("FAIL  ours  3 vectors: no no-such-runtime on PATH")


def test_a_lone_surrogate_never_counts(tmp_path: Path) -> None:
    """Half of a surrogate pair in JSON is run and shown, whatever the signer does."""
    vector = replace(SUITE.signatures[0], id="lone", secret="\ud800", expected="x")
    results = run(tmp_path, "answer = right", vectors=[*SOME[:5], vector])
    assert {each.id: each.outcome for each in results}["lone"] == "contested"


@pytest.mark.parametrize("name", ["python", "go"])
def test_the_clients_of_both_languages(name: str) -> None:
    """Both clients pass every vector of targets and settings."""
    program = next(each for each in BUILT_IN if (each.name, each.role) == (name, "client"))
    results = ProgramRun(program, CLIENT, ROOT, 1).results()
    assert not failed(results), shown(results)
    assert {each.kind for each in results} == {"target", "settings", "protocol"}


CLIENT_SCRIPT = """
def right(ask):
    return {{"refused": "no", "names": []}}
def answer(ask):
    {body}
"""


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("return {'target': '/'}", ("the path", "wrong-shape")),
        ("return {'refused': 'no'}", ("no names", "refused")),
        ("return {'cannot': 'x'}", ("nothing was tested",)),
    ],
)
def test_wrong_clients(tmp_path: Path, body: str, said: tuple[str, ...]) -> None:
    """A client that is wrong fails by cause, as a signer does."""
    results = run(tmp_path, CLIENT_SCRIPT.format(body=body), vectors=CLIENT)
    text = shown(results)
    assert all(each in text for each in said), text
    assert json.dumps([each.output for each in results])


@pytest.mark.parametrize("seed", range(4))
def test_a_batch_program_that_dies_on_one_case(tmp_path: Path, seed: int) -> None:
    """A program that reads everything first loses one case, in whatever pass the question is found."""
    file = tmp_path / "signer.py"
    file.write_text(
        PRELUDE
        + textwrap.dedent("""
            asks = [json.loads(line) for line in sys.stdin]
            if any(ask["id"].startswith("guide-example") for ask in asks):
                sys.exit(3)
            for ask in asks:
                print(json.dumps({"id": ask["id"], **right(ask)}))
        """)
    )
    program = Implementation("mine", (sys.executable, "-S", str(file)), option="mine=x")
    results = ProgramRun(program, SOME, ROOT, seed).results()
    assert failed(results) == {"guide-example"}, shown(results)
