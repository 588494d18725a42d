"""Somebody who does not know what to look for: four questions, a list, side by side, a letter."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.plugins.site import Site

PEER, RESPITE = "/teenused/kogemusnoustamine/", "/teenused/ajutise-hoiu-teenus/"
ADD, COUNT = "[data-list-slug]", "[data-list-count]"


def keep(page: Page, site: Site, *paths: str) -> None:
    """Put the services at `paths` on the list of this device."""
    for path in paths:
        page.goto(site.url + path)
        button = page.locator(f"main {ADD}")
        expect(button).to_be_visible()
        button.click()
        expect(button).to_contain_text("võta ära")


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("width", [360, 1280])
def test_four_questions_lead_to_reasons_and_a_phone_and_back_again(
    site: Site, open_page: OpenPage, width: int, javascript: bool
) -> None:
    page = open_page(width=width, javascript=javascript)
    page.goto(site.url)
    page.get_by_role("link", name="Vastake neljale küsimusele").click()

    page.get_by_role("link", name="Abi vajab mu lähedane").click()
    page.get_by_role("button", name="Edasi").click()
    expect(page.locator("[data-errors]")).to_contain_text("Märkige vähemalt üks")
    page.get_by_label("Ei ole tööd, kooli ega tegevust päevaks").check()
    page.get_by_role("button", name="Edasi").click()
    page.get_by_label("Vald või linn").select_option(label="Antsla vald")
    page.get_by_role("button", name="Edasi").click()
    page.get_by_label("Rühmas, koos teistega").check()
    page.get_by_role("button", name="Näita, mis võiks aidata").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Mis võiks aidata")
    first = page.locator(".picked").first
    expect(first).to_contain_text("sest valisite „Ei ole tööd, kooli ega tegevust päevaks“")
    expect(first).to_contain_text("sest seda saab ka rühmas")
    expect(page.locator("main a[href='tel:112']")).to_be_visible()
    expect(page.locator("a[href='tel:0001010']:visible").first).to_be_visible()

    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kuidas peaks abi tulema?")
    page.get_by_role("link", name="Tagasi eelmise küsimuse juurde").click()
    page.get_by_role("link", name="Tagasi eelmise küsimuse juurde").click()
    expect(page.get_by_label("Ei ole tööd, kooli ega tegevust päevaks")).to_be_checked()
    assert page.context.cookies() == []


def test_a_crisis_shows_the_help_numbers_first(site: Site, open_page: OpenPage) -> None:
    page = open_page(width=360)
    page.goto(f"{site.url}/leia/?who=self&step=2")
    page.get_by_label("Praegu on väga raske").check()
    page.get_by_role("button", name="Edasi").click()
    page.get_by_role("link", name="Jätan ütlemata").click()
    page.get_by_role("button", name="Näita, mis võiks aidata").click()
    number = page.locator("main a[href='tel:112']")
    expect(number).to_be_in_viewport()
    assert number.bounding_box()["y"] < page.locator(".picked").first.bounding_box()["y"]


@pytest.mark.parametrize("javascript", [True, False])
def test_three_that_are_ticked_stand_side_by_side(
    site: Site, open_page: OpenPage, javascript: bool
) -> None:
    page = open_page(javascript=javascript)
    page.goto(f"{site.url}/teenused/?domain=hoivatus")
    for place in range(3):
        page.locator(".results [name=component]").nth(place).check()
    page.get_by_role("button", name="Võrdle kõrvuti").click()
    expect(page.locator(".versus thead .name")).to_have_count(3)
    page.locator(".versus tbody a", has_text="Jäta välja").first.click()
    expect(page.locator(".versus thead .name")).to_have_count(2)


def test_on_a_phone_the_columns_stand_one_under_another(site: Site, open_page: OpenPage) -> None:
    page = open_page(width=360)
    page.goto(f"{site.url}/vordle/?component=kogemusnoustamine&component=tootamise-toetamine")
    tops = {
        name: page.locator(name).first.bounding_box()["y"]
        for name in ("thead .n1", "tbody .n1 >> nth=-1", "thead .n2", "tbody .n2")
    }
    assert list(tops.values()) == sorted(tops.values())


def test_the_list_stays_on_the_device_and_opens_elsewhere_by_its_link(
    site: Site, open_page: OpenPage
) -> None:
    page = open_page()
    keep(page, site, PEER, RESPITE)
    expect(page.locator(COUNT)).to_have_text("(2)")
    page.locator("[data-list-link] a").click()
    expect(page.locator(".picked h3")).to_have_text(["Kogemusnõustamine", "Ajutise hoiu teenus"])
    expect(page.locator("[data-list-other]")).to_be_hidden()
    link = page.get_by_label("Selle nimekirja aadress").input_value()
    assert page.context.cookies() == []

    # Whoever gets the letter, without scripts too.
    other = open_page(javascript=False)
    other.goto(link)
    expect(other.locator(".picked")).to_have_count(2)
    expect(other.locator(f"{ADD}:visible")).to_have_count(0)
    other.locator("[data-list-drop]").first.click()
    expect(other.locator(".picked h3")).to_have_text(["Ajutise hoiu teenus"])

    third = open_page()
    third.goto(link)
    third.locator("[data-list-take]").click()
    expect(third.locator("[data-list-other]")).to_be_hidden()
    expect(third.locator(COUNT)).to_have_text("(2)")
    third.locator("[data-list-drop]").first.click()
    expect(third.locator(COUNT)).to_have_text("(1)")
    third.locator("[data-list-drop]").first.click()
    expect(third.locator("[data-list-none]")).to_be_visible()
    expect(third.locator(COUNT)).to_have_text("")


@pytest.mark.parametrize("kept", ["rubbish", '{"a": 1}', '["<b>", 5, null, "ei-ole"]', "[[]]"])
def test_rubbish_on_the_device_breaks_nothing(site: Site, open_page: OpenPage, kept: str) -> None:
    page = open_page()
    page.goto(f"{site.url}/abinumbrid/")
    page.evaluate("text => localStorage.setItem('tugivork.nimekiri', text)", kept)
    keep(page, site, PEER)
    page.goto(f"{site.url}/minu-nimekiri/")
    expect(page.locator(".picked h3")).to_have_text(["Kogemusnõustamine"])


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_list_of_the_device_is_accessible(
    site: Site, open_page: OpenPage, axe, width: int, scheme: str
) -> None:
    page = open_page(width=width, scheme=scheme)
    keep(page, site, PEER, RESPITE)
    page.goto(f"{site.url}/minu-nimekiri/")
    expect(page.locator(".picked")).to_have_count(2)
    axe(page)
    page.goto(f"{site.url}/minu-nimekiri/?k=tootamise-toetamine")
    expect(page.locator("[data-list-other]")).to_be_visible()
    axe(page)
