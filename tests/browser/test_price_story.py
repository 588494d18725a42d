"""A publisher brings in another provider's price list without having read anything. CAT-23."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.width import fits
from tests.catalogue.price_forms import FOLDER, kept
from tests.plugins.html import CheckHtml
from tests.plugins.site import Site

pytestmark = pytest.mark.browser

PUBLISHER = "toimetaja@tugivork.example"
START = "/intranet/hinnad/"


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
def test_a_price_list_in_its_own_layout_is_taken_over(
    own_site: Site,
    open_page: OpenPage,
    sign_in: Callable[..., None],
    axe: Callable[..., Any],
    check_html: CheckHtml,
    width: int,
    scheme: str,
) -> None:
    page = open_page(at=own_site, width=width, scheme=scheme)
    sign_in(page, PUBLISHER, at=own_site)
    page.goto(own_site.url + START)
    axe(page)
    check_html({START: page.content()})

    page.get_by_label(re.compile("Millisesse vooru")).select_option(label="2025–2026")
    page.get_by_label("Hindade fail").set_input_files(FOLDER / "kolm_maara.xlsx")
    page.get_by_label(re.compile("Mis päevast")).fill(f"0{1 if width > 600 else 2}.01.2027")
    page.get_by_role("button", name="Loe fail sisse").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vaadake hinnad üle")
    axe(page)
    check_html({"preview": page.content()})
    page.get_by_label(re.compile("Milline käibemaks")).select_option("exempt")
    page.get_by_role("button", name="Salvesta vastused").click()
    take = page.get_by_role("button", name=re.compile("^Võta 9 hinda üle|^Võta \\d+ hinda üle"))
    expect(take).to_be_visible()
    fits(page)
    take.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Hinnad on üle võetud")
    expect(page.get_by_text(re.compile("hinda võeti üle"))).to_be_visible()
    axe(page)
    check_html({"result": page.content()})
    fits(page)

    # Something was wrong: everything goes back, and then over once more.
    page.get_by_role("link", name="Võta tagasi").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Võta hinnad tagasi")
    axe(page)
    check_html({"undo": page.content()})
    fits(page)
    page.get_by_role("button", name="Võta tagasi").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vaadake hinnad üle")
    expect(page.get_by_text(re.compile("Tagasi võetud .* nii, nagu oli enne"))).to_be_visible()
    take.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Hinnad on üle võetud")

    # The same file again: nothing is asked once more, and nothing is left to take over.
    page.get_by_role("link", name="Too järgmine hinnakiri sisse").click()
    page.get_by_label(re.compile("Millisesse vooru")).select_option(label="2025–2026")
    page.get_by_label("Hindade fail").set_input_files(
        {"name": "hinnad.xlsx", "mimeType": "", "buffer": kept("kolm_maara.xlsx")}
    )
    page.get_by_label(re.compile("Mis päevast")).fill("03.01.2027")
    page.get_by_role("button", name="Loe fail sisse").click()
    expect(page.get_by_text(re.compile("Vastused, mille andsite"))).to_be_visible()
    expect(page.get_by_text("Midagi ei muutuks.")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Kustuta fail").click()
    expect(page.get_by_text("Fail on kustutatud.")).to_be_visible()
