"""Who sees what, as the auditor and the administrator find it: two widths, keyboard and axe."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.test_every_page import _judge
from tests.plugins.site import Site

AUDITOR = "audiitor@tugivork.example"
ADMINISTRATOR = "haldur@tugivork.example"
WORKER = "tugi@tugivork.example"
INDEX = "/intranet/oigused/"


def search(page: Page, site: Site, words: str) -> None:
    page.goto(site.url + INDEX)
    page.fill("main input[name=words]", words)
    with page.expect_navigation():
        page.keyboard.press("Enter")


@pytest.mark.parametrize("email", [AUDITOR, ADMINISTRATOR])
def test_the_way_from_a_name_to_a_case_and_back_to_a_person(
    site: Site,
    open_page: OpenPage,
    sign_in: Callable[..., None],
    axe: Callable[[Page], None],
    email: str,
) -> None:
    page = open_page()
    sign_in(page, email)
    page.goto(site.url + INDEX)
    _judge(page, axe)
    for words in ("", "ei ole kedagi", WORKER):
        search(page, site, words)
        _judge(page, axe)
    page.click("main a[href*='/oigused/inimene/']:not(#h-roles ~ ul a)")
    page.wait_for_url("**/oigused/inimene/**")
    _judge(page, axe)
    page.locator("main a[href*='/oigused/juhtum/']").first.click()
    page.wait_for_url("**/oigused/juhtum/**")
    number = page.locator("h1 .no").inner_text()
    assert page.locator("main ol.trace").count() > 0
    _judge(page, axe)
    search(page, site, number.lower())
    expect(page).to_have_url(re.compile("/oigused/juhtum/"))
    assert number not in page.url


def test_a_region_and_a_phone(
    site: Site, open_page: OpenPage, sign_in: Callable[..., None], axe: Callable[[Page], None]
) -> None:
    page = open_page(width=360)
    sign_in(page, AUDITOR)
    page.goto(site.url + INDEX)
    page.locator("main a[href*='/oigused/piirkond/']").first.click()
    page.wait_for_url("**/oigused/piirkond/**")
    _judge(page, axe)
    page.locator("main a[href*='/oigused/kohtumine/']").first.click()
    page.wait_for_url("**/oigused/kohtumine/**")
    _judge(page, axe)
