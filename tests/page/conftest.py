"""A Chromium without a window, and pages in it that record what they request and what they violate."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest
from playwright.sync_api import sync_playwright

from mock_server.server import MockServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
RECORD_VIOLATIONS = """
window.violations = [];
addEventListener("securitypolicyviolation", (event) => {
    violations.push(event.violatedDirective + " " + event.blockedURI);
});
"""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the folder for screenshots."""
    parser.addoption("--screenshots", type=Path, metavar="DIR", help="keep the screenshots in DIR")


@dataclass
class Opened:
    """A page in the browser.

    Attributes:
        page: Playwright's page.
        requested: the address of every request that the page made.
        errors: messages of its console, and its exceptions.
    """

    page: Page
    requested: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def violations(self) -> list[str]:
        """Return what the Content-Security-Policy blocked."""
        found: list[str] = self.page.evaluate("window.violations")
        return found


@dataclass
class Opener:
    """Opens the page of a mock, each time in a new profile."""

    browser: Browser
    url: str
    pages: list[Opened] = field(default_factory=list)

    def __call__(
        self,
        width: int = 1200,
        scheme: Literal["dark", "light"] = "light",
        *,
        javascript: bool = True,
        script: str = "",
    ) -> Opened:
        """Open the page.

        Args:
            width: of the window, in CSS pixels.
            scheme: the colour scheme that the user prefers.
            javascript: whether the browser runs scripts.
            script: runs before the page's own.
        """
        context = self.browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=javascript
        )
        opened = Opened(context.new_page())
        opened.page.set_default_timeout(10_000)
        opened.page.add_init_script(RECORD_VIOLATIONS + script)
        opened.page.on("request", lambda request: opened.requested.append(request.url))
        opened.page.on("console", lambda message: opened.errors.append(message.text))
        opened.page.on("pageerror", lambda error: opened.errors.append(str(error)))
        opened.page.goto(f"{self.url}/_mock/")
        self.pages.append(opened)
        return opened


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return a Chromium: `CHROMIUM` in the environment, or the one on PATH."""
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.fail(
            "there is no Chromium on PATH: install it (Debian: apt-get install chromium)", pytrace=False
        )
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield chromium
        chromium.close()


@pytest.fixture
def mock() -> Iterator[MockServer]:
    """Return a running mock with the clock of this machine. An exception inside it fails the test."""
    with MockServer() as server:
        yield server
    server.check()


@pytest.fixture
def open_page(browser: Browser, mock: MockServer) -> Iterator[Opener]:
    """Open the mock's page. A request to another server, a violation and an error fail the test."""
    opener = Opener(browser, mock.url)
    yield opener
    for opened in opener.pages:
        assert [url for url in opened.requested if not url.startswith(f"{mock.url}/")] == []
        assert opened.errors == []
        assert opened.page.context.pages == [opened.page]
        opened.page.context.close()
