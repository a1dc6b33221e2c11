"""The syntax of faults: both forms, and the errors for invalid faults."""

from __future__ import annotations

import contextlib
import dataclasses
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.faults.grammar import Fault, FaultError

BOTH_FORMS: list[tuple[str, dict[str, Any]]] = [
    (
        "GET /v2/projects* status=503 first=2",
        {"method": "GET", "path": "/v2/projects*", "status": 503, "first": 2},
    ),
    (
        "* * status=429 header=Retry-After:0 header=X-Y:z nth=3",
        {
            "method": "*",
            "path": "*",
            "status": 429,
            "headers": {"Retry-After": "0", "X-Y": "z"},
            "nth": 3,
        },
    ),
    (
        "POST /v2/x connection=reset every=2 when=after",
        {"method": "POST", "path": "/v2/x", "connection": "reset", "every": 2, "when": "after"},
    ),
    (
        "PUT /a?b=* latency=250 rate=0.3 seed=7",
        {"method": "PUT", "path": "/a?b=*", "latency": 250, "rate": 0.3, "seed": 7},
    ),
    (
        "GET /v2/clouds body=html date_offset=-3600000",
        {"method": "GET", "path": "/v2/clouds", "body": "html", "date_offset": -3_600_000},
    ),
    (
        "GET /x 'header=Content-Type: text/plain; charset=x'",
        {"method": "GET", "path": "/x", "headers": {"Content-Type": "text/plain; charset=x"}},
    ),
    (
        "PUT /v3/clusters/* first=1 status=422 errorType=ErrClusterStateNotNormal 'message=Please: a=b'",
        {
            "method": "PUT",
            "path": "/v3/clusters/*",
            "first": 1,
            "status": 422,
            "errorType": "ErrClusterStateNotNormal",
            "message": "Please: a=b",
        },
    ),
    (
        "GET /x status=500 errorType= message=\u00e9\u4e2d body=malformed",
        {
            "method": "GET",
            "path": "/x",
            "status": 500,
            "errorType": "",
            "message": "\u00e9\u4e2d",
            "body": "malformed",
        },
    ),
]


@pytest.mark.parametrize(("spec", "value"), BOTH_FORMS, ids=[spec for spec, _ in BOTH_FORMS])
def test_both_forms_are_equivalent(spec: str, value: dict[str, Any]) -> None:
    """The words and the JSON give the same fault, and the fault gives both back."""
    fault = Fault.from_spec(spec)
    assert fault == Fault.from_json(value)
    assert fault.as_json() == value
    assert Fault.from_spec(str(fault)) == fault


@pytest.mark.parametrize(
    ("spec", "named"),
    [
        ("", "METHOD PATH"),
        ("GET", "METHOD PATH"),
        ("GET '/x status=503", "METHOD PATH"),
        ("get /x status=503", "method: 'get'"),
        ("GET x status=503", "path: 'x'"),
        ("GET /x", "the fault has no effect"),
        ("GET /x first=1", "the fault has no effect"),
        ("GET /x reset", "reset: this is not NAME=VALUE"),
        ("GET /x statsu=503", "'statsu' is unknown"),
        ("GET /x status=abc", "status: 'abc'"),
        ("GET /x status=199", "status: 199"),
        ("GET /x status=600", "status: 600"),
        ("GET /x status=503.0", "status: 503.0"),
        ("GET /x status=true", "status: True"),
        ("GET /x status=503 status=504", "status: given twice"),
        ("GET /x status=503 method=PUT", "method: given twice"),
        ("GET /x status=503 path=/y", "path: given twice"),
        ("GET /x headers=A:b", "headers: write header=NAME:VALUE for each header"),
        ("GET1 /x status=503", "method: 'GET1'"),
        ("'' /x status=503", "method: ''"),
        ("GET '' status=503", "path: ''"),
        ("GET '/a b' status=503", "path: '/a b'"),
        ("GET /\u00e9 status=503", "path: '/\u00e9'"),
        ("GET /x status=503 nth=0", "nth: 0"),
        ("GET /x status=503 every=0", "every: 0"),
        ("GET /x status=503 rate=-0.1", "rate: -0.1"),
        ("GET /x status=503 rate=1 seed=-1", "seed: -1"),
        ("GET /x header=:b", "headers: "),
        ("GET /x status=503 first=0", "first: 0"),
        ("GET /x status=503 first=1 nth=2", "first and nth exclude each other"),
        ("GET /x status=503 rate=1.5", "rate: 1.5"),
        ("GET /x status=503 rate=NaN", "rate: nan"),
        ("GET /x status=503 seed=1", "seed is used without rate"),
        ("GET /x status=503 when=never", "when: 'never'"),
        ("GET /x latency=-1", "latency: -1"),
        ("GET /x latency=3600001", "latency: 3600001"),
        ("GET /x body=pretty", "body: 'pretty'"),
        ("GET /x connection=slow", "connection: 'slow'"),
        ("GET /x status=503 when=true", "when: 'true'"),
        ("GET /x status=503 connection=null", "connection: 'null'"),
        ("GET /x status=503 body=null", "body: 'null'"),
        ("GET /x connection=drop status=503", "connection: a drop sends no response"),
        ("GET /x header=A", "header=A: write header=NAME:VALUE"),
        ("GET /x header=A:1 header=A:2", "header=A:2: write header=NAME:VALUE"),
        ("GET /x header=Date:x", "headers: "),
        ("GET /x header=Content-Length:5", "headers: "),
        ("GET /x 'header=A B:x'", "headers: "),
        ("GET /x 'header=A:\u00e9'", "headers: "),
        ("GET /x 'header=A:b\nC'", "headers: "),
        ("GET /x errorType=X", "the fault has no effect"),
        ("GET /x latency=1 errorType=X", "errorType is used without the status of an error: add status=N"),
        ("GET /x status=399 message=X", "message is used without the status of an error: add status=N"),
        ("GET /x status=422 body=html message=X", "message is used with body=html, which replaces it"),
        ("GET /x connection=drop status=422 errorType=X", "connection: a drop sends no response"),
        ("GET /x status=422 errorType=X errorType=Y", "errorType: given twice"),
        ("GET /x status=422 error_type=X", "'error_type' is unknown"),
        ("GET /x status=422 'message=a\nb'", r"message: 'a\nb' is not at most 1000 printable characters"),
        ("GET /x status=422 message=\u202eX", r"message: '\u202eX' is not"),
        ("GET /x status=422 message=\udcff", r"message: '\udcff' is not"),
        ("GET /x status=422 errorType=\x7f", r"errorType: '\x7f' is not at most 200 printable characters"),
    ],
)
def test_an_invalid_text_is_named(spec: str, named: str) -> None:
    """The message is one line that names the invalid part."""
    with pytest.raises(FaultError) as caught:
        Fault.from_spec(spec)
    assert named in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        "GET",
        {"status": None},
        {"status": "503"},
        {"status": 503, "first": True},
        {"status": 503, "method": None},
        {"status": 503, "path": 5},
        {"headers": {"A": 1}},
        {"headers": []},
        {"status": 503, "headers": None},
        {"status": 503, "when": None},
        {"status": 503, "rate": "x"},
        {"status": 503, "errorType": 5},
        {"status": 503, "message": ["x"]},
    ],
)
def test_json_of_the_wrong_type_is_refused(value: object) -> None:
    """Values are not converted."""
    with pytest.raises(FaultError):
        Fault.from_json(value)


KEYS = [each.metadata.get("key", each.name) for each in dataclasses.fields(Fault)]


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)


JSON_VALUES = (
    SCALARS | st.lists(SCALARS, max_size=2) | st.dictionaries(st.text(max_size=5), SCALARS, max_size=2)
)


@given(st.dictionaries(st.sampled_from(KEYS), JSON_VALUES))
def test_any_json_object_is_a_fault_or_an_error(value: dict[str, Any]) -> None:
    """A fault gives back its JSON and its text; everything else is a FaultError."""
    with contextlib.suppress(FaultError):
        fault = Fault.from_json(value)
        assert Fault.from_json(fault.as_json()) == fault
        assert Fault.from_spec(str(fault)) == fault


@pytest.mark.parametrize(
    "words",
    [
        "status=200",
        "status=599",
        "latency=1",
        "latency=3600000",
        "date_offset=-1",
        "status=503 first=1",
        "status=503 nth=1",
        "status=503 every=1",
        "status=503 rate=0",
        "status=503 rate=1",
        "status=503 rate=1 seed=0",
        "connection=reset latency=1",
        "header=A:",
        "'header=A: ~'",
        f"status=400 errorType={'x' * 200}",
        f"status=599 message={'x' * 1000}",
    ],
)
def test_values_at_their_limits_are_accepted(words: str) -> None:
    """The smallest and the largest value of each key."""
    assert Fault.from_spec(f"GET /x {words}").method == "GET"


@pytest.mark.parametrize(
    "words", ["latency=0", "date_offset=0", "latency=0 date_offset=0 first=1", "when=after"]
)
def test_a_fault_needs_an_effect(words: str) -> None:
    """A latency or an offset of zero is not an effect."""
    with pytest.raises(FaultError, match="the fault has no effect: add one of status, headers, latency"):
        Fault.from_spec(f"GET /x {words}")


@pytest.mark.parametrize("other", ["status=503", "header=A:b", "body=html", "date_offset=1"])
@pytest.mark.parametrize("kind", ["reset", "drop"])
def test_a_connection_that_ends_has_no_response_to_change(kind: str, other: str) -> None:
    """Each of the effects on a response excludes it."""
    with pytest.raises(FaultError, match=f"connection: a {kind} sends no response"):
        Fault.from_spec(f"GET /x connection={kind} {other}")


@pytest.mark.parametrize("pair", [("first", "nth"), ("first", "every"), ("nth", "rate"), ("every", "rate")])
def test_only_one_limit_is_allowed(pair: tuple[str, str]) -> None:
    """The message names both."""
    with pytest.raises(FaultError, match=f"{pair[0]} and {pair[1]} exclude each other"):
        Fault.from_json({"status": 503} | dict.fromkeys(pair, 1))


@pytest.mark.parametrize("name", ["Connection", "content-length", "DATE", "Transfer-Encoding", "A_B", ""])
def test_headers_of_the_connection_cannot_be_set(name: str) -> None:
    """Header names with characters other than letters, digits and hyphens cannot be set either."""
    with pytest.raises(FaultError, match="headers: "):
        Fault(headers={name: "x"})
    allowed = f"X{name}".replace("_", "-")
    assert Fault(headers={allowed: "x"}).headers == {allowed: "x"}


@pytest.mark.parametrize(("name", "longest"), [("errorType", 200), ("message", 1000)])
def test_a_text_of_the_envelope_is_limited(name: str, longest: int) -> None:
    """The journal shows the whole fault in each entry."""
    with pytest.raises(FaultError, match=f"{name}: .* is not at most {longest} printable characters"):
        Fault.from_json({"status": 422, name: "x" * (longest + 1)})


def test_a_long_value_is_shortened() -> None:
    """A message quotes at most 80 characters of a value."""
    with pytest.raises(FaultError) as caught:
        Fault.from_json({"status": "5" * 500})
    assert str(caught.value) == f"status: '{'5' * 79} is not an integer from 200 to 599"
    with pytest.raises(FaultError) as caught:
        Fault.from_json({"x" * 500: 1})
    assert str(caught.value).startswith(f"'{'x' * 79} is unknown: use method, path, ")


def test_defaults_are_left_out() -> None:
    """The JSON form and the text of a fault have only the keys that matter."""
    fault = Fault(status=503)
    assert fault.as_json() == {"method": "*", "path": "*", "status": 503}
    assert str(fault) == "* * status=503"
    assert Fault(status=503, when="after").as_json()["when"] == "after"


@pytest.mark.parametrize("text", ["it's", 'a "b"', "back\\slash", "#$&*;|<>`", " ", "'"])
def test_the_text_of_a_fault_is_quoted(text: str) -> None:
    """Every value that is allowed can be read back."""
    fault = Fault(path=f"/{text.replace(' ', '')}", headers={"A": text.strip()}, method="GET")
    assert Fault.from_spec(str(fault)) == fault


def test_spaces_around_a_header_value_are_removed() -> None:
    """HTTP ignores spaces around a header value too."""
    assert Fault.from_spec("GET /x 'header=A:  b c '").headers == {"A": "b c"}


def test_a_header_value_may_contain_a_colon() -> None:
    """The name ends at the first colon."""
    location = "https://example.com:8443/"
    assert Fault.from_spec(f"GET /x header=Location:{location}").headers == {"Location": location}
