"""The list of requests on the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from mock_server import fixes
from mock_server.faults.grammar import Fault
from tests.conformance.raw_http import send_bytes
from tests.page.traffic import replay, send

if TYPE_CHECKING:
    from mock_server.server import MockServer
    from tests.page.conftest import Opener

HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'
BIDI = "\u202e\u2066".encode().decode("latin-1")


def test_a_refusal_is_read_off_the_page(mock: MockServer, open_page: Opener) -> None:
    """It comes without a reload, with both texts, the first difference, the mistake and five languages."""
    page = open_page().page
    expect(page.locator("#empty")).to_contain_text(mock.url)
    assert send(mock, "/v2/projects?page=2", signed="/v2/projects") == 401
    entry = page.locator("li.entry")
    expect(entry).to_have_count(1)
    expect(entry).to_contain_text("endpoint_without_query")
    expect(page.locator("#count")).to_have_text("1 request, 1 refused")
    expect(page.locator("#empty")).to_be_hidden()
    entry.locator("summary").first.click()
    signed, expected = entry.locator(".texts pre").all_inner_texts()
    assert signed.startswith(r"GET\n/v2/projects\n1")
    assert expected.startswith(r"GET\n/v2/projects?page=2\n1")
    assert entry.locator("mark").all_inner_texts() == [r"\n", "?"]
    expect(entry).to_contain_text("First difference at byte 17: a newline signed, ? expected.")
    expect(entry.locator(".verdict")).to_contain_text("The query was left out of the signed text")
    for name, code in fixes.of("endpoint").items():
        entry.get_by_role("button", name=name, exact=True).click()
        assert entry.locator(".inside > pre").inner_text() == code.strip()


def test_two_mistakes_have_two_fixes(mock: MockServer, open_page: Opener) -> None:
    """One for each aspect."""
    page = open_page().page
    send(mock, "/v2/projects?page=2", signed="/v2/projects", signed_method="get")
    entry = page.locator("li.entry")
    entry.locator("summary").first.click()
    expect(entry.locator(".verdict strong")).to_have_text("endpoint_without_query and method_case")
    expect(entry.locator(".languages")).to_have_count(2)


def test_other_mistakes_are_named(mock: MockServer, open_page: Opener) -> None:
    """A refusal before the signature says what else is wrong, with the fix of each."""
    page = open_page().page
    send(mock, "/v2/projects?page=2", signed="/v2/projects", timestamp=1_700_000_000)
    page.locator("li.entry summary").first.click()
    expect(page.locator("li.entry")).to_contain_text("timestamp_unit")
    expect(page.locator("li.entry")).to_contain_text("Also wrong: endpoint_without_query")
    expect(page.locator("li.entry .languages")).to_have_count(2)


def test_a_request_that_cannot_be_read_is_shown(mock: MockServer, open_page: Opener) -> None:
    """It has a code, and a mistake only where that is known."""
    page = open_page().page
    for line in (b"no colon", b"Authorization: Bearer A:a\nb="):
        send_bytes(mock.port, b"GET /v2/clouds HTTP/1.1\r\n" + line + b"\r\n\r\n")
    badges = page.locator("li.entry .badges")
    expect(badges).to_have_text(["400signature_wrapped", "400malformed"])
    for summary in page.locator("li.entry > details > summary").all():
        summary.click()
    verdicts = page.locator("li.entry .verdict")
    expect(verdicts).to_contain_text(["signature_wrapped: A line break", "malformed: A header line is not"])


def test_the_newest_request_is_first(mock: MockServer, open_page: Opener) -> None:
    """Those from before the page was opened are there too."""
    send(mock, "/v2/clouds")
    page = open_page().page
    expect(page.locator("li.entry")).to_have_count(1)
    send(mock, "/v2/projects")
    expect(page.locator("li.entry .target")).to_have_text(["/v2/projects", "/v2/clouds"])


def test_replays_and_faults_are_marked(mock: MockServer, open_page: Opener) -> None:
    """With a badge, and with a sentence inside."""
    mock.faults.replace([Fault.from_spec("GET /v2/projects status=503 first=1")])
    page = open_page().page
    send(mock, "/v2/projects")
    replay(mock, "/v2/clouds")
    badges = page.locator("li.entry .badges")
    expect(badges).to_have_text(["200replay", "200", "503fault"])
    for each in page.locator("li.entry > details > summary").all():
        each.click()
    expect(page.locator("li.entry").nth(0)).to_contain_text("Replay: the mock accepted this signature before")
    expect(page.locator("li.entry").nth(2)).to_contain_text("GET /v2/projects first=1 status=503")
    expect(page.locator("#count")).to_have_text("3 requests, 0 refused, 1 replayed, 1 with a fault")


def test_a_request_without_a_response_is_marked(mock: MockServer, open_page: Opener) -> None:
    """A fault ended its connection."""
    mock.faults.replace([Fault.from_spec("GET * connection=drop")])
    page = open_page().page
    with pytest.raises(ConnectionError):
        send(mock, "/v2/projects")
    expect(page.locator("li.entry .badges")).to_have_text(["no responsefault"])


def test_text_of_a_request_is_shown_as_text(mock: MockServer, open_page: Opener) -> None:
    """HTML, control characters and bidi characters, in the target, the method, headers and the body."""
    opened = open_page()
    target = f"/v2/{HOSTILE.replace(' ', '/')}\x1b[2J{BIDI}"
    body = f'{{"a": "{HOSTILE}\u202e\x1b"}}'.encode()
    send(mock, target, method="<b>X", signed="/", headers=(("X-Evil", HOSTILE + BIDI),), body=body)
    entry = opened.page.locator("li.entry")
    for summary in ("li.entry > details > summary", "li.entry details details > summary"):
        opened.page.locator(summary).click()
    text = entry.inner_text()
    assert HOSTILE.replace(" ", "/") in text
    assert f"X-Evil: {HOSTILE}" in text
    assert r"\x1B[2J\xE2\x80\xAE\xE2\x81\xA6" in text
    assert r"\u{202E}\u{001B}" in text
    assert "<b>X" in text
    assert not {"\u202e", "\u2066", "\x1b"} & set(opened.page.content())
    assert opened.page.locator("script").count() == 2
    assert opened.page.locator("img, li.entry b").count() == 0
    assert opened.violations() == []


def test_a_hostile_target_without_javascript(mock: MockServer, open_page: Opener) -> None:
    """The page is a plain table, newest first, with everything as text."""
    send(mock, "/v2/clouds")
    send(mock, f"/v2/{HOSTILE.replace(' ', '/')}\x1b{BIDI}", signed="/")
    replay(mock, "/v2/projects")
    page = open_page(javascript=False).page
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(4)
    expect(page.locator("#app")).to_be_hidden()
    text = [row.inner_text() for row in rows.all()]
    assert "replay" in text[0]
    assert "\t/v2/clouds\t200\tok" in text[3]
    assert HOSTILE.replace(" ", "/") + r"\x1B\xE2\x80\xAE\xE2\x81\xA6" in text[2]
    assert "\t401\t" in text[2]
    assert page.locator("img").count() == 0


def test_the_filter(mock: MockServer, open_page: Opener) -> None:
    """All words must be in an entry; a box leaves the refused ones."""
    page = open_page().page
    send(mock, "/v2/projects?page=2", signed="/v2/projects")
    send(mock, "/v2/clouds")
    send(mock, "/v2/projects", method="PATCH")
    targets = page.locator("li.entry:visible .target")
    expect(targets).to_have_count(3)
    page.get_by_label("Filter").fill("PROJECTS 401")
    expect(targets).to_have_text(["/v2/projects?page=2"])
    expect(page.locator("#count")).to_have_text("3 requests, 1 refused, 1 shown")
    page.get_by_label("Filter").fill("")
    expect(targets).to_have_count(3)
    page.get_by_label("Refused only").check()
    expect(targets).to_have_text(["/v2/projects?page=2"])
    send(mock, "/v2/users")
    expect(page.locator("#count")).to_have_text("4 requests, 1 refused, 1 shown")


def test_pause(mock: MockServer, open_page: Opener) -> None:
    """The list stays as it is until the button is pressed again; then it catches up."""
    page = open_page().page
    send(mock, "/v2/clouds")
    expect(page.locator("li.entry")).to_have_count(1)
    pause = page.get_by_role("button", name="Pause")
    pause.click()
    expect(pause).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#count")).to_contain_text("paused")
    send(mock, "/v2/projects")
    page.wait_for_timeout(1500)
    expect(page.locator("li.entry")).to_have_count(1)
    pause.click()
    expect(page.locator("li.entry")).to_have_count(2)


def test_clear(mock: MockServer, open_page: Opener) -> None:
    """The list and the journal of the mock are empty, and new requests appear."""
    page = open_page().page
    send(mock, "/v2/clouds")
    expect(page.locator("li.entry")).to_have_count(1)
    page.get_by_role("button", name="Clear").click()
    expect(page.locator("li.entry")).to_have_count(0)
    assert mock.journal.entries() == []
    send(mock, "/v2/projects")
    expect(page.locator("li.entry .target")).to_have_text(["/v2/projects"])


def test_a_journal_that_is_cleared_elsewhere(mock: MockServer, open_page: Opener) -> None:
    """By a reset in a test, for example: the page starts again."""
    page = open_page().page
    send(mock, "/v2/clouds")
    expect(page.locator("li.entry")).to_have_count(1)
    mock.reset()
    send(mock, "/v2/projects")
    expect(page.locator("li.entry .target")).to_have_text(["/v2/projects"])


def test_an_open_entry_stays_open(mock: MockServer, open_page: Opener) -> None:
    """New requests do not close what a person reads, and the list keeps 500 of them."""
    page = open_page().page
    send(mock, "/v2/projects?page=2", signed="/v2/projects")
    page.locator("li.entry summary").first.click()
    for number in range(5):
        send(mock, f"/v2/clouds?page={number + 1}")
    expect(page.locator("li.entry")).to_have_count(6)
    expect(page.locator("li.entry details[open] .texts")).to_have_count(1)


def test_the_mock_stops(mock: MockServer, open_page: Opener) -> None:
    """The page says so, and goes on by itself."""
    opened = open_page()
    expect(opened.page.locator("#count")).to_have_text("0 requests, 0 refused")
    mock.stop()
    expect(opened.page.locator("#count")).to_have_text("The mock does not respond. Trying again.")
    mock.start()
    expect(opened.page.locator("#count")).to_have_text("0 requests, 0 refused")
    opened.errors.clear()  # the browser reports each connection that was refused


def test_the_root_leads_a_browser_to_the_page(mock: MockServer, open_page: Opener) -> None:
    """The browser asks for nothing else, no icon either: the journal stays empty."""
    page = open_page().page
    page.goto(f"{mock.url}/")
    assert page.url == f"{mock.url}/_mock/"
    expect(page.locator("#count")).to_have_text("0 requests, 0 refused")
    page.wait_for_timeout(500)
    assert mock.journal.entries() == []
