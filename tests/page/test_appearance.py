"""Accessibility, keyboard, widths, colour schemes, and what the page may load."""

from __future__ import annotations

import socket
from importlib import resources
from typing import TYPE_CHECKING, Literal

import pytest
from playwright.sync_api import expect

from mock_server.faults.grammar import Fault
from tests.page.test_form import RIGHT, TARGET, explain, raw
from tests.page.traffic import replay, send

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mock_server.server import MockServer
    from tests.page.conftest import Opened, Opener

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
AXE = resources.files("axe_playwright_python").joinpath("axe.min.js")


def fill(mock: MockServer, opened: Opened) -> None:
    """Show requests of every kind, an open refusal, and an explained request."""
    page = opened.page
    mock.faults.replace([Fault.from_spec("GET /v2/users status=503 first=1")])
    send(mock, "/v2/users")
    send(mock, "/v2/status")
    replay(mock, "/v2/clouds")
    send(mock, "/v2/projects/a%20long/path/without/any/blank?page=1&perPage=100&sortBy=name", signed="/")
    send(mock, "/v2/projects?page=2", signed="/v2/projects")
    expect(page.locator("li.entry")).to_have_count(6)
    page.locator("li.entry > details > summary").first.click()
    page.get_by_text("Request as received").click()
    explain(opened, raw(RIGHT, target=TARGET.replace("page=1", "page=2")))


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", [360, 1600])
def test_accessibility(
    mock: MockServer, open_page: Opener, width: int, scheme: Literal["light", "dark"]
) -> None:
    """axe-core finds nothing, contrast included (WCAG A and AA, and its own best practices)."""
    opened = open_page(width, scheme)
    fill(mock, opened)
    opened.page.evaluate(
        "document.querySelectorAll('li.entry > details').forEach((each) => each.open = true)"
    )
    expect(opened.page.locator("li.entry .inside")).to_have_count(6)
    opened.page.evaluate(AXE.read_text(encoding="utf-8"))
    found = opened.page.evaluate("axe.run()")
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found["violations"]] == []
    checked = {each["id"] for each in found["passes"]}
    assert {"color-contrast", "label", "button-name", "landmark-one-main", "region"} <= checked


@pytest.mark.parametrize("scheme", SCHEMES)
def test_accessibility_without_javascript(
    mock: MockServer, open_page: Opener, scheme: Literal["light", "dark"]
) -> None:
    """The table has contrast and headings. axe-core needs scripts, so its HTML is judged with them."""
    send(mock, "/v2/projects?page=2", signed="/v2/projects")
    table = open_page(360, scheme, javascript=False).page.locator(".plain").inner_html()
    opened = open_page(360, scheme)
    opened.page.evaluate(
        "(html) => { const box = document.querySelector('main').appendChild(document.createElement('div'));"
        " box.className = 'plain'; box.tabIndex = 0; box.innerHTML = html; }",
        table,
    )
    opened.page.evaluate(AXE.read_text(encoding="utf-8"))
    assert opened.page.evaluate("axe.run('.plain')")["violations"] == []


@pytest.fixture
def folder(pytestconfig: pytest.Config, tmp_path: Path) -> Path:
    """Return the folder for screenshots."""
    chosen: Path | None = pytestconfig.getoption("--screenshots")
    return chosen or tmp_path


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", [360, 1600])
def test_screenshots(
    mock: MockServer, open_page: Opener, folder: Path, width: int, scheme: Literal["light", "dark"]
) -> None:
    """The page is as wide as the window, and its picture is kept for people to look at."""
    opened = open_page(width, scheme)
    fill(mock, opened)
    assert opened.page.evaluate("document.documentElement.scrollWidth") == width
    path = folder / f"page-{width}-{scheme}.png"
    opened.page.screenshot(path=path, full_page=True)
    assert path.stat().st_size > 10_000


def test_the_schemes_differ(open_page: Opener) -> None:
    """A dark page has a dark background."""
    colours = [
        open_page(scheme=scheme).page.evaluate("getComputedStyle(document.body).backgroundColor")
        for scheme in SCHEMES
    ]
    assert colours == ["rgb(246, 247, 249)", "rgb(17, 20, 24)"]


def test_keyboard(mock: MockServer, open_page: Opener) -> None:
    """Everything works without a mouse, in the order of the page, and the focus can be seen."""
    page = open_page().page
    send(mock, "/v2/projects?page=2", signed="/v2/projects")
    expect(page.locator("li.entry")).to_have_count(1)
    seen = []

    def tab() -> str:
        page.keyboard.press("Tab")
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid"
        name = page.evaluate("document.activeElement.id || document.activeElement.textContent")
        seen.append(name)
        return str(name)

    assert tab() == "filter"
    page.keyboard.type("endpoint")
    assert tab() == "refused"
    page.keyboard.press("Space")
    assert tab() == "pause"
    page.keyboard.press("Enter")
    expect(page.locator("#pause")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Enter")
    assert tab() == "clear"
    assert "/v2/projects?page=2" in tab()
    page.keyboard.press("Enter")
    expect(page.locator("li.entry .texts")).to_be_visible()
    assert [tab() for _ in range(5)] == ["Python", "Go", "JavaScript", "Java", "Shell"]
    page.keyboard.press("Space")
    expect(page.locator("li.entry .inside > pre")).to_contain_text("endpoint=/")
    assert tab() == "Request as received"
    assert tab() == "pasted"
    page.keyboard.insert_text(raw(RIGHT))
    assert tab() == "secret"
    page.keyboard.type("wrong")
    assert tab() == "submit"
    page.keyboard.press("Enter")
    expect(page.locator("#result")).to_contain_text("The signature is wrong: signature_mismatch")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")  # in the field of the secret key
    expect(page.locator("#result .verdict")).to_have_count(1)
    page.focus("#clear")
    page.keyboard.press("Enter")
    expect(page.locator("li.entry")).to_have_count(0)


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """Return a server of another origin that accepts no connection by itself."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)  # noqa: FBT003  # the name says what the value means
        yield server


def test_the_page_may_load_nothing(mock: MockServer, open_page: Opener, listener: socket.socket) -> None:
    """The policy blocks scripts, styles, images, connections and frames that are not the page's own."""
    opened = open_page()
    fill(mock, opened)
    assert opened.violations() == []
    opened.page.evaluate(
        """async (other) => {
            const add = (name, values) => {
                document.body.append(Object.assign(document.createElement(name), values));
            };
            add("script", { textContent: "window.ran = true" });
            add("style", { textContent: "body { display: none }" });
            add("img", { src: other + "x.png" });
            add("iframe", { src: "/_mock/" });
            add("base", { href: other });
            await fetch(other).catch(() => {});
            const form = document.createElement("form");
            form.action = "/_mock/reset";
            form.method = "post";
            document.body.append(form);
            form.submit();
        }""",
        f"http://127.0.0.1:{listener.getsockname()[1]}/",
    )
    # Playwright's own wait evaluates a string in the page, which the policy blocks as well.
    opened.page.evaluate(
        "async () => { while (violations.length < 7) await new Promise(requestAnimationFrame); }"
    )
    assert {each.split()[0] for each in opened.violations()} == {
        "script-src-elem",
        "style-src-elem",
        "img-src",
        "frame-src",
        "base-uri",
        "connect-src",
        "form-action",
    }
    assert opened.page.evaluate("window.ran") is None
    assert len(mock.journal.entries()) == 6
    with pytest.raises(BlockingIOError):
        listener.accept()
    opened.requested.clear()  # Playwright counts what the policy blocked
    opened.errors.clear()  # the browser reports each violation
