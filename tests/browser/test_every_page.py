"""Every kind of page, as a stranger meets it: two widths, two schemes, axe and the HTML checker."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import OpenPage
from tests.browser.looks import looks
from tests.browser.pages import EXAMPLES
from tests.plugins.html import CheckHtml
from tests.plugins.site import Site

MISSING = "/teenused/midagi-mida-ei-ole/"
# The sign-in of the demo; what else stands behind it is met in the tests of its own pages.
EDITOR = "toimetaja@tugivork.example"


def _judge(page: Page, axe: Callable[[Page], None]) -> None:
    for _look in looks(page):
        axe(page)


@pytest.mark.parametrize("path", EXAMPLES.values(), ids=EXAMPLES.keys())
def test_page_is_accessible_and_asks_nobody_else(
    site: Site, open_page: OpenPage, axe: Callable[[Page], None], path: str
) -> None:
    page = open_page()
    answer = page.goto(site.url + path)
    assert answer is not None
    assert answer.status == 200
    _judge(page, axe)


def test_missing_page_is_accessible_too(
    site: Site, open_page: OpenPage, axe: Callable[[Page], None]
) -> None:
    page = open_page()
    answer = page.goto(site.url + MISSING)
    assert answer is not None
    assert answer.status == 404
    _judge(page, axe)


@pytest.mark.parametrize("path", ["/intranet/", "/intranet/stiil/"])
def test_page_behind_the_sign_in_is_accessible_too(
    site: Site,
    open_page: OpenPage,
    sign_in: Callable[..., None],
    axe: Callable[[Page], None],
    path: str,
) -> None:
    page = open_page()
    sign_in(page, EDITOR)
    answer = page.goto(site.url + path)
    assert answer is not None
    assert answer.status == 200
    _judge(page, axe)


@pytest.mark.java
def test_html_checker_finds_nothing_on_any_page(
    site: Site, open_page: OpenPage, sign_in: Callable[..., None], check_html: CheckHtml
) -> None:
    page = open_page()
    pages = {}
    for path in (*EXAMPLES.values(), MISSING):
        pages[path] = page.request.get(site.url + path).text()
    sign_in(page, EDITOR)
    for path in ("/intranet/", "/intranet/stiil/"):
        pages[path] = page.request.get(site.url + path).text()
    check_html(pages)


@pytest.mark.parametrize("path", EXAMPLES.values(), ids=EXAMPLES.keys())
def test_page_is_complete_without_scripts(site: Site, open_page: OpenPage, path: str) -> None:
    with_scripts, without = open_page(), open_page(javascript=False)
    with_scripts.goto(site.url + path)
    without.goto(site.url + path)
    # What a script adds may help; what is there to read is there for everybody.
    words = "() => document.querySelector('main').textContent.split(/\\s+/).filter(Boolean)"
    told = with_scripts.evaluate(words)
    plain = (without.text_content("main") or "").split()
    assert plain
    assert [word for word in told if word not in set(plain)] == []
