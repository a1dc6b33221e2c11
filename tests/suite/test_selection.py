"""The options of the suite: signers, known failures, flags and codes. Each error is one line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.conformance.programs.implementations import BUILT_IN, Implementation, implementations, in_ci
from tests.conformance.selection import check_patterns, selection
from tests.conformance.signatures.known_failures import known_failures
from tests.conformance.vectors.suite import load_suite

if TYPE_CHECKING:
    from pathlib import Path

SUITE = load_suite()
NAMES = ("rust", "go")
IDS = ("one-id", "another")


def test_built_in_signers() -> None:
    """Without an option, the suite runs the signers of the two clients and the signers to copy."""
    copied = ["node", "typescript", "perl", "ruby", "php", "rust", "java", "shell"]
    assert list(implementations([])) == ["python", "go", *copied]


def test_a_command_is_split_as_a_shell_would() -> None:
    """Quotes group words, and further equals signs belong to the command."""
    signer = implementations(["zig=my signer --key='a b' x=y"])["zig"]
    assert signer.command == ("my", "signer", "--key=a b", "x=y")
    assert signer.runtime == ()
    assert not signer.is_built_in


@pytest.mark.parametrize("name", [signer.name for signer in BUILT_IN if signer.role == "signer"])
def test_the_name_of_a_built_in_signer(name: str) -> None:
    """An option cannot replace a built-in signer: the results would be those of another program."""
    said = f"--signer '{name}=java x': the name {name} belongs to a built-in signer"
    with pytest.raises(ValueError, match=f"^{re.escape(said)}$"):
        implementations([f"{name}=java x"])


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["zig"], "--signer 'zig': write NAME=COMMAND"),
        (["=zig run"], "write NAME=COMMAND"),
        (["a b=zig run"], "NAME of letters, digits and _ . + -"),
        (["zig="], "the command is empty"),
        (["zig=  "], "the command is empty"),
        (["zig=zig 'run"], "the command cannot be split: No closing quotation"),
        (["zig=a", "zig=b"], "the name zig is given twice"),
    ],
)
def test_a_signer_that_cannot_be_read(options: list[str], said: str) -> None:
    """The error is one line with the option."""
    with pytest.raises(ValueError, match=re.escape(said)) as caught:
        implementations(options)
    assert "\n" not in str(caught.value)


def test_a_missing_runtime(monkeypatch: pytest.MonkeyPatch) -> None:
    """The programs that are not on PATH are named."""
    signer = Implementation("shell", ("sh",), runtime=("no-jq-here", "no-openssl-here"))
    assert signer.missing() == "no no-jq-here and no no-openssl-here on PATH"
    monkeypatch.setenv("PATH", "/nowhere")
    others = [each.name for each in BUILT_IN if each.name not in {"python", "go"}]
    assert [each.name for each in BUILT_IN if each.missing()] == others


@pytest.mark.parametrize(
    ("value", "expected"), [("true", True), ("1", True), ("", False), ("false", False), ("0", False)]
)
def test_ci_is_known_by_its_variable(monkeypatch: pytest.MonkeyPatch, value: str, *, expected: bool) -> None:
    """CI services set CI=true."""
    monkeypatch.setenv("CI", value)
    assert in_ci() is expected


def test_known_failures_are_read(tmp_path: Path) -> None:
    """Name, id and reason, separated by spaces or commas; comments and empty lines are ignored."""
    file = tmp_path / "known"
    file.write_text("# ours\n\nrust one-id  the hash is wrong, see there\ngo, another, no NUL\n")
    assert known_failures(file, NAMES, IDS) == {
        ("rust", "one-id"): "the hash is wrong, see there",
        ("go", "another"): "no NUL",
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("rust one-id", "line 1: 'rust one-id': write the signer's name, the vector's id and the reason"),
        ("\nrust", "line 2"),
        ("rest one-id why", "there is no signer 'rest'; the signers are rust, go"),
        ("rust one-it why", "there is no signature vector 'one-it'"),
        ("rust one-id why\nrust one-id why not", "line 2: rust one-id is listed twice"),
    ],
)
def test_an_invalid_list_of_known_failures(tmp_path: Path, text: str, said: str) -> None:
    """A name or an id that does not exist is an error: the line would never be removed."""
    file = tmp_path / "known"
    file.write_text(text)
    with pytest.raises(ValueError, match=re.escape(said)):
        known_failures(file, NAMES, IDS)


def test_a_list_that_cannot_be_read(tmp_path: Path) -> None:
    """The file is missing, or it is not UTF-8."""
    with pytest.raises(ValueError, match="cannot be read"):
        known_failures(tmp_path / "nothing", NAMES, IDS)
    (tmp_path / "bytes").write_bytes(b"\xff")
    with pytest.raises(ValueError, match="cannot be read"):
        known_failures(tmp_path / "bytes", NAMES, IDS)


def test_flags_and_codes_choose_vectors() -> None:
    """A vector with any of them is selected: by flag for signers, by code or mistake for servers."""
    chosen = selection(SUITE, ["Query"], ["timestamp_unit", "signature_hex", "input_invalid"])
    signatures = [vector for vector in SUITE.signatures if chosen.selects("mine", vector)]
    assert {vector.id for vector in signatures} == {
        vector.id for vector in SUITE.signatures if "Query" in vector.flags or vector.refuse
    }
    refusals = {
        (each.expected.code, each.expected.mistake)
        for each in SUITE.refusals.vectors
        if chosen.selects("mock", each)
    }
    assert refusals == {("timestamp_unit", "timestamp_unit"), ("signature_encoding", "signature_hex")}


def test_without_flags_and_codes_all_are_chosen() -> None:
    """Without options, every vector is selected."""
    chosen = selection(SUITE, [], [])
    assert not chosen
    assert all(chosen.selects("mine", vector) for vector in SUITE.vectors)


def test_flags_and_codes_that_no_vector_has() -> None:
    """The error names the most similar ones, or all if none is similar."""
    with pytest.raises(ValueError, match="--flag 'Qery': no vector has it; try Query"):
        selection(SUITE, ["Qery"], [])
    with pytest.raises(ValueError, match=r"--code 'signature_mismach'.*signature_mismatch"):
        selection(SUITE, [], ["signature_mismach"])
    with pytest.raises(ValueError, match=r"--flag 'zzz'.*AccessKey, Method"):
        selection(SUITE, ["zzz"], [])


@pytest.mark.parametrize(
    ("keywords", "expected"),
    [
        ("get-query", {"mine/get-query", "other/get-query"}),
        ("mine/get-query", {"mine/get-query"}),
        ("mine", {"mine/get-query", "mine/get-clouds"}),
        ("get-*", {"mine/get-query", "mine/get-clouds", "other/get-query", "other/get-clouds"}),
        ("*/get-[q]uery", {"mine/get-query", "other/get-query"}),
        ("mine/get-query,other/get-clouds", {"mine/get-query", "other/get-clouds"}),
        ("other/get-query  mine/get-query", {"mine/get-query", "other/get-query"}),
        ("get", set()),
        ("c", set()),
        ("GET-query", set()),
    ],
)
def test_patterns_are_exact_ids_or_globs(keywords: str, expected: set[str]) -> None:
    """A pattern is an id, an implementation, both with a slash, or a glob; part of an id selects nothing."""
    chosen = selection(SUITE, [], [], keywords)
    names = [(program, id_) for program in ("mine", "other") for id_ in ("get-query", "get-clouds")]
    assert {f"{program}/{id_}" for program, id_ in names if chosen.matches(program, id_)} == expected


def test_a_pattern_that_selects_nothing() -> None:
    """The error has the nearest ids, or the option that lists all."""
    names = [("mine", "get-query"), ("mine", "get-clouds")]
    with pytest.raises(ValueError, match=r"^-k 'mine/get-qury': nothing has this id; try get-query"):
        check_patterns(selection(SUITE, [], [], "get-clouds mine/get-qury"), names)
    with pytest.raises(ValueError, match=r"^-k 'c': nothing has this id; --list prints all ids$"):
        check_patterns(selection(SUITE, [], [], "c"), names)
    check_patterns(selection(SUITE, [], [], "mine get-*"), names)


def test_the_options_of_a_selection_select_it_again() -> None:
    """They are what a user types."""
    assert selection(SUITE, ["Query"], ["timestamp_unit"], "a, b").options == (
        "--flag=Query",
        "--code=timestamp_unit",
        "-k",
        "a b",
    )


def test_clients_are_named_like_signers() -> None:
    """The built-in clients are those of the examples; an option names its role in an error."""
    assert list(implementations([], "client")) == ["python", "go"]
    assert implementations(["python2=x"], "client")["python2"].role == "client"
    with pytest.raises(ValueError, match=r"^--client 'go=x': the name go belongs to a built-in client$"):
        implementations(["go=x"], "client")
    with pytest.raises(ValueError, match=r"^--client 'x': write NAME=COMMAND"):
        implementations(["x"], "client")
