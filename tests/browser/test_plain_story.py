"""A reader switches to plain language without script; an editor sees how hard the text is."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.plugins.site import Site

EDITOR = "kirjutaja@tugivork.example"
LONG = "See on lause, mis läheb muudkui edasi ja edasi ning ei saa kuidagi läbi enne õhtut."


def test_a_reader_stays_in_plain_language_without_script(
    site: Site, open_page: OpenPage, axe: Callable[[Page], None]
) -> None:
    page = open_page(width=360, javascript=False)
    page.goto(f"{site.url}/teenused/kogemusnoustamine/")
    page.get_by_role("link", name="Lugege seda lehte lihtsas keeles").click()
    expect(page.locator(".plain-text")).to_be_visible()

    page.goto(f"{site.url}/alustamine/")
    expect(page.locator(".plain-text")).to_be_visible()
    page.goto(f"{site.url}/andmekaitse/")
    expect(page.locator("main .notice").first).to_contain_text("lihtsat teksti veel ei ole")

    page.goto(f"{site.url}/")
    page.locator("footer").get_by_role("link", name="Lõpeta lihtne keel").click()
    page.goto(f"{site.url}/alustamine/")
    expect(page.locator(".plain-text")).to_have_count(0)

    look = open_page(width=360)
    for path in ("/", "/teenused/kogemusnoustamine/", "/andmekaitse/"):
        look.goto(f"{site.url}{path}?lihtne=1")
        axe(look)


def test_an_editor_sees_how_hard_the_text_is_while_writing(
    site: Site, open_page: OpenPage, sign_in: Callable[..., None]
) -> None:
    page = open_page()
    sign_in(page, EDITOR)
    page.goto(f"{site.url}/cms/pages/search/?q=Alustamine")
    page.get_by_role("link", name="Alustamine", exact=True).first.click()
    page.wait_for_url("**/edit/")

    intro = page.locator("[data-contentpath=intro]")
    intro.locator("textarea").fill(LONG)
    expect(intro.locator(".reading")).to_contain_text("LIX")
    expect(intro.locator(".reading")).to_contain_text("See on lause")
    intro.locator("textarea").fill("Lühike lause.")
    expect(intro.locator(".reading")).not_to_contain_text("See on lause")

    plain = page.locator("[data-contentpath=plain]")
    plain.get_by_role("textbox").click()
    page.keyboard.type("Rehabilitatsiooniteenus on siin.")
    expect(plain.locator(".reading")).to_contain_text("Rehabilitatsiooniteenus")
