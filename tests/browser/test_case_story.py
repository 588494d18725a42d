"""From a noticing to a note on a colleague's phone; everybody else meets the same nothing.

CASE-01, CASE-08, CASE-12, PLAN-01.
"""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import OpenPage
from tests.plugins.site import Site

pytestmark = pytest.mark.browser

SUPPORT = "tugi@tugivork.example"
PEER = "kogemus@tugivork.example"
OUTSIDERS = (
    "kolleeg@tugivork.example",
    "koordinaator@tugivork.example",
    "haldur@tugivork.example",
    "toimetaja@tugivork.example",
)
AUDITOR = "audiitor@tugivork.example"
NOTICED = "Naaber ei ole teda nädal aega näinud."
TEXT = "Rääkisime poe juures. Ta on nõus, et homme helistan."
CASE = re.compile(r"/intranet/juhtumid/([0-9a-f-]{36})/$")
UNKNOWN = "00000000-0000-4000-8000-000000000000"

SignIn = Callable[..., None]


def open_a_case(page: Page, site: Site) -> str:
    """Notice somebody and open a case; returns its address."""
    page.goto(f"{site.url}/intranet/")
    page.get_by_role("link", name="Ava juhtum märkamisest").click()
    page.fill("[name=first_name]", "Tiiu")
    page.fill("[name=last_name]", "Proovija")
    page.select_option("select[name=municipality]", label="Antsla vald")
    page.fill("[name=text]", NOTICED)
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(CASE)
    return page.url


def body_of(page: Page, address: str) -> tuple[int, str]:
    """Status and text of an answer, as the signed-in browser of `page` gets it."""
    answer = page.request.get(address)
    return answer.status, answer.text()


def test_a_case_is_opened_shared_with_one_and_hidden_from_all_others(
    own_site: Site, open_page: OpenPage, sign_in: SignIn
) -> None:
    desk = open_page(at=own_site)
    sign_in(desk, SUPPORT, at=own_site)
    case = open_a_case(desk, own_site)
    number = re.search(r"[2-9A-Z]{3}-[2-9A-Z]{3}", desk.locator("h1").inner_text())
    assert number is not None

    desk.goto(f"{case}tiim/kutsu/")
    peer = desk.locator("select[name=position] option").filter(has_text="ogemusnõustaja").first
    desk.select_option("select[name=position]", value=peer.get_attribute("value"))
    desk.locator("[name=role][value=additional_support]").check()
    desk.locator("main form button[type=submit]").click()
    desk.wait_for_url(CASE)

    phone = open_page(at=own_site, width=360)
    sign_in(phone, PEER, at=own_site)
    assert body_of(phone, case)[0] == 404, "an invitation opens nothing before it is accepted"
    invitations = phone.locator("main a[href*='/intranet/kutsed/']")
    addresses = invitations.evaluate_all("links => links.map(link => link.href)")
    for address in dict.fromkeys(addresses):
        phone.goto(address)
        assert "Proovija" not in phone.inner_text("main")
        phone.locator("button[value=accept]").click()
        phone.wait_for_load_state()
    phone.goto(case)
    assert "Tiiu Proovija" in phone.inner_text("main")
    assert NOTICED not in phone.inner_text("main"), "an additional provider sees no noticing"

    phone.locator("main a[href$='/markmed/lisa/']").first.click()
    phone.get_by_role("radio", name="Kohtumine").check()
    phone.fill("[name=text]", TEXT)
    phone.locator("[name=duration][value='30']").check()
    phone.locator(".save button").click()
    phone.wait_for_url("**/markmed/?*valmis=*")
    desk.goto(case)
    assert TEXT in desk.inner_text("main")

    nothing: set[str] = set()
    for email in OUTSIDERS:
        outsider = open_page(at=own_site)
        sign_in(outsider, email, at=own_site)
        foreign = body_of(outsider, case)
        unknown = body_of(outsider, f"{own_site.url}/intranet/juhtumid/{UNKNOWN}/")
        assert foreign == unknown
        assert foreign[0] == 404
        nothing.add(foreign[1])
    assert len(nothing) == 1, "everybody meets the same page"

    desk.locator(".team a[href*='/lopeta/']").first.click()
    desk.locator("main form button[type=submit]").click()
    desk.wait_for_url(CASE)
    # The peer's tab is still open, the session still good: the next request already finds nothing.
    assert body_of(phone, case) == (404, nothing.pop())

    auditor = open_page(at=own_site)
    sign_in(auditor, AUDITOR, at=own_site)
    auditor.goto(f"{own_site.url}/intranet/logi/")
    log = auditor.inner_text("main")
    for name in ("Marek Näidis", "Jaan Näidis", "Helve Näidis", "Triin Näidis", "Siiri Näidis"):
        assert name in log
    assert "Proovija" not in log
    assert number.group() in log
