"""From the worker's button to the person's page: the link is made, opened, read and printed."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.test_every_page import _judge
from tests.browser.test_log_pages import WORKER, case_log
from tests.plugins.html import CheckHtml
from tests.plugins.site import Site

GONE = "/minu/vaatajad/"


def make_link(page: Page, site: Site, sign_in: Callable[..., None]) -> str:
    """As the worker: the address of a new link, shown on the page."""
    sign_in(page, WORKER)
    page.goto(site.url + case_log(page, site))
    page.click("main a[href$='/link/']")
    page.click("main form button[type=submit]")
    field = page.locator("#address")
    expect(field).to_be_visible()
    return field.inner_text().strip()


def path_of(address: str) -> str:
    """The link leads to the address that the letters name; here only its path counts."""
    return "/minu/" + address.partition("/minu/")[2]


@pytest.mark.parametrize("width", [360, 1280])
def test_the_person_reads_who_has_looked_by_a_link_of_the_worker(
    site: Site,
    open_page: OpenPage,
    sign_in: Callable[..., None],
    axe: Callable[[Page], None],
    width: int,
) -> None:
    worker = open_page(width=width)
    link = make_link(worker, site, sign_in)
    _judge(worker, axe)
    person = open_page(width=width)
    person.goto(site.url + path_of(link))
    expect(person).to_have_url(site.url + GONE)
    _judge(person, axe)
    person.click("main form button[type=submit]")
    expect(person.locator("main .seen li").first).to_be_visible()
    _judge(person, axe)
    # The language is in the address, and the reading goes on in it.
    person.goto(f"{site.url}/ru{GONE}")
    expect(person.locator("main .seen li").first).to_be_visible()
    expect(person.locator("html")).to_have_attribute("lang", "ru")
    other = open_page(width=width)
    other.goto(site.url + path_of(link))
    expect(other.locator("main .seen")).to_have_count(0)
    expect(other.locator("main form")).to_have_count(0)
    _judge(other, axe)


@pytest.mark.parametrize("width", [360, 1280])
def test_the_worker_prints_it_for_the_person(
    site: Site,
    open_page: OpenPage,
    sign_in: Callable[..., None],
    axe: Callable[[Page], None],
    width: int,
) -> None:
    page = open_page(width=width)
    sign_in(page, WORKER)
    page.goto(site.url + case_log(page, site))
    page.click("main a[href$='/inimesele/']")
    expect(page.locator("main .seen li").first).to_be_visible()
    _judge(page, axe)
    page.emulate_media(media="print")
    expect(page.locator("main .on-paper")).to_be_visible()
    expect(page.locator("main .crumb")).to_be_hidden()
    page.emulate_media(media="screen")
    page.click("main a[hreflang=ru], main a[lang=ru]")
    expect(page.locator("main div[lang=ru] .seen li").first).to_be_visible()


@pytest.mark.java
def test_the_html_checker_finds_nothing(
    site: Site, open_page: OpenPage, sign_in: Callable[..., None], check_html: CheckHtml
) -> None:
    worker, person = open_page(), open_page()
    link = make_link(worker, site, sign_in)
    log = case_log(worker, site)
    pages = {
        path: worker.request.get(site.url + path).text()
        for path in (log, f"{log}inimesele/?keel=ru", f"{log}link/")
    }
    pages["gone"] = person.request.get(site.url + GONE).text()
    person.goto(site.url + path_of(link))
    pages["asked"] = person.content()
    person.click("main form button[type=submit]")
    expect(person.locator("main .seen li").first).to_be_visible()
    pages["read"] = person.request.get(site.url + GONE).text()
    check_html(pages)
