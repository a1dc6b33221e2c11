"""Answers: which fields count, which are ignored, and which violate the protocol."""

from __future__ import annotations

import pytest

from tests.conformance.programs.answers import quoted, read_answer

LOADED = {"base_url": "u", "access_key": "a", "secret_key": "s"}


@pytest.mark.parametrize(
    ("ask", "message", "fields"),
    [
        ("sign", {"signature": "s"}, {"signature": "s"}),
        (
            "sign",
            {"signature": "s", "authorization": "a"},
            {"signature": "s", "authorization": "a"},
        ),
        # Null and other fields, in whatever type, are ignored.
        ("sign", {"signature": "s", "authorization": None, "refused": None}, {"signature": "s"}),
        ("sign", {"signature": "s", "target": "t", "took": 1.5, "": {}}, {"signature": "s"}),
        ("sign", {"signature": ""}, {"signature": ""}),
        ("target", {"target": "/a", "signature": "s"}, {"target": "/a"}),
        ("settings", {**LOADED, "names": [1]}, LOADED),
    ],
)
def test_complete_answers(ask: str, message: dict[str, object], fields: dict[str, str]) -> None:
    """The fields that the question asks for are kept."""
    answer = read_answer({"id": "x", **message}, 0.0, ask)
    assert answer.failure is None
    assert answer.fields == fields


@pytest.mark.parametrize(
    ("ask", "message", "names"),
    [
        ("sign", {"refused": "no", "authorization": 5, "names": 5}, None),
        ("settings", {"refused": "no"}, None),
        ("settings", {"refused": "no", "names": None}, None),
        ("settings", {"refused": "no", "names": ["A"], "base_url": None}, ("A",)),
    ],
)
def test_refusals(ask: str, message: dict[str, object], names: tuple[str, ...] | None) -> None:
    """The reason is kept, and for settings the names."""
    answer = read_answer(message, 0.0, ask)
    assert (answer.failure, answer.refused, answer.names) == (None, "no", names)


def test_cannot() -> None:
    """The reason is kept."""
    answer = read_answer({"cannot": "NUL", "signature": None}, 0.0)
    assert (answer.failure, answer.cannot, answer.fields) == (None, "NUL", {})


@pytest.mark.parametrize(
    ("ask", "message", "said"),
    [
        ("sign", {}, "needs exactly one of signature, refused, cannot; has none"),
        ("sign", {"signature": None}, "has none"),
        ("sign", {"target": "/"}, "has none"),
        ("sign", {"signature": "s", "refused": "r"}, "has signature and refused"),
        ("sign", {"cannot": "c", "refused": "r"}, "has refused and cannot"),
        ("sign", {"signature": 5}, "signature is not a string"),
        ("sign", {"signature": "s", "authorization": ["a"]}, "authorization is not a string"),
        ("sign", {"refused": True}, "refused is not a string"),
        ("target", {"signature": "s"}, "needs exactly one of target, refused, cannot; has none"),
        ("target", {"target": 1.0}, "target is not a string"),
        ("settings", {"base_url": "u"}, "has no access_key and no secret_key"),
        ("settings", {**LOADED, "secret_key": 5}, "secret_key is not a string"),
        ("settings", {**LOADED, "refused": "r"}, "has base_url and refused"),
        ("settings", {"refused": "r", "names": "A"}, "names is not a list of strings"),
        ("settings", {"refused": "r", "names": [1]}, "names is not a list of strings"),
    ],
)
def test_answers_of_the_wrong_shape(ask: str, message: dict[str, object], said: str) -> None:
    """The answer is a failure that names the field."""
    answer = read_answer(message, 0.0, ask)
    assert answer.failure is not None
    assert answer.failure.cause == "wrong-shape"
    assert said in answer.failure.detail
    assert (answer.fields, answer.refused, answer.cannot) == ({}, None, None)


def test_a_quoted_line_is_printable_and_short() -> None:
    """Every character of a program's line can be shown on a terminal."""
    assert quoted(b"\x1b[2J\x7f\xff\xe2\x80\xae") == r'"\u001b[2J\u007f\\xff\u202e"'
    assert quoted(b"x" * 10_000_000).endswith('x" and 9999880 more bytes')
