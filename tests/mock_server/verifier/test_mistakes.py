"""The catalogue of mistakes: explained.yaml has what each mistake explains."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from mock_server.http import ReceivedRequest
from mock_server.verifier import Refused, verify
from mock_server.verifier.mistakes import ASPECTS, Aspect, Attempt, Mistake
from mock_server.verifier.mistakes.digest import HMAC, Digest
from mock_server.verifier.mistakes.endpoint import urls_without_query
from mock_server.verifier.mistakes.layouts import RIGHT, Frame
from mock_server.verifier.mistakes.timestamp import finer_readings, readings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

CASES: list[dict[str, Any]] = yaml.safe_load(
    Path(__file__).with_name("explained.yaml").read_text(encoding="utf-8")
)


def as_bytes(value: str | bytes) -> bytes:
    """A text of the file in UTF-8; bytes as they are."""
    return value.encode() if isinstance(value, str) else value


def attempt(request: dict[str, Any], *, thorough: bool) -> Attempt:
    """An attempt to sign with these fields, and with default values of the others."""
    fields: dict[str, Any] = {
        "method": "GET",
        "target": "/v2/clouds",
        "timestamp": "1700000000123",
        "access_key": "acc-key",
        "secret": "secret",
        "body": "",
        "host": "api.example.com:8080",
    } | request
    recent = tuple(map(as_bytes, fields.pop("recent", ())))
    values = {name: as_bytes(value) for name, value in fields.items()}
    return Attempt(**values, recent=recent, thorough=thorough)


def explained(aspect_name: str, sent: Attempt) -> dict[bytes, str]:
    """Every wrong value of an aspect, with its mistake. A frame is filled in, and a digest is made."""
    (aspect,) = (aspect for aspect in ASPECTS if aspect.name == aspect_name)
    rights: dict[str, Any] = {
        "endpoint": sent.target,
        "method": sent.method,
        "timestamp": sent.timestamp,
        "frame": RIGHT,
        "secret": sent.secret,
        "digest": HMAC,
    }
    names: dict[bytes, str] = {}
    for value, mistake in aspect.variants(sent, rights[aspect_name]).items():
        if isinstance(value, Frame):
            wrong = value.text(sent.method, sent.target, sent.timestamp)
        elif isinstance(value, Digest):
            wrong = value.make(sent.secret, sent.text)
        else:
            wrong = value
        names.setdefault(wrong, mistake.name)
    return names


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['aspect']} {case['request']}"[:60])
def test_a_mistake_explains(case: dict[str, Any]) -> None:
    """Each text is explained by its mistake, and rare ones only where one mistake is looked for."""
    common = explained(case["aspect"], attempt(case["request"], thorough=False))
    every = explained(case["aspect"], attempt(case["request"], thorough=True))
    for found, kind in ((common, "common"), (every, "rare")):
        for mistake, texts in case.get(kind, {}).items():
            assert {as_bytes(text): found.get(as_bytes(text)) for text in texts} == {
                as_bytes(text): mistake for text in texts
            }
    for found, kind in ((common, "only_rare"), (every, "unexplained")):
        assert [text for text in case.get(kind, ()) if as_bytes(text) in found] == []


LONG = 60_000  # bytes, about what one line of a request may have


@pytest.mark.parametrize(
    "request_",
    [
        {"method": "A" * LONG},
        {"timestamp": "1" * LONG},
        {"timestamp": "ab" * (LONG // 2)},
        {"host": "a." * (LONG // 2)},
        {"host": ".com" * (LONG // 4)},
        {"signature": "[" + ":" * LONG + "]"},
        {"signature": "[object " * (LONG // 8)},
        *(
            {"target": (part * LONG)[:LONG]}
            for part in ("/", "/a;b", "/?&", "/\xe9", "/a%20", "/../", "/?a=1&")
        ),
        *({"target": (part * 512)[:512]} for part in ("/?&", "/a=1&", "/%C3%A9=+&", "/!'()*")),
    ],
    ids=lambda request: "-".join(f"{name} {value[:9]}" for name, value in request.items()),
)
def test_no_request_takes_long(request_: dict[str, str]) -> None:
    """A request that is long in any part is refused in less than a second of CPU time."""
    sent = {"method": "GET", "target": "/v2/clouds", "timestamp": "1700000000123", "host": "h"} | request_
    received = (
        ("Host", sent["host"]),
        ("Authorization", f"Bearer A:{sent.get('signature', 'A' * 43 + '=')}"),
        ("Couchbase-Timestamp", sent["timestamp"]),
    )
    start = time.process_time()
    refused = verify(
        ReceivedRequest(sent["method"], sent["target"], received), {"A": "secret"}, lambda: 1_700_000_000_123
    )
    assert time.process_time() - start < 1
    assert isinstance(refused, Refused)


@pytest.mark.parametrize(
    ("count", "is_reversed", "is_doubled"),
    [(50, True, True), (51, True, False), (500, True, False), (501, False, False)],
)
def test_a_query_with_many_parameters(count: int, *, is_reversed: bool, is_doubled: bool) -> None:
    """Up to 500 parameters are sorted, and up to 50 are examined one by one."""
    parameters = [f"p{number}=1" for number in range(count)]
    target = f"/v2/a?{'&'.join(parameters)}"
    found = explained("endpoint", attempt({"target": target}, thorough=True))
    backwards = f"/v2/a?{'&'.join(parameters[::-1])}".encode()
    assert (found.get(backwards) == "endpoint_query_order") is is_reversed
    assert (found.get(f"/v2/a?p0=1&{target[6:]}".encode()) == "endpoint_query_part") is is_doubled


def test_urls_without_query() -> None:
    """Only a target with a query has them."""
    sent = attempt({"target": "/v2/a?b=1?c", "host": "h:1"}, thorough=False)
    assert list(urls_without_query(sent)) == [
        b"http://h:1/v2/a",
        b"https://h:1/v2/a",
        b"http://cloudapi.cloud.couchbase.com/v2/a",
        b"https://cloudapi.cloud.couchbase.com/v2/a",
    ]
    assert list(urls_without_query(attempt({"target": "/v2/a"}, thorough=False))) == []


def joined(blocks: Iterable[tuple[bytes, Sequence[bytes]]]) -> list[bytes]:
    """The readings of the clock in all blocks."""
    return [start + end for start, ends in blocks for end in ends]


@pytest.mark.parametrize(
    ("timestamp", "apart", "first", "last"),
    [
        (1_700_000_000_123, 2000, 1_699_999_998_123, 1_700_000_002_123),
        (1_700_000_000_000, 0, 1_700_000_000_000, 1_700_000_000_000),
        (1_700_000_000_999, 1, 1_700_000_000_998, 1_700_000_001_000),
        (5, 10, 0, 15),
        (5, 5, 0, 10),
        (999, 32, 967, 1031),
        (10**20 - 1, 1, 10**20 - 2, 10**20),
    ],
)
def test_readings_of_the_clock(timestamp: int, apart: int, first: int, last: int) -> None:
    """Every millisecond is there once, in order, without leading zeros."""
    found = joined(readings(attempt({"timestamp": str(timestamp)}, thorough=True), apart))
    assert found == [b"%d" % moment for moment in range(first, last + 1)]


@pytest.mark.parametrize("timestamp", [1_700_000_000_123, 5, 10**20 - 1])
def test_finer_readings_of_the_clock(timestamp: int) -> None:
    """Every microsecond of the millisecond is there, as digits and as seconds with a fraction."""
    found = joined(finer_readings(attempt({"timestamp": str(timestamp)}, thorough=True)))
    micros = range(timestamp * 1000, timestamp * 1000 + 1000)
    seconds = [divmod(each, 1_000_000) for each in micros]
    assert sorted(found) == sorted(
        text for whole, rest in seconds for text in (b"%d%06d" % (whole, rest), b"%d.%06d" % (whole, rest))
    )


@pytest.mark.parametrize("timestamp", ["", "1x", "1" * 21])
def test_no_readings_of_what_is_no_time(timestamp: str) -> None:
    """Only digits, and not more than any clock has, are a reading."""
    sent = attempt({"timestamp": timestamp}, thorough=True)
    assert joined(readings(sent, 10)) == joined(finer_readings(sent)) == []


def test_an_attempt_without_its_rare_variants() -> None:
    """Nothing else of it changes."""
    sent = attempt({"recent": ["1"]}, thorough=True)
    assert sent.hastily() == attempt({"recent": ["1"]}, thorough=False)


def test_an_aspect() -> None:
    """Each value has the first mistake that gives it. Fixed values are made once, common and rare ones."""
    calls: list[bool] = []
    aspect = Aspect[bytes]("part")

    @aspect.mistake("first", "The first message.")
    def first(sent: Attempt) -> Iterator[bytes]:
        yield from (sent.method, b"in first and second", b"in first and third")

    @aspect.mistake("second", "The second message.", fixed=True)
    def second(sent: Attempt) -> Iterator[bytes]:
        calls.append(sent.thorough)
        yield from (b"in first and second", b"in second and third", b"right")
        if sent.thorough:
            yield b"rare"

    @aspect.mistake("third", "The third message.")
    def third(sent: Attempt) -> Iterator[bytes]:
        yield from (sent.method, b"in first and third", b"in second and third", b"in third and fourth")

    @aspect.mistake("fourth", "The fourth message.", fixed=True)
    def fourth(_: Attempt) -> Iterator[bytes]:
        yield from (b"in second and third", b"in third and fourth", b"in fourth")

    names = [Mistake(name, f"The {name} message.") for name in ("first", "second", "third", "fourth")]
    assert aspect.name == "part"
    assert aspect.makers == dict(zip(names, (first, second, third, fourth), strict=True))
    assert [aspect.named(mistake.name) for mistake in names] == names
    for thorough, method in ((True, "GET"), (False, "GET"), (True, "PUT"), (False, "PUT")):
        assert aspect.variants(attempt({"method": method}, thorough=thorough), b"right") == {
            method.encode(): names[0],
            b"in first and second": names[0],
            b"in first and third": names[0],
            b"in second and third": names[1],
            b"in third and fourth": names[2],
            b"in fourth": names[3],
        } | ({b"rare": names[1]} if thorough else {})
    assert calls == [True, False]
