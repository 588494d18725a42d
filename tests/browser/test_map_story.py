"""The map in a browser: list and map in step, near me, a part of the map, by keyboard too."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.plugins.site import Site

NEAR_ANTSLA = "/kaart/?municipality=antsla-vald"
PIN = ".leaflet-marker-icon.pin"


def live(page: Page, address: str) -> Page:
    """Open the map and wait until the script has taken the drawing's place."""
    page.goto(address)
    page.locator("[data-map]").scroll_into_view_if_needed()
    page.wait_for_selector("[data-map][data-live]")
    return page


def numbers_on_pins(page: Page) -> set[int]:
    """The numbers of rows that the pins stand for."""
    found: set[int] = set()
    for label in page.locator(PIN).evaluate_all("pins => pins.map(pin => pin.dataset.label)"):
        if span := re.fullmatch(r"(\d+)–(\d+)", label):
            found |= set(range(int(span[1]), int(span[2]) + 1))
        else:
            found |= {int(one) for one in re.findall(r"(?<!\+)\b\d+", label)}
    return found


def test_two_taps_from_the_front_page_show_help_near_antsla(
    site: Site, open_page: OpenPage
) -> None:
    page = open_page(width=360)
    page.goto(f"{site.url}/?municipality=antsla-vald&remember=-")

    page.get_by_role("link", name="kaardil").first.click()

    page.wait_for_url("**/kaart/**")
    expect(page.locator(".chips")).to_contain_text("Antsla vald")
    first = page.locator(".maprows > li").first
    expect(first).to_contain_text("Antsla")
    expect(first.locator("a[href^='tel:']")).to_have_count(1)


def test_every_row_with_a_place_has_its_number_on_the_map(site: Site, open_page: OpenPage) -> None:
    page = live(open_page(), site.url + "/kaart/?in=antsla-vald")
    while page.locator("[data-zoom='1']:enabled").count() and page.locator(PIN).count() < 2:
        page.locator("[data-zoom='1']").click()

    rows = page.locator(".maprows > li[data-lat]")
    listed = {
        int(number) for number in rows.evaluate_all("rows => rows.map(r => r.dataset.number)")
    }

    assert listed
    assert numbers_on_pins(page) <= listed


def test_a_row_marks_its_pin_and_a_pin_leads_to_its_row(site: Site, open_page: OpenPage) -> None:
    page = live(open_page(), site.url + NEAR_ANTSLA)
    row = page.locator(".maprows > li[data-lat]").first

    row.hover()
    expect(page.locator(f"{PIN}.on")).to_have_count(1)
    page.mouse.move(5, 5)
    expect(page.locator(f"{PIN}.on")).to_have_count(0)
    row.locator("h3 a").focus()
    expect(page.locator(f"{PIN}.on")).to_have_count(1)

    # By keyboard: Enter on the pin opens what stands there, Enter on a row goes to it.
    page.locator(PIN).first.focus()
    page.keyboard.press("Enter")
    popup = page.locator(".leaflet-popup-content a")
    expect(popup.first).to_be_focused()
    page.keyboard.press("Escape")
    expect(popup).to_have_count(0)
    expect(page.locator(PIN).first).to_be_focused()
    page.keyboard.press("Enter")
    popup.nth(1).press("Enter")
    expect(page.locator(".maprows > li.on")).to_have_count(1)
    assert page.evaluate("document.activeElement.closest('.maprows > li.on') !== null")


def test_moving_the_map_changes_the_list_only_when_asked(site: Site, open_page: OpenPage) -> None:
    page = live(open_page(), site.url + NEAR_ANTSLA)
    title = page.locator("#loetelu")
    before = title.inner_text()
    ask = page.get_by_role("link", name="Otsi sellest alast")
    expect(ask).not_to_be_visible()

    page.get_by_role("button", name="Suurenda").click()

    expect(ask).to_be_visible()
    assert title.inner_text() == before
    ask.click()
    page.wait_for_url("**box=**")
    assert title.inner_text() != before
    expect(page.locator(".chips")).to_contain_text("Osa kaardist")


def test_near_me_is_rounded_before_it_leaves_the_device(site: Site, open_page: OpenPage) -> None:
    page = open_page(
        width=360,
        geolocation={"latitude": 57.846789, "longitude": 27.019876},
        permissions=["geolocation"],
    )
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{site.url}/kaart/")

    page.get_by_role("button", name="Minu lähedal").click()

    page.wait_for_url("**lat=57.85&lon=27.02")
    expect(page.locator(".chips")).to_contain_text("Teie lähedal")
    assert "km" in page.locator(".maprows > li").first.inner_text()
    assert not any("57.846" in url or "27.0198" in url for url in asked)


def test_a_device_that_does_not_tell_where_it_is_leaves_the_choice(
    site: Site, open_page: OpenPage
) -> None:
    page = open_page(width=360)
    page.goto(f"{site.url}/kaart/")

    page.get_by_role("button", name="Minu lähedal").click()

    expect(page.get_by_text("Teie seade ei öelnud")).to_be_visible()
    abroad = open_page(
        geolocation={"latitude": 48.85, "longitude": 2.35}, permissions=["geolocation"]
    )
    abroad.goto(f"{site.url}/kaart/")
    abroad.get_by_role("button", name="Minu lähedal").click()
    expect(abroad.get_by_text("väljaspool Eestit")).to_be_visible()


def test_without_scripts_the_drawing_links_to_the_rows_and_to_the_other_pages(
    site: Site, open_page: OpenPage
) -> None:
    page = open_page(javascript=False)
    page.goto(site.url + NEAR_ANTSLA)

    for pin in page.locator("a.pin").all():
        expect(page.locator(pin.get_attribute("href") or "")).to_have_count(1)
    expect(page.get_by_role("button", name="Minu lähedal")).not_to_be_visible()
    spot = page.locator("a.spot").first
    number = int(spot.text_content() or "")
    page.goto(f"{site.url}/kaart/{spot.get_attribute('href')}")
    assert page.locator("#loetelu").inner_text().startswith(f"{number} ")


@pytest.mark.parametrize("width", [360, 1280])
def test_the_script_of_the_map_comes_only_when_the_map_does(
    site: Site, open_page: OpenPage, width: int
) -> None:
    page = open_page(width=width)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{site.url}/teenused/", wait_until="networkidle")
    assert not any("leaflet" in url or "map" in url for url in asked)

    page.goto(site.url + NEAR_ANTSLA, wait_until="networkidle")
    on_screen = any("leaflet" in url for url in asked)
    # On a phone the list comes first, and the map is far below it.
    assert on_screen == (width == 1280)
    live(page, site.url + NEAR_ANTSLA)
    assert any("leaflet" in url for url in asked)
