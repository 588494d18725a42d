"""The pages of the view log as the auditor and the team see them: two widths, two schemes."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.test_every_page import _judge
from tests.plugins.html import CheckHtml
from tests.plugins.site import Site

AUDITOR = "audiitor@tugivork.example"
WORKER = "tugi@tugivork.example"
LOG = "/intranet/logi/"


def case_log(page: Page, site: Site) -> str:
    """The address of “who has looked” of the worker's first case."""
    page.goto(f"{site.url}/intranet/juhtumid/")
    address = page.locator("main a[href*='/intranet/juhtumid/'][href$='/']").evaluate_all(
        "links => links.map(a => a.getAttribute('href')).find(h => /[0-9a-f-]{36}/.test(h))"
    )
    assert address
    return f"{address}vaatajad/"


@pytest.mark.parametrize("query", ["", "?outcome=refused&person=ei-ole", "?first=homme"])
def test_the_auditors_page_is_accessible_in_every_state(
    site: Site,
    open_page: OpenPage,
    sign_in: Callable[..., None],
    axe: Callable[[Page], None],
    query: str,
) -> None:
    page = open_page()
    sign_in(page, AUDITOR)
    page.goto(site.url + LOG + query)
    _judge(page, axe)


def test_who_has_looked_is_accessible(
    site: Site, open_page: OpenPage, sign_in: Callable[..., None], axe: Callable[[Page], None]
) -> None:
    page = open_page()
    sign_in(page, WORKER)
    page.goto(site.url + case_log(page, site))
    assert page.locator("ol.log > li").count() > 0
    _judge(page, axe)


def test_the_auditor_sees_a_look_of_the_worker_a_moment_later(
    site: Site, open_page: OpenPage, sign_in: Callable[..., None]
) -> None:
    worker, auditor = open_page(), open_page()
    sign_in(worker, WORKER)
    worker.goto(site.url + case_log(worker, site))
    number = worker.locator("h1 .no").inner_text()
    sign_in(auditor, AUDITOR)
    auditor.goto(site.url + LOG)
    auditor.click("main .log-filter summary")
    auditor.fill("main input[name=number]", number)
    auditor.click("main form button[type=submit]")
    newest = auditor.locator("ol.log > li").first
    expect(newest).to_contain_text(number)


@pytest.mark.java
def test_the_html_checker_finds_nothing(
    site: Site, open_page: OpenPage, sign_in: Callable[..., None], check_html: CheckHtml
) -> None:
    page = open_page()
    sign_in(page, AUDITOR)
    pages = {path: page.request.get(site.url + path).text() for path in (LOG, f"{LOG}?first=homme")}
    other = open_page()
    sign_in(other, WORKER)
    path = case_log(other, site)
    pages[path] = other.request.get(site.url + path).text()
    check_html(pages)
