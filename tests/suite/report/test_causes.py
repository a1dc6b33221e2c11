"""Failures by cause: one whole, the others by id, the bug in words, and few lines."""

from __future__ import annotations

from dataclasses import replace

from tests.conformance.report.causes import causes, notes, render
from tests.conformance.report.results import Result
from tests.conformance.report.text import failure, labelled
from tests.conformance.signatures.cases import Flag

FLAGS = {
    "Smoke": Flag("the rule itself is not implemented", "every request gets a 401"),
    "Query": Flag("the query is dropped", "lists work until the second page"),
}


def result(id_: str, cause: str, *flags: str, **changes: object) -> Result:
    """Return a failure of the signer `mine`, or what `changes` make of it."""
    again = f"nox -R -s conformance -- -k mine/{id_}"
    lines = [labelled("about", "a case"), labelled("why", "a reason"), labelled("again", again)]
    made = Result(
        kind="signature",
        implementation="mine",
        id=id_,
        groups=flags,
        outcome="failed",
        expected={"signature": "s"},
        output={},
        detail=failure(f"mine  {id_}  {cause}", lines),
        cause=cause,
        again=again,
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # fields of Result


def passed(id_: str, *flags: str) -> Result:
    """Return a case that passed."""
    return result(id_, "", *flags, outcome="passed", detail="")


def test_one_failure_is_shown_as_it_is() -> None:
    """A single failure keeps its title, and has the bug and the effect of its most specific flag."""
    [text] = render([result("a", "code / mistake", "Smoke", "Query")], FLAGS)
    assert text.splitlines()[0] == "FAIL  mine  a  code / mistake"
    assert "      bug     Query: the query is dropped" in text
    assert "      effect  lists work until the second page" in text
    assert text.endswith("again   nox -R -s conformance -- -k mine/a")


def test_failures_with_one_cause_are_one_message() -> None:
    """The title has their number and the mistake; one is whole, the others are ids."""
    results = [result(f"case-{number}", "code / mistake", "Query") for number in range(88)]
    [text] = render([*results, passed("b", "Smoke")], FLAGS)
    lines = text.splitlines()
    assert lines[0] == "FAIL  mine  88 vectors: mistake"
    assert lines[1] == "      such as case-0"
    assert lines[-1] == "      again   nox -R -s conformance -- -k mine/case-0"
    assert text.count("a reason") == 1
    listed = text[text.index("others") :].count("case-") - 1
    more = int(text[text.index("and ") :].split()[1])
    assert listed + more == 87
    assert len(lines) < 30


def test_the_flag_whose_vectors_fail_is_named() -> None:
    """The flag has the largest share of failures; if the whole rule fails, that is said first."""
    query = [result("q1", "x", "Query", "Smoke"), result("q2", "x", "Query"), passed("s", "Smoke")]
    assert "Query: " in render(query, FLAGS)[0]
    rule = [result("q1", "x", "Query"), result("s1", "x", "Smoke"), result("s2", "x", "Smoke")]
    assert "Smoke: " in render(rule, FLAGS)[0]


def test_causes_are_sorted_and_limited() -> None:
    """The most frequent cause comes first; rare causes are one line, and more are counted."""
    results = [result(f"{cause}-{n}", f"cause-{cause}") for cause in range(60) for n in range(1 + cause % 3)]
    texts = render(results, {})
    assert "3 vectors: cause-2" in texts[0]
    assert sum(text.count("\n") > 1 for text in texts) == 10
    assert texts[-1] == "FAIL  mine  and 30 more causes: --report DIR writes all of them"
    assert len(texts) == 31


def test_programs_do_not_share_causes() -> None:
    """Each program, and each kind of case of it, has its own message."""
    mine, other = result("a", "x"), result("a", "x", implementation="other")
    client = result("t", "x", kind="target", groups=("accepted",))
    assert len(causes([mine, other, client])) == 3


def test_a_program_that_answers_nothing_is_one_message() -> None:
    """Its own failure is shown, without ids and without a flag."""
    results = [result(f"c{n}", "crash", "Smoke", output=None) for n in range(5)]
    detail = failure("mine  crash", [labelled("stderr", "no such module"), labelled("again", "nox")])
    whole = result("protocol", "crash", "signer", kind="protocol", output=None, detail=detail)
    [text] = render([*results, whole], FLAGS)
    assert text.splitlines() == [
        "FAIL  mine  5 vectors: crash",
        "      stderr  no such module",
        "      again   nox",
    ]


def test_a_failure_of_the_protocol_alone() -> None:
    """It is shown as it is."""
    detail = failure("mine  chatter", [labelled("why", "a line"), labelled("again", "nox")])
    whole = result("protocol", "chatter", "signer", kind="protocol", detail=detail)
    assert render([whole, passed("a")], FLAGS) == [detail]


def test_a_state_has_words_of_its_own() -> None:
    """The flags of a vector do not describe a program that mixes questions."""
    [text] = render([result("a", "earlier answer", "Query", needs_order=True)], FLAGS)
    assert "bug     an answer is kept, or mixed with that to another question" in text
    assert "Query:" not in text


def test_a_long_failure_is_cut() -> None:
    """A failure of hundreds of lines shows the first ones and its command."""
    detail = failure("mine  a  x", [*(f"line {n}" for n in range(500)), labelled("again", "nox")])
    [text] = render([result("a", "x", detail=detail)], {})
    assert len(text.splitlines()) < 40
    assert "... and 470 more lines" in text
    assert text.endswith("again   nox")


def test_cases_that_did_not_run_have_a_reason() -> None:
    """One line for each reason, with the number of vectors and one id."""
    cannot = [result(f"n{n}", "", outcome="cannot", detail='"NUL"') for n in range(3)]
    missing = result("a", "", outcome="not run", detail="no jq on PATH", implementation="shell")
    assert notes([*cannot, missing, passed("b")]) == [
        'cannot: "NUL" (mine: 3 vectors, such as n0)',
        "not run: no jq on PATH (shell: 1 vector, a)",
    ]
    assert notes([result(f"n{n}", "", outcome="cannot", detail=str(n)) for n in range(20)])[-1] == (
        "... and 8 more reasons"
    )
