"""Pictures of the main pages for docs/screenshots; `make screenshots` names this file."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from portal.make.stamps import ROOT
from tests.browser.conftest import OpenPage
from tests.browser.pages import COMPONENT, EXAMPLES
from tests.plugins.site import Site

FOLDER = ROOT / "docs" / "screenshots"
SHOTS = [
    ("front", "/", 1280, "light"),
    ("front", "/", 1280, "dark"),
    ("front", "/", 360, "light"),
    ("catalogue", "/teenused/?municipality=antsla-vald", 1280, "light"),
    ("catalogue", "/teenused/?municipality=antsla-vald", 360, "light"),
    ("component", f"{COMPONENT}?municipality=antsla-vald", 1280, "light"),
    ("component", f"{COMPONENT}?municipality=antsla-vald", 360, "dark"),
    ("organisation", EXAMPLES["organisation"], 1280, "light"),
    ("search", EXAMPLES["search"], 1280, "light"),
    ("help", EXAMPLES["help numbers"], 360, "light"),
    ("map", EXAMPLES["map near Antsla"], 1280, "light"),
    ("map", EXAMPLES["map near Antsla"], 360, "light"),
    ("supply", EXAMPLES["supply"], 1280, "light"),
]
SUPPORT, COORDINATOR = "tugi@tugivork.example", "koordinaator@tugivork.example"
KEEPER = "pakkuja@tugivork.example"
# The way of a need, as the README tells it: who, where, which link is followed there, how wide.
STORY = [
    ("desk", SUPPORT, "/intranet/", "", 1280),
    ("case", SUPPORT, "/intranet/juhtumid/", "main .rows a", 1280),
    ("needs", COORDINATOR, "/intranet/vajadused/", "", 1280),
    ("meeting", COORDINATOR, "/intranet/kohtumised/", "main .rows .row.now a.act", 1280),
    ("offers", KEEPER, "/intranet/ressursid/minu/", "", 360),
]


@pytest.mark.parametrize(("name", "path", "width", "scheme"), SHOTS)
def test_picture_is_taken(
    site: Site, open_page: OpenPage, name: str, path: str, width: int, scheme: str
) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    page = open_page(width=width, scheme=scheme)
    answer = page.goto(site.url + path)
    assert answer is not None
    assert answer.ok
    look = "" if scheme == "light" else f"-{scheme}"
    page.screenshot(path=FOLDER / f"{name}-{width}{look}.png")


@pytest.mark.parametrize(("name", "email", "path", "link", "width"), STORY)
def test_picture_of_the_story_is_taken(
    site: Site,
    open_page: OpenPage,
    sign_in: Callable[[Page, str], None],
    name: str,
    email: str,
    path: str,
    link: str,
    width: int,
) -> None:
    page = open_page(width=width)
    sign_in(page, email)
    page.goto(site.url + path)
    if link:
        page.locator(link).first.click()
        page.wait_for_load_state()
    page.screenshot(path=FOLDER / f"story-{name}-{width}.png")
