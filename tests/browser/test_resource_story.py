"""A partner on a phone, the steering group at a desk, and what the public sees of it. REG-01."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.width import fits
from tests.plugins.html import CheckHtml
from tests.plugins.site import Site

pytestmark = pytest.mark.browser

KEEPER = "pakkuja@tugivork.example"
COORDINATOR = "koordinaator@tugivork.example"
LIST = "/intranet/ressursid/"
MINE = "/intranet/ressursid/minu/"

SignIn = Callable[..., None]


class Thumb:
    """Counts what a hand does on a page: taps and typing into a field."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.taps = 0

    def tap(self, selector: str) -> None:
        target = self.page.locator(selector).first
        box = target.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 24, f"{selector} is too small for a thumb"
        target.click()
        self.page.wait_for_load_state()
        self.taps += 1


@pytest.mark.parametrize("javascript", [True, False])
def test_a_partner_confirms_all_offers_with_one_tap_on_a_phone(
    own_site: Site, open_page: OpenPage, sign_in: SignIn, javascript: bool
) -> None:
    phone = open_page(at=own_site, width=360, javascript=javascript)
    sign_in(phone, KEEPER, at=own_site)
    phone.goto(own_site.url + MINE)
    offers = phone.locator(".own .rows .tick").count()
    assert offers >= 10
    waiting = phone.locator(".tick input:checked").count()
    thumb = Thumb(phone)
    button = phone.locator(".thumb button")
    view = phone.viewport_size
    box = button.bounding_box()
    assert box is not None
    assert view is not None
    assert box["y"] + box["height"] <= view["height"], "the button is under the thumb at once"

    # One of them has changed: a number, its button; all the others need one tap together.
    phone.locator("[name$=-free_places]:not([type=hidden])").first.fill("1")
    thumb.tap(".places button")
    expect(phone.locator(".tick input:checked")).to_have_count(waiting - 1)
    thumb.tap(".thumb button")

    assert thumb.taps == 2
    expect(phone.locator(".tick input")).to_have_count(0)
    expect(phone.locator(".tick.good")).to_have_count(offers)
    assert "Kinnitatud" in phone.locator("[role=status]").first.inner_text()


def test_a_proposed_price_is_approved_and_a_withdrawn_offer_is_gone(
    own_site: Site, open_page: OpenPage, sign_in: SignIn
) -> None:
    phone = open_page(at=own_site, width=360)
    sign_in(phone, KEEPER, at=own_site)
    phone.goto(own_site.url + MINE)
    row = phone.locator(".own .row").filter(has_text="Liikumine eluruumides").first
    row.locator("h2 a").click()
    phone.wait_for_url(re.compile(r"/ressursid/\d+/$"))
    offer = phone.url
    phone.goto(f"{offer}muuda/")
    phone.fill("[name=price_individual_net]", "77,25")
    phone.fill("[name=price_individual_gross]", "")
    phone.locator("main form .btn").click()
    phone.wait_for_url(offer)

    visitor = open_page(at=own_site)
    public = [
        f"{own_site.url}/teenused/liikumine-eluruumides/",
        f"{own_site.url}/asutused/villase-salli-kodutugi/",
    ]
    for url in public:
        visitor.goto(url)
        assert "77,25" not in visitor.inner_text("main")

    desk = open_page(at=own_site)
    sign_in(desk, COORDINATOR, at=own_site)
    desk.goto(own_site.url + LIST)
    desk.locator(".asked .row").filter(has_text="Liikumine eluruumides").locator(".act").click()
    desk.wait_for_url("**/ettepanekud/**")
    assert "77,25" in desk.locator(".changes ins").first.inner_text()
    desk.locator("button[value=approve]").click()
    desk.wait_for_url(offer)
    for url in public:
        visitor.goto(url)
        assert "77,25" in visitor.inner_text("main"), url

    desk.goto(f"{offer}vota-tagasi/")
    desk.fill("[name=reason]", "Pakkuja lõpetas.")
    desk.locator("main .confirm button").click()
    desk.wait_for_url(offer)
    for url in [*public, f"{own_site.url}/teenused/", f"{own_site.url}/kaart/"]:
        visitor.goto(url)
        assert "77,25" not in visitor.inner_text("main"), url


def test_the_form_hides_what_a_benefit_has_not_and_sends_what_was_typed(
    own_site: Site, open_page: OpenPage, sign_in: SignIn
) -> None:
    page = open_page(at=own_site)
    sign_in(page, COORDINATOR, at=own_site)
    page.goto(f"{own_site.url}{LIST}uus/")
    expect(page.locator("[name=price_individual_net]")).to_be_visible()
    page.locator("[name=kind][value=benefit]").check()
    expect(page.locator("[name=price_individual_net]")).not_to_be_visible()
    page.fill("[name=name]", "Proovitoetus")
    page.select_option("[name=municipality]", label="Antsla vald")
    page.select_option("[name=organisation]", index=1)
    page.locator("main form .btn").click()
    page.wait_for_url(re.compile(r"/ressursid/\d+/$"))
    expect(page.locator("h1")).to_contain_text("Proovitoetus")


def addresses(page: Page, url: str, email: str) -> list[str]:
    """One of each kind of page that this person meets; `page` is signed in as them."""
    page.goto(url + LIST)
    found = [url + LIST, f"{url}{LIST}?q=kosmoselaev", f"{url}{LIST}uus/"]
    asked = page.locator(".asked .act")
    found += asked.evaluate_all("links => links.map(link => link.href)")[:1]
    if email == KEEPER:
        found.append(url + MINE)
    page.goto(found[-1] if email == KEEPER else f"{url}{LIST}?look=waiting")
    offers = page.locator(".rows h2 a, .rows h3 a")
    [offer, *_] = offers.evaluate_all("links => links.map(link => link.href)")
    found += [offer, f"{offer}muuda/"]
    if email == COORDINATOR:
        found += [f"{offer}avalda/", f"{offer}vota-tagasi/"]
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("email", [KEEPER, COORDINATOR])
def test_pages_of_resources_are_accessible(
    site: Site,
    open_page: OpenPage,
    sign_in: SignIn,
    axe: Callable[[Page], None],
    email: str,
    width: int,
    scheme: str,
) -> None:
    page = open_page(width=width, scheme=scheme)
    sign_in(page, email)
    for address in addresses(page, site.url, email):
        page.goto(address)
        fits(page)
        axe(page)


@pytest.mark.java
def test_html_checker_finds_nothing_on_pages_of_resources(
    site: Site, open_page: OpenPage, sign_in: SignIn, check_html: CheckHtml
) -> None:
    pages = {}
    for email in (KEEPER, COORDINATOR):
        page = open_page()
        sign_in(page, email)
        for address in addresses(page, site.url, email):
            pages[f"{email} {address}"] = page.request.get(address).text()
    check_html(pages)
