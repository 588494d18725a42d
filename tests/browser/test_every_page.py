"""Every kind of page, as a stranger meets it: two widths, two schemes, axe and the HTML checker."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import OpenPage
from tests.plugins.html import CheckHtml
from tests.plugins.site import Site

PAGES = [
    "/",
    "/teenused/",
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("path", PAGES)
def test_page_is_accessible_and_asks_nobody_else(
    site: Site,
    open_page: OpenPage,
    axe: Callable[[Page], None],
    path: str,
    width: int,
    scheme: str,
) -> None:
    page = open_page(width=width, scheme=scheme)
    answer = page.goto(site.url + path)
    assert answer is not None
    assert answer.status == 200
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0, f"{path} scrolls sideways by {wide} px at {width} px"
    axe(page)


@pytest.mark.java
def test_html_checker_finds_nothing_on_any_page(
    site: Site, open_page: OpenPage, check_html: CheckHtml
) -> None:
    asking = open_page().request
    check_html({path: asking.get(site.url + path).text() for path in PAGES})
