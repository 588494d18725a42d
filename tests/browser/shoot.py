"""Pictures of the main pages for docs/screenshots; `make screenshots` names this file."""

import pytest

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
