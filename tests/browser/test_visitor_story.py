"""A visitor who has never been here: from the front page to a price and a phone number."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.plugins.site import Site

ANTSLA = "Antsla vald"


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("width", [360, 1280])
def test_two_choices_lead_from_the_front_page_to_a_price_and_a_phone_near_antsla(
    site: Site, open_page: OpenPage, width: int, javascript: bool
) -> None:
    page = open_page(width=width, javascript=javascript)
    page.goto(site.url)

    page.get_by_label("Vald või linn").select_option(label=ANTSLA)
    page.get_by_role("button", name="Näita", exact=True).click()
    page.get_by_role("link", name="Vaimne tervis").click()

    row = page.locator(".results > li").filter(has_text="Kogemusnõustamine").first
    expect(row).to_contain_text("20,00\xa0€")
    expect(page.locator("main a[href='tel:0001010']").first).to_be_visible()

    row.get_by_role("link", name="Kogemusnõustamine", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kogemusnõustamine")
    expect(page.locator("#pakkujad")).to_contain_text("40,00\xa0€")
    # Before its style has come the page shows one number more.
    page.wait_for_load_state("load")
    # On a phone the number stands in a bar under the thumb, which comes last in the page.
    boxes = [phone.bounding_box() for phone in page.locator("a[href='tel:0001010']:visible").all()]
    height = page.viewport_size["height"]
    assert any(box and box["y"] + box["height"] <= height for box in boxes), "it needs scrolling"


def test_the_whole_way_can_be_walked_by_keyboard(site: Site, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(site.url)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.classList.contains('skip')")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "q"

    page.keyboard.type("töökoha leidmine")
    page.keyboard.press("Enter")
    page.wait_for_url("**/otsing/**")

    found = page.locator(".results a").first
    found.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/teenused/tootamise-toetamine/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Töötamise toetamine")


@pytest.mark.parametrize(
    ("question", "address"),
    [
        ("perearsti", "/teenused/tegevusplaani-elluviimise-tagamine/"),
        ("nõustamisele", "/teenused/kogemusnoustamine/"),
        ("elukoha vahetus", "/teenused/toetus-elukoha-vahetusel/"),
        ("töökoha leidmine", "/teenused/tootamise-toetamine/"),
        ("väsinud hooldaja", "/teenused/ajutise-hoiu-teenus/"),
        ("noustamine perele", "/teenused/pere-noustamine-ja-koolitus/"),
        ("tammetõru", "/asutused/tammetoru-kogemuskoda/"),
    ],
)
def test_a_question_in_own_words_finds_what_it_should(
    site: Site, open_page: OpenPage, question: str, address: str
) -> None:
    page = open_page(width=360)
    page.goto(f"{site.url}/otsing/")
    page.locator("main input[name=q]").fill(question)
    page.keyboard.press("Enter")
    page.wait_for_url("**/otsing/?q=**")

    links = page.locator(".results h3 a")
    first = [links.nth(place).get_attribute("href") for place in range(min(5, links.count()))]
    assert address in first


@pytest.mark.parametrize(("language", "search"), [("en", "Search"), ("ru", "Найти")])
def test_the_frame_speaks_the_language_of_the_address_and_says_that_the_text_is_estonian(
    site: Site, open_page: OpenPage, language: str, search: str
) -> None:
    page = open_page(width=360)
    page.goto(f"{site.url}/{language}/teenused/kogemusnoustamine/")

    assert page.locator("html").get_attribute("lang") == language
    expect(page.locator("main .notice").first).to_be_visible()
    assert page.locator("h1").get_attribute("lang") == "et"
    page.goto(f"{site.url}/{language}/")
    expect(page.locator("main form[role=search] button")).to_have_text(search)


def test_the_chosen_municipality_stays_on_the_device(site: Site, open_page: OpenPage) -> None:
    page = open_page(width=360)
    page.goto(f"{site.url}/?municipality=antsla-vald&remember=-")
    page.goto(f"{site.url}/teenused/ajutise-hoiu-teenus/")
    expect(page.locator("#pakkujad h2")).to_contain_text(ANTSLA)

    page.locator("#pakkujad select").select_option(value="")
    page.locator("#pakkujad").get_by_role("button", name="Näita").click()
    expect(page.locator("#pakkujad h2")).not_to_contain_text(ANTSLA)


def test_a_mistyped_address_leads_on(site: Site, open_page: OpenPage) -> None:
    page = open_page(width=360)
    answer = page.goto(f"{site.url}/teenused/sellist-ei-ole/")

    assert answer is not None
    assert answer.status == 404
    page.locator("main a[href='/teenused/']").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
