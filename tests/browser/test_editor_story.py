"""An editor signs in, changes a text and a help number, previews, publishes; the public sees it."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.plugins.site import Site

EDITOR = "toimetaja@tugivork.example"
SUMMARY = "Vestlus inimesega, kes teab oma kogemusest, kuidas edasi minna."


def edit(page: Page, site: Site, title: str) -> None:
    """Open the editor of the page `title`, found as an editor finds it."""
    page.goto(f"{site.url}/cms/pages/search/?q={title}")
    page.get_by_role("link", name=title, exact=True).first.click()
    page.wait_for_url("**/edit/")


def publish(page: Page) -> None:
    page.get_by_role("button", name="Rohkem tegevusi").or_(
        page.locator("footer .w-dropdown__toggle, footer [data-w-dropdown-target='toggle']")
    ).first.click()
    page.locator("button[name=action-publish]").click()
    page.locator(".messages .success").wait_for()


def test_an_editor_changes_a_component_and_a_help_number_and_everybody_sees_it(
    own_site: Site, open_page: OpenPage, sign_in: Callable[..., None]
) -> None:
    page = open_page(at=own_site)
    visitor = open_page(at=own_site, width=360)
    visitor.goto(f"{own_site.url}/teenused/kogemusnoustamine/")
    assert SUMMARY not in visitor.inner_text("main")
    sign_in(page, EDITOR, at=own_site)

    edit(page, own_site, "Kogemusnõustamine")
    page.fill("[name=summary]", SUMMARY)
    with page.expect_response(lambda answer: "/preview/" in answer.url and answer.ok):
        page.locator("[aria-label='Näita/peida külgpaneele: Eelvaade']").or_(
            page.locator("button[data-side-panel-toggle='preview'], [data-form-side] button").first
        ).first.click()
    publish(page)

    # A published change shows at once, on the page, in the list and in the search.
    visitor.goto(f"{own_site.url}/teenused/kogemusnoustamine/")
    visitor.wait_for_timeout(1100)
    visitor.reload()
    assert SUMMARY in visitor.inner_text("main")
    visitor.goto(f"{own_site.url}/teenused/")
    assert SUMMARY in visitor.inner_text("main")
    visitor.goto(f"{own_site.url}/otsing/?q=vestlus+kogemusest")
    assert "Kogemusnõustamine" in visitor.inner_text(".results")

    edit(page, own_site, "Kui abi on vaja kohe")
    page.locator("[name$='-number']").first.fill("113")
    publish(page)
    visitor.wait_for_timeout(1100)
    visitor.goto(f"{own_site.url}/")
    expect(visitor.locator("aside.help a[href='tel:113']")).to_be_visible()


def test_the_cms_tells_the_editor_what_is_missing(
    own_site: Site, open_page: OpenPage, sign_in: Callable[..., None]
) -> None:
    page = open_page(at=own_site)
    sign_in(page, EDITOR, at=own_site)

    page.goto(f"{own_site.url}/cms/aruanded/puuduvad/")
    row = page.locator("tr").filter(has_text="Ajutise hoiu teenus")
    expect(row).to_contain_text("tegevused")

    row.get_by_role("link").first.click()
    page.wait_for_url("**/edit/")
    expect(
        page.locator("#panel-child-sisu-mis_on_puudu-section, .help-warning").first
    ).to_be_visible()


def test_a_day_that_the_calendar_cannot_read_never_becomes_today(
    own_site: Site, open_page: OpenPage, sign_in: Callable[..., None]
) -> None:
    page = open_page(at=own_site)
    sign_in(page, EDITOR, at=own_site)
    edit(page, own_site, "Kogemusnõustamine")
    field = page.locator("[name=reviewed_on]")
    for typed in ("31.02.2027", "1. märts 2027", "01.03.2027"):
        field.fill(typed)
        field.press("Tab")
        page.locator("[name=summary]").focus()
        expect(field).to_have_value(typed)
