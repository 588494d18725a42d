"""A lead arranges positions in a real browser, the coordinator asks that an organisation joins."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import OpenPage
from tests.browser.width import fits
from tests.plugins.site import Site

pytestmark = pytest.mark.browser

LEAD = "juhataja@tugivork.example"
COORDINATOR = "koordinaator@tugivork.example"
ADMINISTRATOR = "haldur@tugivork.example"
SignIn = Callable[..., None]


def look(page: Page, axe: Callable[[Page], None], name: str) -> None:
    """No sideways scroll, nothing for axe; a picture if a folder for pictures is named."""
    fits(page)
    axe(page)
    if folder := os.environ.get("PICTURES"):
        width = page.viewport_size["width"] if page.viewport_size else 0
        page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)


@pytest.mark.parametrize("width", [360, 1280])
def test_a_lead_invites_hands_over_and_sees_somebody_off(
    own_site: Site,
    open_page: OpenPage,
    sign_in: SignIn,
    axe: Callable[[Page], None],
    width: int,
) -> None:
    page = open_page(width=width, at=own_site)
    sign_in(page, LEAD, own_site)
    people = f"{own_site.url}/intranet/inimesed/"

    page.goto(f"{people}ametikohad/uus/")
    page.fill("[name=title]", "Baastoetuse spetsialist, Võru")
    page.select_option("[name=role]", "base_support")
    look(page, axe, "position-add")
    page.click("main form button[type=submit]")
    look(page, axe, "position-empty")
    page.goto(people)
    look(page, axe, "people-vacant")

    page.goto(f"{people}kutsu/")
    page.click("main form button[type=submit]")
    look(page, axe, "invite-errors")
    page.select_option("[name=position]", label="Baastoetuse spetsialist, Võru")
    page.fill("[name=email]", "uus@naidis.example")
    page.click("main form button[type=submit]")
    page.goto(people)
    assert "uus@naidis.example" in page.inner_text("main")
    look(page, axe, "people")

    page.click("main a:text-is('Baastoetuse spetsialist, Antsla')")
    look(page, axe, "position")
    post = page.url
    page.goto(f"{post}asendaja/")
    look(page, axe, "stand-in")
    page.goto(f"{post}ule-andmine/")
    page.select_option("[name=person]", label="Marek Näidis")
    page.fill("[name=last_day]", "")
    page.click("main form button[type=submit]")
    look(page, axe, "handover-errors")
    page.fill("[name=last_day]", page.input_value("[name=first_day]"))
    page.click("main form button[type=submit]")
    assert "Marek Näidis" in page.inner_text("main")
    look(page, axe, "position-handed")
    page.click("main a.act[href*='/lopeta/'] >> nth=0")
    look(page, axe, "end")
    page.goto(post)
    page.click("main a.act[href*='/lahkumine/'] >> nth=0")
    look(page, axe, "leaving")
    page.goto(f"{people}kinnita/")
    look(page, axe, "confirm")


@pytest.mark.parametrize("width", [360, 1280])
def test_an_organisation_is_to_join_and_one_leaves(
    own_site: Site,
    open_page: OpenPage,
    sign_in: SignIn,
    axe: Callable[[Page], None],
    width: int,
) -> None:
    page = open_page(width=width, at=own_site)
    sign_in(page, COORDINATOR, own_site)
    joining = f"{own_site.url}/intranet/liitumised/"
    page.goto(f"{own_site.url}/intranet/inimesed/")
    look(page, axe, "people-coordinator")
    page.goto(f"{joining}kutsu/")
    look(page, axe, "organisation-invite")
    page.fill("[name=name]", "Uus Tugi OÜ")
    page.select_option("[name=kind]", "provider")
    page.select_option("[name=municipality]", label="Antsla vald")
    page.click("main form button[type=submit]")
    look(page, axe, "joining")
    page.click("main a.act[href*='/lopeta/'] >> nth=0")
    look(page, axe, "membership-end")

    other = open_page(width=width, at=own_site)
    sign_in(other, LEAD, own_site)
    other.goto(joining)
    other.click("main .row.now a.act")
    look(other, axe, "join")
    other.click("main button[value=approve]")
    assert "Uus Tugi OÜ" in other.inner_text("main")


def test_the_administrator_closes_an_account(
    own_site: Site, open_page: OpenPage, sign_in: SignIn, axe: Callable[[Page], None]
) -> None:
    page = open_page(at=own_site)
    sign_in(page, ADMINISTRATOR, own_site)
    page.goto(f"{own_site.url}/intranet/inimesed/?q=Kadri")
    page.click("main a:text-is('Baastoetuse spetsialist, Antsla')")
    page.click("main a.act[href*='/lahkumine/']")
    page.click("main a[href*='/sulge/']")
    look(page, axe, "close")
    page.click("main .confirm button")
    look(page, axe, "people-administrator")
