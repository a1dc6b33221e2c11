"""The page at `/_mock/`: its headers, what it loads, its table, and who is sent to it."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server import fixes, page
from mock_server.journal import Entry
from tests.conformance.raw_http import RawResponse, parse, send_bytes
from tests.support.raw_http import request

if TYPE_CHECKING:
    from mock_server.server import MockServer

HTML = ("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")


def source(*entries: Entry) -> str:
    """Return the page with these entries."""
    return page.reply([entry.as_json() for entry in entries]).body.decode()


def get(mock: MockServer, target: str, *headers: tuple[str, str], method: str = "GET") -> RawResponse:
    """Send an unsigned request, and return the response."""
    return parse(send_bytes(mock.port, request(method, target, list(headers))))


def test_the_policy_allows_this_script_and_this_style_alone(mock: MockServer) -> None:
    """By their hashes; connections go to the mock, and nothing else is allowed."""
    response = get(mock, "/_mock/")
    assert (response.status, response.headers["content-type"]) == (200, "text/html; charset=utf-8")
    hashes = {}
    for element in ("script", "style"):
        (content,) = re.findall(rf"<{element}>(.*?)</{element}>", response.body.decode(), re.DOTALL)
        hashes[element] = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
    assert response.headers["content-security-policy"] == (
        f"default-src 'none'; script-src 'sha256-{hashes['script']}'; style-src 'sha256-{hashes['style']}';"
        " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["cache-control"] == "no-store"


def test_the_page_is_self_contained() -> None:
    """No element loads anything, and no attribute is a script or a style."""

    class Checker(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            assert tag not in ("link", "img", "iframe", "object", "embed", "base")
            assert not [
                name for name, _ in attrs if name in ("src", "href", "style") or name.startswith("on")
            ]

    Checker().feed(source())
    assert "innerHTML" not in source()
    assert "eval(" not in source()


def test_the_data_of_the_script_is_json() -> None:
    """The script takes the aspects and the code in five languages from it; nothing in it ends the element."""
    (text,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', source(), re.DOTALL)
    data = json.loads(text)
    assert "<" not in text
    assert list(data["fixes"]) == list(fixes.ASPECTS)
    assert data["fixes"]["digest"]["code"] == dict(fixes.of("digest"))
    assert data["fixes"]["digest"]["title"] == fixes.title("digest")
    assert set(data["aspects"].values()) | set(data["codes"].values()) <= set(fixes.ASPECTS)
    assert data["window"] == 300_000


def rows(text: str) -> list[list[str]]:
    """Return the text of each cell in the body of the table."""
    (body,) = re.findall(r"<tbody>(.*?)</tbody>", text, re.DOTALL)
    return [
        [html.unescape(cell) for cell in re.findall(r"<td>(.*?)</td>", row, re.DOTALL)]
        for row in re.findall(r"<tr>(.*?)</tr>", body, re.DOTALL)
    ]


def test_the_table_has_the_last_requests() -> None:
    """The newest is first; a replay, a fault and the explanation are in it."""
    accepted = Entry(0, "GET", "/a", status=200, code="ok", replay=True, fault="GET * status=503", id=1)
    refused = Entry(0, "PUT", "/b", status=401, code="c", mistake="a+b", message="Why <b>", id=2)
    dropped = Entry(0, "GET", "/c", status=None, code="ok", id=3)
    assert rows(source(accepted, refused, dropped)) == [
        ["3", "GET", "/c", "no response", "ok", "", ""],
        ["2", "PUT", "/b", "401", "a+b", "", "Why <b>"],
        ["1", "GET", "/a", "200", "ok", "replay, fault: GET * status=503", ""],
    ]
    assert rows(source()) == []


def test_the_table_has_at_most_100_rows_and_no_long_target() -> None:
    """The journal has up to 500 entries of 8 KiB each."""
    entries = [Entry(0, "X" * 50, "/" * (500 + number % 2), id=number) for number in range(150)]
    found = rows(source(*entries))
    assert [row[0] for row in found] == [str(number) for number in range(149, 49, -1)]
    assert [len(row[2]) for row in found[:2]] == [503, 500]
    assert len(found[0][1]) == 40


@given(st.text(st.characters(max_codepoint=0xFF)), st.text(st.characters(max_codepoint=0xFF)))
def test_nothing_of_a_request_is_html(method: str, target: str) -> None:
    """The page has the same elements whatever a client sends, and the text is printable."""

    def elements(text: str) -> list[str]:
        return re.findall(r"<[/!a-z][^>]*>", text)

    plain = source(Entry(0, "GET", "/"))
    hostile = source(Entry(0, method, target))
    assert elements(hostile) == elements(plain)
    assert set(hostile) - set(plain) <= set(map(chr, range(0x20, 0x7F)))
    assert source(Entry(0, "<!-- rows -->", "<!-- data -->")).count("<!--") == 0


def test_a_browser_is_sent_to_the_page(mock: MockServer) -> None:
    """It is no request for the API, so it is not in the journal."""
    response = get(mock, "/", HTML)
    assert (response.status, response.headers["location"]) == (303, "/_mock/")
    assert get(mock, "/_mock").headers["location"] == "/_mock/"
    assert mock.journal.entries() == []


@pytest.mark.parametrize(
    ("method", "target", "headers"),
    [
        ("GET", "/", ()),
        ("GET", "/", (("Accept", "application/json"),)),
        ("GET", "/", (("Accept", "*/*"),)),
        ("GET", "/", (HTML, ("Authorization", "Bearer a:b"))),
        ("GET", "/?", (HTML,)),
        ("POST", "/", (HTML,)),
        ("GET", "/v2/clouds", (HTML,)),
        ("GET", "//", (HTML,)),
    ],
)
def test_a_client_of_the_api_is_not(
    mock: MockServer, method: str, target: str, headers: tuple[tuple[str, str], ...]
) -> None:
    """Its mistake is named instead."""
    assert get(mock, target, *headers, method=method).status == 401
    assert len(mock.journal.entries()) == 1


def test_only_this_machine_sees_the_page(mock: MockServer) -> None:
    """It shows requests, as `/_mock/requests` does."""
    raw = request("GET", "/_mock/", [], host="evil.example")
    assert parse(send_bytes(mock.port, raw)).status == 403
