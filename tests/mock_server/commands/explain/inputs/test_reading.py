"""How the format of the input is recognised, and that no input gives a traceback."""

from __future__ import annotations

import json
import time
from itertools import chain
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.commands.explain.inputs import reading
from mock_server.commands.explain.inputs.found import FoundRequest, UnreadableError
from mock_server.commands.explain.judge import judge
from mock_server.commands.explain.report import Report
from mock_server.visible import Mask

if TYPE_CHECKING:
    from collections.abc import Sequence

RAW = "GET /v2/clouds HTTP/1.1\r\nAuthorization: Bearer A:c2ln\r\nCouchbase-Timestamp: 1\r\n\r\n"
CURL = "curl -H 'Authorization: Bearer A:c2ln' -H 'Couchbase-Timestamp: 1' https://h.example/v2/clouds"
VERBOSE = "".join(f"> {line}\r\n" for line in RAW.splitlines())
HAR = json.dumps(
    {
        "log": {
            "entries": [
                {
                    "request": {
                        "method": "GET",
                        "url": "https://h.example/v2/clouds",
                        "headers": [{"name": "Authorization", "value": "Bearer A:c2ln"}],
                    }
                }
            ]
        }
    }
)
SHORT = 10_000  # bytes of input whose requests are judged too
FORMATS = {"curl command": CURL, "curl -v": VERBOSE, "raw": RAW, "HAR": HAR}


@pytest.mark.parametrize("text", FORMATS.values(), ids=FORMATS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_format_is_recognised(text: str, encoding: str) -> None:
    """Each format is read, with a byte order mark too: PowerShell writes UTF-16."""
    ((found,), unsigned) = reading.read(text.encode(encoding))
    assert (found.request.method, found.request.target) == ("GET", "/v2/clouds")
    assert found.request.header("Authorization") == "Bearer A:c2ln"
    assert not unsigned


def test_output_of_curl_comes_before_the_command() -> None:
    """A copied terminal has both. The output has no variables in it."""
    ((found,), _) = reading.read(f'$ curl -v "$URL"\n{VERBOSE}'.encode())
    assert found.request.target == "/v2/clouds"


@pytest.mark.parametrize("data", [b"", b" \r\n\t", b"\xef\xbb\xbf", b"\xff\xfe"])
def test_empty_input(data: bytes) -> None:
    """The message says what to give."""
    with pytest.raises(UnreadableError, match="the input is empty: give a curl command line"):
        reading.read(data)


def test_unknown_input() -> None:
    """The message repeats nothing of the input."""
    with pytest.raises(UnreadableError, match="is not a request") as raised:
        reading.read(b"hello secret")
    assert "secret" not in str(raised.value)


def attempt(data: bytes) -> None:
    """Read and judge any bytes: the result is a printable report, or an error of one printable line."""
    message = ""
    found: Sequence[FoundRequest] = ()
    unsigned: Sequence[FoundRequest] = ()
    try:
        found, unsigned = reading.read(data)
    except UnreadableError as error:
        message = str(error)
    assert bool(message) != bool(found)
    assert message.isascii()
    assert not message or message.isprintable()
    if found:
        for each in (*found, *unsigned):
            assert isinstance(each, FoundRequest)
            for text in (
                each.request.method,
                each.request.target,
                *chain.from_iterable(each.request.headers),
            ):
                text.encode("latin-1")

    if found and len(data) < SHORT:
        report = Report(Mask("s3cret"), 1_700_000_000_000, 80)
        text = report.text([judge(each, "s3cret") for each in found], unsigned, [])
        assert text.replace("\n", "").replace("\t", "").isprintable()


@given(st.binary(max_size=300))
def test_random_bytes(data: bytes) -> None:
    """Any bytes."""
    attempt(data)


@given(
    st.sampled_from(
        ["curl ", "> GET ", "GET /", '{"log": {"entries": [{"request": {', "curl ^\n", "\xff\xfe"]
    ),
    st.text(max_size=200),
)
def test_random_text_after_a_good_start(start: str, text: str) -> None:
    """Any text behind the beginning of a format."""
    attempt((start + text).encode("utf-8", "surrogatepass"))


@given(st.sampled_from(list(FORMATS.values())), st.data())
def test_damaged_input(text: str, data: st.DataObject) -> None:
    """A part of a good input is replaced by other bytes."""
    raw = text.encode()
    start = data.draw(st.integers(0, len(raw)))
    end = data.draw(st.integers(start, min(len(raw), start + 20)))
    attempt(raw[:start] + data.draw(st.binary(max_size=20)) + raw[end:])


WORDS = st.sampled_from(
    [
        *(
            "curl",
            "-H",
            "-d",
            "-X",
            "-G",
            "-I",
            "--url",
            "--json",
            "-u",
            "-sS",
            "--",
            "-",
            "https://h/",
            "h/a?b#c",
        ),
        *(
            "'a b'",
            '"$X"',
            "$'\\n'",
            "\\\n",
            "^\n",
            '^"',
            "`x`",
            "|",
            "&",
            ";",
            ">",
            "2>&1",
            "#",
            "@f",
            "A:",
            "A;",
        ),
        *(
            "Authorization: Bearer A:b",
            "{a,b}",
            "[1-2]",
            "%41%",
            "/../",
            "\x00",
            "\u202e",
            "é",
            "$(",
            "(",
            ")",
        ),
    ]
)


@given(st.lists(WORDS, max_size=12), st.sampled_from([" ", "\n", ""]))
def test_random_command_lines(words: list[str], separator: str) -> None:
    """Any sequence of options and of what shells treat in their own way."""
    attempt(("curl " + separator.join(words)).encode())


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["log", "entries", "request", "headers", "name", "value", "url"]), inner
        )
    ),
    max_leaves=12,
)


@given(JSON)
def test_random_json(value: object) -> None:
    """Any JSON where a HAR file is expected, and where an entry is expected."""
    attempt(json.dumps(value).encode())
    attempt(json.dumps({"log": {"entries": [value, {"request": value}]}}).encode())


MEGABYTES = 10 << 20


@pytest.mark.parametrize(
    "data",
    [
        b"\0" * MEGABYTES,
        b"> " * (MEGABYTES // 2),
        b"> GET / HTTP/1.1\n" + b"> A: b\n" * (MEGABYTES // 7),
        b"> GET / HTTP/1.1\n>\n" * (MEGABYTES // 90),
        b"GET /" + b"a" * MEGABYTES + b" HTTP/1.1\n\n",
        b"GET / HTTP/1.1\n" + b"A: b\n" * (MEGABYTES // 5),
        b"GET / HTTP/1.1\nAuthorization: a\n" + b"b\n" * (MEGABYTES // 20),
        b"curl " + b"a" * MEGABYTES,
        b"curl " + b"$(" * (1 << 19),
        b"curl " + b"' '" * (1 << 19),
        b"curl " + b"-s " * (1 << 16),
        b"X=1 " * (1 << 19),
        b" " * MEGABYTES,
        b"{" * MEGABYTES,
        b'{"log": {"entries": [' + b"1" * MEGABYTES + b"]}}",
        b"\xff\xfe" + b"\0" * MEGABYTES,
        b"\n" * MEGABYTES,
        b"0" * MEGABYTES,
        b"\r" * MEGABYTES,
        (b"a" * 300 + b"> GET\n") * (MEGABYTES // 306),
    ],
    ids=range(20),
)
def test_huge_input(data: bytes) -> None:
    """10 MB of anything are read in seconds."""
    started = time.process_time()
    attempt(data)
    assert time.process_time() - started < 10
