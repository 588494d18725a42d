"""Every kind of page of the private half: two widths, two schemes, axe and the HTML checker."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import OpenPage
from tests.browser.looks import looks
from tests.plugins.html import CheckHtml
from tests.plugins.site import Site

SUPPORT = "tugi@tugivork.example"
PEER = "kogemus@tugivork.example"
LEAD = "juhataja@tugivork.example"
AUDITOR = "audiitor@tugivork.example"
CASE = re.compile(r"/intranet/juhtumid/[0-9a-f-]{36}/$")

SignIn = Callable[..., None]


def addresses(page: Page, url: str, email: str) -> list[str]:
    """The pages that this person meets, one of each kind; `page` is signed in as them."""
    page.goto(f"{url}/intranet/juhtumid/")
    cases = [
        link
        for link in page.locator("main a").evaluate_all("links => links.map(link => link.href)")
        if CASE.search(link)
    ]
    found = [f"{url}/intranet/", f"{url}/intranet/juhtumid/", *cases[:1]]
    if email == SUPPORT:
        tails = ("muuda/", "tiim/kutsu/", "markmed/", "markmed/lisa/", "vaatajad/")
        found += [cases[0] + tail for tail in tails]
        page.goto(cases[0])
        ends = page.locator(".team a[href*='/lopeta/']")
        found += ends.evaluate_all("links => links.map(link => link.href)")[:1]
        found += [f"{url}/intranet/juhtumid/uus/", f"{url}/konto/profiil/"]
        found += [f"{url}/intranet/juhtumid/?state=closed", f"{url}/intranet/juhtumid/olematu/"]
    if email == AUDITOR:
        found.append(f"{url}/intranet/logi/")
    return found


@pytest.mark.parametrize("email", [SUPPORT, PEER, LEAD, AUDITOR])
def test_private_pages_are_accessible_and_ask_nobody_else(
    site: Site,
    open_page: OpenPage,
    sign_in: SignIn,
    axe: Callable[[Page], None],
    email: str,
) -> None:
    page = open_page()
    sign_in(page, email)
    for address in addresses(page, site.url, email):
        page.goto(address)
        for _look in looks(page):
            axe(page)


@pytest.mark.java
def test_html_checker_finds_nothing_on_private_pages(
    site: Site, open_page: OpenPage, sign_in: SignIn, check_html: CheckHtml
) -> None:
    pages = {}
    for email in (SUPPORT, PEER, LEAD, AUDITOR):
        page = open_page()
        sign_in(page, email)
        for address in addresses(page, site.url, email):
            pages[f"{email} {address}"] = page.request.get(address).text()
    check_html(pages)


def test_no_private_page_names_anybody_in_its_title(
    site: Site, open_page: OpenPage, sign_in: SignIn
) -> None:
    page = open_page()
    sign_in(page, SUPPORT)
    page.goto(f"{site.url}/intranet/juhtumid/")
    rows = page.locator("main .row, main li").all_inner_texts()
    names = {word for row in rows for word in re.findall(r"\b[A-ZÕÄÖÜ][a-zõäöü]+\b", row)}
    people = names & {"Rein", "Katse", "Mall", "Proov", "Viive", "Kavand", "Leida", "Mudel"}
    assert people, "the list shows the names that the titles must not have"
    for address in addresses(page, site.url, SUPPORT):
        page.goto(address)
        title = page.title()
        assert not [name for name in people if name in title], title
