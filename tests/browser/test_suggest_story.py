"""The search box proposes results while somebody types, and needs nobody to use them."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.plugins.site import Site


@pytest.mark.parametrize("width", [360, 1280])
def test_a_suggestion_is_reached_by_arrow_keys_and_leads_to_its_page(
    site: Site, open_page: OpenPage, axe: Callable[[Page], None], width: int
) -> None:
    page = open_page(width=width)
    page.goto(site.url)
    box = page.get_by_role("search").get_by_role("combobox")
    box.press_sequentially("kogemusnõust")
    first = page.get_by_role("option").first
    expect(first).to_contain_text("Kogemusnõustamine")
    expect(box).to_have_attribute("aria-expanded", "true")
    axe(page)

    box.press("ArrowDown")
    expect(first).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", first.get_attribute("id") or "")
    box.press("Escape")
    expect(box).to_have_attribute("aria-expanded", "false")
    box.press("ArrowDown")
    box.press("Enter")
    page.wait_for_url("**/teenused/kogemusnoustamine/")


def test_enter_without_a_choice_asks_what_was_typed(site: Site, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(f"{site.url}/otsing/")
    box = page.get_by_role("search").get_by_role("combobox")
    box.press_sequentially("hooldaja puhkus")
    expect(page.get_by_role("option").first).to_be_visible()
    box.press("Enter")
    page.wait_for_url("**/otsing/?q=hooldaja+puhkus")
    expect(page.locator(".found > li").first).to_contain_text("Ajutise hoiu teenus")
