"""Parsing of JSON and YAML from outside."""

from __future__ import annotations

import contextlib
import json
import time
from typing import TYPE_CHECKING

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from mock_server import documents
from mock_server.documents import DocumentError, parse_json, parse_json_or_yaml

if TYPE_CHECKING:
    from collections.abc import Callable

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(10**18), 10**18)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]))
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", max_size=3), inner, max_size=3)
    ),
    max_leaves=10,
)


@pytest.fixture(params=[documents.SAFE_LOADER, yaml.SafeLoader], ids=["libyaml", "python"], autouse=True)
def _loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run each test with both parsers of YAML: PyYAML may be built without libyaml."""
    monkeypatch.setattr(documents, "SAFE_LOADER", request.param)


@pytest.mark.parametrize("parse", [parse_json, parse_json_or_yaml])
@given(value=st.lists(VALUES) | st.dictionaries(st.text("abc"), VALUES))
def test_json_gives_its_value(parse: Callable[[bytes], object], value: object) -> None:
    """Both functions read JSON, whose numbers are integers if their fraction is zero."""
    assert parse(json.dumps(value).encode()) == value
    assert parse(json.dumps(value, ensure_ascii=False).encode()) == value


@given(value=st.dictionaries(st.text("abc", min_size=1), VALUES))
def test_yaml_gives_the_value_that_was_written(value: object) -> None:
    """Block style and flow style, with the quotes that PyYAML needs."""
    for flow in (True, False):
        text = yaml.safe_dump(value, default_flow_style=flow)
        if "!!float" not in text:  # how PyYAML writes 1e+16, which YAML 1.1 reads as a text
            assert parse_json_or_yaml(text.encode()) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("on", "on"),
        ("2024-01-31", "2024-01-31"),
        ("2024-01-31T00:00:00Z", "2024-01-31T00:00:00Z"),
        ("0123", "0123"),
        ("0x1f", "0x1f"),
        ("1_000", "1_000"),
        ("12:30", "12:30"),
        ("6.6.0", "6.6.0"),
        ("+1", "+1"),
        (".5", ".5"),
        ("<<", "<<"),
        ("NaN", "NaN"),
        ("Infinity", "Infinity"),
        ("=", "="),
        ("true", True),
        ("False", False),
        ("~", None),
        ("", None),
        ("null", None),
        ("-7", -7),
        ("3.0", 3),
        ("2.5", 2.5),
        ("1e3", "1e3"),
        ("1.0e3", "1.0e3"),
        ("1.5e+3", 1500),
        ("'5'", "5"),
        ('"true"', "true"),
        ("|\n  a\n  b", "a\nb\n"),
        ("caf\u00e9", "caf\u00e9"),
    ],
)
def test_what_a_scalar_means(text: str, value: object) -> None:
    """Without quotes, only the words and numbers of JSON have another type than text."""
    parsed = parse_json_or_yaml(f"a: {text}\nb: 1\n".encode())
    assert parsed == {"a": value, "b": 1}
    assert isinstance(parsed, dict)
    assert type(parsed["a"]) is type(value)


def test_keys_are_texts() -> None:
    """A key that looks like a number or like nothing is still a text."""
    assert parse_json_or_yaml(b"1: a\nnull: b\n~: c\n'<<': d") == {"1": "a", "null": "b", "~": "c", "<<": "d"}


def test_a_byte_order_mark_is_accepted_in_a_file() -> None:
    """Editors on Windows write it. In the body of an API request it is not JSON."""
    assert parse_json_or_yaml(b"\xef\xbb\xbfa: 1") == {"a": 1}
    assert parse_json_or_yaml(b'\xef\xbb\xbf{"a": 1}') == {"a": 1}
    with pytest.raises(DocumentError, match="is not JSON"):
        parse_json(b'\xef\xbb\xbf{"a": 1}')


BAD: list[tuple[bytes, str]] = [
    (b"", "is empty"),
    (b" \n\t", "is empty"),
    (b"# a comment\n", "is empty"),
    (b"\xff", "is not UTF-8"),
    ("a: 1".encode("utf-16"), "is not UTF-8"),
    (b"a: \xed\xa0\x80", "is not UTF-8"),
    (b"a\0b: 1", "is not YAML: it contains a control character"),
    (b"a: b: c", "is not YAML: mapping values are not allowed"),
    (b"a: 1\n\tb: 1", "is not YAML: "),
    (b"a: [1", "is not YAML: "),
    (b"a: &x 1", "contains an anchor or an alias at line 1, column 4: write the value itself"),
    (b"&x a: 1", "contains an anchor or an alias at line 1, column 1"),
    (b"&x [1]", "contains an anchor or an alias at line 1, column 1"),
    (b"a: *x", "contains an anchor or an alias at line 1, column 4"),
    (b"*x : 1", "contains an anchor or an alias"),
    (b"b: 1\na: {<<: {c: 1}}", "contains the merge key << at line 2, column 5: write the keys themselves"),
    (b"a: 1\nb: 2\na: 1", "contains the key 'a' twice at line 3, column 1"),
    (b"a: 1\n'a': 1", "contains the key 'a' twice at line 2, column 1"),
    (b"[{a: 1, a: 2}]", "contains the key 'a' twice at line 1, column 9"),
    (b'{"a": 1, "a": 1}', "contains an object with the same name twice"),
    (b"? [a]\n: 1", "contains a key that is not a text at line 1, column 3"),
    (b"? {a: 1}\n: 2", "contains a key that is not a text"),
    (b"a: !!str 1", "contains a tag at line 1, column 4: write the value without it"),
    (b"a: ! 1", "contains a tag at line 1, column 4"),
    (b"a: !!python/object/apply:os.system ['true']", "contains a tag at line 1, column 4"),
    (b"!x {a: 1}", "contains a tag"),
    (b"a: 1\n---\nb: 1", "contains a second document at line 2, column 1"),
    (b"a: .nan", "contains .nan, which is no number, at line 1, column 4"),
    (b"a: -.inf", "contains -.inf, which is no number, at line 1, column 4"),
    (b'{"a": NaN}', "contains NaN or Infinity"),
    (b'{"a": 1e999}', "contains a number that is too large"),
    (b"a: 1.0e+999", "contains a number that is too large at line 1, column 4"),
    (b"a: " + b"9" * 101, "contains a number that is too long at line 1, column 4"),
    (b'{"a": "\\ud800"}', "contains half of a surrogate pair"),
    (b"{'a': 1", "is not JSON: Expecting property name"),
    (b'{"a": 1} x', "is not JSON: Extra data at line 1, column 10"),
    (b"- " * 3000 + b"a", "is nested too deeply"),
    (b"[" * 3000 + b"]" * 3000, "is nested too deeply"),
    (b"[" * 100_000, "is nested too deeply"),
    (b'{"a":' * 3000 + b"1" + b"}" * 3000, "is nested too deeply"),
    (b"{a: " * 3000 + b"1" + b"}" * 3000, "is nested too deeply"),
    (b"? " * 3000, "contains a key that is not a text at line 1, column 3"),
]


@pytest.mark.parametrize(("data", "message"), BAD, ids=[repr(data[:30]) for data, _ in BAD])
def test_a_malformed_document_is_refused_at_once(data: bytes, message: str) -> None:
    """The message is one line that says what is wrong, and where it is known."""
    started = time.monotonic()
    with pytest.raises(DocumentError) as caught:
        parse_json_or_yaml(data)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(("start", "end"), [("[", "]"), ('{"a": ', "}"), ("[{a: ", "}]")])
def test_a_document_has_at_most_250_levels(start: str, end: str) -> None:
    """The same limit for JSON and YAML, with every version of Python."""
    levels = 250 // start.replace("{", "[").count("[")
    assert parse_json_or_yaml(f"{start * levels}1{end * levels}".encode())
    with pytest.raises(DocumentError, match="is nested too deeply"):
        parse_json_or_yaml(f"{start * (levels + 1)}1{end * (levels + 1)}".encode())


def test_a_wide_document_is_not_deep() -> None:
    """The number of brackets alone says nothing."""
    assert parse_json(b"[" + b"[],{}," * 1000 + b"[]]") == [[], {}] * 1000 + [[]]


def test_aliases_cannot_multiply_a_document() -> None:
    """A few lines would become 10**9 values."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [" + ", ".join([f"*a{n - 1}"] * 10) + "]" for n in range(1, 9)]
    with pytest.raises(DocumentError, match="contains an anchor or an alias at line 1, column 5"):
        parse_json_or_yaml("\n".join(lines).encode())


@given(data=st.binary() | st.text("{}[]:,-&*!|>'\"%@`#?~ \n\tab1<=").map(str.encode))
def test_any_bytes_are_a_value_or_an_error(data: bytes) -> None:
    """No other exception leaves the parser, and each value is one of JSON."""
    with contextlib.suppress(DocumentError):
        value = parse_json_or_yaml(data)
        assert json.loads(json.dumps(value, allow_nan=False)) == value
