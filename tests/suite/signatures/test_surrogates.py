"""Half of a surrogate pair: what a signer does with it is shown, and never counts."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from tests.conformance.program_runs import ProgramRun
from tests.conformance.programs.answers import Answer, ProgramFailure, read_answer
from tests.conformance.programs.implementations import Implementation
from tests.conformance.programs.runner import Transcript
from tests.conformance.report.tables import tables
from tests.conformance.signatures.surrogates import CASES, reaction
from tests.conformance.vectors.suite import load_suite
from tests.support.paths import ROOT

if TYPE_CHECKING:
    from pathlib import Path

CRASH = ProgramFailure("crash", "exit code 1")

# A correct signer, without the refusals. It crashes on half of a surrogate pair.
SIGNER = """
import base64, hmac, json, sys
for line in sys.stdin:
    ask = json.loads(line)
    json.dumps(ask, ensure_ascii=False).encode()
    text = "\\n".join((ask["method"], ask["endpoint"], ask["timestamp"]))
    digest = hmac.digest(ask["secret"].encode(), text.encode(), "sha256")
    print(json.dumps({"id": ask["id"], "signature": base64.b64encode(digest).decode()}), flush=True)
"""


def answer(**fields: str) -> Answer:
    """Return an answer that took no time."""
    return read_answer({"id": "a", **fields}, 0.0)


@pytest.mark.parametrize(
    ("transcript", "expected"),
    [
        (Transcript(answers={"a": answer(signature="x")}), "signed"),
        (Transcript(answers={"a": answer(refused="no")}), "refused"),
        (Transcript(answers={"a": answer(cannot="no")}), "cannot"),
        (Transcript(answers={"a": Answer({}, 0.0, failure=CRASH)}), "crash"),
        (Transcript(lost={"a": CRASH}), "crash"),
        (Transcript(failure=CRASH), "crash"),
    ],
)
def test_reactions(transcript: Transcript, expected: str) -> None:
    """The reaction is a word."""
    assert reaction("a", transcript) == expected


def test_every_case_has_half_of_a_pair_and_no_id_of_a_vector() -> None:
    """The cases are contested, and their ids are their own."""
    assert all(each.is_contested for each in CASES)
    assert not {each.id for each in CASES} & {each.id for each in load_suite().signatures}


def test_a_crash_is_shown_and_costs_nothing(tmp_path: Path) -> None:
    """A signer that crashes on each of them passes, and the table shows the crashes."""
    (tmp_path / "mine.py").write_text(SIGNER, encoding="utf-8")
    command = (sys.executable, str(tmp_path / "mine.py"))
    vectors = load_suite().signatures[:3]
    results = ProgramRun(Implementation("mine", command, option="mine"), vectors, tmp_path).results()
    assert {result.outcome for result in results} == {"passed", "contested"}
    shown = [result for result in results if result.outcome == "contested"]
    assert [result.id for result in shown] == [each.id for each in CASES]
    assert {result.detail for result in shown} == {"crash"}
    (_, table) = tables(results)
    assert table.rows[0] == (CASES[0].id, "crash")


def test_a_narrow_run_does_not_ask_them(tmp_path: Path) -> None:
    """With `-k` and the like, only the selected vectors are asked."""
    signer = Implementation("mine", (sys.executable, str(ROOT / "python" / "signer.py")), option="mine")
    vectors = load_suite().signatures[:3]
    results = ProgramRun(signer, vectors, tmp_path, selected_by=("-k", "x")).results()
    assert {result.outcome for result in results} == {"passed"}
