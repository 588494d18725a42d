"""A real Chromium for the tests in this folder, and the judges they call.

    def test_…(site, open_page, axe):
        page = open_page(width=360, scheme="dark")
        page.goto(site.url + "/teenused/")
        axe(page)

A page made by `open_page` fails its test when it asked another host for anything, when a file was
missing, or when the console told of an error or a refused script or style.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    Response,
    Route,
    expect,
    sync_playwright,
)

from tests.plugins.machine import chromium
from tests.plugins.site import Site

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
HEIGHTS = {360: 740, 1280: 900}
# A test waits for what it expects; on a busy machine the default of five seconds is short.
expect.set_options(timeout=20_000)
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OpenPage = Callable[..., Page]


@dataclass
class Watch:
    """What went wrong on the pages of one test."""

    site: Site
    troubles: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext) -> None:
        """Watch everything that the pages of `context` ask for and say."""
        context.route("**/*", self._ask)
        context.on("response", self._answer)
        context.on("console", self._said)
        context.on("weberror", lambda error: self.troubles.append(f"script error: {error.error}"))

    def _ask(self, route: Route) -> None:
        address = urlsplit(route.request.url)
        if address.scheme in ("data", "blob") or address.netloc == urlsplit(self.site.url).netloc:
            route.continue_()
        else:
            self.troubles.append(f"another host was asked: {route.request.url}")
            route.abort()

    def _answer(self, response: Response) -> None:
        # A page itself may be a 404 that the test wants to see; its parts may not.
        part = response.request.resource_type != "document"
        if response.status >= (400 if part else 500):
            self.troubles.append(f"{response.status} for {response.url}")
        if response.status >= 500:
            self.troubles.append(self.site.log()[-3000:])

    def _said(self, message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.troubles.append(f"console: {message.text}")


@pytest.fixture(scope="session")
def _playwright() -> Iterator[Playwright]:
    # Playwright's loop runs in this very thread, which Django takes for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        yield playwright
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def browser(_playwright: Playwright) -> Iterator[Browser]:
    """The system's Chromium, started once."""
    browser = _playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
    yield browser
    browser.close()


@pytest.fixture
def open_page(browser: Browser, site: Site) -> Iterator[OpenPage]:
    """Return a function that opens an empty page; each has a context (cookies) of its own."""
    contexts: list[tuple[BrowserContext, Watch]] = []

    def open_page(
        *,
        width: int = 1280,
        scheme: str = "light",
        javascript: bool = True,
        at: Site = site,
        **options: Any,
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": HEIGHTS.get(width, 900)},
            color_scheme=scheme,  # type: ignore[arg-type]
            java_script_enabled=javascript,
            locale="et-EE",
            timezone_id="Europe/Tallinn",
            reduced_motion="reduce",
            **options,
        )
        watch = Watch(at)
        watch.over(context)
        contexts.append((context, watch))
        return context.new_page()

    yield open_page
    troubles = []
    for context, watch in contexts:
        context.close()
        troubles += watch.troubles
    assert not troubles, "\n".join(dict.fromkeys(troubles))


@pytest.fixture
def axe() -> Callable[[Page], None]:
    """Return a judge: no finding of WCAG 2.2 A and AA or of best practice on the page."""

    def judge(page: Page) -> None:
        # The words stand before the style has come; colours and sizes are judged after it.
        page.wait_for_load_state()
        options = {
            "runOnly": {"type": "tag", "values": AXE_TAGS},
            "resultTypes": ["violations"],
        }
        found = Axe().run(page, options=options).response["violations"]
        lines = [
            f"{page.url}: {rule['id']}: {rule['help']}: {node['html'][:200]}"
            for rule in found
            for node in rule["nodes"]
        ]
        assert not found, "\n".join(lines)

    return judge


@pytest.fixture
def sign_in(site: Site) -> Callable[..., None]:
    """Return a function that signs the page's browser in by e-mail, as a person would."""

    def sign_in(page: Page, email: str, at: Site = site) -> None:
        page.goto(f"{at.url}/konto/sisse/")
        page.fill("input[name=login]", email)
        page.fill("input[name=password]", at.password)
        page.click("main form button[type=submit]")
        page.wait_for_url(lambda url: "/konto/sisse" not in url)

    return sign_in
