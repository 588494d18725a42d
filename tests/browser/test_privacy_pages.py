"""Terms of keeping, holds and the person's copy: two widths, keyboard and axe."""

import json
import os
import re
import zipfile
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.test_every_page import _judge
from tests.browser.test_log_pages import WORKER, case_log
from tests.plugins.site import Site

ADMINISTRATOR = "haldur@tugivork.example"
TERMS = "/intranet/sailitamine/"


def shot(page: Page, name: str, width: int) -> None:
    """A picture to look at, where somebody asks for it."""
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=f"{folder}/{name}-{width}.png", full_page=True)


@pytest.mark.parametrize("width", [360, 1280])
def test_the_administrator_sets_a_term_and_forbids_to_erase(
    site: Site,
    open_page: OpenPage,
    sign_in: Callable[..., None],
    axe: Callable[[Page], None],
    width: int,
) -> None:
    page = open_page(width=width)
    sign_in(page, ADMINISTRATOR)
    page.goto(site.url + TERMS)
    _judge(page, axe)
    shot(page, "terms", width)
    page.get_by_role("link", name=re.compile(r"Vaata ja muuda\s?: Juhtum koos")).click()
    page.fill("input[name=length]", "sada")
    page.get_by_role("button", name="Salvesta").click()
    expect(page.locator("[data-errors]")).to_be_focused()
    _judge(page, axe)
    shot(page, "term", width)
    page.fill("input[name=length]", str(60 + width // 100))
    page.get_by_role("button", name="Salvesta").click()
    expect(page).to_have_url(site.url + TERMS)
    page.goto(site.url + TERMS + "keelud/")
    _judge(page, axe)
    page.get_by_role("link", name="Keela kustutamine").click()
    page.get_by_role("button", name="Keela kustutamine").click()
    expect(page.locator("[data-errors]")).to_be_focused()
    _judge(page, axe)
    shot(page, "hold-add", width)
    page.fill("input[name=what]", WORKER)
    page.fill("input[name=reason]", "Järelevalve")
    page.get_by_role("button", name="Keela kustutamine").click()
    expect(page).to_have_url(site.url + TERMS + "keelud/")
    _judge(page, axe)
    shot(page, "holds", width)
    page.get_by_role("link", name=re.compile("Lõpeta")).first.click()
    _judge(page, axe)
    page.fill("input[name=why]", "Järelevalve lõppes")
    page.get_by_role("button", name="Lõpeta keeld").click()
    expect(page).to_have_url(site.url + TERMS + "keelud/")


@pytest.mark.parametrize("width", [360, 1280])
def test_base_support_saves_the_copy_for_the_person(
    site: Site,
    open_page: OpenPage,
    sign_in: Callable[..., None],
    axe: Callable[[Page], None],
    tmp_path,
    width: int,
) -> None:
    page = open_page(width=width)
    sign_in(page, WORKER)
    page.goto(site.url + case_log(page, site).replace("vaatajad/", ""))
    page.get_by_role("link", name="Väljavõte inimesele").click()
    expect(page).to_have_url(re.compile("/valjavote/$"))
    _judge(page, axe)
    shot(page, "extract", width)
    with page.expect_download() as download:
        page.get_by_role("button", name="Salvesta väljavõte").click()
    path = tmp_path / "copy.zip"
    download.value.save_as(path)
    with zipfile.ZipFile(path) as archive:
        archive.extractall(tmp_path)
    data = json.loads((tmp_path / "andmed.json").read_text())
    assert data["subject"] == "person"
    assert "<h1>Mida portaal minust teab</h1>" in (tmp_path / "valjavote.html").read_text()
    if folder := os.environ.get("SHOTS"):
        (tmp_path / "valjavote.html").rename(f"{folder}/valjavote.html")
        (tmp_path / "valjavote.css").rename(f"{folder}/valjavote.css")
