"""Passkeys in a real browser, with the authenticator that Chromium itself plays (rules.md 13)."""

import os
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import CDPSession, Page, expect

from tests.browser.conftest import OpenPage
from tests.plugins.site import Site, running

pytestmark = pytest.mark.browser

KADRI = "tugi@tugivork.example"
SignIn = Callable[..., None]


@pytest.fixture(scope="module")
def own_site(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """One site for these tests; each makes passkeys of its own and takes them off again."""
    with running(tmp_path_factory.mktemp("passkeys"), f"passkeys-{os.getpid()}") as this:
        yield this


def give_authenticator(page: Page, *, verifies: bool = True) -> tuple[CDPSession, str]:
    """A device that keeps passkeys and knows its owner by finger (or, not `verifies`, does not)."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": verifies,
        "automaticPresenceSimulation": True,
    }
    made = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return devtools, made["authenticatorId"]


@pytest.fixture
def kadri(own_site: Site, open_page: OpenPage, sign_in: SignIn) -> Page:
    """Kadri's browser, signed in by password."""
    page = open_page(at=own_site)
    sign_in(page, KADRI, at=own_site)
    return page


def add_passkey(page: Page, site: Site, name: str) -> None:
    page.goto(f"{site.url}/konto/voti/lisa/")
    page.fill("[name=name]", name)
    page.click("form[data-passkey] button")
    page.wait_for_url(lambda url: "/konto/kood/" in url)


def sign_out(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/intranet/")
    page.click("header .me form button")
    page.wait_for_url(f"{site.url}/")


def remove_passkey(page: Page, site: Site, name: str) -> None:
    page.goto(f"{site.url}/konto/kood/")
    page.locator("li", has_text=name).locator("a[href$='/eemalda/']").click()
    page.click("main form button")
    page.wait_for_url(f"{site.url}/konto/kood/")


def test_a_passkey_is_made_opens_the_account_without_a_password_and_is_removed(
    own_site: Site, kadri: Page, axe: Callable[[Page], None]
) -> None:
    give_authenticator(kadri)
    add_passkey(kadri, own_site, "Kontori arvuti")
    expect(kadri.locator(".codes li")).to_have_count(10)  # recovery codes come with the first
    kadri.goto(f"{own_site.url}/konto/kood/")
    expect(kadri.locator("main")).to_contain_text("Kontori arvuti")
    axe(kadri)

    sign_out(kadri, own_site)
    kadri.goto(f"{own_site.url}/konto/sisse/?next=/konto/profiil/")
    kadri.click("form[data-passkey='sign-in'] button")
    kadri.wait_for_url(f"{own_site.url}/konto/profiil/")

    # Not even the demo, which asks nobody for a second step, lets the password alone in now.
    sign_out(kadri, own_site)
    kadri.goto(f"{own_site.url}/konto/sisse/")
    kadri.fill("input[name=login]", KADRI)
    kadri.fill("input[name=password]", own_site.password)
    kadri.locator("input[name=password]").press("Enter")
    kadri.wait_for_url("**/konto/sisse/kood/")
    axe(kadri)
    kadri.goto(f"{own_site.url}/intranet/")
    kadri.wait_for_url("**/konto/sisse/**")
    kadri.goto(f"{own_site.url}/konto/sisse/kood/")
    kadri.click("form[data-passkey=show] button")
    kadri.wait_for_url(f"{own_site.url}/intranet/")

    remove_passkey(kadri, own_site, "Kontori arvuti")
    expect(kadri.locator("main")).not_to_contain_text("Kontori arvuti")


def test_a_device_that_does_not_know_its_owner_makes_no_passkey(
    own_site: Site, kadri: Page
) -> None:
    give_authenticator(kadri, verifies=False)
    kadri.goto(f"{own_site.url}/konto/voti/lisa/")
    kadri.click("form[data-passkey] button")
    expect(kadri.locator("[data-passkey-trouble]")).to_be_visible()
    kadri.goto(f"{own_site.url}/konto/kood/")
    expect(kadri.locator("a[href$='/eemalda/']")).to_have_count(0)


def test_a_passkey_that_the_portal_does_not_know_opens_nothing(own_site: Site, kadri: Page) -> None:
    give_authenticator(kadri)
    add_passkey(kadri, own_site, "Vana telefon")
    remove_passkey(kadri, own_site, "Vana telefon")
    sign_out(kadri, own_site)
    kadri.goto(f"{own_site.url}/konto/sisse/")
    with kadri.expect_navigation():  # the answer itself: words of signing out stand here before it
        kadri.click("form[data-passkey='sign-in'] button")
    expect(kadri.locator("[role=status]").first).to_be_visible()
    kadri.goto(f"{own_site.url}/intranet/")
    assert "/konto/sisse/" in kadri.url


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize(
    "path", ["/konto/voti/lisa/", "/konto/kood/", "/konto/sisselogimised/", "/konto/profiil/"]
)
def test_the_pages_of_the_account_are_accessible(
    own_site: Site, kadri: Page, axe: Callable[[Page], None], path: str, width: int
) -> None:
    kadri.set_viewport_size({"width": width, "height": 800})
    kadri.goto(own_site.url + path)
    assert kadri.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    axe(kadri)


def test_without_javascript_the_sign_in_offers_no_button_that_does_nothing(
    own_site: Site, open_page: OpenPage
) -> None:
    page = open_page(at=own_site, javascript=False)
    page.goto(f"{own_site.url}/konto/sisse/")
    expect(page.locator("form[data-passkey]")).to_be_hidden()
